//! Versions with the day since when each is known, and which of two came first.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::model::tag::Tag;

/// A version that was a default once, and since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PastDefault<'a> {
    /// Its tag.
    pub(crate) tag: Tag<'a>,
    /// First day on which it was seen.
    pub(crate) first_seen: Date,
}

/// A version with the day on which its first tag appeared, as far as known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dated<'a> {
    pub(crate) tag: Tag<'a>,
    pub(crate) published: Option<Date>,
}

pub(super) fn earliest(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

/// Keeps the one with the earlier day; without days the lower version. Which version came first is
/// not known where releases may be missing, but that one was out on that day is.
pub(super) fn keep_earlier<'a>(known: &mut Option<Dated<'a>>, new: &Dated<'a>) {
    let Some(first) = known else {
        *known = Some(*new);
        return;
    };
    match (first.published, new.published) {
        (Some(one), Some(two)) if two < one => *first = *new,
        (None, Some(_)) => *first = *new,
        (Some(one), Some(two)) if one == two => keep_lower(known, new),
        (Some(_), _) => {}
        (None, None) => keep_lower(known, new),
    }
}

/// Keeps the lower version; of equal ones the newer tag and the earlier day.
pub(super) fn keep_lower<'a>(known: &mut Option<Dated<'a>>, new: &Dated<'a>) {
    let Some(first) = known else {
        *known = Some(*new);
        return;
    };
    match new.tag.numbers().cmp(&first.tag.numbers()) {
        Ordering::Less => *first = *new,
        Ordering::Greater => {}
        Ordering::Equal => {
            first.tag = first.tag.max(new.tag);
            first.published = earliest(first.published, new.published);
        }
    }
}
