//! The body of one page of a tag list or of a catalog.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a page held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The names, as written.
    pub names: Vec<String>,
    /// Entries in all; what is no text is counted, and passed over.
    pub entries: usize,
}

/// A key without a default is required, and `null` counts as an empty list.
#[derive(Deserialize)]
struct Tags {
    #[serde(deserialize_with = "Option::deserialize")]
    tags: Option<Vec<ListedName>>,
}

#[derive(Deserialize)]
struct Catalog {
    #[serde(deserialize_with = "Option::deserialize")]
    repositories: Option<Vec<ListedName>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ListedName {
    Name(String),
    Other(IgnoredAny),
}

/// Reads a page of tags; `None` if the body is no object with a list of them: HTML, for instance.
pub fn tags(body: &[u8]) -> Option<Page> {
    object::<Tags>(body).map(|page| page.tags.into())
}

/// Reads a page of a catalog; `None` if the body is no object with a list of repositories.
pub fn repositories(body: &[u8]) -> Option<Page> {
    object::<Catalog>(body).map(|page| page.repositories.into())
}

/// Derived reading takes an array for the fields in their order, which no registry means.
fn object<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Option<T> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    serde_json::from_slice(body).ok().filter(|_| is_object)
}

impl From<Option<Vec<ListedName>>> for Page {
    fn from(entries: Option<Vec<ListedName>>) -> Self {
        let entries = entries.unwrap_or_default();
        Self {
            entries: entries.len(),
            names: entries
                .into_iter()
                .filter_map(|entry| match entry {
                    ListedName::Name(name) => Some(name),
                    ListedName::Other(_) => None,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_as_servers_write_them() {
        let cases: &[(&str, Option<(&str, usize)>)] = &[
            (
                r#"{"name":"a","tags":["1.0.0","2.0.0"]}"#,
                Some(("1.0.0 2.0.0", 2)),
            ),
            (r#" {"tags":[]} "#, Some(("", 0))),
            (r#"{"name":"a","tags":null}"#, Some(("", 0))),
            (
                r#"{"tags":["1.0.0",null,"2.0.0"]}"#,
                Some(("1.0.0 2.0.0", 3)),
            ),
            (
                r#"{"tags":[1,-1,1.5,true,{"a":[1]},["x"],"2.0.0"]}"#,
                Some(("2.0.0", 7)),
            ),
            (
                r#"{"child":[],"manifest":{"sha256:x":{"tag":["a"]}},"tags":["1.0.0"],"name":"a"}"#,
                Some(("1.0.0", 1)),
            ),
            (r#"{"\u0074ags":["1\u002e0.0"]}"#, Some(("1.0.0", 1))),
            (r#"{"tags":["1.0.0"],"tags":["2.0.0"]}"#, None),
            (r#"{"name":"a"}"#, None),
            (r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#, None),
            ("<html><body>Sign in</body></html>", None),
            (r#"{"tags":["1.0.0""#, None),
            (r#"{"tags":["1.0.0"]}x"#, None),
            (r#"{"tags":"1.0.0"}"#, None),
            (r#"["1.0.0"]"#, None),
            (r#"[["1.0.0"]]"#, None),
            ("[null]", None),
            ("null", None),
            ("", None),
        ];
        for (body, expected) in cases {
            let read = tags(body.as_bytes()).map(|page| (page.names.join(" "), page.entries));
            let expected = expected.map(|(names, entries)| (names.to_owned(), entries));
            assert_eq!(read, expected, "{body}");
            let catalog = body.replace("\"tags\"", "\"repositories\"");
            let catalog = catalog.replace(r#""\u0074ags""#, r#""repositorie\u0073""#);
            let read = repositories(catalog.as_bytes());
            let read = read.map(|page| (page.names.join(" "), page.entries));
            assert_eq!(read, expected, "{catalog}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_without_harm(
            body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            json in r#"\{"tags":[\[{]?[\[\]{}",:a-z0-9nul.\\-]{0,60}"#,
        ) {
            for body in [body.as_slice(), json.as_bytes()] {
                let _ = tags(body);
            }
        }

        #[test]
        fn every_tag_comes_back(names in proptest::collection::vec("[a-z0-9][a-z0-9._-]{0,20}", 0..50)) {
            let body = serde_json::json!({"name": "x", "tags": &names}).to_string();
            let page = tags(body.as_bytes()).unwrap();
            proptest::prop_assert_eq!(page, Page { entries: names.len(), names });
        }
    }
}
