//! What the numbers of two versions say when no list and no history does.

use super::ReleaseUnit;
use crate::tag::Numbers;

/// How many releases lie between a version and a newer default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distance {
    /// So many, if no number was left out.
    Exactly(u64),
    /// So many or more: a number further left was raised.
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
    let longest = version.count().max(default.count());
    let differs = (0..longest).find(|part| version.part(*part) != default.part(*part));
    match differs {
        None => Distance::Exactly(0),
        Some(part) if part < counts => {
            Distance::AtLeast(difference(default.part(counts), "").saturating_add(1))
        }
        Some(part) if unit == ReleaseUnit::Minor && part > counts => Distance::Exactly(0),
        Some(part) => Distance::Exactly(difference(default.part(part), version.part(part))),
    }
}

/// `larger - smaller` for decimal numbers of any length without leading zeros; 0 if it would
/// be negative, the largest number there is if it does not fit.
fn difference(larger: &str, smaller: &str) -> u64 {
    let mut borrow = 0;
    let mut digits = Vec::with_capacity(larger.len());
    let mut subtrahend = smaller.bytes().rev();
    for digit in larger.bytes().rev() {
        let take = borrow + i16::from(subtrahend.next().map_or(0, |digit| digit - b'0'));
        let rest = i16::from(digit - b'0') - take;
        borrow = i16::from(rest < 0);
        digits.push(if rest < 0 { rest + 10 } else { rest });
    }
    if borrow > 0 || subtrahend.next().is_some() {
        return 0;
    }
    digits.iter().rev().fold(0_u64, |number, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u64::try_from(*digit).unwrap_or_default())
    })
}
