//! Answers of Docker Hub's web API.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::facts::TagEntry;
use crate::model::image::is_digest;
use crate::model::size::ImageSize;
use crate::registry::sizes::{SizedPart, bytes, parts};

/// One page of a repository's tags.
pub(super) struct HubPage {
    /// Whether no page follows.
    pub(super) is_last: bool,
    /// Tags in the order of the answer, some perhaps with names that no tag can have.
    pub(super) tags: Vec<TagEntry>,
}

#[derive(Deserialize)]
struct PageBody<'a> {
    #[serde(borrow, default)]
    next: Option<Cow<'a, str>>,
    #[serde(borrow)]
    results: Vec<Option<HubTag<'a>>>,
}

#[derive(Deserialize)]
struct HubTag<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    digest: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    last_updated: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    full_size: Option<&'a RawValue>,
    #[serde(borrow, default)]
    images: Option<&'a RawValue>,
}

impl HubPage {
    /// Reads the answer to a request for a page.
    pub(super) fn parse(body: &[u8]) -> Result<Self, serde_json::Error> {
        let answer: PageBody<'_> = serde_json::from_slice(body)?;
        Ok(Self {
            is_last: answer.next.is_none(),
            tags: answer.results.iter().flatten().map(HubTag::tag).collect(),
        })
    }
}

/// Reads the answer to a request for a single tag.
pub(super) fn parse_tag(body: &[u8]) -> Result<TagEntry, serde_json::Error> {
    serde_json::from_slice::<HubTag<'_>>(body).map(|entry| entry.tag())
}

impl HubTag<'_> {
    fn tag(&self) -> TagEntry {
        let digest = self.digest.as_deref().filter(|digest| is_digest(digest));
        TagEntry {
            name: self.name.to_string(),
            digest: digest.map(Into::into),
            published: self
                .last_updated
                .as_deref()
                .and_then(|date| date.parse().ok()),
            size: self.size(),
        }
    }

    /// All platforms together; `full_size` is that of one of them, and so counts only where there
    /// is no other.
    fn size(&self) -> Option<ImageSize> {
        let platforms = self.images.map_or(Some(Vec::new()), parts)?;
        let all = ImageSize::sum(platforms.iter().map(SizedPart::bytes));
        let is_one = platforms.len() <= 1;
        all.or_else(|| ImageSize::new(bytes(self.full_size?)?).filter(|_| is_one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_all_platforms_and_never_guessed() {
        let most = u64::MAX;
        let cases = [
            (
                r#""full_size":9,"images":[{"size":9},{"size":8}]"#.to_owned(),
                Some(17),
            ),
            (
                r#""full_size":9,"images":[{"size":9,"os":"linux"}]"#.to_owned(),
                Some(9),
            ),
            (
                r#""full_size":9,"images":[{"os":"linux"}]"#.to_owned(),
                Some(9),
            ),
            (r#""full_size":9,"images":[]"#.to_owned(), Some(9)),
            (r#""full_size":9,"images":null"#.to_owned(), Some(9)),
            (r#""full_size":9"#.to_owned(), Some(9)),
            // One platform's size says nothing about the others'.
            (r#""full_size":9,"images":[{"size":9},{}]"#.to_owned(), None),
            (
                r#""full_size":9,"images":[{"size":9},{"size":0}]"#.to_owned(),
                None,
            ),
            (
                r#""full_size":9,"images":[{"size":9},{"size":-8}]"#.to_owned(),
                None,
            ),
            (
                r#""full_size":9,"images":[{"size":9},{"size":"8"}]"#.to_owned(),
                None,
            ),
            (
                r#""full_size":9,"images":[{"size":9},null]"#.to_owned(),
                None,
            ),
            (r#""full_size":9,"images":{"size":9}"#.to_owned(), None),
            (r#""full_size":9,"images":"9""#.to_owned(), None),
            (
                format!(r#""images":[{{"size":{most}}},{{"size":{most}}}]"#),
                None,
            ),
            (format!(r#""images":[{{"size":{most}}}]"#), None),
            (r#""full_size":-9"#.to_owned(), None),
            (r#""full_size":0"#.to_owned(), None),
            (r#""full_size":"9""#.to_owned(), None),
            (r#""full_size":9.5"#.to_owned(), None),
            (
                r#""full_size":1e400,"images":[{"size":1e400}]"#.to_owned(),
                None,
            ),
            (r#""full_size":99999999999999999999999999"#.to_owned(), None),
            (r#""full_size":{"a":[9]}"#.to_owned(), None),
            (r#""full_size":null"#.to_owned(), None),
            (String::new(), None),
        ];
        for (keys, size) in cases {
            let comma = if keys.is_empty() { "" } else { "," };
            let json = format!(r#"{{"results":[null,{{"name":"1.0.0"{comma}{keys}}}]}}"#);
            let page = HubPage::parse(json.as_bytes()).unwrap();
            assert!(page.is_last);
            let found: Vec<_> = page.tags.iter().map(|tag| tag.name.as_str()).collect();
            assert_eq!(found, ["1.0.0"], "{keys}");
            assert_eq!(page.tags[0].size.map(ImageSize::bytes), size, "{keys}");
        }
    }
}
