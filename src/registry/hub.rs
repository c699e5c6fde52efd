//! Docker Hub's web API: names, digests, dates and sizes of a hundred tags per request, newest
//! first, and none of them counts as a pull. Only as many pages are read as the judgement needs.

mod page;

use jiff::Timestamp;
use url::Url;

use super::error::{RegistryError, is_html};
use super::stop_rule::{Need, Reached};
use crate::http::header::ACCEPT;
use crate::http::{HeaderValue, Http, Request, Response};
use crate::model::facts::{Coverage, TagEntry, TagList};
use crate::model::image::is_tag;
use page::{HubPage, parse_tag};

/// Most tags that the API shows on one page.
const PAGE: usize = 100;

/// Most pages read of one repository.
const MAX_PAGES: usize = 30;

/// By how much a page may break the order before the order is no longer believed, in hours:
/// tags change while the list is read.
const DISORDER: i64 = 24;

/// Docker Hub's web API.
pub(super) struct Hub<'a> {
    pub(super) http: &'a Http,
    pub(super) endpoint: &'a Url,
    pub(super) deadline: tokio::time::Instant,
}

/// What Docker Hub said about a repository.
pub(super) struct HubTags {
    pub(super) tags: TagList,
    pub(super) coverage: Coverage,
    pub(super) absent: Vec<String>,
}

/// What a registry said about one tag.
pub(super) enum TagAnswer {
    /// It has it.
    Tag(TagEntry),
    /// It does not.
    Absent,
}

impl Hub<'_> {
    /// Reads as many pages as `needs` call for, and asks by name for the tags in use that are not
    /// on them. A failure behind the first page leaves what was read, as an incomplete list.
    ///
    /// # Errors
    /// [`RegistryError`] if not even the first page can be read.
    pub(super) async fn tags(
        &self,
        repository: &str,
        needs: &[Need<'_>],
    ) -> Result<HubTags, RegistryError> {
        let mut reached = Reached::default();
        let coverage = self.pages(repository, needs, &mut reached).await?;
        if coverage != Coverage::Complete && coverage != Coverage::Missing {
            let present = needs.iter().flat_map(|need| need.present.iter().copied());
            self.ask_by_name(repository, present, &mut reached).await;
        }
        let Reached {
            mut tags,
            named,
            absent,
        } = reached;
        for tag in named.iter() {
            if tags.get(&tag.name).is_none() {
                tags.add(tag.clone());
            }
        }
        Ok(HubTags {
            tags,
            coverage,
            absent,
        })
    }

    async fn pages(
        &self,
        repository: &str,
        needs: &[Need<'_>],
        reached: &mut Reached,
    ) -> Result<Coverage, RegistryError> {
        let cut = |reason: String| Ok(Coverage::Incomplete(format!("Docker Hub: {reason}")));
        let mut order = Order::default();
        for number in 1..=MAX_PAGES {
            let page = match self.page(repository, number).await {
                Ok(Some(page)) => page,
                Ok(None) if number == 1 => return Ok(Coverage::Missing),
                Ok(None) => return cut("a page that should follow is missing".to_owned()),
                Err(error) if number == 1 => return Err(error),
                Err(error) => {
                    return cut(format!("the list could not be read to its end: {error}"));
                }
            };
            let before = reached.tags.len();
            for tag in page.tags {
                order.see(tag.published);
                if is_tag(&tag.name) && reached.tags.get(&tag.name).is_none() {
                    reached.tags.add(tag);
                }
            }
            if page.is_last {
                return Ok(Coverage::Complete);
            }
            if reached.tags.len() == before {
                return cut("the list does not advance from page to page".to_owned());
            }
            // Otherwise a floating tag that is old or missing would be looked for to the end.
            let floating = needs.iter().flat_map(Need::floating);
            self.ask_by_name(repository, floating, reached).await;
            if !order.is_broken && needs.iter().all(|need| need.is_met(reached)) {
                return Ok(Coverage::Newest);
            }
        }
        cut(format!(
            "only the {} newest tags were read",
            reached.tags.len()
        ))
    }

    /// Asks for the tags that are not known yet. A tag that cannot be asked for stays unknown.
    async fn ask_by_name<'n>(
        &self,
        repository: &str,
        names: impl Iterator<Item = &'n str>,
        reached: &mut Reached,
    ) {
        for name in names {
            if reached.knows(name) || !is_tag(name) {
                continue;
            }
            match self.tag(repository, name).await {
                Ok(TagAnswer::Tag(tag)) => reached.named.add(tag),
                Ok(TagAnswer::Absent) => reached.absent.push(name.to_owned()),
                Err(error) => tracing::debug!("{repository}:{name} stays unknown: {error}"),
            }
        }
    }

    /// Asks for one tag.
    ///
    /// # Errors
    /// [`RegistryError`] if there is no usable answer.
    pub(super) async fn tag(
        &self,
        repository: &str,
        tag: &str,
    ) -> Result<TagAnswer, RegistryError> {
        let response = self.get(repository, &format!("/{tag}"), None).await?;
        match response.status {
            200 => {
                let known = parse_tag(&response.body).map_err(|_| self.shape())?;
                if known.name != tag {
                    return Err(self.shape());
                }
                Ok(TagAnswer::Tag(known))
            }
            404 if !is_html(&response.body) => Ok(TagAnswer::Absent),
            status => Err(RegistryError::status(&self.host(), status, &response.body)),
        }
    }

    /// One page; `None` if there is no such repository or page.
    async fn page(
        &self,
        repository: &str,
        number: usize,
    ) -> Result<Option<HubPage>, RegistryError> {
        let mut query = format!("page_size={PAGE}");
        if number > 1 {
            query.push_str(&format!("&page={number}"));
        }
        let response = self.get(repository, "", Some(&query)).await?;
        match response.status {
            200 => HubPage::parse(&response.body)
                .map(Some)
                .map_err(|_| self.shape()),
            404 if !is_html(&response.body) => Ok(None),
            status => Err(RegistryError::status(&self.host(), status, &response.body)),
        }
    }

    /// The addresses are made here rather than taken from `next`, which may lead elsewhere.
    async fn get(
        &self,
        repository: &str,
        rest: &str,
        query: Option<&str>,
    ) -> Result<Response, RegistryError> {
        let (namespace, name) = repository
            .split_once('/')
            .unwrap_or(("library", repository));
        let mut url = self.endpoint.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!(
            "{base}/v2/namespaces/{namespace}/repositories/{name}/tags{rest}"
        ));
        url.set_query(query);
        let request = Request::get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .deadline(self.deadline);
        Ok(self.http.send(request).await?)
    }

    fn host(&self) -> String {
        self.endpoint.host_str().unwrap_or_default().to_owned()
    }

    fn shape(&self) -> RegistryError {
        RegistryError::Hub { host: self.host() }
    }
}

/// Whether the tags come newest first, as far as is known.
#[derive(Default)]
struct Order {
    oldest: Option<Timestamp>,
    is_broken: bool,
}

impl Order {
    fn see(&mut self, published: Option<Timestamp>) {
        let Some(published) = published else {
            return;
        };
        if let Some(oldest) = self.oldest {
            self.is_broken |= published.duration_since(oldest).as_hours() > DISORDER;
        }
        self.oldest = Some(
            self.oldest
                .map_or(published, |oldest| oldest.min(published)),
        );
    }
}
