//! The snapshot: facts as JSON, read and written.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde::de;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Config, Coverage, FORMAT, Facts, ListKind, NotJudged, Notice, Places, Repository, Seen, TagList,
};
use crate::files::{read_at_most, write_whole};
use crate::model::date::parse_instant;
use crate::model::image::{DOCKER_IO, canonical_registry};
use crate::model::location::Found;
use crate::model::module::place_name;

/// Longest snapshot read, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// Why a snapshot could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file could not be opened, read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// Larger than any account's facts.
    #[error("it is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// No JSON, or values of other types than expected.
    #[error("it is no snapshot: {0}")]
    Shape(#[from] serde_json::Error),
    /// Another `format`.
    #[error("its `format` is not `{FORMAT}`")]
    Format,
    /// Two entries for the same module and infrastructure.
    #[error("its `configs` hold {0} twice")]
    Twice(String),
}

/// Reads the snapshot at `path`.
///
/// # Errors
/// [`SnapshotError`] says what is wrong with the file.
pub fn read(path: &Path) -> Result<Facts, SnapshotError> {
    match read_at_most(path, MAX_BYTES)? {
        Some(json) => Facts::from_json(&json),
        None => Err(SnapshotError::TooLarge),
    }
}

/// Writes the facts to `path` as a snapshot, whole or not at all.
///
/// # Errors
/// [`SnapshotError::File`] if the file cannot be written.
pub fn write(facts: &Facts, path: &Path) -> Result<(), SnapshotError> {
    write_whole(path, facts.to_json()?.as_bytes())?;
    Ok(())
}

impl Facts {
    /// Reads a snapshot's JSON.
    ///
    /// # Errors
    /// [`SnapshotError`] if it is no snapshot of a known format.
    pub fn from_json(json: &[u8]) -> Result<Self, SnapshotError> {
        let document: SnapshotJson = serde_json::from_slice(json)?;
        if document.format != FORMAT {
            return Err(SnapshotError::Format);
        }
        if let Some(place) = held_twice(&document.configs) {
            return Err(SnapshotError::Twice(place));
        }
        Ok(Self {
            taken_at: document.taken_at,
            account: document.account.filter(|account| !account.is_empty()),
            registry: document.registry,
            upstream: document.upstream,
            configs: document.configs,
            repositories: document.repositories.into_iter().map(Into::into).collect(),
            catalog: document.catalog,
            found: document.found,
            not_judged: document.not_judged.unwrap_or_else(|| NotJudged {
                expressions: Places {
                    count: document.not_literal,
                    first: Vec::new(),
                },
                ..NotJudged::default()
            }),
            history: document.history,
            notices: document.notices,
        })
    }

    /// The facts as a snapshot's JSON.
    ///
    /// # Errors
    /// Only what `serde_json` reports; plain facts have no value that JSON lacks.
    pub fn to_json(&self) -> Result<String, SnapshotError> {
        let document = SnapshotJson {
            format: FORMAT.to_owned(),
            taken_at: self.taken_at,
            account: self.account.clone(),
            registry: self.registry.clone(),
            upstream: self.upstream.clone(),
            configs: self.configs.clone(),
            repositories: self.repositories.iter().cloned().map(Into::into).collect(),
            catalog: self.catalog.clone(),
            found: self.found.clone(),
            not_literal: self.not_judged.expressions.count,
            not_judged: Some(self.not_judged.clone()).filter(|places| !places.is_empty()),
            history: self.history.clone(),
            notices: self.notices.clone(),
        };
        let mut text = serde_json::to_string_pretty(&document)?;
        text.push('\n');
        Ok(text)
    }
}

/// A module, with its infrastructure, for which there is more than one entry.
fn held_twice(configs: &[Config]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let again = configs
        .iter()
        .find(|config| !seen.insert((config.module, config.infra)))?;
    Some(place_name(again.module, again.infra))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize, Deserialize)]
struct SnapshotJson {
    format: String,
    #[serde(deserialize_with = "instant")]
    taken_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upstream: Option<String>,
    #[serde(default)]
    configs: Vec<Config>,
    #[serde(default)]
    repositories: Vec<RepositoryJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    catalog: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    found: Vec<Found>,
    #[serde(default, skip_serializing_if = "is_zero")]
    not_literal: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_judged: Option<NotJudged>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<Seen>,
    #[serde(default, rename = "warnings", skip_serializing_if = "Vec::is_empty")]
    notices: Vec<Notice>,
}

#[derive(Serialize, Deserialize)]
struct RepositoryJson {
    #[serde(default)]
    registry: Option<String>,
    repository: String,
    #[serde(default)]
    tags: TagList,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    absent: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    newest_only: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    incomplete: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unavailable: Option<String>,
}

impl From<RepositoryJson> for Repository {
    fn from(json: RepositoryJson) -> Self {
        let coverage = match (json.unavailable, json.incomplete) {
            (Some(reason), _) => Coverage::Unavailable(reason),
            (None, Some(reason)) => Coverage::Incomplete(reason),
            (None, None) if json.missing => Coverage::Missing,
            (None, None) if json.newest_only => Coverage::Newest,
            (None, None) => Coverage::Complete,
        };
        let base = json.registry.unwrap_or_else(|| DOCKER_IO.to_owned());
        let (registry, repository) = match base.split_once('/') {
            Some((host, prefix)) => (
                host,
                format!("{}/{}", prefix.trim_matches('/'), json.repository),
            ),
            None => (base.as_str(), json.repository),
        };
        let registry = canonical_registry(registry);
        Self {
            kind: ListKind::of(&registry, &repository, None),
            registry,
            repository,
            tags: json.tags,
            coverage,
            absent: json.absent,
        }
    }
}

impl From<Repository> for RepositoryJson {
    fn from(facts: Repository) -> Self {
        let (mut incomplete, mut unavailable) = (None, None);
        let newest_only = facts.coverage == Coverage::Newest;
        let missing = facts.coverage == Coverage::Missing;
        match facts.coverage {
            Coverage::Incomplete(reason) => incomplete = Some(reason),
            Coverage::Unavailable(reason) => unavailable = Some(reason),
            Coverage::Complete | Coverage::Newest | Coverage::Missing => {}
        }
        Self {
            registry: Some(facts.registry),
            repository: facts.repository,
            tags: facts.tags,
            absent: facts.absent,
            newest_only,
            incomplete,
            missing,
            unavailable,
        }
    }
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_instant(&text)
        .ok_or_else(|| de::Error::custom("`taken_at` is neither a timestamp nor a day"))
}
