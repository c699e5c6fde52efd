//! The table of verdicts: one image, its default and the evidence.

use jiff::Span;
use jiff::civil::Date;

use super::comparison::{Comparison, Floats, Versions};
use super::numbering::{Distance, distance};
use super::releases::{Dated, KnownReleases, Scope};
use super::{calendar, words};
use crate::model::image::ImageRef;
use crate::model::lifecycle::{self, DelegateDates};
use crate::model::policy::at_most;
use crate::model::policy::{Identity, Policy, ReleaseUnit};
use crate::model::row::ListShown;
use crate::model::tag::Tag;
use crate::model::verdict::{EvidenceKind, Verdict};

/// What is said about an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict; never `ignored`.
    pub verdict: Verdict,
    /// What counts as one release.
    pub unit: ReleaseUnit,
    /// KnownReleases releases newer than the image's; `None` where unknown or only bounded.
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
    pub releases: Vec<crate::model::row::ReleaseShown>,
}

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
    pub(crate) bound: Option<Bound>,
    pub(crate) next: Option<Dated<'a>>,
    pub(crate) deploy_by: Option<Date>,
    /// The last day of support that the version tells.
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
pub(crate) struct Bound {
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

/// Judges one image by the table of verdicts: the first that fits.
pub fn judge(case: &Comparison<'_>, policy: &Policy) -> Judgement {
    judge_with(case, policy, Extent::Report)
}

/// [`judge`] without the releases of the time line, which take another look at every tag.
pub fn verdict_only(case: &Comparison<'_>, policy: &Policy) -> Judgement {
    judge_with(case, policy, Extent::Verdict)
}

/// How much of the judgement is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Verdict,
    Report,
}

fn judge_with(case: &Comparison<'_>, policy: &Policy, extent: Extent) -> Judgement {
    let unit = policy.release_unit.get(case.default.name());
    let plain = |verdict, reason| Judgement {
        verdict,
        unit,
        releases_behind: None,
        window: Vec::new(),
        evidence: EvidenceKind::None,
        list: None,
        newest_hotfix: None,
        hotfix_is_newer: false,
        published: case.published_on(),
        age_unknown: false,
        deploy_by: None,
        next: None,
        leaves_support_on: None,
        is_missing: case.is_missing(),
        variant_differs: false,
        mirror_assumed: false,
        reason,
        advice: words::advice(verdict, case, None),
        releases: Vec::new(),
    };
    let identity = policy.same_as.identity(case.image, case.default);
    if identity == Identity::Other {
        return plain(Verdict::Custom, words::custom(case));
    }
    let judgement = match case.versions() {
        Ok(versions) => by_version(case, &versions, policy, extent),
        Err(Floats::Image) => plain(Verdict::Floating, words::floating(case.image)),
        Err(Floats::Default) => match end_by_version(case.image, case.default.name(), policy) {
            Some(ended) => plain(Verdict::Unsupported, words::ended(ended, policy.as_of)),
            None => plain(Verdict::Unverified, words::floating_default(case)),
        },
    };
    Judgement {
        mirror_assumed: identity == Identity::Assumed,
        ..judgement
    }
}

fn by_version(
    case: &Comparison<'_>,
    versions: &Versions<'_>,
    policy: &Policy,
    extent: Extent,
) -> Judgement {
    let unit = policy.release_unit.get(case.default.name());
    let sources = case.sources();
    let scope = Scope {
        variant: versions.image.variant(),
        version: versions.image.numbers(),
        default: versions.default,
        unit,
    };
    let known = sources.known(scope);
    let size = policy.supported_releases.get(case.default.name());
    let order = scope.version.cmp(&scope.default.numbers());
    let (behind, evidence) = if order.is_lt() {
        behind(scope, &known, size)
    } else {
        (Behind::Exactly(0), evidence_of_presence(&known))
    };
    let deploy_by = known
        .next
        .and_then(|next| next.published)
        .and_then(|published| {
            let window = Span::new().try_days(policy.deploy_window_days).ok()?;
            published.checked_add(window).ok()
        });
    let name = case.default.name();
    let days = policy.supported_days.get(name);
    let published = [case.published_on(), known.published];
    let published = published.into_iter().flatten().min();
    let dates = dates_of(name, versions.image);
    let ended = order
        .is_lt()
        .then(|| ended(published, days, dates, policy.as_of))
        .flatten();
    let verdict = match (order, behind) {
        (std::cmp::Ordering::Greater, _) => Verdict::Ahead,
        (std::cmp::Ordering::Equal, _) => Verdict::Current,
        (_, Behind::Exactly(behind) | Behind::AtLeast(behind))
            if size > 0 && behind >= u64::from(size) =>
        {
            Verdict::Unsupported
        }
        _ if ended.is_some() => Verdict::Unsupported,
        (_, Behind::AtLeast(_)) if size > 0 => Verdict::Unverified,
        _ if deploy_by.is_some_and(|deploy_by| deploy_by < policy.as_of) => Verdict::Overdue,
        _ => Verdict::Supported,
    };
    // Newer releases than a partial list's newest may exist.
    let verdict = match verdict {
        Verdict::Ahead | Verdict::Current | Verdict::Supported if case.default_is_bound => {
            Verdict::Unverified
        }
        verdict => verdict,
    };
    let releases_behind = match behind {
        Behind::Exactly(behind) => Some(behind),
        Behind::AtLeast(_) => None,
    };
    let newest_hotfix = known
        .newest_hotfix
        .filter(|newest| newest.numbers() >= scope.version);
    let window: Vec<String> = known
        .releases
        .iter()
        .rev()
        .take(at_most(size))
        .map(crate::model::tag::Numbers::canonical)
        .collect();
    let shown = match extent {
        Extent::Report => sources.shown(scope, &known),
        Extent::Verdict => Vec::new(),
    };
    Judgement {
        verdict,
        unit,
        releases_behind,
        evidence,
        list: known.list.map(ListShown::of),
        hotfix_is_newer: newest_hotfix.is_some_and(|newest| {
            let image = versions.image;
            (newest.numbers(), newest.embedded()) > (image.numbers(), image.embedded())
        }),
        newest_hotfix: newest_hotfix.map(|tag| tag.to_string()),
        published: case.published_on().or(known.published),
        age_unknown: days > 0 && order.is_lt() && published.is_none(),
        deploy_by,
        next: known.next.map(|next| next.tag.to_string()),
        leaves_support_on: leaves_support_on(case, policy, size, releases_behind),
        is_missing: case.is_missing(),
        variant_differs: versions.image.variant() != versions.default.variant(),
        mirror_assumed: false,
        reason: words::reason(
            verdict,
            &VersionPosition {
                image: versions.image,
                default: versions.default,
                behind,
                size,
                window: &window,
                evidence,
                bound: known.list.filter(|_| !known.is_counted).map(|list| Bound {
                    list: ListShown::of(list),
                    newer: known.newer_in_list,
                }),
                next: known.next,
                deploy_by,
                end_of_support: dates.map(|dates| dates.end_of_support),
                ended,
                as_of: policy.as_of,
            },
        ),
        advice: words::advice(verdict, case, Some(versions.default)),
        releases: shown
            .iter()
            .enumerate()
            .map(|(at, release)| words::shown(release, at < at_most(size)))
            .collect(),
        window,
    }
}

