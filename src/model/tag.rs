//! Tags: which are versions, of which variant, and in which order.
//!
//! `[prefix-][v]1.2.3[-4.33][-suffix]` is a version; everything else is floating. The shapes
//! come from the images that Harness publishes (`rootless-1.18.27`, `1.7.20-rootless`,
//! `1.24.1-4.33-mongo`, `1.16.56.1`, `1.17.00`, `25.05.85905.minimal`).
//!
//! Lists may hold a million of them, and the program is compiled for size: functions that
//! every tag passes through are marked to be inlined.

mod key;
mod numbers;

use std::cmp::Ordering;
use std::fmt;

pub use numbers::Numbers;
use numbers::numbers;

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

impl<'a> Tag<'a> {
    /// Reads a version tag; `None` means that the tag is floating.
    pub fn parse(text: &'a str) -> Option<Self> {
        // Most tags of most repositories are numbers alone.
        let (numbers, count) = numbers(text);
        if count >= 3 && numbers.text.len() == text.len() {
            return Some(Self {
                raw: text,
                prefix: "",
                numbers,
                embedded: None,
                suffix: "",
            });
        }
        let mut rest = text;
        loop {
            if let Some((numbers, tail)) = core(rest) {
                let (embedded, suffix) = embedded(tail);
                let prefix = text.get(..text.len().checked_sub(rest.len())?)?;
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
            let after = rest.get(word..)?;
            let separators = after
                .bytes()
                .take_while(|byte| matches!(byte, b'-' | b'_'))
                .count();
            let begins_with_letter = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
            if word == 0 || separators == 0 || !begins_with_letter {
                return None;
            }
            rest = after.get(separators..)?;
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
        self.numbers.key.number(1) >= 1000
    }
}

/// Version first, then the embedded version, then the variant. Suffixes that are semantic
/// pre-releases are ordered as such (`-rc.2` before `-rc.10`, both before none); the text
/// decides last, so that the order is total and only equal texts are equal.
impl Ord for Tag<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| self.embedded.cmp(&other.embedded))
            .then_with(|| self.prefix.cmp(other.prefix))
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
    /// Whether a tag may be of this variant, by how it begins: most that are not need not be read.
    #[inline(always)]
    pub(crate) fn may_have(&self, tag: &str) -> bool {
        let begins_with_version = || matches!(tag.as_bytes(), [b'0'..=b'9' | b'v' | b'V', ..]);
        if self.prefix.is_empty() {
            begins_with_version()
        } else {
            tag.starts_with(self.prefix)
        }
    }

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

/// The version at the start of `rest`, and what follows it: an optional `v`, then three or more
/// numbers up to the end or a separator.
#[inline(always)]
fn core(rest: &str) -> Option<(Numbers<'_>, &str)> {
    let rest = after_v(rest);
    let (numbers, count) = numbers(rest);
    let tail = rest.get(numbers.text.len()..)?;
    (count >= 3 && ends_word(tail)).then_some((numbers, tail))
}

/// The embedded version and what follows it; a single number is a suffix word (`-386`).
#[inline(always)]
fn embedded(rest: &str) -> (Option<Numbers<'_>>, &str) {
    let Some(after) = rest.strip_prefix('-') else {
        return (None, rest);
    };
    let (numbers, count) = numbers(after);
    let tail = after.get(numbers.text.len()..).unwrap_or_default();
    if count >= 2 && (tail.is_empty() || tail.starts_with(['-', '_'])) {
        (Some(numbers), tail)
    } else {
        (None, rest)
    }
}

#[inline(always)]
fn ends_word(tail: &str) -> bool {
    tail.is_empty() || tail.starts_with(['-', '_', '.'])
}

/// Nothing, or separators with at least one word behind them.
fn is_suffix(suffix: &str) -> bool {
    suffix.is_empty()
        || suffix.ends_with(|c: char| c.is_ascii_alphanumeric())
            && suffix
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
