//! Lists over pages: the tags of a repository, the catalog of a registry.

use std::collections::BTreeSet;

use url::Url;

use super::error::{self, RegistryError};
use super::link::{NextPage, next_page};
use super::page::{self, Names, PageError};
use super::realm::Scope;
use super::session::Session;
use crate::http::header::{ACCEPT, LINK};
use crate::http::{HeaderValue, Request};
use crate::model::facts::{Coverage, TagList};

/// How many entries a page is asked to hold.
const PAGE: usize = 1000;

/// Longest page, in bytes.
const MAX_PAGE_BYTES: usize = 16 << 20;

/// Most pages read of one list.
const MOST_PAGES: usize = 2000;

/// Most entries read of one list.
const MOST_ENTRIES: usize = 5_000_000;

/// Most pages in a row that hold nothing.
const MOST_EMPTY: usize = 8;

/// Lengths at which servers are known to cut a list without saying so.
const LIMITS: [usize; 5] = [50, 100, 200, PAGE, 10_000];

/// How a list ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With its last page.
    Complete,
    /// Before it. Says why.
    Incomplete(String),
    /// There is no such list. Says whether a registry said so.
    Missing(Word),
}

/// Whose word it is that a list does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A registry's.
    Registry,
    /// That of some other server: a page for people, or `410 Gone`.
    Other,
}

impl Ending {
    /// What that says about a repository on `host`.
    pub(super) fn coverage(self, host: &str) -> Coverage {
        match self {
            Self::Complete => Coverage::Complete,
            Self::Incomplete(reason) => Coverage::Incomplete(reason),
            Self::Missing(Word::Registry) => Coverage::Missing,
            Self::Missing(Word::Other) => Coverage::Unavailable(
                RegistryError::Shape {
                    host: host.to_owned(),
                    wanted: "tag list",
                }
                .to_string(),
            ),
        }
    }
}

/// Reads all tags of the repository whose API is at `api`.
///
/// # Errors
/// [`RegistryError`] if not even the first page can be read.
pub(super) async fn tags(
    session: &Session<'_>,
    api: &str,
    repository: &str,
) -> Result<(TagList, Ending), RegistryError> {
    let mut tags = TagList::new();
    let list = List {
        session,
        key: "tags",
        wanted: "tag list",
        scope: Scope::Repository(repository),
    };
    let ending = list.read(&format!("{api}/tags/list"), &mut tags).await?;
    Ok((tags, ending))
}

/// Reads the catalog at `path`.
///
/// # Errors
/// [`RegistryError`] if not even the first page can be read.
pub(super) async fn catalog(
    session: &Session<'_>,
    path: &str,
) -> Result<(Vec<String>, Ending), RegistryError> {
    let mut names = Vec::new();
    let list = List {
        session,
        key: "repositories",
        wanted: "catalog",
        scope: Scope::Catalog,
    };
    let ending = list.read(path, &mut names).await?;
    Ok((names, ending))
}

struct List<'s, 'a> {
    session: &'s Session<'a>,
    key: &'static str,
    wanted: &'static str,
    scope: Scope<'s>,
}

/// One page, and where the next one is said to be.
struct Read {
    page: page::Page,
    next: NextPage,
}

