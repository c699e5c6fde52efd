//! Published tags, and how a snapshot writes them: as a name, or as an object with more.

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::model::date::parse_instant;
use crate::model::size::ImageSize;

/// One published tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagEntry {
    /// The tag.
    pub name: String,
    /// Digest of its manifest or index, if known.
    pub digest: Option<Box<str>>,
    /// When it was published, UTC, if known.
    pub published: Option<Timestamp>,
    /// How large it is with all its platforms, where the publisher says so.
    pub size: Option<ImageSize>,
}

impl TagEntry {
    /// A tag of which only the name is known.
    fn named(name: String) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }
}

/// Tags of one repository in the registry's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagList(Vec<TagEntry>);

impl TagList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a tag at the end.
    pub fn push(&mut self, name: &str, digest: Option<String>, published: Option<Timestamp>) {
        self.add(TagEntry {
            name: name.to_owned(),
            digest: digest.map(Into::into),
            published,
            size: None,
        });
    }

    /// Adds a tag at the end, with all that is known of it.
    pub fn add(&mut self, entry: TagEntry) {
        self.0.push(entry);
    }

    /// All tags, in the order they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, TagEntry> {
        self.0.iter()
    }

    /// The tag of that name, if it is listed; of several the first.
    pub fn get(&self, name: &str) -> Option<&TagEntry> {
        self.iter().find(|entry| entry.name == name)
    }

    /// Adds what was learnt later about a tag; a tag that is not listed is left alone.
    pub fn describe(&mut self, learnt: TagEntry) {
        if let Some(entry) = self.0.iter_mut().find(|entry| entry.name == learnt.name) {
            entry.digest = learnt.digest.or(entry.digest.take());
            entry.published = learnt.published.or(entry.published);
            entry.size = learnt.size.or(entry.size);
        }
    }
}

impl<N: Into<String>> FromIterator<N> for TagList {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        let entries = names.into_iter().map(|name| TagEntry::named(name.into()));
        Self(entries.collect())
    }
}

/// An entry of a snapshot's list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum TagJson {
    Name(String),
    Described {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<Box<str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        published: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size: Option<Value>,
    },
    /// `null`, an object without a name, and whatever else is no tag.
    #[serde(skip_serializing)]
    Other(IgnoredAny),
}

impl Serialize for TagList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|tag| {
            if tag.digest.is_none() && tag.published.is_none() && tag.size.is_none() {
                return TagJson::Name(tag.name.clone());
            }
            TagJson::Described {
                name: tag.name.clone(),
                digest: tag.digest.clone(),
                published: tag.published.map(|published| published.to_string()),
                size: tag.size.map(|size| size.bytes().into()),
            }
        }))
    }
}

/// `null` in place of the list is an empty one.
impl<'de> Deserialize<'de> for TagList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Option::<Vec<TagJson>>::deserialize(deserializer)?.unwrap_or_default();
        let tags = entries.into_iter().filter_map(|entry| match entry {
            TagJson::Name(name) => Some(TagEntry::named(name)),
            TagJson::Described {
                name,
                digest,
                published,
                size,
            } => Some(TagEntry {
                name,
                digest,
                published: published.as_deref().and_then(parse_instant),
                size: size.and_then(|size| ImageSize::new(size.as_u64()?)),
            }),
            TagJson::Other(_) => None,
        });
        Ok(Self(tags.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_by_their_whole_name_and_described_later() {
        let mut list: TagList = ["b", "aa", "a", "c", "c"].into_iter().collect();
        let moment: Timestamp = "2026-11-09T00:00:00Z".parse().unwrap();
        let learnt = |name: &str, digest: Option<&str>, published| TagEntry {
            digest: digest.map(Into::into),
            published,
            ..TagEntry::named(name.to_owned())
        };
        list.describe(learnt("a", Some("1"), None));
        list.describe(learnt("b", None, Some(moment)));
        list.describe(learnt("a", None, Some(moment)));
        list.describe(learnt("d", Some("2"), None));
        let cases = [
            ("a", Some((Some("1"), true))),
            ("aa", Some((None, false))),
            ("b", Some((None, true))),
            ("c", Some((None, false))),
            ("d", None),
            ("", None),
        ];
        for (name, expected) in cases {
            let entry = list.get(name);
            let found = entry.map(|entry| (entry.digest.as_deref(), entry.published.is_some()));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn entries_of_every_shape_are_read_or_passed_over() {
        let cases: &[(&str, &str)] = &[
            ("null", ""),
            ("[]", ""),
            (r#"["1.0.0","1\u002e1.0"]"#, "1.0.0 1.1.0"),
            (
                r#"[null,1,-1,1.5,true,["1.0.0"],{},{"name":null},{"name":1},"2.0.0"]"#,
                "2.0.0",
            ),
            (
                r#"[{"name":"a","digest":"sha256:1","published":"2026-11-09T00:00:00Z"},{"name":"b"}]"#,
                "a@sha256:1,2026-11-09T00:00:00Z b",
            ),
            (
                r#"[{"published":"2026-11-09","size":{"a":[1]},"name":"a","digest":null}]"#,
                "a,2026-11-09T00:00:00Z",
            ),
            (r#"[{"name":"a","published":"yesterday"}]"#, "a"),
            (
                r#"[{"name":"a","size":182},{"name":"b","size":0},{"name":"c","size":-1}]"#,
                "a,182 B b c",
            ),
            (
                r#"[{"name":"a","size":"9"},{"name":"b","size":1.5},{"name":"c","size":18446744073709551615}]"#,
                "a b c",
            ),
            (
                r#"[{"name":"a","digest":1},{"name":"b","published":{}},"c"]"#,
                "c",
            ),
        ];
        for (json, expected) in cases {
            let list: TagList = serde_json::from_str(json).unwrap();
            let shown: Vec<String> = list
                .iter()
                .map(|tag| {
                    let digest = tag.digest.iter().map(|digest| format!("@{digest}"));
                    let date = tag.published.iter().map(|date| format!(",{date}"));
                    let size = tag.size.iter().map(|size| format!(",{size}"));
                    let rest: String = digest.chain(date).chain(size).collect();
                    format!("{}{rest}", tag.name)
                })
                .collect();
            assert_eq!(shown.join(" "), *expected, "{json}");
            let written = serde_json::to_string(&list).unwrap();
            assert_eq!(serde_json::from_str::<TagList>(&written).unwrap(), list);
        }
        for json in ["{}", "1", r#""1.0.0""#, r#"["1.0.0""#, r#"[{"name":"a"]"#] {
            assert!(serde_json::from_str::<TagList>(json).is_err(), "{json}");
        }
    }
}
