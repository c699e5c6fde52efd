//! Where the tags of an image are looked up, and which answer counts. Asking registries and judging
//! by their answers share these rules, so that an image is judged by what was asked.

use crate::model::image::{DOCKER_IO, ImageRef, canonical_registry};

/// The priority of a place among those of an image: the first that has the image decides, else the
/// first that may have it, else the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// It has the repository.
    Lists,
    /// It could not be asked, so it may have it.
    Unknown,
    /// It has no such repository.
    Lacks,
}

/// Canonical registries and full paths under which an image may be held, the likelier first.
///
/// An image that names its registry is held there. Any other is held at `base`, a host with
/// an optional path; a mirror with a path holds it below that path or under its plain name, and
/// an image that is written with that path is most likely meant as it is written.
/// Without base there is no place. Docker Hub keeps names of one part below `library/`.
pub fn places(image: &ImageRef, base: Option<&str>) -> Vec<(String, String)> {
    let (host, prefix) = match (image.registry(), base) {
        (Some(registry), _) => (registry, ""),
        (None, Some(base)) => base.split_once('/').unwrap_or((base, "")),
        (None, None) => return Vec::new(),
    };
    let registry = canonical_registry(host);
    let path = image.repository();
    let plain = if registry == DOCKER_IO && !path.contains('/') {
        format!("library/{path}")
    } else {
        path.to_owned()
    };
    let prefix = prefix.trim_matches('/');
    if prefix.is_empty() {
        return vec![(registry, plain)];
    }
    let below = format!("{prefix}/{path}");
    let is_written_so = path
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with('/'));
    let paths = if is_written_so {
        [plain, below]
    } else {
        [below, plain]
    };
    paths.map(|path| (registry.clone(), path)).into()
}
