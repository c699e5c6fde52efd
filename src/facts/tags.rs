//! Published tags, packed: a repository may hold a million of them.

use jiff::Timestamp;

/// Tags of one repository in the registry's order. Names lie behind one another in one text;
/// digests and dates are kept only for the tags that have them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagList {
    names: String,
    ends: Vec<u32>,
    details: Vec<Details>,
}

#[derive(Debug, Clone, PartialEq)]
struct Details {
    index: u32,
    digest: Option<Box<str>>,
    published: Option<Timestamp>,
}

/// One published tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagEntry<'a> {
    /// The tag.
    pub name: &'a str,
    /// Digest of its manifest or index, if known.
    pub digest: Option<&'a str>,
    /// When it was published, UTC, if known.
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
    pub fn push(&mut self, name: &str, digest: Option<&str>, published: Option<Timestamp>) -> bool {
        let (Ok(index), Ok(end)) = (
            u32::try_from(self.ends.len()),
            u32::try_from(self.names.len() + name.len()),
        ) else {
            return false;
        };
        self.names.push_str(name);
        self.ends.push(end);
        if digest.is_some() || published.is_some() {
            self.details.push(Details {
                index,
                digest: digest.map(Into::into),
                published,
            });
        }
        true
    }

    /// All tags, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = TagEntry<'_>> {
        let mut start = 0;
        let mut details = self.details.iter().peekable();
        self.ends.iter().zip(0_u32..).map(move |(end, index)| {
            let name = self.names.get(start..*end as usize).unwrap_or_default();
            start = *end as usize;
            let known = details.next_if(|details| details.index == index);
            TagEntry {
                name,
                digest: known.and_then(|details| details.digest.as_deref()),
                published: known.and_then(|details| details.published),
            }
        })
    }

    /// The tag of that name, if it is listed.
    pub fn get(&self, name: &str) -> Option<TagEntry<'_>> {
        self.iter().find(|entry| entry.name == name)
    }

    /// Adds what was learnt later about a tag; a tag that is not listed is left alone.
    pub fn describe(&mut self, name: &str, digest: Option<&str>, published: Option<Timestamp>) {
        let Some(index) = self
            .iter()
            .position(|entry| entry.name == name)
            .and_then(|index| u32::try_from(index).ok())
        else {
            return;
        };
        let at = self
            .details
            .partition_point(|details| details.index < index);
        match self.details.get_mut(at) {
            Some(details) if details.index == index => {
                details.digest = digest.map(Into::into).or_else(|| details.digest.take());
                details.published = published.or(details.published);
            }
            _ => self.details.insert(
                at,
                Details {
                    index,
                    digest: digest.map(Into::into),
                    published,
                },
            ),
        }
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
