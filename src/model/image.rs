//! Image references: what a field of the execution config, a pin or a manifest names.

mod grammar;

use std::fmt;

pub use grammar::{is_digest, is_tag};
use grammar::{is_host, is_repository, split_registry};

/// Longest reference accepted, in bytes. The distribution specification allows 255 for the
/// name and 128 for the tag; the rest is room for a digest.
const MAX_LENGTH: usize = 1024;

/// Host names that all mean Docker Hub.
const DOCKER_HUB: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

/// The canonical registry name of Docker Hub.
pub const DOCKER_IO: &str = "docker.io";

/// The namespace of bundles for self-managed installations, and those whose images they hold.
const BUNDLES: &str = "harnesssecure";
const BUNDLED: [&str; 2] = ["harness", "plugins"];

/// An image reference, `[registry/]repository[:tag][@digest]`, as the distribution
/// specification writes it. It prints back as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageRef {
    registry: Option<String>,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Why a text is no image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Nothing is left after trimming.
    #[error("it is empty")]
    Empty,
    /// Longer than any reference can be.
    #[error("it is longer than {MAX_LENGTH} characters")]
    TooLong,
    /// The part before the first `/` is no host name with an optional port.
    #[error("the registry before the first `/` is no host name")]
    Registry,
    /// The repository has other characters than the specification allows.
    #[error("the repository may hold only lower-case letters, digits and single separators")]
    Repository,
    /// The tag is empty, too long or has other characters than allowed.
    #[error("the tag may hold only letters, digits, `_`, `.` and `-`, 128 at most")]
    Tag,
    /// The digest is not `algorithm:hex`.
    #[error("the digest is not of the form sha256:<64 hex digits>")]
    Digest,
}

impl ImageRef {
    /// Reads a reference; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`ImageError`] says which part is malformed.
    pub fn parse(text: &str) -> Result<Self, ImageError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ImageError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(ImageError::TooLong);
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return Err(ImageError::Digest);
        }
        let (registry, path) = split_registry(name);
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if registry.is_some_and(|registry| !is_host(registry)) {
            return Err(ImageError::Registry);
        }
        if !is_repository(repository) {
            return Err(ImageError::Repository);
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(ImageError::Tag);
        }
        Ok(Self {
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The registry that the reference names, as written, if it names one.
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The path below the registry, with any mirror prefix.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, `algorithm:hex`, if one is written.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// What a runner pulls when the reference names no digest: the tag, or `latest`.
    pub fn pulled_tag(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag),
            (None, None) => Some("latest"),
            (None, Some(_)) => None,
        }
    }

    /// `namespace/name`: the last two parts of the path, which stay the same in every mirror;
    /// one part where there is only one.
    pub fn name(&self) -> &str {
        last_two(&self.repository)
    }

    /// The path before [`name`](Self::name), a mirror's prefix; empty if there is none.
    pub fn prefix(&self) -> &str {
        self.repository
            .strip_suffix(self.name())
            .unwrap_or_default()
            .trim_end_matches('/')
    }

    /// The same image with another tag and without digest.
    pub fn with_tag(&self, tag: &str) -> Result<Self, ImageError> {
        if !is_tag(tag) {
            return Err(ImageError::Tag);
        }
        Ok(Self {
            tag: Some(tag.to_owned()),
            digest: None,
            ..self.clone()
        })
    }

    /// Registry and repository without tag and digest.
    pub fn without_tag(&self) -> Self {
        Self {
            tag: None,
            digest: None,
            ..self.clone()
        }
    }

    /// Whether this reference names the image `default` names, wherever it is mirrored: its
    /// path ends with the default's `namespace/name`. Bundles for self-managed installations
    /// call `harness/<name>` and `plugins/<name>` `harnesssecure/<name>`.
    pub fn is_image_of(&self, default: &Self) -> bool {
        let default_name = default.name();
        if ends_with_path(&self.repository, default_name) {
            return true;
        }
        let (Some(own), Some(other)) = (self.name().split_once('/'), default_name.split_once('/'))
        else {
            return false;
        };
        own.1 == other.1 && (is_secure_twin(own.0, other.0) || is_secure_twin(other.0, own.0))
    }

    /// The images that this one may be a copy of if it is of a bundle for self-managed installations, at the
    /// same place: [`is_image_of`](Self::is_image_of) holds for each of them.
    pub fn bundled(&self) -> Vec<Self> {
        let Some((BUNDLES, name)) = self.name().split_once('/') else {
            return Vec::new();
        };
        let before = self.repository.strip_suffix(self.name());
        let before = before.unwrap_or_default();
        let published = BUNDLED.into_iter().map(|namespace| Self {
            repository: format!("{before}{namespace}/{name}"),
            ..self.clone()
        });
        published.collect()
    }

    /// Whether this reference may name a copy of `default` in a registry of one's own: its path
    /// ends with the default's name, or with namespace and name joined by `-`. On Docker Hub the
    /// namespace names the publisher, so it never may.
    pub fn may_mirror(&self, default: &Self) -> bool {
        let Some(registry) = &self.registry else {
            return false;
        };
        let own = self.repository.rsplit('/').next().unwrap_or_default();
        let default_name = default.name();
        let name = default_name.rsplit('/').next().unwrap_or_default();
        canonical_registry(registry) != DOCKER_IO
            && (own == name || own == default_name.replace('/', "-"))
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The registry's canonical name: lower case, and `docker.io` for all of Docker Hub's hosts.
pub fn canonical_registry(registry: &str) -> String {
    let lower = registry.to_ascii_lowercase();
    if DOCKER_HUB.contains(&lower.as_str()) {
        DOCKER_IO.to_owned()
    } else {
        lower
    }
}

/// Whether `namespace` is the self-managed bundle's name for `public`.
fn is_secure_twin(namespace: &str, public: &str) -> bool {
    namespace == BUNDLES && BUNDLED.contains(&public)
}

/// Whether `path` is `name` or ends with `/name`.
fn ends_with_path(path: &str, name: &str) -> bool {
    path.strip_suffix(name)
        .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

fn last_two(path: &str) -> &str {
    let slash = path.rmatch_indices('/').nth(1);
    slash
        .and_then(|(at, _)| path.get(at..)?.strip_prefix('/'))
        .unwrap_or(path)
}
