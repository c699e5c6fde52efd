//! The report of a run. Keys of the published JSON are only ever added (`v1`).
//!
//! This file is the report itself; every form of it is a room of its own below.

pub mod annotations;
pub mod card;
mod columns;
mod formats;
mod next_step;
mod outputs;
mod places;
mod redaction;
mod summary;
mod table;
mod v1;

pub use annotations::write_annotation;
pub use card::write_card;
pub use formats::{
    formats, formats_markdown, html, json, junit, markdown, render, sarif, write_reports,
};
pub use next_step::next_step;
pub use outputs::{outputs, write_outputs};
pub use summary::{answer, counts};
pub use table::table;
pub use v1::SCHEMA;

use jiff::civil::Date;

use crate::model::change::Change;
use crate::model::concern::Newly;
use crate::model::mirror::Mirror;
use crate::model::no_images::NoImages;
use crate::model::row::{Listed, Row, Summary};
use crate::model::warning::Warning;

use crate::model::lifecycle::Lifecycle;
use crate::model::policy::{ByRepository, FailOn, ReleaseUnit};

/// Everything a run has to say.
#[derive(Debug, Clone)]
pub struct Report {
    /// Version of this program.
    pub version: &'static str,
    /// Day from which all dates are counted, UTC.
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
    /// Why there are none, where there are none.
    pub no_images: Option<NoImages>,
    /// Planned or made changes.
    pub changes: Vec<Change>,
    /// With `history`: images that became unsupported, overdue or missing since the last run, worst
    /// first; `None` where that is unknown.
    pub newly: Option<Vec<Newly>>,
    /// What `action: list` found: what to mirror and scan.
    pub list: Vec<Listed>,
    /// What the mirror has and lacks: `action: list` with `mirror_to`.
    pub mirror: Option<Mirror>,
    /// What deserves attention but fails nothing.
    pub warnings: Vec<Warning>,
    /// Why the run could not do all of its work, or a change was refused: plain sentences.
    pub errors: Vec<String>,
    /// Registries that were asked, as host and path.
    pub registries: Vec<String>,
    /// Suggested changes of the files in which images were found: a unified diff, empty if there
    /// are none; `None` if none were asked for. Not a part of the JSON.
    pub patch: Option<String>,
    /// The file of the patch, as the settings name it.
    pub patch_file: Option<String>,
}

/// The rules that were applied.
#[derive(Debug, Clone)]
pub struct PolicyShown {
    /// The setting `supported_releases`.
    pub supported_releases: ByRepository<u32>,
    /// The setting `release_unit`.
    pub release_unit: ByRepository<ReleaseUnit>,
    /// The setting `supported_days`.
    pub supported_days: ByRepository<u32>,
    /// How long Harness' documents say that images are supported.
    pub lifecycles: &'static [Lifecycle],
    /// The setting `deploy_window_days`.
    pub deploy_window_days: u32,
    /// The setting `fail_on`.
    pub fail_on: FailOn,
}
