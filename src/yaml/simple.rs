//! The shapes of which nearly all files consist, read several times as fast as by the library: block
//! mappings and sequences, scalars and flow collections of one line, block scalars, anchors and
//! aliases. Whatever else a document has, this room leaves the whole of it to the library, errors
//! too; tests and a fuzz target hold both to the same tree.

mod block;
mod flow;
mod line;

use std::ops::Range;

use super::tree::{Builder, Document, Style};
use line::{Entry, Line};

/// A document of another shape, which the library reads.
#[derive(Debug)]
struct Other;

impl From<&'static str> for Other {
    /// A bound of the tree, which the library meets at its place.
    fn from(_: &'static str) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, Other>;

/// The only document of a part of a text, if it is of a shape that is known here.
pub(super) fn document(text: &str, part: Range<usize>) -> Option<Document<'_>> {
    let mut reader = Reader {
        text,
        at: part.start,
        end: part.end,
        builder: Builder::default(),
        levels: Vec::new(),
        pending: None,
        has_root: false,
    };
    reader.read().ok()?;
    reader.has_root.then(|| reader.builder.document())
}

struct Reader<'t> {
    text: &'t str,
    /// Where the next line begins.
    at: usize,
    end: usize,
    builder: Builder<'t>,
    /// The block collections that are open, the innermost last.
    levels: Vec<OpenCollection>,
    /// A key or `-` whose value has not begun.
    pending: Option<Pending>,
    has_root: bool,
}

