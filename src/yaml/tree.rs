//! The tree of a document: nodes in one list, children by links.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use libyaml_safer::ScalarStyle;

use super::{MAX_ALIASED, MAX_DEPTH, MAX_NODES};

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl From<ScalarStyle> for Style {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the library may add kinds")]
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::SingleQuoted => Self::SingleQuoted,
            ScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            ScalarStyle::Literal => Self::Literal,
            ScalarStyle::Folded => Self::Folded,
            // A parser never yields `Any`.
            _ => Self::Plain,
        }
    }
}

/// Index of a node in its document.
pub(super) type Index = u32;
/// Stands for no node.
const NONE: Index = u32::MAX;

#[derive(Debug)]
pub(super) enum Content<'t> {
    Scalar(Cow<'t, str>, Style),
    /// The first child.
    Sequence(Index),
    /// The first key; values follow their keys.
    Mapping(Index),
    /// What has the anchor.
    Alias(Index),
}

#[derive(Debug)]
pub(super) struct Entry<'t> {
    pub(super) content: Content<'t>,
    start: u32,
    end: u32,
    next: Index,
}

impl Entry<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        usize::try_from(self.start).unwrap_or(0)..usize::try_from(self.end).unwrap_or(0)
    }
}

/// A document as a tree.
#[derive(Debug)]
pub struct Document<'t> {
    entries: Vec<Entry<'t>>,
}

impl<'t> Document<'t> {
    pub(super) fn entry(&self, index: Index) -> Option<&Entry<'t>> {
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// The bytes of each scalar, as [`Node::span`](super::Node::span) gives them, and how it is written.
    pub fn scalars(&self) -> impl Iterator<Item = (Range<usize>, Style)> {
        self.entries.iter().filter_map(|entry| match entry.content {
            Content::Scalar(_, style) => Some((entry.span(), style)),
            Content::Sequence(_) | Content::Mapping(_) | Content::Alias(_) => None,
        })
    }

    /// Whose content an alias has, else the node itself.
    pub(super) fn target(&self, index: Index) -> Index {
        match self.entry(index).map(|entry| &entry.content) {
            Some(Content::Alias(target)) => *target,
            Some(Content::Scalar(..) | Content::Sequence(_) | Content::Mapping(_)) | None => index,
        }
    }

    /// The children of a sequence or mapping, aliases resolved.
    pub(super) fn children(&self, index: Index) -> impl Iterator<Item = Index> {
        let mut next = match self.entry(index).map(|entry| &entry.content) {
            Some(Content::Sequence(first) | Content::Mapping(first)) => *first,
            Some(Content::Scalar(..) | Content::Alias(_)) | None => NONE,
        };
        std::iter::from_fn(move || {
            let entry = self.entry(next)?;
            let child = self.target(next);
            next = entry.next;
            Some(child)
        })
    }
}

/// A sequence or mapping whose end has not been read.
struct Open {
    index: Index,
    last_child: Index,
    anchor: Option<String>,
    size: Size,
}

/// What a node amounts to with its aliases followed.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Levels of collections.
    depth: u32,
    /// All nodes.
    nodes: u32,
    /// Those of them that were reached through aliases.
    aliased: u32,
}

/// Builds a tree from events.
#[derive(Default)]
pub(super) struct Builder<'t> {
    entries: Vec<Entry<'t>>,
    open: Vec<Open>,
    anchors: HashMap<String, (Index, Size)>,
}

impl<'t> Builder<'t> {
    pub(super) fn document(self) -> Document<'t> {
        Document {
            entries: self.entries,
        }
    }

    pub(super) fn scalar(
        &mut self,
        value: Cow<'t, str>,
        style: Style,
        span: (u32, u32),
        anchor: Option<String>,
    ) -> Result<(), &'static str> {
        let index = self.add(Content::Scalar(value, style), span)?;
        let size = Size {
            nodes: 1,
            ..Size::default()
        };
        self.name(anchor, index, size);
        self.count(size)
    }

    pub(super) fn alias(&mut self, anchor: &str, span: (u32, u32)) -> Result<(), &'static str> {
        if self
            .open
            .iter()
            .any(|open| open.anchor.as_deref() == Some(anchor))
        {
            return Err("an alias is part of what it stands for");
        }
        let Some((target, size)) = self.anchors.get(anchor).copied() else {
            return Err("an alias has no anchor");
        };
        self.add(Content::Alias(target), span)?;
        let aliased = size.nodes.saturating_add(size.aliased);
        self.count(Size {
            depth: size.depth,
            nodes: 1,
            aliased,
        })
    }

    pub(super) fn start(
        &mut self,
        is_mapping: bool,
        span: (u32, u32),
        anchor: Option<String>,
    ) -> Result<(), &'static str> {
        let content = if is_mapping {
            Content::Mapping(NONE)
        } else {
            Content::Sequence(NONE)
        };
        let index = self.add(content, span)?;
        let size = Size {
            depth: 1,
            nodes: 1,
            aliased: 0,
        };
        self.open.push(Open {
            index,
            last_child: NONE,
            anchor,
            size,
        });
        match u32::try_from(self.open.len()) {
            Ok(depth) if depth <= MAX_DEPTH => Ok(()),
            Ok(_) | Err(_) => Err(TOO_DEEP),
        }
    }

    pub(super) fn end(&mut self, end: u32) -> Result<(), &'static str> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        if let Some(entry) = self.entry_mut(open.index) {
            entry.end = end;
        }
        self.name(open.anchor, open.index, open.size);
        self.count(open.size)
    }

    fn entry_mut(&mut self, index: Index) -> Option<&mut Entry<'t>> {
        self.entries.get_mut(usize::try_from(index).ok()?)
    }

    fn add(
        &mut self,
        content: Content<'t>,
        (start, end): (u32, u32),
    ) -> Result<Index, &'static str> {
        if self.entries.len() >= MAX_NODES {
            return Err("the document has more than 1,000,000 nodes");
        }
        let index = Index::try_from(self.entries.len()).unwrap_or(NONE);
        self.entries.push(Entry {
            content,
            start,
            end,
            next: NONE,
        });
        let Some(open) = self.open.last_mut() else {
            return Ok(index);
        };
        let (parent, before) = (open.index, open.last_child);
        open.last_child = index;
        if before != NONE {
            if let Some(entry) = self.entry_mut(before) {
                entry.next = index;
            }
        } else if let Some(entry) = self.entry_mut(parent) {
            match &mut entry.content {
                Content::Sequence(first) | Content::Mapping(first) => *first = index,
                Content::Scalar(..) | Content::Alias(_) => {}
            }
        }
        Ok(index)
    }

    fn name(&mut self, anchor: Option<String>, index: Index, size: Size) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, (index, size));
        }
    }

    /// Adds a child's size to that of the collection around it.
    fn count(&mut self, child: Size) -> Result<(), &'static str> {
        let levels = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        let size = &mut open.size;
        size.depth = size.depth.max(child.depth.saturating_add(1));
        size.nodes = size.nodes.saturating_add(child.nodes);
        size.aliased = size.aliased.saturating_add(child.aliased);
        if size.aliased > MAX_ALIASED {
            return Err("aliases add more than 1,000,000 nodes");
        }
        if size.depth.saturating_add(levels) > MAX_DEPTH.saturating_add(1) {
            return Err(TOO_DEEP);
        }
        Ok(())
    }
}

const TOO_DEEP: &str = "the document has more than 128 levels";
