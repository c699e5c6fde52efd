//! Where an image is looked up: registries as people write them, and the paths of their API.

#[cfg(test)]
mod tests;

use std::fmt;

use url::Url;

use crate::model::api_root::{ApiRoot, without_api_root};
use crate::model::facts;
use crate::model::image::{DOCKER_IO, ImageRef, canonical_registry};

/// A registry with an optional path prefix, as the setting `registry`, the account's connector
/// or an image names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryBase {
    host: String,
    scheme: Scheme,
    prefix: String,
    flavour: Flavour,
    /// Another host that the settings name with `http://`.
    plain: Option<String>,
    /// Whether the account's connector names it, not the settings.
    is_of_account: bool,
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
    /// `/<prefix>/v2/<path>`: the address was written down to its `/v2`, or `/v1`.
    Nested,
    /// As `Distribution`, but the catalog is at `/<prefix>/_catalog`: the Harness registry of the
    /// older documents, which ended in 2024.
    Harness,
}

/// One place at which a repository may be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepositoryPlace {
    /// Canonical host, with port.
    pub host: String,
    /// How the host is spoken to.
    pub scheme: Scheme,
    /// Full path on the host, with any mirror prefix: what [`crate::model::facts::Repository`] records.
    pub repository: String,
    /// Path of the repository's API, without closing slash: `/v2/harness/ci-addon`.
    pub api: String,
    /// The repository's name as that API knows it.
    pub name: String,
}

impl RegistryBase {
    /// Docker Hub.
    pub fn docker_hub() -> Self {
        Self {
            host: DOCKER_IO.to_owned(),
            scheme: Scheme::Https,
            prefix: String::new(),
            flavour: Flavour::Distribution,
            plain: None,
            is_of_account: false,
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
        let (parts, root) = without_api_root(url.path());
        let flavour = match root {
            Some(ApiRoot::First) => Flavour::Distribution,
            Some(ApiRoot::Last) => Flavour::Nested,
            None if parts.last() == Some(&"registry") => Flavour::Harness,
            None => Flavour::Distribution,
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
            plain: None,
            is_of_account: false,
        })
    }

    /// The same base as the account's connector names it, which does not allow to send a login over
    /// plain HTTP: only the settings do.
    pub fn of_account(self) -> Self {
        let is_of_account = true;
        Self {
            is_of_account,
            ..self
        }
    }

    /// Whether a login may be sent to a host in this way.
    pub fn allows_login(&self, host: &str, scheme: Scheme) -> bool {
        scheme == Scheme::Https || !(self.is_of_account && host == self.host)
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

    /// Whether the base may be the Harness registry, of which it is reported that it ended.
    pub fn is_harness(&self) -> bool {
        self.flavour == Flavour::Harness
    }

    /// Besides, the host of `other` is spoken to as its address says.
    pub fn with(self, other: &Self) -> Self {
        let plain = (other.scheme == Scheme::Http).then(|| other.host.clone());
        Self { plain, ..self }
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
    /// one before has no such repository. The repositories are those of [`facts::places`]; a host
    /// other than the base's is spoken to over `https`.
    pub fn places(&self, image: &ImageRef) -> Vec<RepositoryPlace> {
        let places = facts::places(image, Some(&self.to_string()));
        places
            .into_iter()
            .flat_map(|(host, repository)| {
                let place = self.distribution(&host, &repository);
                self.own_form(&place).into_iter().chain([place])
            })
            .collect()
    }

    /// Where a repository is that is recorded under `repository` on `host`.
    pub fn place_on(&self, host: &str, repository: &str) -> RepositoryPlace {
        let place = self.distribution(host, repository);
        self.own_form(&place).unwrap_or(place)
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

    /// The repository in the form of the distribution specification.
    fn distribution(&self, host: &str, repository: &str) -> RepositoryPlace {
        RepositoryPlace {
            host: host.to_owned(),
            scheme: if host == self.host {
                self.scheme
            } else if self.plain.as_deref() == Some(host) {
                Scheme::Http
            } else {
                Scheme::Https
            },
            repository: repository.to_owned(),
            api: format!("/v2/{repository}"),
            name: repository.to_owned(),
        }
    }

    /// The same repository in the base's own form of the API, if it has one and the repository is
    /// below its prefix.
    fn own_form(&self, place: &RepositoryPlace) -> Option<RepositoryPlace> {
        if place.host != self.host {
            return None;
        }
        let prefix = &self.prefix;
        let inner = place.repository.strip_prefix(prefix)?.strip_prefix('/')?;
        let api = match self.flavour {
            Flavour::Distribution | Flavour::Harness => return None,
            Flavour::Nested => format!("/{prefix}/v2/{inner}"),
        };
        Some(RepositoryPlace {
            api,
            name: inner.to_owned(),
            ..place.clone()
        })
    }
}

/// Host and path, as [`crate::model::facts::Facts::registry`] records them.
impl fmt::Display for RegistryBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if !self.prefix.is_empty() {
            write!(f, "/{}", self.prefix)?;
        }
        Ok(())
    }
}
