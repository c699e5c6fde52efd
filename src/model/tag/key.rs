//! Versions as single numbers: lists of a million tags are compared by them.

use std::cmp::Ordering;

/// Bits for each of three numbers.
const BITS: u32 = 21;

/// Stands for itself and everything larger.
pub(super) const MAX_NUMBER: u64 = (1 << BITS) - 1;

/// Set where there is more to the version than the key says.
const ROUGH: u64 = 1 << 63;

/// The first three numbers of a version. Behind one that is too large the others are 0, so that
/// keys of different value are in the order of their versions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct VersionKey(u64);

impl VersionKey {
    /// Adds number `count`, counted from 1.
    #[inline(always)]
    pub(super) fn add(&mut self, count: usize, value: u64) {
        match shift(count) {
            Some(shift) if self.0 < ROUGH => {
                self.0 |= value.min(MAX_NUMBER) << shift;
                if value >= MAX_NUMBER {
                    self.0 |= ROUGH;
                }
            }
            _ => self.0 |= ROUGH,
        }
    }

    /// The key of the first `count` numbers.
    pub(super) fn first(self, count: usize) -> Self {
        let Some(shift) = shift(count) else {
            return Self(self.0 | ROUGH);
        };
        let first = Self((self.0 & !ROUGH) >> shift << shift);
        // A number that is too large has made the whole key rough.
        let is_rough =
            self.0 >= ROUGH && (1..=count).any(|count| first.number(count) == MAX_NUMBER);
        Self(first.0 | if is_rough { ROUGH } else { 0 })
    }

    /// Number `count`, counted from 1, or [`MAX_NUMBER`]; 0 where there is none.
    #[inline(always)]
    pub(super) fn number(self, count: usize) -> u64 {
        shift(count).map_or(0, |shift| self.0 >> shift & MAX_NUMBER)
    }

    /// The order of two versions, if the keys decide it.
    #[inline(always)]
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let order = (self.0 & !ROUGH).cmp(&(other.0 & !ROUGH));
        (order.is_ne() || (self.0 | other.0) < ROUGH).then_some(order)
    }
}

/// Where number `count`, counted from 1, begins; `None` if the key does not hold it.
#[inline(always)]
fn shift(count: usize) -> Option<u32> {
    match count {
        1 => Some(2 * BITS),
        2 => Some(BITS),
        3 => Some(0),
        _ => None,
    }
}
