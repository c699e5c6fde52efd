//! What is said about an image.

use jiff::civil::Date;

use crate::model::policy::{Policy, ReleaseUnit};
use crate::model::row::{ListShown, ReleaseShown};
use crate::model::verdict::{EvidenceKind, Verdict};

/// What is said about an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict; never `ignored`.
    pub verdict: Verdict,
    /// What counts as one release.
    pub unit: ReleaseUnit,
    /// Known releases newer than the image's; `None` where unknown or only bounded.
    pub releases_behind: Option<u64>,
    /// The newest known releases, as many as are supported, newest first.
    pub window: Vec<String>,
    /// What the verdict rests on.
    pub evidence: EvidenceKind,
    /// The list of tags that was looked at, if one has versions of the variant.
    pub list: Option<ListShown>,
    /// Newest known tag of the image's own release.
    pub newest_hotfix: Option<String>,
    /// Whether that is newer than the image.
    pub hotfix_is_newer: bool,
    /// When the image was published.
    pub published: Option<Date>,
    /// Whether `supported_days` applies, but not when the image was published.
    pub age_unknown: bool,
    /// Day by which the first newer version is to be deployed.
    pub deploy_by: Option<Date>,
    /// The first newer version's tag.
    pub next: Option<String>,
    /// Release day on which the image leaves support.
    pub leaves_support_on: Option<Date>,
    /// Whether the registry's list lacks the image's tag.
    pub is_missing: bool,
    /// Whether the image's variant is not the default's.
    pub variant_differs: bool,
    /// Whether only the last part of its path says that it is the default's image.
    pub mirror_assumed: bool,
    /// Why the verdict is what it is.
    pub reason: String,
    /// What to do; empty if nothing.
    pub advice: String,
    /// Releases for a time line, newest first.
    pub releases: Vec<ReleaseShown>,
}

impl Judgement {
    /// Nothing can be compared.
    pub(super) fn unverified(reason: String, policy: &Policy) -> Self {
        Self {
            advice: "check by hand".to_owned(),
            ..Self::without_versions(Verdict::Unverified, policy.release_unit.general(), reason)
        }
    }

    /// A judgement for which no versions were compared.
    pub(super) fn without_versions(verdict: Verdict, unit: ReleaseUnit, reason: String) -> Self {
        Self {
            verdict,
            unit,
            releases_behind: None,
            window: Vec::new(),
            evidence: EvidenceKind::None,
            list: None,
            newest_hotfix: None,
            hotfix_is_newer: false,
            published: None,
            age_unknown: false,
            deploy_by: None,
            next: None,
            leaves_support_on: None,
            is_missing: false,
            variant_differs: false,
            mirror_assumed: false,
            reason,
            advice: String::new(),
            releases: Vec::new(),
        }
    }
}