#[derive(Clone, Copy)]
struct OpenCollection {
    kind: CollectionKind,
    column: usize,
    /// A sequence in the column of the key that it is the value of.
    is_indentless: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CollectionKind {
    Mapping,
    Sequence,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NodePlace {
    /// In the column of the innermost collection, as its next entry; or as the root.
    Entry,
    /// NodePlace that collection.
    Nested,
    /// As a sequence in the column of the key that it is the value of.
    Indentless,
}

struct Pending {
    /// After the `:` or `-`.
    at: usize,
    anchor: Option<Anchor>,
}

/// The name of an anchor and where its `&` stands.
struct Anchor {
    name: String,
    at: usize,
}

impl<'t> Reader<'t> {
    fn read(&mut self) -> Result<()> {
        let part = self.text.get(self.at..self.end).unwrap_or_default();
        if !line::is_ordinary(part) {
            return Err(Other);
        }
        if part.starts_with("---") {
            let line = self.next_line().ok_or(Other)?;
            line.end_at(line.start.saturating_add(3))?;
        }
        while let Some(line) = self.next_line() {
            if let Some(start) = line.content()? {
                self.line(&line, start)?;
            }
        }
        self.close_pending()?;
        while self.levels.pop().is_some() {
            self.builder.end(offset(self.end))?;
        }
        Ok(())
    }

    fn next_line(&mut self) -> Option<Line<'t>> {
        let line = Line::at(self.text, self.at, self.end)?;
        self.at = line.next;
        Some(line)
    }

    /// A line whose content begins here.
    fn line(&mut self, line: &Line<'t>, start: usize) -> Result<()> {
        let column = line.column(start);
        let is_item = line.is_item(start);
        if let Some(pending) = self.pending.take() {
            let top = self.levels.last().copied().ok_or(Other)?;
            let is_indentless =
                is_item && top.kind == CollectionKind::Mapping && column == top.column;
            if column > top.column || is_indentless {
                let place = if is_indentless {
                    NodePlace::Indentless
                } else {
                    NodePlace::Nested
                };
                return self.node(line, start, pending.anchor, place);
            }
            self.pending = Some(pending);
            self.close_pending()?;
        }
        while let Some(top) = self.levels.last() {
            let is_over =
                top.column > column || (top.is_indentless && top.column == column && !is_item);
            if !is_over {
                break;
            }
            self.levels.pop();
            self.builder.end(offset(line.start))?;
        }
        match self.levels.last() {
            Some(top) if top.column == column => self.node(line, start, None, NodePlace::Entry),
            None if !self.has_root => self.node(line, start, None, NodePlace::Entry),
            // Further to the right it may go on with a scalar.
            Some(_) | None => Err(Other),
        }
    }

    /// A key or `-` without a value.
    fn close_pending(&mut self) -> Result<()> {
        match self.pending.take() {
            Some(pending) if pending.anchor.is_none() => {
                let empty = offset(pending.at);
                self.builder
                    .scalar("".into(), Style::Plain, (empty, empty), None)?;
                Ok(())
            }
            Some(_) => Err(Other),
            None => Ok(()),
        }
    }

    /// A node that begins here on a line and may be a block collection.
    fn node(
        &mut self,
        line: &Line<'t>,
        mut start: usize,
        mut anchor: Option<Anchor>,
        mut place: NodePlace,
    ) -> Result<()> {
        loop {
            self.has_root = true;
            if line.is_item(start) {
                self.open(
                    CollectionKind::Sequence,
                    line.column(start),
                    start,
                    anchor.take(),
                    place,
                )?;
                let after = start.saturating_add(1);
                start = line.skip_blanks(after);
                if line.is_over(start) {
                    self.pending = Some(Pending {
                        at: after,
                        anchor: None,
                    });
                    return Ok(());
                }
                place = NodePlace::Nested;
                continue;
            }
            let Some(Entry {
                key,
                style,
                span,
                after,
            }) = line.key(start)?
            else {
                if place == NodePlace::Entry {
                    return Err(Other);
                }
                return self.value(line, start, anchor);
            };
            self.open(
                CollectionKind::Mapping,
                line.column(start),
                start,
                anchor,
                place,
            )?;
            self.builder
                .scalar(key, style, (offset(span.start), offset(span.end)), None)?;
            let value = line.skip_blanks(after);
            if line.is_over(value) {
                self.pending = Some(Pending {
                    at: after,
                    anchor: None,
                });
                return Ok(());
            }
            return self.value(line, value, None);
        }
    }

    /// Begins a block collection, unless the line is the next entry of one.
    fn open(
        &mut self,
        kind: CollectionKind,
        column: usize,
        start: usize,
        anchor: Option<Anchor>,
        place: NodePlace,
    ) -> Result<()> {
        if place == NodePlace::Entry
            && let Some(top) = self.levels.last()
        {
            return if top.kind == kind { Ok(()) } else { Err(Other) };
        }
        let at = offset(anchor.as_ref().map_or(start, |anchor| anchor.at));
        let name = anchor.map(|anchor| anchor.name);
        self.builder
            .start(kind == CollectionKind::Mapping, (at, at), name)?;
        self.levels.push(OpenCollection {
            kind,
            column,
            is_indentless: place == NodePlace::Indentless,
        });
        Ok(())
    }

    /// A value that is no block collection on its line.
    fn value(&mut self, line: &Line<'t>, start: usize, anchor: Option<Anchor>) -> Result<()> {
        let first = line.byte(start);
        if first == Some(b'&') && anchor.is_none() {
            let (name, after) = line.name(start)?;
            let anchor = Some(Anchor {
                name: name.to_owned(),
                at: start,
            });
            let value = line.skip_blanks(after);
            if line.is_over(value) {
                self.pending = Some(Pending { at: after, anchor });
                return Ok(());
            }
            // Before a key the anchor is that of the key.
            if line.is_item(value) || line.key(value)?.is_some() || line.byte(value) == Some(b'&') {
                return Err(Other);
            }
            return self.value(line, value, anchor);
        }
        let begin = anchor.as_ref().map_or(start, |anchor| anchor.at);
        let name = anchor.map(|anchor| anchor.name);
        match first {
            Some(b'*') if name.is_none() => {
                let (alias, after) = line.name(start)?;
                line.end_at(after)?;
                let span = (offset(start), offset(after));
                Ok(self.builder.alias(alias, span)?)
            }
            Some(b'[' | b'{') => {
                let after = flow::collection(&mut self.builder, line, (begin, start), name)?;
                line.end_at(after)
            }
            Some(b'|' | b'>') => self.block_scalar(line, start, name),
            Some(_) => {
                let scalar = line.scalar(start)?;
                line.end_at(scalar.after)?;
                let span = (offset(scalar.span.start), offset(scalar.span.end));
                Ok(self.builder.scalar(scalar.key, scalar.style, span, name)?)
            }
            None => Err(Other),
        }
    }

    fn block_scalar(
        &mut self,
        line: &Line<'t>,
        start: usize,
        anchor: Option<String>,
    ) -> Result<()> {
        let parent = self.levels.last().ok_or(Other)?.column;
        let scalar = block::scalar(self.text, line, start, parent, self.end)?;
        self.at = scalar.end;
        let span = (offset(start), offset(scalar.end));
        Ok(self
            .builder
            .scalar(scalar.value.into(), scalar.style, span, anchor)?)
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
