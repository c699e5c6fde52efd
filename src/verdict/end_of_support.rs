//! When support of a version ends, other than by newer releases: by its age, by the version itself,
//! by the calendar.

use jiff::Span;
use jiff::civil::Date;

use super::calendar;
use super::comparison::Comparison;
use super::position::Ended;
use crate::model::image::ImageRef;
use crate::model::lifecycle::{self, DelegateDates};
use crate::model::policy::Policy;
use crate::model::tag::Tag;

/// The end of support and life that a version determines.
pub(super) fn dates_of(name: &str, tag: Tag<'_>) -> Option<DelegateDates> {
    lifecycle::delegate_dates(lifecycle::rule_for(name)?, tag)
}

/// Why support of an older version has ended, other than by releases.
pub(super) fn ended(
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

/// Whether the version of an image alone shows that support has ended, where nothing is known to
/// compare it with.
pub(crate) fn end_by_version(image: &ImageRef, name: &str, policy: &Policy) -> Option<Ended> {
    let tag = image.tag().and_then(Tag::parse)?;
    ended(None, 0, dates_of(name, tag), policy.as_of)
}

/// The release day on which the image falls out of the window, for `harness/ci-*`, which alone have a
/// published calendar ("CI Build Image Updates").
pub(super) fn leaves_support_on(
    comparison: &Comparison<'_>,
    policy: &Policy,
    size: u32,
    behind: Option<u64>,
) -> Option<Date> {
    let name = comparison
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
