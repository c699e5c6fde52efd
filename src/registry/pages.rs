//! Lists over pages, followed to their end as far as the server leads there.

use std::collections::BTreeSet;

use tokio::task::yield_now;
use url::Url;

use super::ending::{Ending, Speaker};
use super::error::{RegistryError, is_registry_error};
use super::link::{NextPage, next_page};
use super::page::Page;
use super::session::Session;
use super::token_server::TokenScope;
use crate::http::header::{ACCEPT, LINK};
use crate::http::{HeaderValue, Request};

/// How many entries a page is asked to hold.
const PAGE: usize = 1000;

/// Longest page, in bytes: a third of a million usual tags.
const MAX_PAGE_BYTES: usize = 4 << 20;

/// Most pages read of one list.
const MAX_PAGES: usize = 2000;

/// Most entries read of one list.
const MAX_ENTRIES: usize = 250_000;

/// Most pages in a row that hold nothing.
const MAX_EMPTY: usize = 8;

/// Lengths at which servers are known to cut a list without saying so.
const LIMITS: [usize; 5] = [50, 100, 200, PAGE, 10_000];

/// One list of names, whatever it lists.
pub(super) struct List<'s, 'a> {
    pub(super) session: &'s Session<'a>,
    /// Reads the body of a page.
    pub(super) read: fn(&[u8]) -> Option<Page>,
    /// What a page is called in messages.
    pub(super) noun: &'static str,
    pub(super) scope: TokenScope<'s>,
}

/// One page, and where the next one is said to be.
struct Read {
    page: Page,
    next: NextPage,
}

impl List<'_, '_> {
    /// All names at `path`, and how the list ended.
    ///
    /// # Errors
    /// [`RegistryError`] if not even the first page can be read.
    pub(super) async fn read(&self, path: &str) -> Result<(Vec<String>, Ending), RegistryError> {
        let mut names = Vec::new();
        let ending = self.follow(path, &mut names).await?;
        if names.len() > MAX_ENTRIES {
            names.truncate(MAX_ENTRIES);
            let reason =
                format!("holds more than {MAX_ENTRIES} names, of which the rest was not kept");
            return Ok((names, self.cut(&reason)));
        }
        Ok((names, ending))
    }

    async fn follow(&self, path: &str, names: &mut Vec<String>) -> Result<Ending, RegistryError> {
        let mut url = self.session.url(path);
        url.set_query(Some(&format!("n={PAGE}")));
        let mut first = self.page(&url).await;
        if let Err(PageFailure::Status(400, _)) = first {
            // Some servers know no page size, or not this one.
            url.set_query(None);
            first = self.page(&url).await;
        }
        let mut read = match first {
            Ok(read) => read,
            Err(PageFailure::Status(status @ (404 | 410), body)) => {
                let is_other = status == 410 || !is_registry_error(&body);
                let speaker = if is_other {
                    Speaker::Other
                } else {
                    Speaker::Registry
                };
                return Ok(Ending::Missing(speaker));
            }
            Err(failure) => return Err(self.error(failure)),
        };
        let mut seen = BTreeSet::from([url.as_str().to_owned()]);
        let mut empty = 0_usize;
        // A list without `Link` that is as long as servers like to cut them may go on.
        let limit = read.page.entries;
        let is_suspect = matches!(read.next, NextPage::None) && LIMITS.contains(&limit);
        for pages in 1_usize.. {
            let entries = read.page.entries;
            let unsaid = format!("ends at {entries} without saying whether that is all");
            let ends = Ends::of(&read.page);
            names.append(&mut read.page.names);
            let is_asked = matches!(read.next, NextPage::None);
            let next = match read.next {
                NextPage::At(next) => next,
                NextPage::None if is_suspect && entries == limit => self.after(&url, &ends.last),
                NextPage::None => return Ok(Ending::Complete),
                NextPage::Elsewhere(origin) => {
                    let reason = format!("names a next page at {origin}, which is not asked");
                    return Ok(self.cut(&reason));
                }
                NextPage::Unreadable => {
                    return Ok(self.cut("names a next page whose address cannot be read"));
                }
            };
            if !seen.insert(next.as_str().to_owned()) {
                return Ok(self.cut("names a page as the next one that was read before"));
            }
            if pages >= MAX_PAGES || names.len() >= MAX_ENTRIES {
                return Ok(self.cut(&format!("had not ended after {pages} pages")));
            }
            let following = match self.page(&next).await {
                Ok(following) => following,
                Err(_) if is_asked => return Ok(self.cut(&unsaid)),
                Err(failure) => {
                    let error = self.error(failure);
                    let reason = format!("could be read only up to page {pages}: {error}");
                    return Ok(self.cut(&reason));
                }
            };
            let is_repeated = ends.are_repeated(&Ends::of(&following.page));
            if is_repeated && is_asked {
                return Ok(if self.is_size_ignored(&url, entries).await {
                    Ending::Complete
                } else {
                    self.cut(&unsaid)
                });
            }
            if is_repeated {
                return Ok(self.cut("does not advance from page to page"));
            }
            empty = if following.page.entries == 0 {
                empty.saturating_add(1)
            } else {
                0
            };
            if empty > MAX_EMPTY {
                return Ok(self.cut("goes on with empty pages"));
            }
            url = next;
            read = following;
        }
        Ok(Ending::Complete)
    }

    fn cut(&self, reason: &str) -> Ending {
        Ending::Incomplete(format!("{}: the list {reason}", self.session.host))
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

    /// Whether a server that takes no `last` takes no `n` either, as the older distribution: its lists are
    /// never cut, of whatever length they are.
    async fn is_size_ignored(&self, url: &Url, length: usize) -> bool {
        let mut fewer = url.clone();
        fewer.set_query(Some(&format!("n={}", length.saturating_sub(1))));
        let read = self.page(&fewer).await;
        read.is_ok_and(|read| read.page.entries == length)
    }

    async fn page(&self, url: &Url) -> Result<Read, PageFailure> {
        let request = Request::get(url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .max_body(MAX_PAGE_BYTES);
        let response = self.session.send(request, self.scope).await?;
        if response.status != 200 {
            return Err(PageFailure::Status(response.status, response.body));
        }
        // For speed only: requests that waited for room are sent before this page is read.
        yield_now().await;
        let page = (self.read)(&response.body).ok_or(PageFailure::Shape)?;
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

    fn error(&self, failure: PageFailure) -> RegistryError {
        let host = self.session.host.clone();
        match failure {
            PageFailure::Registry(error) => error,
            PageFailure::Status(status, body) => RegistryError::status(&host, status, &body),
            PageFailure::Shape => RegistryError::Shape {
                host,
                expected: self.noun,
            },
        }
    }
}

/// Why a page could not be read.
enum PageFailure {
    Registry(RegistryError),
    Status(u16, Vec<u8>),
    Shape,
}

impl From<RegistryError> for PageFailure {
    fn from(error: RegistryError) -> Self {
        Self::Registry(error)
    }
}

/// The first and the last name of a page; empty where there is none.
#[derive(Default)]
struct Ends {
    first: String,
    last: String,
}

impl Ends {
    fn of(page: &Page) -> Self {
        Self {
            first: page.names.first().cloned().unwrap_or_default(),
            last: page.names.last().cloned().unwrap_or_default(),
        }
    }

    /// Whether the next page begins or ends as this one does.
    fn are_repeated(&self, next: &Self) -> bool {
        let is_same = |one: &str, other: &str| !one.is_empty() && one == other;
        is_same(&self.first, &next.first) || is_same(&self.last, &next.last)
    }
}
