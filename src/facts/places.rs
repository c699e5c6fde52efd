//! Where the tags of an image are looked up.

use crate::image::{DOCKER_IO, ImageRef, canonical_registry};

/// Canonical registries and full paths under which an image may be held, the likelier first.
///
/// An image that names its registry is held there. Any other is held at `base`, a host with
/// an optional path; a mirror with a path holds it below that path or under its plain name.
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
    vec![
        (registry.clone(), format!("{prefix}/{path}")),
        (registry, plain),
    ]
}