/// How far behind an older version is, and by what evidence. A partial list, and a history that does
/// not reach back to the version's release, give only a lower bound. If it fills the window, that is
/// enough; otherwise a history that reaches back decides, else the numbering.
fn behind(scope: Scope<'_>, known: &KnownReleases<'_>, size: u32) -> (Behind, EvidenceKind) {
    if known.is_counted {
        return (Behind::Exactly(known.newer), EvidenceKind::Registry);
    }
    let fills_window = |newer| size > 0 && newer >= u64::from(size);
    if known.history_reaches_back && !fills_window(known.newer_in_list) {
        return (Behind::Exactly(known.newer), EvidenceKind::History);
    }
    // The default alone, which is always known, bounds nothing.
    if known.releases.len() > 1 && fills_window(known.newer) {
        return (Behind::AtLeast(known.newer), evidence_of_presence(known));
    }
    let numbered = match distance(scope.version, scope.default.numbers(), scope.unit) {
        Distance::Exactly(behind) if behind >= known.newer => Behind::Exactly(behind),
        Distance::Exactly(behind) | Distance::AtLeast(behind) => {
            Behind::AtLeast(behind.max(known.newer))
        }
    };
    (numbered, EvidenceKind::Numbering)
}

/// What is known at all, where no counting is needed.
pub(crate) fn evidence_of_presence(known: &KnownReleases<'_>) -> EvidenceKind {
    if known.list.is_some() {
        EvidenceKind::Registry
    } else if known.releases.len() > 1 {
        EvidenceKind::History
    } else {
        EvidenceKind::Numbering
    }
}

/// The end of support and life that a version tells.
fn dates_of(name: &str, tag: Tag<'_>) -> Option<DelegateDates> {
    lifecycle::delegate_dates(lifecycle::rule_for(name)?, tag)
}

/// Why support of an older version has ended, other than by releases.
fn ended(
    published: Option<Date>,
    days: u32,
    dates: Option<DelegateDates>,
    as_of: Date,
) -> Option<Ended> {
    if let Some(dates) = dates.filter(|dates| as_of > dates.end_of_support) {
        return Some(Ended::Version(dates));
    }
    let published = published.filter(|_| days > 0)?;
    let last = published.checked_add(Span::new().try_days(days).ok()?);
    let is_past = last.is_ok_and(|last| as_of > last);
    is_past.then_some(Ended::Age(published, days))
}

/// Whether the version of an image alone tells that support has ended, where nothing is known to
/// compare it with.
pub(crate) fn end_by_version(image: &ImageRef, name: &str, policy: &Policy) -> Option<Ended> {
    let tag = image.tag().and_then(Tag::parse)?;
    ended(None, 0, dates_of(name, tag), policy.as_of)
}

/// The release day on which the image falls out of the window, for `harness/ci-*`, which alone have a
/// published calendar ("CI Build Image Updates").
fn leaves_support_on(
    case: &Comparison<'_>,
    policy: &Policy,
    size: u32,
    behind: Option<u64>,
) -> Option<Date> {
    let name = case
        .default
        .name()
        .split_once('/')
        .filter(|(namespace, _)| matches!(*namespace, "harness" | "harnesssecure"));
    let has_calendar = name.is_some_and(|(_, name)| name.starts_with("ci-"));
    let left = size.checked_sub(u32::try_from(behind?).ok()?)?;
    has_calendar
        .then(|| calendar::release_day_after(policy.as_of, left))
        .flatten()
}
