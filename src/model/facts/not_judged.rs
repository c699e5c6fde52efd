//! Images of files and pipelines that are not judged, because their places do not name them.

use serde::{Deserialize, Serialize};

/// Most places of a kind that are named; the rest are counted.
const MAX_NAMED: usize = 5;

/// Images of files and pipelines that are not judged, by cause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotJudged {
    /// Written as expressions.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub expressions: Places,
    /// Only a tag is written, and nothing says of which repository.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub tags: Places,
    /// No image reference.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub malformed: Places,
}

/// A count of places, and the first few of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// How many there are.
    pub count: usize,
    /// The first few, as `path:line` or `org/project/pipeline:line`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
}

impl Places {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a place, whatever the order in which they come.
    pub fn add(&mut self, place: String) {
        self.count = self.count.saturating_add(1);
        let at = self
            .first
            .partition_point(|other| in_order(other) <= in_order(&place));
        self.first.insert(at, place);
        self.first.truncate(MAX_NAMED);
    }

    /// Adds places that come after these.
    pub fn extend(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        let room = MAX_NAMED.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
    }

    /// The places as the end of a sentence: `: a.yml:3, b.yml:4 and 2 more`; empty where none is known.
    pub fn named(&self) -> String {
        let more = self.count.saturating_sub(self.first.len());
        match (self.first.join(", "), more) {
            (first, _) if first.is_empty() => String::new(),
            (first, 0) => format!(": {first}"),
            (first, more) => format!(": {first} and {more} more"),
        }
    }
}

/// By document, then by line.
fn in_order(place: &str) -> (&str, u32) {
    let at = place.rsplit_once(':');
    let at = at.and_then(|(document, line)| Some((document, line.parse().ok()?)));
    at.unwrap_or((place, 0))
}

impl NotJudged {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Self {
            expressions,
            tags,
            malformed,
        } = self;
        [expressions, tags, malformed]
            .into_iter()
            .all(Places::is_empty)
    }

    /// Adds what comes after this.
    pub fn extend(&mut self, other: Self) {
        self.expressions.extend(other.expressions);
        self.tags.extend(other.tags);
        self.malformed.extend(other.malformed);
    }
}
