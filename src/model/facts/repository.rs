//! What a registry said about one repository, and how far that can be trusted.

use serde::Serialize;

use super::places::Priority;
use super::tags::TagList;
use crate::model::image::{DOCKER_IO, ImageRef, canonical_registry};

/// What a registry said about one repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Repository {
    /// Canonical host, with port: `docker.io`, `registry.example.com:5000`.
    pub registry: String,
    /// Full path on that host, with any mirror prefix.
    pub repository: String,
    /// Published tags, in the order the registry gave them.
    pub tags: TagList,
    /// How far `tags` can be trusted.
    pub coverage: Coverage,
    /// Tags and digests that the registry was asked for by name and does not have.
    pub absent: Vec<String>,
    /// Whose list it is.
    pub kind: ListKind,
}

/// Whose list of tags it is, and so whether releases can be counted by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ListKind {
    /// The publisher's, or one that `upstream` names: every release is in it.
    Complete,
    /// Any other: a mirror or a cache holds what was copied or pulled, so a count of releases by it
    /// is a lower bound.
    Partial,
}

/// Where Harness publishes its images: host and path ("CI Build Image Updates").
const PUBLISHERS: [(&str, &str); 4] = [
    (DOCKER_IO, ""),
    ("us-docker.pkg.dev", "gar-prod-setup/harness-public"),
    ("public.ecr.aws", "harness"),
    ("app.harness.io", "registry"),
];

impl ListKind {
    /// The kind of a repository's list; `upstream` is a host with an optional path where every release is.
    pub fn of(registry: &str, repository: &str, upstream: Option<&str>) -> Self {
        let named = upstream.map(|base| base.split_once('/').unwrap_or((base, "")));
        let is_complete = PUBLISHERS.into_iter().chain(named).any(|(host, path)| {
            canonical_registry(host) == registry && below(repository, path).is_some()
        });
        if is_complete {
            Self::Complete
        } else {
            Self::Partial
        }
    }
}

/// A repository's path below another; everything lies below the empty one.
fn below<'a>(repository: &'a str, path: &str) -> Option<&'a str> {
    match path.trim_matches('/') {
        "" => Some(repository),
        path => repository.strip_prefix(path)?.strip_prefix('/'),
    }
}

/// How far a list of tags can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// Every tag of the repository.
    Complete,
    /// The newest by date of publication, far enough for every release in question; a tag
    /// that is not among them may still exist.
    Newest,
    /// Some are missing, and which is unknown. Says why.
    Incomplete(String),
    /// The registry has no such repository.
    Missing,
    /// The registry could not be asked. Says why.
    Unavailable(String),
}

impl Coverage {
    /// The priority of a place with this answer among the places of one image.
    pub fn priority(&self) -> Priority {
        match self {
            Self::Complete | Self::Newest | Self::Incomplete(_) => Priority::Lists,
            Self::Unavailable(_) => Priority::Unknown,
            Self::Missing => Priority::Lacks,
        }
    }
}

impl Repository {
    /// Whether tags were read.
    pub fn has_tags(&self) -> bool {
        !self.tags.is_empty() && self.coverage.priority() == Priority::Lists
    }

    /// Whether it is the repository that a publisher has for an image.
    pub fn publishes(&self, image: &ImageRef) -> bool {
        PUBLISHERS.into_iter().any(|(host, path)| {
            host == self.registry && below(&self.repository, path) == Some(image.name())
        })
    }

    /// Whether every release is in the list: a publisher's, read to its end.
    pub fn is_complete(&self) -> bool {
        match (self.kind, &self.coverage) {
            (ListKind::Complete, Coverage::Complete | Coverage::Newest) => true,
            (
                ListKind::Complete,
                Coverage::Incomplete(_) | Coverage::Missing | Coverage::Unavailable(_),
            )
            | (ListKind::Partial, _) => false,
        }
    }
}
