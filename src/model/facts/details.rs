//! What is known about single tags beside their names, packed: 44 bytes each, whether a digest, a
//! date or both are known. Dates are kept to the microsecond, digests other than SHA-256 apart.

use jiff::Timestamp;

use super::digest::{Digest, Kind};

/// Digests and dates of the tags that have them, by the tags' places in their list.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Details {
    /// In order of places.
    packed: Vec<Packed>,
    /// Digests that are not kept by their bytes, in order of places.
    texts: Vec<(u32, Box<str>)>,
}

/// Nothing here needs more room than it says, so that there is none in between.
#[derive(Debug, Clone, PartialEq)]
struct Packed {
    index: u32,
    /// The bytes of a SHA-256, or [`APART`].
    digest: [u8; 32],
    /// Microseconds since 1970, or [`NEVER`].
    published: [u8; 8],
}

/// No digest, or one among the texts.
const APART: [u8; 32] = [0; 32];

/// No date; none is that early.
const NEVER: i64 = i64::MIN;

/// What is known about one tag.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Known<'a> {
    pub(super) digest: Option<Digest<'a>>,
    pub(super) published: Option<Timestamp>,
}

impl Known<'_> {
    fn is_nothing(&self) -> bool {
        self.digest.is_none() && self.published.is_none()
    }
}

impl Details {
    /// Adds what is known about a tag that comes after all that are described.
    #[inline]
    pub(super) fn push(&mut self, index: u32, known: Known<'_>) {
        if !known.is_nothing() {
            self.write(self.packed.len(), index, known);
        }
    }

    /// What is known about a tag.
    pub(super) fn get(&self, index: u32) -> Known<'_> {
        let at = self.packed.partition_point(|packed| packed.index < index);
        let texts = self.texts.partition_point(|(other, _)| *other < index);
        let mut walk = Walk {
            packed: self.packed.get(at..).unwrap_or_default(),
            texts: self.texts.get(texts..).unwrap_or_default(),
        };
        walk.at(index)
    }

    /// Adds what was learnt later about a tag; what it leaves open stays as it was.
    pub(super) fn learn(&mut self, index: u32, known: Known<'_>) {
        if known.is_nothing() {
            return;
        }
        let at = self.packed.partition_point(|packed| packed.index < index);
        match self.packed.get_mut(at) {
            Some(packed) if packed.index == index => {
                if let Some(published) = known.published {
                    packed.published = microseconds(Some(published));
                }
                if known.digest.is_some() {
                    let (digest, text) = split(known.digest);
                    packed.digest = digest;
                    self.set_text(index, text);
                }
            }
            _ => self.write(at, index, known),
        }
    }

    /// Describes at `at` a tag that is not described yet.
    #[inline]
    fn write(&mut self, at: usize, index: u32, known: Known<'_>) {
        let (digest, text) = split(known.digest);
        let packed = Packed {
            index,
            digest,
            published: microseconds(known.published),
        };
        self.packed.insert(at, packed);
        if text.is_some() {
            self.set_text(index, text);
        }
    }

    fn set_text(&mut self, index: u32, text: Option<Box<str>>) {
        let at = self.texts.partition_point(|(other, _)| *other < index);
        if self.texts.get(at).is_some_and(|(other, _)| *other == index) {
            self.texts.remove(at);
        }
        if let Some(text) = text {
            self.texts.insert(at, (index, text));
        }
    }

    /// From the first tag on.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk {
            packed: &self.packed,
            texts: &self.texts,
        }
    }
}

/// What is known about the tags from one on.
pub(super) struct Walk<'a> {
    packed: &'a [Packed],
    texts: &'a [(u32, Box<str>)],
}

impl<'a> Walk<'a> {
    /// What is known about a tag, whose place is not before the one asked for last.
    #[inline(always)]
    pub(super) fn at(&mut self, index: u32) -> Known<'a> {
        let Some((packed, rest)) = self.packed.split_first() else {
            return Known::default();
        };
        if packed.index != index {
            return Known::default();
        }
        self.packed = rest;
        Known {
            digest: match packed.digest {
                APART => self.text(index),
                bytes => Some(Digest(Kind::Sha256(bytes))),
            },
            published: moment(packed.published),
        }
    }

    fn text(&mut self, index: u32) -> Option<Digest<'a>> {
        let ((other, text), rest) = self.texts.split_first()?;
        if *other != index {
            return None;
        }
        self.texts = rest;
        Some(Digest::from(&**text))
    }
}

/// What is kept of a digest in its place, and what apart.
#[inline]
fn split(digest: Option<Digest<'_>>) -> ([u8; 32], Option<Box<str>>) {
    match digest {
        None => (APART, None),
        Some(Digest(Kind::Sha256(bytes))) if bytes != APART => (bytes, None),
        Some(digest) => (APART, Some(digest.to_string().into())),
    }
}

