//! Where a version stands between the releases that are known, for the sentence that says why.

use jiff::civil::Date;

use super::dated::Dated;
use crate::model::lifecycle::DelegateDates;
use crate::model::row::ListShown;
use crate::model::tag::Tag;
use crate::model::verdict::EvidenceKind;

/// Where a version stands, for the sentence that says why.
pub(crate) struct VersionPosition<'a> {
    pub(crate) image: Tag<'a>,
    pub(crate) default: Tag<'a>,
    pub(crate) behind: Behind,
    /// How many releases are supported; 0 without a window.
    pub(crate) size: u32,
    pub(crate) window: &'a [String],
    pub(crate) evidence: EvidenceKind,
    /// What a partial list shows, if there is only one of these.
    pub(crate) bound: Option<ListBound>,
    /// Whether the default is only the newest tag of that list.
    pub(crate) default_is_bound: bool,
    pub(crate) next: Option<Dated<'a>>,
    pub(crate) deploy_by: Option<Date>,
    /// The last day of support that the version determines.
    pub(crate) end_of_support: Option<Date>,
    /// Why support has ended, other than by releases.
    pub(crate) ended: Option<Ended>,
    pub(crate) as_of: Date,
}

/// Why support of a version has ended, other than by releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Published on that day, longer ago than so many days.
    Age(Date, u32),
    /// By the version itself: last days of support and of life.
    Version(DelegateDates),
}

/// The releases that a partial list shows to be newer: so many or more.
pub(crate) struct ListBound {
    pub(crate) list: ListShown,
    pub(crate) newer: u64,
}

/// How far behind the default the image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// So many releases.
    Exactly(u64),
    /// So many or more.
    AtLeast(u64),
}
