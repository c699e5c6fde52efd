//! The bodies of tag lists and catalogs, read straight into where the names are kept: a page may
//! hold a million of them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::facts::TagList;
use crate::model::image::is_tag;

/// What a page held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Entries in all, whether they were kept or not.
    pub entries: usize,
    /// The first name as written; empty if there is none.
    pub first: String,
    /// The last name as written; empty if there is none.
    pub last: String,
}

/// Where names go.
pub trait Names {
    /// Takes a name; `false` says that there is no room for more.
    fn take(&mut self, name: &str) -> bool;
}

impl Names for TagList {
    /// Digests and anything else that is no tag are passed over.
    fn take(&mut self, name: &str) -> bool {
        !is_tag(name) || self.push(name, None, None)
    }
}

impl Names for Vec<String> {
    fn take(&mut self, name: &str) -> bool {
        self.push(name.to_owned());
        true
    }
}

/// Why a body is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageError {
    /// No JSON object with the list: HTML, for instance.
    Shape,
    /// More names than can be kept.
    Full,
}

/// Reads the list `key` of a page into `names`. `null` counts as an empty list, and what is no
/// text within the list is passed over.
///
/// # Errors
/// [`PageError`] if the body holds no such list. Names read until then are kept.
pub fn read(body: &[u8], key: &'static str, names: &mut dyn Names) -> Result<Page, PageError> {
    let mut reader = Reader {
        key,
        names,
        page: None,
        is_full: false,
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = json.deserialize_map(&mut reader).and_then(|()| json.end());
    match (read, reader.page) {
        _ if reader.is_full => Err(PageError::Full),
        (Ok(()), Some(page)) => Ok(page),
        _ => Err(PageError::Shape),
    }
}

struct Reader<'n> {
    key: &'static str,
    names: &'n mut dyn Names,
    page: Option<Page>,
    is_full: bool,
}

/// The object: only the list matters.
impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(is_list) = map.next_key_seed(Key(self.key))? {
            if is_list && self.page.is_none() {
                map.next_value_seed(List(self))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Key(&'static str);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

struct List<'r, 'n>(&'r mut Reader<'n>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names or null")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.0.page = Some(Page::empty());
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut page = Page::empty();
        let mut last = String::new();
        while list
            .next_element_seed(Entry {
                reader: &mut *self.0,
                page: &mut page,
                last: &mut last,
            })?
            .is_some()
        {
            if self.0.is_full {
                return Err(serde::de::Error::custom("too many names"));
            }
        }
        page.last = last;
        self.0.page = Some(page);
        Ok(())
    }
}

struct Entry<'e, 'n> {
    reader: &'e mut Reader<'n>,
    page: &'e mut Page,
    last: &'e mut String,
}

impl<'de> DeserializeSeed<'de> for Entry<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        if self.page.first.is_empty() {
            name.clone_into(&mut self.page.first);
        }
        self.page.entries = self.page.entries.saturating_add(1);
        name.clone_into(self.last);
        self.reader.is_full |= !self.reader.names.take(name);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.page.entries = self.page.entries.saturating_add(1);
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.visit_unit()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.visit_unit()
    }
}

impl Page {
    fn empty() -> Self {
        Self {
            entries: 0,
            first: String::new(),
            last: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest() -> String {
        format!("sha256:{}", "a".repeat(64))
    }

    #[test]
    fn pages_are_read_as_servers_send_them() {
        let with_digest = format!(r#"{{"tags":["1.0.0","{}","2.0.0"]}}"#, digest());
        type Expected = Result<(&'static str, usize), PageError>;
        let cases: &[(&str, Expected)] = &[
            (
                r#"{"name":"a","tags":["1.0.0","latest"]}"#,
                Ok(("1.0.0 latest", 2)),
            ),
            (r#"{"tags":[]}"#, Ok(("", 0))),
            (r#"{"name":"a","tags":null}"#, Ok(("", 0))),
            (r#"{"tags":["1.0.0",null,"2.0.0"]}"#, Ok(("1.0.0 2.0.0", 3))),
            (
                r#"{"tags":[1,-1,1.5,true,{"a":[1]},["x"],"2.0.0",""," a"]}"#,
                Ok(("2.0.0", 9)),
            ),
            (&with_digest, Ok(("1.0.0 2.0.0", 3))),
            (
                r#"{"child":[],"manifest":{"sha256:x":{"tag":["a"]}},"tags":["1.0.0"],"name":"a"}"#,
                Ok(("1.0.0", 1)),
            ),
            (r#"{"\u0074ags":["1\u002e0.0"]}"#, Ok(("1.0.0", 1))),
            (r#"{"tags":["1.0.0"],"tags":["2.0.0"]}"#, Ok(("1.0.0", 1))),
            (
                r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#,
                Err(PageError::Shape),
            ),
            ("<html><body>Sign in</body></html>", Err(PageError::Shape)),
            (r#"{"tags":["1.0.0""#, Err(PageError::Shape)),
            (r#"{"tags":["1.0.0"]}x"#, Err(PageError::Shape)),
            (r#"{"tags":"1.0.0"}"#, Err(PageError::Shape)),
            (r#"["1.0.0"]"#, Err(PageError::Shape)),
            ("null", Err(PageError::Shape)),
            ("", Err(PageError::Shape)),
        ];
        for (body, expected) in cases {
            let mut tags = TagList::new();
            let read = read(body.as_bytes(), "tags", &mut tags).map(|page| {
                let names: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
                (names.join(" "), page.entries)
            });
            let expected = expected.map(|(names, entries)| (names.to_owned(), entries));
            assert_eq!(read, expected, "{body}");
        }
    }

    #[test]
    fn the_ends_of_a_page_are_kept_as_written() {
        let mut names = Vec::new();
        let page = read(
            br#"{"repositories":["a","b/c",null,"d"]}"#,
            "repositories",
            &mut names,
        );
        let page = page.unwrap();
        assert_eq!((page.first.as_str(), page.last.as_str()), ("a", "d"));
        assert_eq!(names, ["a", "b/c", "d"]);
    }

    #[test]
    fn a_full_list_says_so() {
        struct Two(u8);
        impl Names for Two {
            fn take(&mut self, _: &str) -> bool {
                self.0 += 1;
                self.0 <= 2
            }
        }
        let read = read(br#"{"tags":["a","b","c","d"]}"#, "tags", &mut Two(0));
        assert_eq!(read, Err(PageError::Full));
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_without_harm(
            body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            json in r#"\{"tags":[\[{]?[\[\]{}",:a-z0-9nul.\\-]{0,60}"#,
        ) {
            for body in [body.as_slice(), json.as_bytes()] {
                let _ = read(body, "tags", &mut TagList::new());
            }
        }

        #[test]
        fn every_tag_comes_back(names in proptest::collection::vec("[a-z0-9][a-z0-9._-]{0,20}", 0..50)) {
            let body = serde_json::json!({"name": "x", "tags": &names}).to_string();
            let mut tags = TagList::new();
            let page = read(body.as_bytes(), "tags", &mut tags).unwrap();
            proptest::prop_assert_eq!(page.entries, names.len());
            let found: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
            proptest::prop_assert_eq!(found, names);
        }
    }
}