/// Whole microseconds since 1970, rounded down also before, where that keeps the day.
#[inline]
fn microseconds(published: Option<Timestamp>) -> [u8; 8] {
    let whole = published.map(|moment| {
        let is_cut = moment.subsec_nanosecond() % 1000 < 0;
        moment.as_microsecond().saturating_sub(i64::from(is_cut))
    });
    whole.unwrap_or(NEVER).to_ne_bytes()
}

#[inline]
fn moment(published: [u8; 8]) -> Option<Timestamp> {
    let whole = match i64::from_ne_bytes(published) {
        NEVER => return None,
        whole => whole,
    };
    let moment = Timestamp::from_microsecond(whole);
    // The last second that there is, is refused beyond its beginning.
    moment
        .or_else(|_| Timestamp::from_nanosecond(i128::from(whole).saturating_mul(1000)))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::digest::tests::texts;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn known<'a>(digest: Option<&'a str>, published: Option<&str>) -> Known<'a> {
        Known {
            digest: digest.map(Digest::from),
            published: published.map(at),
        }
    }

    #[test]
    fn a_tag_takes_no_more_than_its_parts() {
        assert_eq!(size_of::<Packed>(), 4 + 32 + 8);
    }

    #[test]
    fn digests_are_kept_in_order_whatever_they_are() {
        let texts = texts();
        let mut details = Details::default();
        // Every third tag is not described, every other has no date.
        let expected: Vec<Known<'_>> = (0..)
            .zip(texts.iter().flat_map(|text| [text; 3]))
            .map(|(index, (text, _))| match index % 3 {
                0 => Known::default(),
                1 => known(Some(text), None),
                _ => known(
                    (index % 2 == 0).then_some(text),
                    Some("2026-11-09T00:00:00Z"),
                ),
            })
            .collect();
        for (index, known) in (0..).zip(&expected) {
            details.push(index, *known);
        }
        assert!(details.texts.len() < expected.len() / 3 * 2);
        let mut walk = details.walk();
        for (index, known) in (0..).zip(&expected) {
            assert_eq!(walk.at(index), *known, "{index}");
            assert_eq!(details.get(index), *known, "{index}");
        }
        assert_eq!(details.get(1000), Known::default());
        // Only what comes later is asked for.
        let mut walk = details.walk();
        let last = u32::try_from(expected.len() - 1).unwrap();
        assert_eq!(walk.at(last + 1), Known::default());
    }

    #[test]
    fn dates_are_kept_to_the_microsecond() {
        let earliest = Timestamp::MIN.to_string();
        let latest = Timestamp::MAX.to_string();
        let cases = [
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"),
            ("-009999-06-01T00:00:00Z", "-009999-06-01T00:00:00Z"),
            (&earliest, &earliest),
            (&latest, "9999-12-30T22:00:00.999999Z"),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
            (
                "1969-12-31T23:59:59.9999999Z",
                "1969-12-31T23:59:59.999999Z",
            ),
            ("1969-07-20T20:17:40.000000001Z", "1969-07-20T20:17:40Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2026-11-09T08:07:06.543210Z", "2026-11-09T08:07:06.543210Z"),
            (
                "2026-11-09T08:07:06.543210999Z",
                "2026-11-09T08:07:06.543210Z",
            ),
            (
                "2026-11-09T23:59:59.999999999Z",
                "2026-11-09T23:59:59.999999Z",
            ),
        ];
        for (given, kept) in cases {
            let mut details = Details::default();
            details.push(7, known(None, Some(given)));
            assert_eq!(details.get(7).published, Some(at(kept)), "{given}");
        }
    }

    #[test]
    fn what_is_learnt_takes_its_place() {
        let (bytes, zeros) = (format!("sha256:{:064x}", 7), format!("sha256:{:064}", 0));
        let (date, later) = (Some("2026-11-09T00:00:00Z"), Some("2026-11-10T00:00:00Z"));
        // What was known, what is learnt, what is known then; `None` is no description at all.
        let old = [
            None,
            Some("old"),
            Some(bytes.as_str()),
            Some(zeros.as_str()),
        ];
        let new = [
            None,
            Some(""),
            Some("sha512:new"),
            Some(bytes.as_str()),
            Some(zeros.as_str()),
        ];
        for (before, learnt) in old.iter().flat_map(|old| new.map(|new| (*old, new))) {
            for (dated, redated) in [(None, None), (date, None), (None, later), (date, later)] {
                let mut details = Details::default();
                details.push(1, known(Some("1"), date));
                details.push(3, known(before, dated));
                details.push(5, known(Some("5"), None));
                details.learn(3, known(learnt, redated));
                let expected = known(learnt.or(before), redated.or(dated));
                let context = format!("{before:?} {learnt:?} {dated:?} {redated:?}");
                assert_eq!(details.get(3), expected, "{context}");
                assert_eq!(details.get(1), known(Some("1"), date), "{context}");
                assert_eq!(details.get(5), known(Some("5"), None), "{context}");
                // Nothing is left of what it was before.
                let mut fresh = Details::default();
                fresh.push(1, known(Some("1"), date));
                fresh.push(3, expected);
                fresh.push(5, known(Some("5"), None));
                assert_eq!(details, fresh, "{context}");
            }
        }
    }
}
