//! Tags: which are versions, of which variant, and in which order.
//!
//! `[prefix-][v]1.2.3[-4.33][-suffix]` is a version; everything else is floating. The shapes
//! come from the images that Harness publishes (`rootless-1.18.27`, `1.7.20-rootless`,
//! `1.24.1-4.33-mongo`, `1.16.56.1`, `1.17.00`).
//!
//! Lists may hold a million of them, and the program is compiled for size: what every single tag
//! passes through says that it is to be inlined.

mod key;

use std::cmp::Ordering;
use std::fmt;

use key::{Key, LARGEST};

/// A tag that is a version, borrowed from the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    raw: &'a str,
    /// With its closing separator, as in `rootless-`; empty if there is none.
    prefix: &'a str,
    numbers: Numbers<'a>,
    embedded: Option<Numbers<'a>>,
    /// With its opening separator, as in `-rootless`; empty if there is none.
    suffix: &'a str,
}

/// What distinguishes builds of the same version: the words around it. Tags of different
/// variants are never compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variant<'a> {
    /// Words before the version, with the closing separator.
    pub prefix: &'a str,
    /// Words after the version, with the opening separator.
    pub suffix: &'a str,
}

/// Dot-separated numbers of any length. Leading zeros do not count, missing parts are 0:
/// `1.17.00` equals `1.17.0` and `1.17`.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    text: &'a str,
    /// The first three numbers, by which nearly all are told apart.
    key: Key,
}

impl<'a> Tag<'a> {
    /// Reads a version tag; `None` means that the tag is floating.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut start = 0;
        loop {
            let rest = text.get(start..)?;
            if let Some(numbers) = core(rest) {
                let at = rest.len() - after_v(rest).len() + numbers.text.len();
                let (embedded, suffix) = embedded(rest.get(at..)?);
                let prefix = text.get(..start)?;
                return is_suffix(suffix).then_some(Self {
                    raw: text,
                    prefix,
                    numbers,
                    embedded,
                    suffix,
                });
            }
            let word = rest
                .bytes()
                .position(|byte| !byte.is_ascii_alphanumeric())?;
            let separators = rest
                .get(word..)?
                .bytes()
                .take_while(|byte| matches!(byte, b'-' | b'_'))
                .count();
            let begins_with_letter = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
            if word == 0 || separators == 0 || !begins_with_letter {
                return None;
            }
            start += word + separators;
        }
    }

    /// The tag as it was written.
    pub fn as_str(&self) -> &'a str {
        self.raw
    }

    /// The words around the version.
    #[inline(always)]
    pub fn variant(&self) -> Variant<'a> {
        Variant {
            prefix: self.prefix,
            suffix: self.suffix,
        }
    }

    /// The version's numbers, three or more.
    #[inline(always)]
    pub fn numbers(&self) -> Numbers<'a> {
        self.numbers
    }

    /// The version of the tool inside, such as Liquibase's `4.33` in `1.24.1-4.33-mongo`.
    pub fn embedded(&self) -> Option<Numbers<'a>> {
        self.embedded
    }

    /// Whether the first number is 1000 or more, as in `2021.12.16`.
    pub fn is_date_like(&self) -> bool {
        self.numbers.key.part(0) >= 1000
    }

    fn key(&self) -> (Numbers<'a>, Option<Numbers<'a>>, &'a str) {
        (self.numbers, self.embedded, self.prefix)
    }
}

/// Version first, then the embedded version, then the variant. Suffixes that are semantic
/// pre-releases are ordered as such (`-rc.2` before `-rc.10`, both before none); the text
/// decides last, so that the order is total and only equal texts are equal.
impl Ord for Tag<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key()
            .cmp(&other.key())
            .then_with(|| compare_suffixes(self.suffix, other.suffix))
            .then_with(|| self.raw.cmp(other.raw))
    }
}

impl PartialOrd for Tag<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Tag<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Tag<'_> {}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw)
    }
}

impl Variant<'_> {
    /// Whether there are no words at all.
    pub fn is_plain(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }
}

impl fmt::Display for Variant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str("plain");
        }
        write!(f, "{}*{}", self.prefix, self.suffix)
    }
}

impl<'a> Numbers<'a> {
    /// The numbers as written.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// How many numbers are written.
    pub fn count(&self) -> usize {
        1 + self.text.bytes().filter(|byte| *byte == b'.').count()
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
        let dots = self
            .text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'.');
        match dots.map(|(at, _)| at).nth(parts.saturating_sub(1)) {
            Some(end) => Self {
                text: self.text.get(..end).unwrap_or(self.text),
                key: self.key.first(parts),
            },
            None => *self,
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

fn compare_suffixes(one: &str, other: &str) -> Ordering {
    let rank = |suffix: &str| match (suffix.is_empty(), prerelease(suffix)) {
        (true, _) => (2, None),
        (false, Some(prerelease)) => (1, Some(prerelease)),
        (false, None) => (0, None),
    };
    if one == other {
        Ordering::Equal
    } else {
        rank(one).cmp(&rank(other))
    }
}

fn prerelease(suffix: &str) -> Option<semver::Prerelease> {
    semver::Prerelease::new(suffix.strip_prefix('-')?).ok()
}

#[inline(always)]
fn after_v(text: &str) -> &str {
    match text.as_bytes() {
        [b'v' | b'V', ..] => text.get(1..).unwrap_or_default(),
        _ => text,
    }
}

/// The version at the start of `rest`: an optional `v`, then three or more numbers up to the
/// end or a separator.
#[inline(always)]
fn core(rest: &str) -> Option<Numbers<'_>> {
    let rest = after_v(rest);
    let (numbers, count) = numbers(rest);
    (count >= 3 && ends_word(rest.get(numbers.text.len()..)?)).then_some(numbers)
}

/// The embedded version and what follows it; a single number is a suffix word (`-386`).
#[inline(always)]
fn embedded(rest: &str) -> (Option<Numbers<'_>>, &str) {
    let Some(after) = rest.strip_prefix('-') else {
        return (None, rest);
    };
    let (numbers, count) = numbers(after);
    let tail = after.get(numbers.text.len()..).unwrap_or_default();
    if count >= 2 && ends_word(tail) {
        (Some(numbers), tail)
    } else {
        (None, rest)
    }
}

/// Digits with single dots between them, as many as there are at the start of `text`, and how
/// many numbers they make.
#[inline(always)]
fn numbers(text: &str) -> (Numbers<'_>, usize) {
    let (mut at, mut end, mut count, mut value) = (0, 0, 0, 0);
    let mut key = Key::default();
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            count += usize::from(at == 0 || end < at);
            if value < LARGEST {
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

#[inline(always)]
fn ends_word(tail: &str) -> bool {
    tail.is_empty() || tail.starts_with(['-', '_'])
}

/// Nothing, or separators with at least one word behind them.
fn is_suffix(suffix: &str) -> bool {
    suffix.is_empty()
        || suffix.ends_with(|c: char| c.is_ascii_alphanumeric())
            && suffix
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

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
                    (one.first(3), other.first(3)),
                ] {
                    let expected = compare_parts(one.text.as_bytes(), other.text.as_bytes());
                    assert_eq!(one.cmp(&other), expected, "{one} and {other}");
                }
            }
        }
    }
}
