//! What the calls for pipelines are answered. Pure; nothing that a server sends is trusted.

use jiff::Timestamp;
use serde_json::value::RawValue;
use url::Url;

use super::jobs::{ListPage, ListedPipeline};
use super::names::{Identifier, ProjectId};
use crate::harness::context::Context;
use crate::harness::envelope::{self, JsonObject, list, member, object, text};
use crate::harness::error::HarnessError;
use crate::http::Response;
use crate::model::module::ApiStyle;

/// Longest address of a file in Git that is shown, in bytes.
const MAX_ADDRESS: usize = 500;

/// A pipeline, or an input set, as it was answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Texts {
    /// The YAML as written.
    pub(super) written: String,
    /// The YAML with templates in place; `None` if they could not be resolved.
    pub(super) resolved: Option<String>,
    /// Whether Harness says that the YAML is valid.
    pub(super) is_valid: bool,
    /// Where it was read, if from the cache.
    pub(super) cache: Option<CacheState>,
    /// Where the file is in Git, for people.
    pub(super) file_url: Option<Url>,
}

/// What is said about a copy in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CacheState {
    /// When it was taken from Git, if that is said.
    pub(super) taken_at: Option<Timestamp>,
    /// Whether Harness itself calls it old.
    pub(super) is_stale: bool,
}

/// The answer to a request for a page of a list.
pub(super) struct ListAnswer<'r> {
    pub(super) response: &'r Response,
    pub(super) context: &'r Context<'r>,
    /// Entries of a full page.
    pub(super) size: u32,
}

impl ListAnswer<'_> {
    /// Reads it as the page of this number; the first is 0. `read` gives `None` for what has no usable
    /// identifier, `Some(None)` for what is of another kind.
    pub(super) fn page<T>(
        &self,
        page: u32,
        read: impl Fn(&JsonObject<'_>) -> Option<Option<T>>,
    ) -> Result<ListPage<T>, HarnessError> {
        let data = data(self.response, self.context)?;
        if !data
            .get("content")
            .is_some_and(|raw| raw.get().starts_with('['))
        {
            return Err(self.context.shape("it has no list `content`"));
        }
        let content = list(&data, "content");
        let mut entries = Vec::new();
        let mut unusable = 0_usize;
        for raw in &content {
            match object(raw).and_then(|entry| read(&entry)) {
                Some(entry) => entries.extend(entry),
                None => unusable = unusable.saturating_add(1),
            }
        }
        let says_last = data.get("last").is_some_and(|raw| raw.get() == "true");
        let is_last = match number(&data, "totalPages") {
            Some(pages) => u64::from(page).saturating_add(1) >= pages,
            None => u32::try_from(content.len()).is_ok_and(|entries| entries < self.size),
        };
        Ok(ListPage {
            entries,
            unusable,
            is_last: says_last || is_last || content.is_empty(),
        })
    }
}

/// A project of the account.
pub(super) fn project(entry: &JsonObject<'_>) -> Option<Option<ProjectId>> {
    let project = member(entry, "project")?;
    let identifier = |key| Identifier::new(&text(&project, key)?);
    Some(Some(ProjectId {
        org: identifier("orgIdentifier")?,
        project: identifier("identifier")?,
    }))
}

/// A pipeline of a project.
pub(super) fn listed_pipeline(entry: &JsonObject<'_>) -> Option<Option<ListedPipeline>> {
    Some(Some(ListedPipeline {
        identifier: Identifier::new(&text(entry, "identifier")?)?,
        is_remote: text(entry, "storeType").is_some_and(|kind| kind == "REMOTE"),
    }))
}

/// An input set of a pipeline; one that only refers to others is of another kind.
pub(super) fn listed_input_set(entry: &JsonObject<'_>) -> Option<Option<Identifier>> {
    if text(entry, "inputSetType").is_some_and(|kind| kind != "INPUT_SET") {
        return Some(None);
    }
    Some(Some(Identifier::new(&text(entry, "identifier")?)?))
}

/// A pipeline; `None` if the answer has no YAML, as where the cache does not have it.
pub(super) fn pipeline(
    response: &Response,
    context: &Context<'_>,
) -> Result<Option<Texts>, HarnessError> {
    let data = data(response, context)?;
    let Some(written) = text(&data, "yamlPipeline") else {
        return Ok(None);
    };
    let is_denied = |raw: &RawValue| raw.get() == "true";
    let is_refused = member(&data, "governanceMetadata")
        .is_some_and(|policy| policy.get("deny").is_some_and(|raw| is_denied(raw)));
    Ok(Some(Texts {
        written,
        resolved: text(&data, "resolvedTemplatesPipelineYaml"),
        is_valid: !is_refused && is_valid(&data),
        cache: member(&data, "cacheResponse").map(|cache| CacheState {
            taken_at: number(&cache, "lastUpdatedAt")
                .and_then(|time| Timestamp::from_millisecond(i64::try_from(time).ok()?).ok()),
            is_stale: text(&cache, "cacheState").is_some_and(|state| state != "VALID_CACHE"),
        }),
        file_url: file_url(&data),
    }))
}

/// An input set; `None` if the answer has no YAML.
pub(super) fn input_set(
    response: &Response,
    context: &Context<'_>,
) -> Result<Option<Texts>, HarnessError> {
    let data = data(response, context)?;
    Ok(text(&data, "inputSetYaml").map(|written| Texts {
        written,
        resolved: None,
        is_valid: is_valid(&data),
        cache: None,
        file_url: file_url(&data),
    }))
}

fn data<'r>(response: &'r Response, context: &Context<'_>) -> Result<JsonObject<'r>, HarnessError> {
    envelope::data(response, ApiStyle::Envelope, context)?
        .and_then(object)
        .ok_or_else(|| context.shape("its `data` is no object"))
}

fn is_valid(data: &JsonObject<'_>) -> bool {
    let details = member(data, "entityValidityDetails");
    details.is_none_or(|details| details.get("valid").is_none_or(|raw| raw.get() != "false"))
}

/// The address of a file in Git, if it is one that may be shown: of the web, short, without
/// credentials. It is never asked for.
fn file_url(data: &JsonObject<'_>) -> Option<Url> {
    let git = member(data, "gitDetails")?;
    let address = text(&git, "fileUrl").filter(|address| address.len() <= MAX_ADDRESS)?;
    let url = Url::parse(&address).ok()?;
    let is_sane = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    is_sane.then_some(url)
}

fn number(map: &JsonObject<'_>, key: &str) -> Option<u64> {
    serde_json::from_str(map.get(key)?.get()).ok()
}
