//! How a list ended, and what that says about its repository.

use super::error::RegistryError;
use crate::model::facts::Coverage;

/// How a list ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With its last page.
    Complete,
    /// Before it. Says why.
    Incomplete(String),
    /// There is no such list. Says whether a registry said so.
    Missing(Speaker),
}

/// Who says that a list does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// A registry.
    Registry,
    /// Some other server: a page for people, or `410 Gone`.
    Other,
}

impl Ending {
    /// What that says about a repository on `host`.
    pub(super) fn coverage(self, host: &str) -> Coverage {
        match self {
            Self::Complete => Coverage::Complete,
            Self::Incomplete(reason) => Coverage::Incomplete(reason),
            Self::Missing(Speaker::Registry) => Coverage::Missing,
            Self::Missing(Speaker::Other) => Coverage::Unavailable(
                RegistryError::Shape {
                    host: host.to_owned(),
                    expected: "tag list",
                }
                .to_string(),
            ),
        }
    }
}
