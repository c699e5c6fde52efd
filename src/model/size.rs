//! Sizes of images, as publishers state them.

use std::fmt;
use std::num::NonZeroU64;

use serde::Serialize;

/// Largest size that is believed, in bytes; also keeps sums of them far from overflow.
const MAX_SIZE: u64 = 1 << 40;

/// Bytes that a copy of an image transfers at most, with all its platforms: they may share layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ImageSize(NonZeroU64);

impl ImageSize {
    /// So many bytes; `None` for what is no image's size: 0, and more than a tebibyte.
    pub fn new(bytes: u64) -> Option<Self> {
        let bytes = NonZeroU64::new(bytes)?;
        (bytes.get() <= MAX_SIZE).then_some(Self(bytes))
    }

    /// All parts together; `None` if there are none, or one of them has no size.
    pub fn sum(parts: impl IntoIterator<Item = Option<u64>>) -> Option<Self> {
        let mut sum: u64 = 0;
        for part in parts {
            sum = sum.checked_add(Self::new(part?)?.bytes())?;
        }
        Self::new(sum)
    }

    /// How many bytes.
    pub fn bytes(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for ImageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&readable(self.bytes()))
    }
}

/// Bytes as people read them, in decimal units: `512 B`, `9.5 MB`, `182 MB`.
pub(crate) fn readable(bytes: u64) -> String {
    let mut unit: u64 = 1;
    for name in ["B", "kB", "MB", "GB"] {
        let tenths = rounded(bytes.saturating_mul(10), unit);
        let whole = rounded(bytes, unit);
        if unit > 1 && tenths < 100 {
            let (whole, tenth) = (rounded_down(tenths, 10), tenths % 10);
            return format!("{whole}.{tenth} {name}");
        }
        if whole < 1_000 {
            return format!("{whole} {name}");
        }
        unit = unit.saturating_mul(1_000);
    }
    let tenths = rounded(bytes.saturating_mul(10), unit);
    format!("{}.{} TB", rounded_down(tenths, 10), tenths % 10)
}

fn rounded(bytes: u64, unit: u64) -> u64 {
    rounded_down(bytes.saturating_add(unit / 2), unit)
}

fn rounded_down(bytes: u64, unit: u64) -> u64 {
    bytes.checked_div(unit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, shown) in [
            (1, "1 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (182_400_000, "182 MB"),
            (999_499_999, "999 MB"),
            (999_500_000, "1.0 GB"),
            (12_345_678_901, "12 GB"),
            (1 << 40, "1.1 TB"),
            (u64::MAX, "1844674.4 TB"),
        ] {
            assert_eq!(readable(bytes), shown, "{bytes}");
        }
    }

    #[test]
    fn only_what_can_be_a_size_is_one() {
        for (bytes, is_size) in [
            (0, false),
            (1, true),
            (MAX_SIZE, true),
            (MAX_SIZE + 1, false),
            (u64::MAX, false),
        ] {
            assert_eq!(ImageSize::new(bytes).is_some(), is_size, "{bytes}");
        }
        let cases: [(&[Option<u64>], Option<u64>); 6] = [
            (&[], None),
            (&[Some(1), Some(2)], Some(3)),
            (&[Some(1), None], None),
            (&[Some(1), Some(0)], None),
            (&[Some(MAX_SIZE), Some(1)], None),
            (&[Some(u64::MAX), Some(u64::MAX)], None),
        ];
        for (parts, sum) in cases {
            let found = ImageSize::sum(parts.iter().copied()).map(ImageSize::bytes);
            assert_eq!(found, sum, "{parts:?}");
        }
    }
}
