//! Published tags, packed: a repository may hold a million of them.

use jiff::Timestamp;

use super::details::{Details, Known, Walk};
use super::digest::Digest;

/// Tags of one repository in the registry's order. Names lie behind one another in one text;
/// digests and dates are kept only for the tags that have them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagList {
    names: String,
    ends: Vec<u32>,
    details: Details,
}

/// One published tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagEntry<'a> {
    /// The tag.
    pub name: &'a str,
    /// Digest of its manifest or index, if known.
    pub digest: Option<Digest<'a>>,
    /// When it was published, UTC, to the microsecond, if known.
    pub published: Option<Timestamp>,
}

impl TagList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a tag at the end. A list that would pass four gigabytes of names takes no more and
    /// answers `false`.
    pub fn push(
        &mut self,
        name: &str,
        digest: Option<Digest<'_>>,
        published: Option<Timestamp>,
    ) -> bool {
        let (Ok(index), Ok(end)) = (
            u32::try_from(self.ends.len()),
            u32::try_from(self.names.len().saturating_add(name.len())),
        ) else {
            return false;
        };
        self.names.push_str(name);
        self.ends.push(end);
        self.details.push(index, Known { digest, published });
        true
    }

    /// All tags, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = TagEntry<'_>> {
        Iter {
            names: &self.names,
            start: 0,
            ends: self.ends.iter(),
            index: 0,
            details: self.details.walk(),
        }
    }

    /// The tag of that name, if it is listed; of several the first.
    pub fn get(&self, name: &str) -> Option<TagEntry<'_>> {
        let index = self.position(name)?;
        let (start, end) = self.bounds(index)?;
        let known = self.details.get(u32::try_from(index).ok()?);
        Some(TagEntry {
            name: self.names.get(start..end)?,
            digest: known.digest,
            published: known.published,
        })
    }

    /// Looks for the name in the text of all names; what is found counts if it is a whole name.
    fn position(&self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return self.iter().position(|entry| entry.name.is_empty());
        }
        let finder = memchr::memmem::Finder::new(name);
        let mut from = 0;
        loop {
            let start = finder
                .find(self.names.as_bytes().get(from..)?)?
                .checked_add(from)?;
            let end = start.checked_add(name.len())?;
            let index = self.ends.partition_point(|other| position(*other) < end);
            if self.bounds(index) == Some((start, end)) {
                return Some(index);
            }
            from = start.checked_add(1)?;
        }
    }

    /// Where a name begins and ends.
    fn bounds(&self, index: usize) -> Option<(usize, usize)> {
        let start = match index.checked_sub(1) {
            Some(before) => position(*self.ends.get(before)?),
            None => 0,
        };
        Some((start, position(*self.ends.get(index)?)))
    }

    /// Adds what was learnt later about a tag; a tag that is not listed is left alone.
    pub fn describe(
        &mut self,
        name: &str,
        digest: Option<Digest<'_>>,
        published: Option<Timestamp>,
    ) {
        let index = self.position(name).map(u32::try_from);
        if let Some(Ok(index)) = index {
            self.details.learn(index, Known { digest, published });
        }
    }
}

/// A place in the text of all names.
#[inline(always)]
fn position(end: u32) -> usize {
    usize::try_from(end).unwrap_or(usize::MAX)
}

/// The tags from one on.
struct Iter<'a> {
    names: &'a str,
    start: usize,
    ends: std::slice::Iter<'a, u32>,
    index: u32,
    /// What is known about these tags.
    details: Walk<'a>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = TagEntry<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<TagEntry<'a>> {
        let end = position(*self.ends.next()?);
        let known = self.details.at(self.index);
        let entry = TagEntry {
            name: self.names.get(self.start..end).unwrap_or_default(),
            digest: known.digest,
            published: known.published,
        };
        self.start = end;
        self.index = self.index.wrapping_add(1);
        Some(entry)
    }
}

impl<'a> FromIterator<&'a str> for TagList {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut list = Self::new();
        for name in names {
            list.push(name, None, None);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_by_their_whole_name() {
        let cases: &[&[&str]] = &[
            &[],
            &["1.0.0"],
            &["a", "aa", "aaa", "b"],
            &["aaa", "aa", "a"],
            &["1.1", "1.1.1", "11", "1.11"],
            &["", "a", "", "b"],
            &["a", "", "", "b", "a"],
            &["ä", "äö", "ö"],
        ];
        for names in cases {
            let list: TagList = names.iter().copied().collect();
            let others = [
                "", "a", "aa", "1", "1.1", "11", "1.11.1", ".1", "ö", "ab", "b",
            ];
            for name in names.iter().chain(&others) {
                let expected = names.iter().position(|other| other == name);
                assert_eq!(list.position(name), expected, "{name} in {names:?}");
                assert_eq!(
                    list.get(name).map(|entry| entry.name),
                    expected.map(|_| *name),
                    "{name} in {names:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_learnt_belongs_to_its_tag() {
        let mut list: TagList = ["b", "c", "a", "c"].into_iter().collect();
        let moment: Timestamp = "2026-11-09T00:00:00Z".parse().unwrap();
        list.describe("a", Some("1".into()), None);
        list.describe("b", None, Some(moment));
        list.describe("a", None, Some(moment));
        list.describe("d", Some("2".into()), None);
        list.push("e", Some("3".into()), None);
        let digest = |name| list.get(name).and_then(|entry| entry.digest);
        assert_eq!(
            ["a", "b", "c", "d", "e"].map(digest),
            [Some("1".into()), None, None, None, Some("3".into())]
        );
        let dated: Vec<&str> = list
            .iter()
            .filter(|entry| entry.published.is_some())
            .map(|entry| entry.name)
            .collect();
        assert_eq!(dated, ["b", "a"]);
        assert_eq!(list.get("a").unwrap().published, Some(moment));
    }
}
