//! The snapshot: facts as JSON, read and written.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{
    Config, Coverage, FORMAT, Facts, FieldValue, Fields, ListKind, Notice, Repository, Seen,
    TagList, tag_list,
};
use crate::files::{read_at_most, write_whole};
use crate::model::date::parse_instant;
use crate::model::image::{DOCKER_IO, canonical_registry};
use crate::model::location::Found;
use crate::model::module::{Infra, Module, place_name};

/// Largest snapshot read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Largest JSON kept of a field that is no text, in bytes.
const LARGEST_OTHER: usize = 64;

/// Why a snapshot could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file could not be opened, read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// Larger than any account's facts.
    #[error("it is larger than {LARGEST} bytes")]
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
    match read_at_most(path, LARGEST)? {
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
        let document: Document = serde_json::from_slice(json)?;
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
            not_literal: document.not_literal,
            history: document.history,
            notices: document.notices,
        })
    }

    /// The facts as a snapshot's JSON.
    ///
    /// # Errors
    /// Only what `serde_json` reports; plain facts have no value that JSON lacks.
    pub fn to_json(&self) -> Result<String, SnapshotError> {
        let document = Document {
            format: FORMAT.to_owned(),
            taken_at: self.taken_at,
            account: self.account.clone(),
            registry: self.registry.clone(),
            upstream: self.upstream.clone(),
            configs: self.configs.clone(),
            repositories: self.repositories.iter().cloned().map(Into::into).collect(),
            catalog: self.catalog.clone(),
            found: self.found.clone(),
            not_literal: self.not_literal,
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
struct Document {
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<Seen>,
    #[serde(default, rename = "warnings", skip_serializing_if = "Vec::is_empty")]
    notices: Vec<Notice>,
}

#[derive(Serialize, Deserialize)]
struct ConfigJson {
    module: Module,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    infra: Option<Infra>,
    #[serde(default, with = "fields")]
    default: Fields,
    #[serde(default, with = "fields")]
    overrides: Fields,
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = ConfigJson::deserialize(deserializer)?;
        Ok(Self {
            module: json.module,
            infra: json.infra,
            default: json.default,
            overrides: json.overrides,
        })
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            module,
            infra,
            default,
            overrides,
        } = self.clone();
        ConfigJson {
            module,
            infra,
            default,
            overrides,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize, Deserialize)]
struct RepositoryJson {
    #[serde(default)]
    registry: Option<String>,
    repository: String,
    #[serde(default, with = "tag_list")]
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

#[derive(Serialize, Deserialize)]
struct SeenJson {
    module: Module,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    infra: Option<Infra>,
    field: String,
    image: String,
    first_seen: Date,
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let SeenJson {
            module,
            infra,
            field,
            image,
            first_seen,
        } = SeenJson::deserialize(deserializer)?;
        Ok(Self {
            module,
            infra,
            field,
            image,
            first_seen,
        })
    }
}

impl Serialize for Seen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            module,
            infra,
            field,
            image,
            first_seen,
        } = self.clone();
        SeenJson {
            module,
            infra,
            field,
            image,
            first_seen,
        }
        .serialize(serializer)
    }
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_instant(&text)
        .ok_or_else(|| de::Error::custom("`taken_at` is neither a timestamp nor a day"))
}

/// An open map of fields: text is kept, `null` and blanks mean "not set", anything else is
/// kept only by its short JSON. `null` in place of the map is an empty one.
pub(crate) mod fields {
    use std::collections::BTreeMap;

    use super::{
        Deserialize, Deserializer, FieldValue, Fields, LARGEST_OTHER, RawValue, Serializer,
    };
    use serde::ser::SerializeMap;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Fields, D::Error> {
        let map = Option::<BTreeMap<String, Box<RawValue>>>::deserialize(deserializer)?
            .unwrap_or_default();
        Ok(map
            .into_iter()
            .filter_map(|(field, raw)| Some((field, value(raw.get())?)))
            .collect())
    }

    /// One value from its JSON; `None` if it means "not set".
    pub(crate) fn value(json: &str) -> Option<FieldValue> {
        match serde_json::from_str::<String>(json) {
            Ok(text) if text.trim().is_empty() => None,
            Ok(text) => Some(FieldValue::Text(text.trim().to_owned())),
            Err(_) if json == "null" => None,
            Err(_) if json.len() <= LARGEST_OTHER => Some(FieldValue::Other(json.to_owned())),
            Err(_) => Some(FieldValue::Other(
                if json.starts_with('[') { "[]" } else { "{}" }.to_owned(),
            )),
        }
    }

    pub(crate) fn serialize<S: Serializer>(
        fields: &Fields,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (field, value) in fields {
            match value {
                FieldValue::Text(text) => map.serialize_entry(field, text)?,
                FieldValue::Other(json) => {
                    map.serialize_entry(
                        field,
                        &RawValue::from_string(json.clone()).unwrap_or_default(),
                    )?;
                }
            }
        }
        map.end()
    }
}
