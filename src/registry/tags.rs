//! The tags of a repository and the catalog of a registry.

use super::error::RegistryError;
use super::page;
use super::pages::List;
use super::session::Session;
use super::token_server::Scope;
use crate::model::facts::{Coverage, TagList};
use crate::model::image::is_tag;

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
                    wanted: "tag list",
                }
                .to_string(),
            ),
        }
    }
}

/// Reads all tags of the repository whose API is at `api`. Digests and anything else that is no
/// tag are passed over.
///
/// # Errors
/// [`RegistryError`] if not even the first page can be read.
pub(super) async fn tags(
    session: &Session<'_>,
    api: &str,
    repository: &str,
) -> Result<(TagList, Ending), RegistryError> {
    let list = List {
        session,
        read: page::tags,
        noun: "tag list",
        scope: Scope::Repository(repository),
    };
    let (mut names, ending) = list.read(&format!("{api}/tags/list")).await?;
    names.retain(|name| is_tag(name));
    Ok((names.into_iter().collect(), ending))
}

/// Reads the catalog at `path`.
///
/// # Errors
/// [`RegistryError`] if not even the first page can be read.
pub(super) async fn catalog(
    session: &Session<'_>,
    path: &str,
) -> Result<(Vec<String>, Ending), RegistryError> {
    let list = List {
        session,
        read: page::repositories,
        noun: "catalog",
        scope: Scope::Catalog,
    };
    list.read(path).await
}
