//! The numbers of a version: read, compared, counted.

use std::cmp::Ordering;
use std::fmt;

use super::key::{MAX_NUMBER, VersionKey};

/// Dot-separated numbers of any length. Leading zeros do not count, missing parts are 0:
/// `1.17.00` equals `1.17.0` and `1.17`.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    pub(super) text: &'a str,
    /// The first three numbers, by which nearly all can be distinguished.
    pub(super) key: VersionKey,
}

impl<'a> Numbers<'a> {
    /// The numbers as written.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// How many numbers are written.
    pub fn count(&self) -> usize {
        self.text.split('.').count()
    }

    /// Number `index` without leading zeros; empty for 0 and for what is not written.
    pub fn part(&self, index: usize) -> &'a str {
        self.text
            .split('.')
            .nth(index)
            .unwrap_or_default()
            .trim_start_matches('0')
    }

    /// Only the first `parts` numbers.
    pub fn first(&self, parts: usize) -> Self {
        let mut dots = 0_usize;
        for (at, byte) in self.text.bytes().enumerate() {
            if byte == b'.' {
                dots = dots.saturating_add(1);
                if dots == parts {
                    return Self {
                        text: self.text.get(..at).unwrap_or(self.text),
                        key: self.key.first(parts),
                    };
                }
            }
        }
        *self
    }

    /// Whether the first `parts` numbers are those of `other`, which has no more.
    #[inline(always)]
    pub(crate) fn begins_with(&self, other: &Self, parts: usize) -> bool {
        match self.key.first(parts).compare(other.key) {
            Some(order) => order.is_eq(),
            None => self.first(parts).cmp(other).is_eq(),
        }
    }

    /// The numbers without leading zeros, as `1.17.0` for `1.17.00`.
    pub fn canonical(&self) -> String {
        let parts: Vec<&str> = (0..self.count())
            .map(|part| match self.part(part) {
                "" => "0",
                digits => digits,
            })
            .collect();
        parts.join(".")
    }
}

impl Ord for Numbers<'_> {
    #[inline(always)]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key
            .compare(other.key)
            .unwrap_or_else(|| compare_parts(self.text.as_bytes(), other.text.as_bytes()))
    }
}

impl PartialOrd for Numbers<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Numbers<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numbers<'_> {}

impl fmt::Debug for Numbers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Display for Numbers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// Compares number by number; what one side lacks is 0.
fn compare_parts(mut one: &[u8], mut other: &[u8]) -> Ordering {
    loop {
        let (left, right) = (next_part(&mut one), next_part(&mut other));
        let order = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
        if order.is_ne() || one.is_empty() && other.is_empty() {
            return order;
        }
    }
}

/// Takes the first number off, and gives its digits without leading zeros.
fn next_part<'a>(numbers: &mut &'a [u8]) -> &'a [u8] {
    let mut digits = *numbers;
    while let Some((b'0', rest)) = digits.split_first() {
        digits = rest;
    }
    let length = digits.iter().position(|byte| *byte == b'.');
    let (part, rest) = digits.split_at(length.unwrap_or(digits.len()));
    *numbers = rest.split_first().map_or(rest, |(_, rest)| rest);
    part
}

/// Digits with single dots between them, as many as there are at the start of `text`, and how
/// many numbers they make.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "positions are within the text, and a number of less than 21 bits takes one more digit"
)]
pub(super) fn numbers(text: &str) -> (Numbers<'_>, usize) {
    let (mut at, mut end, mut count, mut value) = (0, 0, 0, 0);
    let mut key = VersionKey::default();
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            count += usize::from(at == 0 || end < at);
            if value < MAX_NUMBER {
                value = value * 10 + u64::from(digit);
            }
            end = at + 1;
        } else if byte == b'.' && end == at && at > 0 {
            key.add(count, value);
            value = 0;
        } else {
            break;
        }
        at += 1;
    }
    if end == at && at > 0 {
        key.add(count, value);
    }
    let text = text.get(..end).unwrap_or_default();
    (Numbers { text, key }, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_digits_and_single_dots_do() {
        for (text, expected, count) in [
            ("1.2.3", "1.2.3", 3),
            ("1:2", "1", 1),
            ("1/2", "1", 1),
            ("1.2-3", "1.2", 2),
            ("v1", "", 0),
        ] {
            let (numbers, counted) = numbers(text);
            assert_eq!((numbers.text, counted), (expected, count), "{text}");
        }
    }

    #[test]
    fn keys_order_versions_as_their_numbers_do() {
        let texts = [
            "0.0.0",
            "0.0.1",
            "1.2",
            "1.2.0",
            "1.02.00",
            "1.2.0.0",
            "1.2.0.1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.5.5",
            "1.10.0",
            "1.2097150.0",
            "1.2097151.0",
            "1.2097151.1",
            "1.2097152.0",
            "1.99999999999999999999999.1",
            "1.99999999999999999999999.2",
            "2097151.1.1",
            "2097152.0.0",
            "00000000000000000000001.2.3",
            "20240101.1.0",
            "340282366920938463463374607431768211457.0.1",
        ];
        for one in texts.map(|text| numbers(text).0) {
            for other in texts.map(|text| numbers(text).0) {
                for (one, other) in [
                    (one, other),
                    (one.first(2), other.first(2)),
                    (one.first(1), other),
                    (one.first(1), other.first(1)),
                    (one.first(3), other.first(3)),
                    (one.first(4), other.first(4)),
                ] {
                    let expected = compare_parts(one.text.as_bytes(), other.text.as_bytes());
                    assert_eq!(one.cmp(&other), expected, "{one} and {other}");
                }
                for parts in 1..4 {
                    let release = other.first(parts);
                    let expected = one.first(parts) == release;
                    assert_eq!(
                        one.begins_with(&release, parts),
                        expected,
                        "{one}, {release}"
                    );
                }
            }
        }
    }
}
