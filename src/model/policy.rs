//! The rules that a user may set: windows and release units, by repository.

mod by_repository;
mod pattern;
mod same_as;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::verdict::Verdict;

pub use by_repository::ByRepository;
pub use pattern::Pattern;
pub use same_as::{Identity, SameAs};

/// What counts as one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseUnit {
    /// `x.y`; `z` is a hotfix. The reading of "CI Build Image Updates".
    Minor,
    /// Every version is a release.
    Patch,
}

/// A number as a count of things in memory, of which there are fewer.
pub(crate) fn at_most(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

impl ReleaseUnit {
    /// The unit's name in settings and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

/// The rules that images are judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How many releases are supported, the latest among them; 0 means that there is no window.
    pub supported_releases: ByRepository<u32>,
    /// Age in days after which an image is unsupported where a newer version exists; 0 is none.
    pub supported_days: ByRepository<u32>,
    /// What counts as one release.
    pub release_unit: ByRepository<ReleaseUnit>,
    /// How long a published version may be left undeployed, in days.
    pub deploy_window_days: u32,
    /// Repositories of mirrors whose paths differ from the publisher's.
    pub same_as: SameAs,
    /// The day from which all dates are counted, UTC.
    pub as_of: Date,
}

/// What fails a step: the setting `fail_on`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailOn {
    /// Verdicts, worst first, each once; never [`Verdict::Ignored`].
    pub verdicts: Vec<Verdict>,
    /// Whether an image that its registry lacks fails the step, whatever its verdict.
    pub missing: bool,
}

impl FailOn {
    /// The word in the setting for an image that its registry lacks.
    pub const MISSING: &'static str = "missing";

    /// Whether an image with this verdict fails the step; one that is ignored never does.
    pub fn fails(&self, verdict: Verdict, is_missing: bool) -> bool {
        self.reasons(verdict, is_missing).next().is_some()
    }

    /// The words of the setting for which an image with this verdict fails the step.
    pub fn reasons(
        &self,
        verdict: Verdict,
        is_missing: bool,
    ) -> impl Iterator<Item = &'static str> {
        let lacks = self.missing && is_missing && verdict != Verdict::Ignored;
        let by_verdict = self.verdicts.contains(&verdict).then(|| verdict.as_str());
        let missing = lacks.then_some(Self::MISSING);
        by_verdict.into_iter().chain(missing)
    }

    /// The words of the setting: verdicts, worst first, then `missing`.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let verdicts = self.verdicts.iter().map(|verdict| verdict.as_str());
        verdicts.chain(self.missing.then_some(Self::MISSING))
    }
}

impl From<&[Verdict]> for FailOn {
    fn from(verdicts: &[Verdict]) -> Self {
        Self {
            verdicts: verdicts.to_vec(),
            missing: false,
        }
    }
}

/// The list of its words.
impl Serialize for FailOn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

/// An entry of the setting `ignore`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// `field`, `module.field` or `module.infra.field`; `*` matches within a name.
    pub field: Pattern,
    /// Why, for the reader of the report.
    pub reason: Option<String>,
    /// Last day on which the entry applies.
    pub until: Option<Date>,
}

impl Ignore {
    /// Whether the entry still applies on `day`.
    pub fn applies_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}
