//! The table of verdicts: one image, its default and the evidence.

use jiff::ToSpan;
use jiff::civil::Date;

use super::numbering::{Distance, distance};
use super::releases::{Dated, Known, PastDefault, Scope, Sources};
use super::{EvidenceKind, Policy, ReleaseUnit, Verdict, calendar, resolve, words};
use crate::facts::{Coverage, Repository};
use crate::image::ImageRef;
use crate::report::Source;
use crate::tag::{Tag, Variant};

/// An image in use, its default, and what is known about both.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The image in use.
    pub image: &'a ImageRef,
    /// Harness' default, or what stands in for it.
    pub default: &'a ImageRef,
    /// What the registry said about the repository that the image itself names.
    pub own: Option<&'a Repository>,
    /// What the registry said about the default's repository.
    pub published: Option<&'a Repository>,
    /// Tags that were defaults of this image once, with the first day on which each was seen.
    pub history: &'a [(String, Date)],
    /// Where the image in use comes from; only the advice depends on it.
    pub source: Source,
}

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
    /// Newest known tag of the image's own release.
    pub newest_hotfix: Option<String>,
    /// Whether that is newer than the image.
    pub hotfix_is_newer: bool,
    /// When the image was published.
    pub published: Option<Date>,
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
    /// Why the verdict is what it is.
    pub reason: String,
    /// What to do; empty if nothing.
    pub advice: String,
    /// Releases for a time line, newest first.
    pub releases: Vec<crate::report::ReleaseShown>,
}

/// Image and default as versions.
#[derive(Clone, Copy)]
struct Versions<'a> {
    image: Tag<'a>,
    default: Tag<'a>,
}

/// Where a version stands, for the sentence that says why.
pub(crate) struct Standing<'a> {
    pub(crate) image: Tag<'a>,
    pub(crate) default: Tag<'a>,
    pub(crate) behind: Behind,
    /// How many releases are supported; 0 without a window.
    pub(crate) size: u32,
    pub(crate) window: &'a [String],
    pub(crate) evidence: EvidenceKind,
    pub(crate) next: Option<Dated<'a>>,
    pub(crate) deploy_by: Option<Date>,
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
pub fn judge(case: &Case<'_>, policy: &Policy) -> Judgement {
    let unit = policy.release_unit.get(case.default.name());
    let plain = |verdict, reason| Judgement {
        verdict,
        unit,
        releases_behind: None,
        window: Vec::new(),
        evidence: EvidenceKind::None,
        newest_hotfix: None,
        hotfix_is_newer: false,
        published: published_of(case),
        deploy_by: None,
        next: None,
        leaves_support_on: None,
        is_missing: case.is_missing(),
        variant_differs: false,
        reason,
        advice: words::advice(verdict, case, None),
        releases: Vec::new(),
    };
    if !case.image.is_image_of(case.default) {
        return plain(Verdict::Custom, words::custom(case));
    }
    match case.versions() {
        Ok(versions) => by_version(case, &versions, policy, unit),
        Err(Floats::Image) => plain(Verdict::Floating, words::floating(case)),
        Err(Floats::Default) => plain(Verdict::Unverified, words::floating_default(case)),
    }
}

/// Which of the two has no version.
enum Floats {
    Image,
    Default,
}

impl<'a> Case<'a> {
    fn versions(&self) -> Result<Versions<'a>, Floats> {
        let variant =
            |image: &'a ImageRef| image.tag().and_then(Tag::parse).map(|tag| tag.variant());
        let lists = [self.published, self.own];
        let image = resolve::version_of(self.image, self.own, lists, variant(self.default))
            .ok_or(Floats::Image)?;
        let default = resolve::version_of(
            self.default,
            self.list_of_default(),
            lists,
            Some(image.variant()),
        );
        Ok(Versions {
            image,
            default: default.ok_or(Floats::Default)?,
        })
    }

    /// Where releases of the image are known from.
    pub(crate) fn sources(&self) -> Sources<'a> {
        let history = self.history.iter().filter_map(|(tag, first_seen)| {
            Some(PastDefault {
                tag: Tag::parse(tag)?,
                first_seen: *first_seen,
            })
        });
        Sources {
            list: self.list(),
            history: history.collect(),
        }
    }

    /// The list that releases are counted by: that of the default's repository, else the image's.
    pub fn list(&self) -> Option<&'a Repository> {
        let has_list = |list: &&Repository| {
            !list.tags.is_empty()
                && !matches!(list.coverage, Coverage::Missing | Coverage::Unavailable(_))
        };
        self.published
            .filter(has_list)
            .or(self.own.filter(has_list))
    }

    /// The list that tells the default's digest.
    fn list_of_default(&self) -> Option<&'a Repository> {
        self.published
            .filter(|list| !list.tags.is_empty())
            .or(self.own)
    }

    /// The default's version and variant, resolved if it floats.
    pub(crate) fn default_version(&self) -> Option<Tag<'a>> {
        let preferred = Some(Variant {
            prefix: "",
            suffix: "",
        });
        resolve::version_of(
            self.default,
            self.list_of_default(),
            [self.published, self.own],
            preferred,
        )
    }

    /// Whether the repository that the image names is known to lack its tag, so that pulling fails.
    pub(crate) fn is_missing(&self) -> bool {
        let (Some(own), Some(tag), None) = (self.own, self.image.pulled_tag(), self.image.digest())
        else {
            return false;
        };
        match own.coverage {
            Coverage::Missing => true,
            Coverage::Complete => own.tags.get(tag).is_none(),
            Coverage::Newest | Coverage::Incomplete(_) => {
                own.absent.iter().any(|absent| absent == tag)
            }
            Coverage::Unavailable(_) => false,
        }
    }
}

