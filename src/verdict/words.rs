//! The sentences of a judgement: why, and what to do.

use std::cmp::Ordering;

use super::comparison::Comparison;
use super::position::{Behind, Ended, ListBound, VersionPosition};
use jiff::civil::Date;

use crate::model::facts::{ListKind, Repository};
use crate::model::image::ImageRef;
use crate::model::lifecycle::DelegateDates;
use crate::model::policy::at_most;
use crate::model::row::ListShown;
use crate::model::tag::Tag;
use crate::model::verdict::{EvidenceKind, Verdict, first_text};

/// Why an image is `custom`.
pub(crate) fn custom(comparison: &Comparison<'_>) -> String {
    format!(
        "another image than the default's, {}",
        comparison.default.name()
    )
}

/// Why an image is `floating`.
pub(crate) fn floating(image: &ImageRef) -> String {
    match (image.tag(), image.digest()) {
        (None, Some(_)) => "no version tag with this digest is known".to_owned(),
        (None, None) => {
            "no tag is given, so `latest` is pulled, and no version with its digest is known"
                .to_owned()
        }
        (Some(tag), _) => format!("`{tag}` is no version, and no version with its digest is known"),
    }
}

/// Why nothing can be said below a floating default.
pub(crate) fn floating_default(comparison: &Comparison<'_>) -> String {
    let default = comparison.default.pulled_tag().unwrap_or("a digest");
    format!("the default, {default}, is no version, and no version with its digest is known")
}

/// Why a version has its verdict.
pub(crate) fn reason(verdict: Verdict, position: &VersionPosition<'_>) -> String {
    let VersionPosition {
        image,
        default,
        size,
        window,
        bound,
        default_is_bound,
        next,
        deploy_by,
        end_of_support,
        ended: reason_to_end,
        as_of,
        ..
    } = position;
    let (size, window) = (*size, *window);
    let distance = distance(position);
    let distance = match reason_to_end {
        Some(reason) => format!("{distance}; {}", ended(*reason, *as_of)),
        None => distance,
    };
    let distance = match bound {
        Some(list) => format!("{distance} ({})", shows(list, position)),
        None => distance,
    };
    let supported = match (size, end_of_support) {
        (0, Some(end)) => format!("; its support ends on {end}"),
        (0, None) => "; no window is set".to_owned(),
        (1, _) => "; only the latest release is supported".to_owned(),
        _ if window.len() == at_most(size) => {
            format!("; the latest {size} are supported ({})", window.join(", "))
        }
        _ => format!("; the latest {size} are supported"),
    };
    match verdict {
        Verdict::Current if image.embedded() != default.embedded() => {
            format!("{image} is the default's version with another version inside than {default}")
        }
        Verdict::Current => format!("{image} is the default's version"),
        Verdict::Ahead => format!("{image} is newer than the default {default}"),
        Verdict::Overdue => match (next, deploy_by) {
            (Some(next), Some(deploy_by)) => {
                format!("{distance}; {} was to be deployed by {deploy_by}", next.tag)
            }
            _ => distance,
        },
        Verdict::Unverified if *default_is_bound => {
            format!("{}; newer ones may exist", beyond_list(&distance, position))
        }
        Verdict::Unverified => {
            format!("{distance}{supported}, but how many lie between is unknown")
        }
        Verdict::Unsupported
        | Verdict::Supported
        | Verdict::Custom
        | Verdict::Floating
        | Verdict::Ignored => format!("{distance}{supported}"),
    }
}

/// How far the image is behind the default, or behind what stands in for it.
fn distance(position: &VersionPosition<'_>) -> String {
    let VersionPosition {
        image,
        default,
        behind,
        evidence,
        default_is_bound,
        ..
    } = position;
    let by = match evidence {
        EvidenceKind::Numbering => ", by the numbering alone",
        EvidenceKind::History => ", by the defaults seen before",
        EvidenceKind::Registry | EvidenceKind::None => "",
    };
    let latest = if *default_is_bound {
        default.to_string()
    } else {
        format!("the default {default}")
    };
    let (bound, count) = match behind {
        Behind::AtLeast(0) => return format!("{image} is of the same release as {latest}"),
        Behind::Exactly(0) => return format!("{image} is of the default's release, {default}"),
        Behind::Exactly(count) => ("", count),
        Behind::AtLeast(count) => ("at least ", count),
    };
    let releases = if *count == 1 { "release" } else { "releases" };
    format!("{image} is {bound}{count} {releases} behind {latest}{by}")
}

/// What a partial list adds.
fn shows(bound: &ListBound, position: &VersionPosition<'_>) -> String {
    let ListBound { list, newer } = bound;
    let list = partial(list);
    if position.default_is_bound {
        let default = position.default;
        format!("{default} is the newest tag in {list}, which shows {newer}")
    } else {
        format!("{list} shows {newer}")
    }
}

fn partial(list: &ListShown) -> String {
    format!("the partial list of {}/{}", list.registry, list.repository)
}

/// Where an image stands to the newest tag of a partial list.
fn beyond_list(distance: &str, position: &VersionPosition<'_>) -> String {
    let VersionPosition {
        image,
        default,
        bound,
        ..
    } = position;
    let list = bound.as_ref().map(|bound| partial(&bound.list));
    let list = list.unwrap_or("a partial list".to_owned());
    match image.numbers().cmp(&default.numbers()) {
        Ordering::Less => distance.to_owned(),
        Ordering::Equal => format!("{default} is the newest tag in {list}"),
        Ordering::Greater => format!("{image} is newer than {default}, the newest tag in {list}"),
    }
}

/// Why support of a version has ended, other than by releases.
pub(crate) fn ended(ended: Ended, as_of: Date) -> String {
    match ended {
        Ended::Age(published, days) => {
            format!("published on {published}, and only {days} days are supported")
        }
        Ended::Version(DelegateDates {
            end_of_support: support,
            end_of_life: life,
        }) => {
            let life = (as_of > life).then(|| format!(", its life on {life}"));
            let life = life.unwrap_or_default();
            format!("its support ended on {support}{life}, by its version")
        }
    }
}

/// What to do about a verdict; empty if nothing.
pub(crate) fn advice(
    verdict: Verdict,
    comparison: &Comparison<'_>,
    default: Option<Tag<'_>>,
) -> String {
    let advice = first_text(verdict.info().advice, |source| source == comparison.source);
    match default.map(|tag| tag.to_string()) {
        Some(version) => advice
            .replace("{target}", &version)
            .replace("{version}", &version),
        None if advice.contains("{version}") => String::new(),
        None => advice.replace("{target}", &comparison.default.to_string()),
    }
}

/// What to do about an image that its registry lacks. A tag that the publisher does not have cannot be
/// copied from anywhere; one that is due to be replaced is not worth it.
pub(crate) fn advice_for_missing(
    verdict: Verdict,
    advice: &str,
    own: Option<&Repository>,
) -> String {
    let info = verdict.info();
    let is_publisher = own.is_some_and(|own| own.kind == ListKind::Complete);
    if info.is_patched && !advice.is_empty() {
        format!("builds cannot pull it: {advice}")
    } else if is_publisher {
        "builds cannot pull it: use a tag that exists".to_owned()
    } else {
        "builds cannot pull it: use a tag that exists, or copy this one to the registry".to_owned()
    }
}
