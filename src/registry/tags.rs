//! The tags of a repository and the catalog of a registry.

use super::ending::Ending;
use super::error::RegistryError;
use super::page;
use super::pages::List;
use super::session::Session;
use super::token_server::TokenScope;
use crate::model::facts::TagList;
use crate::model::image::is_tag;

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
        scope: TokenScope::Repository(repository),
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
        scope: TokenScope::Catalog,
    };
    list.read(path).await
}