fn by_version(
    case: &Case<'_>,
    versions: &Versions<'_>,
    policy: &Policy,
    unit: ReleaseUnit,
) -> Judgement {
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
        behind(&sources, scope, &known, size)
    } else {
        (Behind::Exactly(0), evidence_of_presence(&known))
    };
    let deploy_by = known
        .next
        .and_then(|next| next.published)
        .and_then(|published| {
            published
                .checked_add(i64::from(policy.deploy_window_days).days())
                .ok()
        });
    let verdict = match (order, behind) {
        (std::cmp::Ordering::Greater, _) => Verdict::Ahead,
        (std::cmp::Ordering::Equal, _) => Verdict::Current,
        (_, Behind::Exactly(behind) | Behind::AtLeast(behind))
            if size > 0 && behind >= u64::from(size) =>
        {
            Verdict::Unsupported
        }
        (_, Behind::AtLeast(_)) if size > 0 => Verdict::Unverified,
        _ if deploy_by.is_some_and(|deploy_by| deploy_by < policy.as_of) => Verdict::Overdue,
        _ => Verdict::Supported,
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
        .take(size as usize)
        .map(crate::tag::Numbers::canonical)
        .collect();
    let shown = sources.shown(scope, &known);
    Judgement {
        verdict,
        unit,
        releases_behind,
        evidence,
        hotfix_is_newer: newest_hotfix.is_some_and(|newest| newest.numbers() > scope.version),
        newest_hotfix: newest_hotfix.map(|tag| tag.to_string()),
        published: known.published.or_else(|| published_of(case)),
        deploy_by,
        next: known.next.map(|next| next.tag.to_string()),
        leaves_support_on: leaves_support_on(case, policy, size, releases_behind),
        is_missing: case.is_missing(),
        variant_differs: versions.image.variant() != versions.default.variant(),
        reason: words::reason(
            verdict,
            &Standing {
                image: versions.image,
                default: versions.default,
                behind,
                size,
                window: &window,
                evidence,
                next: known.next,
                deploy_by,
            },
        ),
        advice: words::advice(verdict, case, Some(versions.default)),
        releases: shown
            .iter()
            .enumerate()
            .map(|(at, release)| words::shown(release, at < size as usize))
            .collect(),
        window,
    }
}

/// How far behind an older version is, and by what evidence. A list that may lack releases, and a
/// history that does not reach back to the version's release, give only a lower bound: then the numbering
/// decides, unless the bound already fills the window.
fn behind(
    sources: &Sources<'_>,
    scope: Scope<'_>,
    known: &Known<'_>,
    size: u32,
) -> (Behind, EvidenceKind) {
    if known.in_list && !sources.list_is_incomplete() {
        return (Behind::Exactly(known.newer), EvidenceKind::Registry);
    }
    if !known.in_list && known.history_reaches_back {
        return (Behind::Exactly(known.newer), EvidenceKind::History);
    }
    if size > 0 && known.newer >= u64::from(size) {
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
pub(crate) fn evidence_of_presence(known: &Known<'_>) -> EvidenceKind {
    match known {
        Known { in_list: true, .. } => EvidenceKind::Registry,
        Known { releases, .. } if releases.len() > 1 => EvidenceKind::History,
        _ => EvidenceKind::Numbering,
    }
}

/// The release day on which the image falls out of the window, for `harness/ci-*`, which alone have a
/// published calendar ("CI Build Image Updates").
fn leaves_support_on(
    case: &Case<'_>,
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

fn published_of(case: &Case<'_>) -> Option<Date> {
    let tag = case.image.pulled_tag()?;
    let published = |list: Option<&Repository>| list?.tags.get(tag)?.published;
    published(case.own).map(super::releases::day)
}
