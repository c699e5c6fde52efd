//! Everything known from outside, as one plain value; its JSON is the snapshot.

pub(crate) mod fields;
mod not_judged;
mod places;
mod repository;
mod snapshot;
mod tags;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::image::ImageRef;
use crate::model::location::Found;
use crate::model::module::{Infra, Module};
use crate::model::warning::WarningCode;

pub use not_judged::{NotJudged, Places};
pub use places::{Priority, places};
pub use repository::{Coverage, ListKind, Repository};
pub use snapshot::{SnapshotError, read, write};
pub use tags::{TagEntry, TagList};

/// Value of `format` in a snapshot.
pub const FORMAT: &str = "harness-images/snapshot/v1";

/// All that is known from outside.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// When the facts were taken, UTC.
    pub taken_at: jiff::Timestamp,
    /// Account identifier, if known.
    pub account: Option<String>,
    /// Where images that name no registry were looked up: a host, with an optional path.
    pub registry: Option<String>,
    /// Where releases are counted if `registry` is a mirror: a host, with an optional path.
    pub upstream: Option<String>,
    /// Defaults and overrides, one entry per module and infrastructure.
    pub configs: Vec<Config>,
    /// What registries said, one entry per repository asked.
    pub repositories: Vec<Repository>,
    /// Every repository that the registry holds, where it says so and was asked.
    pub catalog: Option<Vec<String>>,
    /// Images in files of the workspace and in pipelines of the account, in the order of their places.
    pub found: Vec<Found>,
    /// Images there that are not among `found`, because their places do not name them.
    pub not_judged: NotJudged,
    /// Defaults that earlier runs saw.
    pub history: Vec<Seen>,
    /// What could not be read, or only in part.
    pub notices: Vec<Notice>,
}

/// Defaults and overrides of one module and infrastructure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The module.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infra: Option<Infra>,
    /// Field to image as Harness sets it.
    #[serde(default, with = "fields")]
    pub default: Fields,
    /// Field to image as the account has pinned it.
    #[serde(default, with = "fields")]
    pub overrides: Fields,
}

/// Field names to values, in order of names.
pub type Fields = BTreeMap<String, FieldValue>;

/// A value of an execution config. The map is open: not every value is an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Text, normally an image reference. Never blank.
    Text(String),
    /// Anything else, as its JSON where that is short.
    Other(String),
}

impl FieldValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

/// A default that an earlier run saw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// The module.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infra: Option<Infra>,
    /// Name of the field.
    pub field: String,
    /// The default's image reference.
    pub image: String,
    /// Day of the first run that saw it, UTC.
    pub first_seen: jiff::civil::Date,
}

/// A warning that belongs to the settings or the facts, not to the judgement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "NoticeJson")]
pub struct Notice {
    /// What kind of thing it is.
    pub code: WarningCode,
    /// What happened and what fixes it.
    pub message: String,
}

#[derive(Deserialize)]
struct NoticeJson {
    code: String,
    message: String,
}

impl From<NoticeJson> for Notice {
    /// A code that this version does not know becomes a part of the message.
    fn from(NoticeJson { code, message }: NoticeJson) -> Self {
        match WarningCode::from_name(&code) {
            Some(code) => Self { code, message },
            None => Self {
                code: WarningCode::UnknownWarning,
                message: format!("`{code}`: {message}"),
            },
        }
    }
}

impl Facts {
    /// What registries said about the repository that an image names: where it was found, else
    /// where it was looked for.
    pub fn repository_of(&self, image: &ImageRef) -> Option<&Repository> {
        self.at(image, self.registry.as_deref())
    }

    /// What `upstream` said about the image, by its `namespace/name`; `None` without upstream.
    pub fn upstream_of(&self, image: &ImageRef) -> Option<&Repository> {
        let image = upstream_image(image, self.upstream.as_deref()?)?;
        self.at(&image, None)
    }

    /// The list by which releases of an image are counted: the publisher's, at `upstream` or where the image
    /// is looked up, else in any registry of a publisher that was asked; `None` if none is complete.
    pub fn complete_list_of(&self, image: &ImageRef) -> Option<&Repository> {
        let anywhere = || {
            self.repositories
                .iter()
                .filter(|known| known.publishes(image))
        };
        let first = [self.upstream_of(image), self.repository_of(image)];
        let mut lists = first.into_iter().flatten().chain(anywhere());
        lists.find(|list| list.has_tags() && list.is_complete())
    }

    fn at(&self, image: &ImageRef, base: Option<&str>) -> Option<&Repository> {
        let places = places(image, base);
        let known = places.iter().filter_map(|(registry, repository)| {
            self.repositories
                .iter()
                .find(|known| known.registry == *registry && known.repository == *repository)
        });
        known.min_by_key(|known| known.coverage.priority())
    }

    /// Notes for every list whether it is the publisher's.
    pub fn classify(&mut self) {
        for known in &mut self.repositories {
            known.kind = ListKind::of(&known.registry, &known.repository, self.upstream.as_deref());
        }
    }
}

/// The image as `upstream` publishes it: its `namespace/name` and tag below that host and path.
pub fn upstream_image(image: &ImageRef, upstream: &str) -> Option<ImageRef> {
    let tag = image.pulled_tag().unwrap_or("latest");
    ImageRef::parse(&format!("{upstream}/{}:{tag}", image.name())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_other_versions_are_kept() {
        let cases = [
            ("missing-image", WarningCode::MissingImage, "text"),
            ("registry-by-hand", WarningCode::RegistryUnresolved, "text"),
            (
                "from-the-future",
                WarningCode::UnknownWarning,
                "`from-the-future`: text",
            ),
        ];
        for (code, expected, message) in cases {
            let json = format!(
                r#"{{"format":"{FORMAT}","taken_at":"2026-11-20","warnings":[{{"code":"{code}","message":"text"}}]}}"#
            );
            let facts = Facts::from_json(json.as_bytes()).unwrap();
            let notice = Notice {
                code: expected,
                message: message.to_owned(),
            };
            assert_eq!(facts.notices, [notice]);
            let again = Facts::from_json(facts.to_json().unwrap().as_bytes()).unwrap();
            assert_eq!(again, facts);
        }
    }

    #[test]
    fn found_images_are_kept_with_their_places() {
        let json = format!(
            r#"{{"format":"{FORMAT}","taken_at":"2026-11-20","not_literal":2,"found":[
                {{"image":"plugins/kaniko:1.6.0","location":{{"file":".harness/a.yaml","line":12,"column":16}},
                  "ignored":{{"until":"2026-12-31","reason":"being replaced"}}}},
                {{"image":"plugins/kaniko","location":{{"org":"o","project":"p","pipeline":"i","template":"t"}}}}]}}"#
        );
        let facts = Facts::from_json(json.as_bytes()).unwrap();
        let places: Vec<String> = facts
            .found
            .iter()
            .map(|found| found.location.to_string())
            .collect();
        assert_eq!(places, [".harness/a.yaml:12", "o/p/i"]);
        let ignored = facts.found[0].ignored.as_ref().unwrap();
        assert_eq!(ignored.reason.as_deref(), Some("being replaced"));
        assert_eq!(facts.not_judged.expressions.count, 2);
        let again = Facts::from_json(facts.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(again, facts);
    }
}
