//! The policy: an image, its default and the evidence give a verdict.

mod calendar;
mod case;
mod ignores;
mod judge;
mod latest;
mod numbering;
mod policy;
mod releases;
mod resolve;
mod words;

pub use case::{Case, is_missing, version_of};
pub use ignores::Ignore;
pub use judge::{Judgement, judge, judge_briefly};
pub use latest::{NoRelease, latest_release, window_tags};
pub use policy::{ByRepository, Pattern, Policy, ReleaseUnit};
pub(crate) use releases::day;
pub(crate) use words::floating;

use std::fmt;

use serde::Serialize;

/// What is said about an image, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As many releases behind the default as the window is wide, or more.
    Unsupported,
    /// Supported, but a newer version has been out for longer than the deploy window.
    Overdue,
    /// Nothing allows a statement.
    Unverified,
    /// Another image than the default's.
    Custom,
    /// A floating tag or a digest that could not be resolved to a version.
    Floating,
    /// Newer than the default.
    Ahead,
    /// Older than the default, within the window.
    Supported,
    /// The default's version.
    Current,
    /// Judged, but excused by a valid entry of the setting `ignore`.
    Ignored,
}

impl Verdict {
    /// All verdicts, worst first.
    pub const ALL: [Self; 9] = [
        Self::Unsupported,
        Self::Overdue,
        Self::Unverified,
        Self::Custom,
        Self::Floating,
        Self::Ahead,
        Self::Supported,
        Self::Current,
        Self::Ignored,
    ];

    /// The verdict's name in settings, reports and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Overdue => "overdue",
            Self::Unverified => "unverified",
            Self::Custom => "custom",
            Self::Floating => "floating",
            Self::Ahead => "ahead",
            Self::Supported => "supported",
            Self::Current => "current",
            Self::Ignored => "ignored",
        }
    }

    /// Whether nothing needs to be done: what `fail_on: any` leaves out.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Current | Self::Supported | Self::Ignored)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// Tags that a registry lists.
    Registry,
    /// Defaults that earlier runs saw.
    History,
    /// The numbers of the versions alone.
    Numbering,
    /// Nothing.
    None,
}
