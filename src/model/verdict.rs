//! Verdicts and what they rest on.

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
