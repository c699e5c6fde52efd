//! The table of verdicts: one image, its default and the evidence.

use std::ops::Bound;

use jiff::Span;

use super::comparison::{Comparison, Floats, Versions};
use super::end_of_support::{dates_of, end_by_version, ended, leaves_support_on};
use super::judgement::Judgement;
use super::numbering::{Distance, distance};
use super::position::{Behind, ListBound, VersionPosition};
use super::releases::{KnownReleases, Scope, release_of};
use super::words;
use crate::model::policy::at_most;
use crate::model::policy::{Identity, Policy};
use crate::model::row::{ListShown, ReleaseShown};
use crate::model::tag::Numbers;
use crate::model::verdict::{EvidenceKind, Verdict};

/// Judges one image by the table of verdicts: the first that fits.
pub fn judge(comparison: &Comparison<'_>, policy: &Policy) -> Judgement {
    let unit = policy.release_unit.get(comparison.default.name());
    let plain = |verdict, reason| Judgement {
        published: comparison.published_on(),
        is_missing: comparison.is_missing(),
        advice: words::advice(verdict, comparison, None),
        ..Judgement::without_versions(verdict, unit, reason)
    };
    let identity = policy
        .same_as
        .identity(comparison.image, comparison.default);
    if identity == Identity::Other {
        return plain(Verdict::Custom, words::custom(comparison));
    }
    let judgement = match comparison.versions() {
        Ok(versions) => by_version(comparison, &versions, policy),
        Err(Floats::Image) => plain(Verdict::Floating, words::floating(comparison.image)),
        Err(Floats::Default) => {
            match end_by_version(comparison.image, comparison.default.name(), policy) {
                Some(ended) => plain(Verdict::Unsupported, words::ended(ended, policy.as_of)),
                None => plain(Verdict::Unverified, words::floating_default(comparison)),
            }
        }
    };
    Judgement {
        mirror_assumed: identity == Identity::Assumed,
        ..judgement
    }
}

fn by_version(comparison: &Comparison<'_>, versions: &Versions<'_>, policy: &Policy) -> Judgement {
    let unit = policy.release_unit.get(comparison.default.name());
    let scope = Scope {
        variant: versions.image.variant(),
        version: versions.image.numbers(),
        default: versions.default,
        unit,
    };
    let known = comparison.sources().known(scope);
    let size = policy.supported_releases.get(comparison.default.name());
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
    let name = comparison.default.name();
    let days = policy.supported_days.get(name);
    let published = [comparison.published_on(), known.published];
    let published = published.into_iter().flatten().min();
    let dates = dates_of(name, versions.image);
    let ended = order
        .is_lt()
        .then(|| ended(published, days, dates, policy.as_of))
        .flatten();
    let is_overdue = deploy_by.is_some_and(|deploy_by| deploy_by < policy.as_of);
    let verdict = match (order, behind) {
        (std::cmp::Ordering::Greater, _) => Verdict::Ahead,
        (std::cmp::Ordering::Equal, _) => Verdict::Current,
        (_, Behind::Exactly(behind) | Behind::AtLeast(behind))
            if size > 0 && behind >= u64::from(size) =>
        {
            Verdict::Unsupported
        }
        _ if ended.is_some() => Verdict::Unsupported,
        (_, Behind::AtLeast(_)) if size > 0 && !(comparison.default_is_bound && is_overdue) => {
            Verdict::Unverified
        }
        _ if is_overdue => Verdict::Overdue,
        _ => Verdict::Supported,
    };
    // Newer releases than a partial list's newest may exist.
    let is_well = match verdict {
        Verdict::Ahead | Verdict::Current | Verdict::Supported => true,
        Verdict::Unsupported
        | Verdict::Overdue
        | Verdict::Unverified
        | Verdict::Custom
        | Verdict::Floating
        | Verdict::Ignored => false,
    };
    let verdict = if comparison.default_is_bound && is_well {
        Verdict::Unverified
    } else {
        verdict
    };
    // What is newer than the newest tag of a partial list is not known.
    let behind = match behind {
        Behind::Exactly(behind) if comparison.default_is_bound => Behind::AtLeast(behind),
        Behind::Exactly(_) | Behind::AtLeast(_) => behind,
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
        .keys()
        .rev()
        .take(at_most(size))
        .map(Numbers::canonical)
        .collect();
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
        published: comparison.published_on().or(known.published),
        age_unknown: days > 0 && order.is_lt() && published.is_none(),
        deploy_by,
        next: known.next.map(|next| next.tag.to_string()),
        leaves_support_on: leaves_support_on(comparison, policy, size, releases_behind),
        is_missing: comparison.is_missing(),
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
                bound: known
                    .list
                    .filter(|_| !known.is_counted)
                    .map(|list| ListBound {
                        list: ListShown::of(list),
                        newer: known.newer_in_list,
                    }),
                default_is_bound: comparison.default_is_bound,
                next: known.next,
                deploy_by,
                end_of_support: dates.map(|dates| dates.end_of_support),
                ended,
                as_of: policy.as_of,
            },
        ),
        advice: words::advice(verdict, comparison, Some(versions.default)),
        releases: known
            .shown(scope)
            .enumerate()
            .map(|(at, (numbers, release))| ReleaseShown {
                release: numbers.canonical(),
                newest: release.newest.unwrap_or(versions.default).to_string(),
                published: release.published,
                supported: at < at_most(size),
            })
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
    let bound = numbered_bound(scope, known);
    let numbered = match distance(scope.version, scope.default.numbers(), scope.unit) {
        Distance::Exactly(behind) if behind >= bound => Behind::Exactly(behind),
        Distance::Exactly(_) | Distance::AtLeast(_) => Behind::AtLeast(bound),
    };
    (numbered, EvidenceKind::Numbering)
}

/// The most releases that must lie between: up to a known release by the numbers, and those known beyond it.
fn numbered_bound(scope: Scope<'_>, known: &KnownReleases<'_>) -> u64 {
    let own = release_of(scope.version, scope.unit);
    let newer = known
        .releases
        .range((Bound::Excluded(own), Bound::Unbounded));
    let bounds = (0_u64..).zip(newer.rev()).map(|(beyond, (release, _))| {
        match distance(scope.version, *release, scope.unit) {
            Distance::Exactly(behind) | Distance::AtLeast(behind) => behind.saturating_add(beyond),
        }
    });
    bounds.max().unwrap_or_default().max(known.newer)
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
