//! What is told, and the published JSON `harness-images/report/v1`. Keys are only ever added.
//!
//! This file is the report itself; every way of telling it is a room of its own below.

pub mod annotations;
pub mod card;
pub mod codes;
mod columns;
mod files;
mod html;
mod json;
mod junit;
mod markdown;
mod markup;
mod outputs;
mod redaction;
mod sarif;
mod summary;
mod table;
mod text;
pub mod verdicts;

pub use annotations::write_annotation;
pub use card::write_card;
pub use files::write_reports;
pub use html::html;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use outputs::{outputs, write_outputs};
pub use sarif::sarif;
pub use summary::{answer, counts, next_step};
pub use table::{Colour, table};

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::facts::{Infra, Module};
use crate::support::{ByRepository, EvidenceKind, ReleaseUnit, Verdict};

/// Value of `schema` in the JSON.
pub const SCHEMA: &str = "harness-images/report/v1";

/// Everything a run has to say.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Version of this program.
    pub version: &'static str,
    /// Day of all reckoning, UTC.
    pub as_of: Date,
    /// Account identifier, if known.
    pub account: Option<String>,
    /// The setting `action`.
    pub action: &'static str,
    /// The setting `dry_run`.
    pub dry_run: bool,
    /// The rules that were applied.
    pub policy: PolicyShown,
    /// Counts by verdict.
    pub summary: Summary,
    /// One row per image in use: modules in the order of their names, then infrastructure, then field.
    pub images: Vec<Row>,
    /// Planned or made changes.
    pub changes: Vec<Change>,
    /// What `action: list` found: what to mirror and scan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<Listed>,
    /// What deserves attention but fails nothing.
    pub warnings: Vec<Warning>,
    /// Why the run could not do all of its work, or a change was refused: plain sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// Registries that were asked, as host and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registries: Vec<String>,
}

/// The rules that were applied.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyShown {
    /// The setting `supported_releases`.
    pub supported_releases: ByRepository<u32>,
    /// The setting `release_unit`.
    pub release_unit: ByRepository<ReleaseUnit>,
    /// The setting `deploy_window_days`.
    pub deploy_window_days: u32,
    /// The verdicts that fail the step, worst first.
    pub fail_on: Vec<Verdict>,
}

/// Counts by verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows in all.
    pub images: usize,
    /// Rows by verdict; every verdict has an entry.
    #[serde(flatten)]
    pub counts: BTreeMap<&'static str, usize>,
    /// Whether a verdict fails the step.
    pub failed: bool,
}

/// One image in use.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The module; `image` for entries of the setting `images`.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    pub infra: Option<Infra>,
    /// Name of the field; for entries of `images`, the reference as written.
    pub field: String,
    /// Where the image in use comes from.
    pub source: Source,
    /// The image in use, as written.
    pub image: String,
    /// Harness' default, if there is one.
    pub default: Option<String>,
    /// The verdict after ignores.
    pub verdict: Verdict,
    /// The verdict before ignores.
    pub judged: Verdict,
    /// What counts as one release of this image.
    pub release_unit: ReleaseUnit,
    /// Known releases newer than the image's, up to the default's; `None` where unknown or only bounded.
    pub releases_behind: Option<u64>,
    /// The newest known releases, newest first, as many as are supported.
    pub window: Vec<String>,
    /// What the verdict rests on.
    pub evidence: EvidenceKind,
    /// Newest known tag of the image's own release.
    pub newest_hotfix: Option<String>,
    /// Day on which the image was published, UTC.
    pub published: Option<Date>,
    /// Day by which the first newer version is to be deployed, UTC.
    pub deploy_by: Option<Date>,
    /// Release day on which the image leaves support, if the calendar holds.
    pub leaves_support_on: Option<Date>,
    /// Why the verdict is what it is, in one sentence.
    pub reason: String,
    /// What to do, in one sentence; empty if nothing.
    pub advice: String,
    /// Last day of the ignore that applies.
    pub ignored_until: Option<Date>,
    /// Known releases around the window, newest first, for a time line; a bounded number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<ReleaseShown>,
}

/// Where the image in use comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The account has pinned it.
    Override,
    /// Harness' default is in use.
    Default,
    /// The setting `images` names it.
    Setting,
}

/// One known release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseShown {
    /// The release, such as `1.16`.
    pub release: String,
    /// Its newest known tag.
    pub newest: String,
    /// When its first version was published, as far as known, UTC.
    pub published: Option<Date>,
    /// Whether it is within the support window.
    pub supported: bool,
}

/// A planned or made change of one override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The module.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    pub infra: Option<Infra>,
    /// Name of the field.
    pub field: String,
    /// What is done.
    pub op: Operation,
    /// The override before; `None` if the default was in use.
    pub from: Option<String>,
    /// The override after; `None` if the default is to be in use.
    pub to: Option<String>,
    /// How far the change has got.
    pub state: ChangeState,
    /// Why, in one sentence.
    pub why: String,
}

/// What is done to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// The override is set.
    Pin,
    /// The override is removed, the default is in use again.
    Reset,
    /// The override is removed with all others of the account.
    Clear,
}

/// How far a change has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// Not sent.
    Planned,
    /// Sent, read back and found as planned.
    Applied,
    /// The former value is back, read and found so.
    RolledBack,
    /// Sent, and refused or without effect: the field still has, or got back unasked, its former
    /// value; or it has one that nobody planned, and the errors say which.
    Failed,
    /// Nobody knows: the account could not be read afterwards.
    Unknown,
}

impl ChangeState {
    /// The state's name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applied => "applied",
            Self::RolledBack => "rolled-back",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// The tags to mirror and scan of one repository and variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Repository as its default names it, without tag.
    pub image: String,
    /// Fields that use it, as `module.infra.field`.
    pub fields: Vec<String>,
    /// Tags of the support window, newest first.
    pub tags: Vec<String>,
    /// What the list rests on.
    pub evidence: EvidenceKind,
    /// Whether the registry lacks the repository.
    pub missing: bool,
}

/// Something that deserves attention but fails nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable kebab-case code, listed in the README.
    pub code: String,
    /// The module it concerns, if one.
    pub module: Option<Module>,
    /// The infrastructure it concerns, if one.
    pub infra: Option<Infra>,
    /// The field it concerns, if one.
    pub field: Option<String>,
    /// What is the matter and what mends it.
    pub message: String,
}

/// `module.infra.field`, or `module.field` where the module knows no infrastructure.
pub fn full_name(module: Module, infra: Option<Infra>, field: &str) -> String {
    match infra {
        Some(infra) => format!("{module}.{infra}.{field}"),
        None => format!("{module}.{field}"),
    }
}

impl Row {
    /// The row's full name, as in outputs.
    pub fn full_name(&self) -> String {
        full_name(self.module, self.infra, &self.field)
    }
}
