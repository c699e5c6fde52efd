//! What the numbers of two versions say when no list and no history does.

use crate::model::policy::ReleaseUnit;
use crate::model::tag::Numbers;

/// How many releases lie between a version and a newer default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distance {
    /// So many, if no number was left out.
    Exactly(u64),
    /// So many or more: a number further left was raised, or there is no counting so far.
    AtLeast(u64),
}

/// Distance by numbering from `version` to the newer `default`.
///
/// The number that counts releases is `y` for `minor` and `z` (or what follows it) for `patch`. If all numbers before
/// it are equal, the difference is the distance; otherwise at least the default's own number
/// plus one releases lie between, for counting begins at 0.
pub(crate) fn distance(version: Numbers<'_>, default: Numbers<'_>, unit: ReleaseUnit) -> Distance {
    let counts = match unit {
        ReleaseUnit::Minor => 1,
        ReleaseUnit::Patch => 2,
    };
    let count = version.count().max(default.count());
    let differs = (0..count).find(|part| version.part(*part) != default.part(*part));
    match differs {
        None => Distance::Exactly(0),
        Some(part) if part < counts => Distance::AtLeast(
            difference(default.part(counts), "").map_or(u64::MAX, |own| own.saturating_add(1)),
        ),
        Some(part) if unit == ReleaseUnit::Minor && part > counts => Distance::Exactly(0),
        Some(part) => difference(default.part(part), version.part(part))
            .map_or(Distance::AtLeast(u64::MAX), Distance::Exactly),
    }
}

/// `larger - smaller` for decimal numbers of any length without leading zeros; 0 if it would
/// be negative, `None` if it does not fit.
fn difference(larger: &str, smaller: &str) -> Option<u64> {
    let digit = |byte: u8| byte.saturating_sub(b'0').min(9);
    let mut borrow = 0_u8;
    let mut digits = Vec::with_capacity(larger.len());
    let mut subtrahend = smaller.bytes().rev();
    for from in larger.bytes().rev() {
        let take = subtrahend.next().map_or(0, digit).saturating_add(borrow);
        let rest = digit(from).checked_sub(take);
        borrow = u8::from(rest.is_none());
        digits.push(rest.unwrap_or(digit(from).saturating_add(10).saturating_sub(take)));
    }
    if borrow > 0 || subtrahend.next().is_some() {
        return Some(0);
    }
    digits.iter().rev().try_fold(0_u64, |number, digit| {
        number.checked_mul(10)?.checked_add(u64::from(*digit))
    })
}
