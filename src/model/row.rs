//! An image in use with its verdict: a row of the report.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::facts::{ListKind, Repository};
use crate::model::location::Location;
pub use crate::model::location::Source;
use crate::model::module::{Infra, Module, full_name};
use crate::model::policy::{FailOn, ReleaseUnit};
use crate::model::verdict::{Attention, EvidenceKind, Verdict};

/// Counts by verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows in all.
    pub images: usize,
    /// Rows by verdict; every verdict has an entry.
    pub counts: BTreeMap<&'static str, usize>,
    /// Rows that are missing, whatever their verdict.
    pub missing: usize,
    /// Whether a verdict fails the step.
    pub failed: bool,
}

/// One image in use.
#[derive(Debug, Clone)]
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
    /// Where it stands in a file or pipeline.
    pub location: Option<Location>,
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
    /// The list of tags that was looked at, and whether releases can be counted by it.
    pub list: Option<ListShown>,
    /// Newest known tag of the image's own release.
    pub newest_hotfix: Option<String>,
    /// Whether the image's registry lacks it, so that builds cannot pull it.
    pub missing: bool,
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
    pub releases: Vec<ReleaseShown>,
}

/// A list of tags as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListShown {
    /// Host of the registry, with port.
    pub registry: String,
    /// Full path of the repository there.
    pub repository: String,
    /// Complete, or a lower bound.
    pub kind: ListKind,
}

impl ListShown {
    /// The list of one repository; cut short, a publisher's is partial too.
    pub fn of(list: &Repository) -> Self {
        Self {
            registry: list.registry.clone(),
            repository: list.repository.clone(),
            kind: if list.is_complete() {
                ListKind::Complete
            } else {
                ListKind::Partial
            },
        }
    }
}

/// One known release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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

impl Row {
    /// Whether builds fail to pull the image; one that is ignored is excused.
    pub fn is_missing(&self) -> bool {
        self.missing && self.verdict.info().attention != Attention::Excused
    }

    /// How much the row asks for attention: by its verdict, and in any case if it is missing.
    pub fn attention(&self) -> Attention {
        if self.is_missing() {
            Attention::Urgent
        } else {
            self.verdict.info().attention
        }
    }

    /// Whether nothing needs to be done.
    pub fn is_good(&self) -> bool {
        self.attention() > Attention::Mentioned
    }

    /// Sorts rows for people: the smaller, the worse.
    pub fn rank(&self) -> (Attention, Verdict) {
        (self.attention(), self.verdict)
    }

    /// The verdict whose sign and colour the row has.
    pub fn shown_as(&self) -> Verdict {
        if self.is_missing() {
            // Nothing can be pulled, which is as bad as the worst that is known of it.
            self.verdict.min(Verdict::Unsupported)
        } else {
            self.verdict
        }
    }

    /// The verdict in words: `supported`, or `supported, missing`.
    pub fn words(&self) -> String {
        if self.is_missing() {
            format!("{}, {}", self.verdict, FailOn::MISSING)
        } else {
            self.verdict.to_string()
        }
    }

    /// The row's full name, as in outputs.
    pub fn full_name(&self) -> String {
        full_name(self.module, self.infra, &self.field)
    }
}

/// The tags to mirror and scan of one repository and variant.
#[derive(Debug, Clone, PartialEq, Eq)]
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
