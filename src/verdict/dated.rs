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

/// The one with the earlier day; without days the lower version. Which version came first is not
/// known where releases may be missing, but that one was out on that day is.
pub(super) fn earlier<'a>(known: Option<Dated<'a>>, new: Dated<'a>) -> Dated<'a> {
    let Some(other) = known else {
        return new;
    };
    match (other.published, new.published) {
        (Some(one), Some(two)) if two < one => new,
        (None, Some(_)) => new,
        (Some(one), Some(two)) if one == two => sooner(known, new),
        (Some(_), _) => other,
        (None, None) => sooner(known, new),
    }
}

/// The lower version; of equal ones the earlier day.
pub(super) fn sooner<'a>(known: Option<Dated<'a>>, new: Dated<'a>) -> Dated<'a> {
    let Some(known) = known else {
        return new;
    };
    match new.tag.numbers().cmp(&known.tag.numbers()) {
        Ordering::Less => new,
        Ordering::Greater => known,
        Ordering::Equal => Dated {
            tag: known.tag.max(new.tag),
            published: earliest(known.published, new.published),
        },
    }
}
