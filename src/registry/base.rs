//! Where an image is looked up: registries as people write them, and the paths of their API.

#[cfg(test)]
mod tests;

use std::fmt;

use url::Url;

use crate::image::{DOCKER_IO, ImageRef, canonical_registry};

/// A registry with an optional path prefix, as the setting `registry`, the account's connector
/// or an image names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryBase {
    host: String,
    scheme: Scheme,
    prefix: String,
    flavour: Flavour,
}

/// How a registry is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Encrypted.
    Https,
    /// Plain; only where the user wrote it.
    Http,
}

impl Scheme {
    /// The scheme as URLs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}

/// Where the API is, seen from the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flavour {
    /// `/v2/<prefix>/<path>`.
    Distribution,
    /// `/<prefix>/v2/<path>`: the address was written down to its `/v2`.
    Nested,
    /// `/<prefix>/<path>` without any `/v2`: the Harness registry of the older documents.
    Harness,
}

/// One place at which a repository may be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Canonical host, with port.
    pub host: String,
    /// How the host is spoken to.
    pub scheme: Scheme,
    /// Full path on the host, with any mirror prefix: what [`crate::facts::Repository`] records.
    pub repository: String,
    /// Path of the repository's API, without closing slash: `/v2/harness/ci-addon`.
    pub api: String,
    /// The repository's name as that API knows it.
    pub name: String,
    /// Whether this is the Harness registry's own form of the API.
    pub is_harness_api: bool,
}

impl RegistryBase {
    /// Docker Hub.
    pub fn docker_hub() -> Self {
        Self {
            host: DOCKER_IO.to_owned(),
            scheme: Scheme::Https,
            prefix: String::new(),
            flavour: Flavour::Distribution,
        }
    }

    /// The base that an address names, be it the setting `registry` or a connector's
    /// `dockerRegistryUrl`: `https://index.docker.io/v2/`, `https://harbor.corp/v2/`,
    /// `https://registry.corp:5000/mirror`. `None` if the address has no host or is neither
    /// `https` nor `http`.
    pub fn from_url(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return None,
        };
        let name = url.host_str()?;
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        let host = match host.as_str() {
            "hub.docker.com" | "www.docker.com" => DOCKER_IO.to_owned(),
            _ => canonical_registry(&host),
        };
        let parts: Vec<&str> = url
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        let (flavour, parts) = match parts.as_slice() {
            ["v1" | "v2", rest @ ..] => (Flavour::Distribution, rest),
            [rest @ .., "v2"] => (Flavour::Nested, rest),
            [.., "registry"] => (Flavour::Harness, parts.as_slice()),
            _ => (Flavour::Distribution, parts.as_slice()),
        };
        let is_docker_hub = host == DOCKER_IO;
        Some(Self {
            scheme: if is_docker_hub { Scheme::Https } else { scheme },
            flavour: if is_docker_hub {
                Flavour::Distribution
            } else {
                flavour
            },
            prefix: parts.join("/"),
            host,
        })
    }

    /// Canonical host, with port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How the host is spoken to.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Path before the images' own, without slashes at its ends; empty if there is none.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether the base may be the Harness registry, which needs no `/v2`.
    pub fn is_harness(&self) -> bool {
        self.flavour == Flavour::Harness
    }

    /// Where the catalog may be read, in the order in which to try.
    pub fn catalogs(&self) -> Vec<String> {
        let own = match self.flavour {
            Flavour::Distribution => None,
            Flavour::Nested => Some(format!("/{}/v2/_catalog", self.prefix)),
            Flavour::Harness => Some(format!("/{}/_catalog", self.prefix)),
        };
        own.into_iter().chain(["/v2/_catalog".to_owned()]).collect()
    }

    /// Where an image may be found, in the order in which to look: the next place only if the
    /// one before has no such repository. An image that names its registry is looked up there,
    /// over `https` unless this base is on the same host and was written with `http`. Of any
    /// other, a mirror may hold it under the prefixed or the plain name.
    pub fn places(&self, image: &ImageRef) -> Vec<Place> {
        let Some(registry) = image.registry() else {
            return self.places_of(image.repository());
        };
        let host = canonical_registry(registry);
        if host == self.host {
            if self.flavour != Flavour::Distribution && self.is_prefixed(image.repository()) {
                return self.below_prefix(image.repository());
            }
            return vec![self.plain(image.repository())];
        }
        let elsewhere = Self {
            host,
            scheme: Scheme::Https,
            prefix: String::new(),
            flavour: Flavour::Distribution,
        };
        vec![elsewhere.plain(image.repository())]
    }

    /// Where a repository is that is recorded under `repository` on `host`.
    pub fn place_on(&self, host: &str, repository: &str) -> Place {
        let on_base = host == self.host;
        if on_base && self.flavour != Flavour::Distribution && self.is_prefixed(repository) {
            let mut places = self.below_prefix(repository);
            return places.swap_remove(0);
        }
        let scheme = if on_base { self.scheme } else { Scheme::Https };
        let elsewhere = Self {
            host: host.to_owned(),
            scheme,
            prefix: String::new(),
            flavour: Flavour::Distribution,
        };
        elsewhere.plain(repository)
    }

    /// The names of a catalog as images are written: those below the prefix without it.
    pub fn below(&self, names: Vec<String>) -> Vec<String> {
        let inner = |name: &str| {
            let rest = name.strip_prefix(&self.prefix)?.strip_prefix('/')?;
            Some(rest.to_owned())
        };
        names
            .into_iter()
            .map(|name| inner(&name).unwrap_or(name))
            .collect()
    }

    fn places_of(&self, path: &str) -> Vec<Place> {
        if self.prefix.is_empty() && self.flavour == Flavour::Distribution {
            return vec![self.plain(path)];
        }
        let plain = self.plain(path);
        if self.is_prefixed(path) {
            // Written with the prefix but without the host: most likely what it says.
            let mut places = self.below_prefix(path);
            places.extend(self.below_prefix(&self.prefixed(path)));
            return places;
        }
        let mut places = self.below_prefix(&self.prefixed(path));
        places.push(plain);
        places
    }

    /// Places of a repository whose path has the prefix.
    fn below_prefix(&self, repository: &str) -> Vec<Place> {
        let inner = repository
            .strip_prefix(&self.prefix)
            .unwrap_or(repository)
            .trim_start_matches('/');
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        let own = match self.flavour {
            Flavour::Distribution => None,
            Flavour::Nested => Some(format!("{slash}{}/v2/{inner}", self.prefix)),
            Flavour::Harness => Some(format!("{slash}{}/{inner}", self.prefix)),
        };
        let own = own.map(|api| Place {
            is_harness_api: self.flavour == Flavour::Harness,
            api,
            name: inner.to_owned(),
            ..self.plain(repository)
        });
        own.into_iter().chain([self.plain(repository)]).collect()
    }

    fn plain(&self, repository: &str) -> Place {
        let repository = if self.host == DOCKER_IO && !repository.contains('/') {
            format!("library/{repository}")
        } else {
            repository.to_owned()
        };
        Place {
            host: self.host.clone(),
            scheme: self.scheme,
            api: format!("/v2/{repository}"),
            name: repository.clone(),
            repository,
            is_harness_api: false,
        }
    }

    fn prefixed(&self, path: &str) -> String {
        if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        }
    }

    fn is_prefixed(&self, path: &str) -> bool {
        path.strip_prefix(&self.prefix)
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Host and path, as [`crate::facts::Facts::registry`] records them.
impl fmt::Display for RegistryBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if !self.prefix.is_empty() {
            write!(f, "/{}", self.prefix)?;
        }
        Ok(())
    }
}
