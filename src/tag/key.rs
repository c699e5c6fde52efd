//! Versions as single numbers: lists of a million tags are compared by them.

use std::cmp::Ordering;

/// Bits for each of three numbers.
const BITS: u32 = 21;

/// Stands for itself and everything larger.
pub(super) const LARGEST: u64 = (1 << BITS) - 1;

/// The first three numbers of a version. Behind one that is too large the others are 0, so that
/// keys of different value are in the order of their versions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Key {
    parts: u64,
    /// Whether there is more to the version than the key says.
    is_rough: bool,
}

impl Key {
    /// Adds number `count`, counted from 1.
    #[inline(always)]
    pub(super) fn add(&mut self, count: usize, value: u64) {
        match shift(count) {
            Some(shift) if !self.is_rough => {
                self.parts |= value.min(LARGEST) << shift;
                self.is_rough = value >= LARGEST;
            }
            _ => self.is_rough = true,
        }
    }

    /// The key of the first `count` numbers.
    pub(super) fn first(self, count: usize) -> Self {
        let Some(shift) = shift(count) else {
            return Self {
                is_rough: true,
                ..self
            };
        };
        let parts = self.parts >> shift << shift;
        let is_rough = (0..count).any(|index| Self { parts, ..self }.part(index) == LARGEST);
        Self { parts, is_rough }
    }

    /// Number `index`, or [`LARGEST`]; 0 where there is none.
    #[inline(always)]
    pub(super) fn part(self, index: usize) -> u64 {
        shift(index + 1).map_or(0, |shift| self.parts >> shift & LARGEST)
    }

    /// The order of two versions, if the keys can tell it.
    #[inline(always)]
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let order = self.parts.cmp(&other.parts);
        (order.is_ne() || !self.is_rough && !other.is_rough).then_some(order)
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