impl List<'_, '_> {
    async fn read(&self, path: &str, names: &mut dyn Names) -> Result<Ending, RegistryError> {
        let mut url = self.session.url(path);
        url.set_query(Some(&format!("n={PAGE}")));
        let mut first = self.page(&url, names).await;
        if let Err(Failure::Status(400, _)) = first {
            // Some servers know no page size, or not this one.
            url.set_query(None);
            first = self.page(&url, names).await;
        }
        let mut read = match first {
            Ok(read) => read,
            Err(Failure::Status(status @ (404 | 410), body)) => {
                let is_other = status == 410 || !error::is_registrys(&body);
                let word = if is_other {
                    Word::Other
                } else {
                    Word::Registry
                };
                return Ok(Ending::Missing(word));
            }
            Err(failure) => return Err(self.error(failure)),
        };
        let mut seen = BTreeSet::from([url.as_str().to_owned()]);
        let (mut entries, mut empty) = (read.page.entries, 0_usize);
        // A list without `Link` that is as long as servers like to cut them may go on.
        let limit = read.page.entries;
        let is_suspect = matches!(read.next, NextPage::None) && LIMITS.contains(&limit);
        for pages in 1_usize.. {
            let is_asked = matches!(read.next, NextPage::None);
            let next = match read.next {
                NextPage::At(next) => next,
                NextPage::None if is_suspect && read.page.entries == limit => {
                    self.after(&url, &read.page.last)
                }
                NextPage::None => return Ok(Ending::Complete),
                NextPage::Elsewhere(origin) => {
                    return self.cut(format!("names a next page at {origin}, which is not asked"));
                }
                NextPage::Unreadable => {
                    return self.cut("names a next page whose address cannot be read".to_owned());
                }
            };
            if !seen.insert(next.as_str().to_owned()) {
                return self.cut("names a page as the next one that was read before".to_owned());
            }
            if pages >= MOST_PAGES || entries > MOST_ENTRIES {
                return self.cut(format!("had not ended after {pages} pages"));
            }
            let mut fresh = Fresh::after(&read.page, names);
            let following = match self.page(&next, &mut fresh).await {
                Ok(following) => following,
                Err(_) if is_asked => {
                    return self.cut(format!(
                        "ends at {} without saying whether that is all",
                        read.page.entries
                    ));
                }
                Err(failure) => {
                    let error = self.error(failure);
                    return self.cut(format!("could be read only up to page {pages}: {error}"));
                }
            };
            let is_repeated = (!following.page.first.is_empty()
                && following.page.first == read.page.first)
                || (!following.page.last.is_empty() && following.page.last == read.page.last);
            if is_repeated {
                return self.cut(if is_asked {
                    format!(
                        "ends at {} without saying whether that is all",
                        read.page.entries
                    )
                } else {
                    "does not advance from page to page".to_owned()
                });
            }
            empty = match following.page.entries {
                0 => empty.saturating_add(1),
                _ => 0,
            };
            if empty > MOST_EMPTY {
                return self.cut("goes on with empty pages".to_owned());
            }
            entries = following.page.entries.saturating_add(entries);
            url = next;
            read = following;
        }
        Ok(Ending::Complete)
    }

    fn cut(&self, reason: String) -> Result<Ending, RegistryError> {
        let host = &self.session.host;
        Ok(Ending::Incomplete(format!("{host}: the list {reason}")))
    }

    /// Where the entries behind `last` are, by the distribution specification.
    fn after(&self, url: &Url, last: &str) -> Url {
        let mut next = url.clone();
        next.query_pairs_mut()
            .clear()
            .append_pair("n", &PAGE.to_string())
            .append_pair("last", last);
        next
    }

    async fn page(&self, url: &Url, names: &mut dyn Names) -> Result<Read, Failure> {
        let request = Request::get(url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .largest(MAX_PAGE_BYTES);
        let response = self.session.send(request, self.scope).await?;
        if response.status != 200 {
            return Err(Failure::Status(response.status, response.body));
        }
        let page = page::read(&response.body, self.key, names).map_err(Failure::Page)?;
        let links = response.headers.get_all(LINK);
        let links: Vec<&str> = links
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let mut next = next_page(links, &response.url);
        if let NextPage::At(at) = &next
            && at.origin() != self.session.origin.origin()
        {
            next = NextPage::Elsewhere(at.origin().ascii_serialization());
        }
        Ok(Read { page, next })
    }

    fn error(&self, failure: Failure) -> RegistryError {
        let host = self.session.host.clone();
        match failure {
            Failure::Registry(error) => error,
            Failure::Status(status, body) => RegistryError::status(&host, status, &body),
            Failure::Page(PageError::Shape | PageError::Full) => RegistryError::Shape {
                host,
                wanted: self.wanted,
            },
        }
    }
}

/// Why a page could not be read.
enum Failure {
    Registry(RegistryError),
    Status(u16, Vec<u8>),
    Page(PageError),
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

/// Takes the names of a page unless it turns out to begin like the one before.
struct Fresh<'n> {
    before: String,
    is_first: bool,
    is_repeated: bool,
    names: &'n mut dyn Names,
}

impl<'n> Fresh<'n> {
    fn after(page: &page::Page, names: &'n mut dyn Names) -> Self {
        Self {
            before: page.first.clone(),
            is_first: true,
            is_repeated: false,
            names,
        }
    }
}

impl Names for Fresh<'_> {
    fn take(&mut self, name: &str) -> bool {
        if std::mem::take(&mut self.is_first) {
            self.is_repeated = name == self.before;
        }
        self.is_repeated || self.names.take(name)
    }
}
