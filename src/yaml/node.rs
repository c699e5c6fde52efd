//! What is read of a node.

use std::collections::HashSet;
use std::ops::Range;

use super::tree::{Content, Document, Entry, Index, Style};

/// The key that merges other mappings into its own.
const MERGE_KEY: &str = "<<";

/// A scalar, sequence or mapping of a document. An alias is the node that has its anchor.
#[derive(Debug, Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    index: Index,
}

impl Document<'_> {
    /// The node that holds all others.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(self, 0)
    }
}

impl<'d> Node<'d> {
    fn new(document: &'d Document<'_>, index: Index) -> Self {
        let index = document.target(index);
        Self { document, index }
    }

    /// Whether it is a sequence.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        matches!(self.content(), Some(Content::Sequence(_)))
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self.content(), Some(Content::Mapping(_)))
    }

    /// Whether it is an empty value, `~` or `null`, without quotes.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.style() == Some(Style::Plain)
            && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar, escapes and folding resolved; numbers and booleans as written.
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        match self.content()? {
            Content::Scalar(value, _) => Some(value),
            Content::Sequence(_) | Content::Mapping(_) | Content::Alias(_) => None,
        }
    }

    /// How a scalar is written.
    #[must_use]
    pub fn style(self) -> Option<Style> {
        match self.content()? {
            Content::Scalar(_, style) => Some(*style),
            Content::Sequence(_) | Content::Mapping(_) | Content::Alias(_) => None,
        }
    }

    /// The bytes of the text that it was read from, quotes and the mark of a block
    /// scalar included, the anchor and tag of a scalar not.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.document.entry(self.index).map_or(0..0, Entry::span)
    }

    /// The items of a sequence; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'d>> {
        let document = self.document;
        let indices = self.is_sequence().then(|| document.children(self.index));
        indices
            .into_iter()
            .flatten()
            .map(|index| Self { document, index })
    }

    /// The keys and values of a mapping as written: doubled keys and merge keys stay.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> {
        let document = self.document;
        let node = |index| Self { document, index };
        let indices = self.is_mapping().then(|| document.children(self.index));
        let mut indices = indices.into_iter().flatten();
        std::iter::from_fn(move || Some((node(indices.next()?), node(indices.next()?))))
    }

    /// The keys and values of a mapping, merged ones after its own; of a doubled key the last
    /// counts, at the place of the first. Keys that are no scalars are left out.
    #[must_use]
    pub fn entries(self) -> Vec<(&'d str, Node<'d>)> {
        let mut entries: Vec<(&str, Node<'_>)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        let mut merged = Vec::new();
        for (key, value) in self.pairs() {
            if key.is_merge_key() {
                merged.push(value);
                continue;
            }
            let Some(name) = key.as_str() else { continue };
            let place = *places.entry(name).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.1 = value,
                None => entries.push((name, value)),
            }
        }
        for mapping in merged.into_iter().flat_map(merge_sources) {
            for (name, value) in mapping.entries() {
                if !places.contains_key(name) {
                    places.insert(name, entries.len());
                    entries.push((name, value));
                }
            }
        }
        entries
    }

    /// The value of a key: of a doubled key the last, else what is merged first.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        let mut found = None;
        let mut merged = None;
        for (key, value) in self.pairs() {
            if key.as_str() == Some(name) && !key.is_merge_key() {
                found = Some(value);
            } else if key.is_merge_key() && merged.is_none() {
                merged = Some(value);
            }
        }
        found.or_else(|| {
            merged
                .into_iter()
                .flat_map(merge_sources)
                .find_map(|mapping| mapping.get(name))
        })
    }

    /// The value at the end of several keys.
    #[must_use]
    pub fn at(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The first key, in the order of the text, that a mapping at or below this node has twice.
    #[must_use]
    pub fn doubled_key(self) -> Option<Node<'d>> {
        let mut seen = HashSet::new();
        for (key, value) in self.pairs() {
            if let Some(name) = key.as_str()
                && !key.is_merge_key()
                && !seen.insert(name)
            {
                return Some(key);
            }
            if let Some(key) = value.doubled_key() {
                return Some(key);
            }
        }
        self.items().find_map(Node::doubled_key)
    }

    fn is_merge_key(self) -> bool {
        self.style() == Some(Style::Plain) && self.as_str() == Some(MERGE_KEY)
    }

    fn content(self) -> Option<&'d Content<'d>> {
        self.document.entry(self.index).map(|entry| &entry.content)
    }
}

/// The mappings that a merge key names: one, or a sequence of them.
fn merge_sources(value: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let single = value.is_mapping().then_some(value);
    single
        .into_iter()
        .chain(value.items().filter(|item| item.is_mapping()))
}
