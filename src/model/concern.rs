//! What is wrong with an image in use, as one run notes it for the next.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Something that is wrong with an image in use, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    /// It is outside its support.
    Unsupported,
    /// It is supported, but a newer version has been out for longer than the deploy window.
    Overdue,
    /// Its registry lacks it.
    Missing,
}

impl Concern {
    /// The concern's name in reports and in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Overdue => "overdue",
            Self::Missing => "missing",
        }
    }
}

/// What is wrong with an image; empty if nothing.
pub type Concerns = BTreeSet<Concern>;

/// What is wrong by image: `module.infra.field` for a field, else the image as written, so that
/// neither a moved line nor a second place makes it another image.
pub type States = BTreeMap<String, Concerns>;

/// An image that has become worse since the last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Newly {
    /// Full name of the first row that holds it, worst first.
    pub field: String,
    /// The image, as written.
    pub image: String,
    /// What it was not at the last run.
    pub became: Concerns,
}

impl Newly {
    /// What it has become, in words: `unsupported and missing`.
    pub fn words(&self) -> String {
        let words: Vec<&str> = self.became.iter().map(|concern| concern.as_str()).collect();
        words.join(" and ")
    }
}
