//! Tags in a snapshot: names or objects. `null`, objects without a name and whatever else stands
//! in a list are passed over. A list may hold a million of them, so nothing is kept in between.

use std::fmt;

use jiff::Timestamp;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserializer, Serialize, Serializer};

use super::{Digest, TagList};
use crate::model::date::parse_instant;

#[derive(Serialize)]
struct Described<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Digest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
}

pub(super) fn serialize<S: Serializer>(tags: &TagList, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(tags.len()))?;
    for tag in tags.iter() {
        if tag.digest.is_none() && tag.published.is_none() {
            list.serialize_element(tag.name)?;
        } else {
            list.serialize_element(&Described {
                name: tag.name,
                digest: tag.digest,
                published: tag.published,
            })?;
        }
    }
    list.end()
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TagList, D::Error> {
    deserializer.deserialize_any(Tags)
}

struct Tags;

impl<'de> Visitor<'de> for Tags {
    type Value = TagList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tags")
    }

    fn visit_unit<E>(self) -> Result<TagList, E> {
        Ok(TagList::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<TagList, A::Error> {
        let mut reader = Reader::default();
        while entries.next_element_seed(Entry(&mut reader))?.is_some() {}
        Ok(reader.list)
    }
}

/// The list so far, and room for the texts of one object.
#[derive(Default)]
struct Reader {
    list: TagList,
    name: Text,
    digest: Text,
    published: Text,
    other: Text,
}

/// A value of an object, in room that is used again and again.
#[derive(Default)]
struct Text {
    kind: Kind,
    text: String,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Unset,
    Set,
    /// Neither text nor `null`.
    Other,
}

impl Text {
    fn get(&self) -> Option<&str> {
        (self.kind == Kind::Set).then_some(self.text.as_str())
    }
}

impl Reader {
    /// Takes the object that was just read, if it describes a tag.
    fn take<E: de::Error>(&mut self) -> Result<(), E> {
        let is_odd = [&self.digest, &self.published]
            .iter()
            .any(|text| text.kind == Kind::Other);
        if let (Some(name), false) = (self.name.get(), is_odd) {
            let published = self.published.get().and_then(parse_instant);
            let digest = self.digest.get().map(Digest::from);
            whole(self.list.push(name, digest, published))?;
        }
        Ok(())
    }
}

/// A list that is cut short must not pass for a whole one.
fn whole<E: de::Error>(is_taken: bool) -> Result<(), E> {
    match is_taken {
        true => Ok(()),
        false => Err(E::custom("a list of tags is longer than four gigabytes")),
    }
}

/// One entry of the list.
struct Entry<'r>(&'r mut Reader);

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tag")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        whole(self.0.list.push(name, None, None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        for text in [&mut reader.name, &mut reader.digest, &mut reader.published] {
            text.kind = Kind::Unset;
        }
        while map.next_key_seed(Value(&mut reader.other))?.is_some() {
            let text = match reader.other.get() {
                Some("name") => &mut reader.name,
                Some("digest") => &mut reader.digest,
                Some("published") => &mut reader.published,
                _ => &mut reader.other,
            };
            map.next_value_seed(Value(text))?;
        }
        reader.take()
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A key or a value of an object.
struct Value<'t>(&'t mut Text);

impl Value<'_> {
    fn is<E>(self, kind: Kind) -> Result<(), E> {
        self.0.kind = kind;
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        text.clone_into(&mut self.0.text);
        self.is(Kind::Set)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.is(Kind::Unset)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.is(Kind::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.is(Kind::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.is(Kind::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.is(Kind::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.is(Kind::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.is(Kind::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::digest::tests::texts;
    use super::super::{FORMAT, Facts};
    use super::*;

    #[test]
    fn entries_of_every_shape_are_read_or_passed_over() {
        let digest = Digest::from("sha256:1");
        let cases: &[(&str, &[(&str, Option<Digest<'_>>, bool)])] = &[
            ("null", &[]),
            ("[]", &[]),
            (
                r#"["1.0.0","1.1.0"]"#,
                &[("1.0.0", None, false), ("1.1.0", None, false)],
            ),
            (r#"["1\u002e0.0"]"#, &[("1.0.0", None, false)]),
            (
                r#"[null,1,-1,1.5,true,["1.0.0"],{},{"name":null},{"name":1},"2.0.0"]"#,
                &[("2.0.0", None, false)],
            ),
            (
                r#"[{"name":"a","digest":"sha256:1","published":"2026-11-09T00:00:00Z"},{"name":"b"}]"#,
                &[("a", Some(digest), true), ("b", None, false)],
            ),
            (
                r#"[{"published":"2026-11-09","size":{"a":[1]},"name":"a","digest":null}]"#,
                &[("a", None, true)],
            ),
            (
                r#"[{"name":"a","published":"yesterday"}]"#,
                &[("a", None, false)],
            ),
            (
                r#"[{"name":"a","digest":1},{"name":"b","published":{}},"c"]"#,
                &[("c", None, false)],
            ),
        ];
        for (json, expected) in cases {
            let list = deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap();
            let read: Vec<_> = list
                .iter()
                .map(|tag| (tag.name, tag.digest, tag.published.is_some()))
                .collect();
            assert_eq!(read, *expected, "{json}");
        }
        for json in ["{}", "1", r#""1.0.0""#, r#"["1.0.0""#, r#"[{"name":"a"]"#] {
            assert!(
                deserialize(&mut serde_json::Deserializer::from_str(json)).is_err(),
                "{json}"
            );
        }
    }

    #[test]
    fn what_was_read_is_written_again() {
        let digests = texts();
        let mut entries = vec![serde_json::json!("1.0.0")];
        for (index, (digest, _)) in digests.iter().enumerate() {
            let name = format!("{index}.0.0");
            entries.extend([
                serde_json::json!({"name": name, "digest": digest}),
                serde_json::json!(name),
                serde_json::json!({"name": name, "published": "0001-01-01T00:00:00.000001Z"}),
                serde_json::json!({"name": name, "digest": digest, "published": "1969-07-20T20:17:40Z"}),
            ]);
        }
        let snapshot = serde_json::json!({
            "format": FORMAT,
            "taken_at": "2026-11-20T00:00:00Z",
            "repositories": [{"repository": "harness/a", "tags": entries}],
        });
        let facts = Facts::from_json(snapshot.to_string().as_bytes()).unwrap();
        let written = facts.to_json().unwrap();
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["repositories"][0]["tags"], serde_json::json!(entries));
        assert_eq!(Facts::from_json(written.as_bytes()).unwrap(), facts);
    }
}
