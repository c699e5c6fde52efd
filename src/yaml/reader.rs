//! Documents of a text by libyaml's events, or without them where [`simple`] knows the shape.

use std::borrow::Cow;
use std::io::{BufReader, Chain, Cursor, Read};
use std::ops::Range;

use libyaml_safer::{Encoding, Event, EventData, Parser};

use super::tree::{Builder, Document, Style};
use super::{MAX_BYTES, MAX_DOCUMENTS, Position, Positions, YamlError};
use super::{parts, simple, stand_in};

/// Characters that are decoded at once.
const BUFFER: usize = 4096;

const BOM: char = '\u{feff}';

type Input<'t> = BufReader<Chain<Cursor<Cow<'t, [u8]>>, &'static [u8]>>;

/// The documents of a text, each as a tree or as the reason why it is none.
pub struct Documents<'t> {
    text: &'t str,
    /// Where the next part begins.
    next: usize,
    part: Option<Part<'t>>,
    /// Whether a line of the text may be a directive.
    has_directives: bool,
    /// Whether documents of a usual shape are read without the library.
    reads_simple: bool,
    count: usize,
    /// Errors are met in the order of the text.
    positions: Positions<'t>,
}

/// What stands between two lines that begin with `---`; more than one document if `...` divides it.
struct Part<'t> {
    parser: Parser<Input<'t>>,
    start: usize,
    end: usize,
    /// Whether its first document was asked for.
    is_begun: bool,
    /// What stands for some `!`.
    stand_in: Option<char>,
}

/// Reads the documents of a text, one after the other.
#[must_use]
pub fn documents(text: &str) -> Documents<'_> {
    let next = if text.starts_with(BOM) {
        BOM.len_utf8()
    } else {
        0
    };
    Documents {
        text,
        next,
        part: None,
        has_directives: parts::has_directives(text.strip_prefix(BOM).unwrap_or(text)),
        reads_simple: true,
        count: 0,
        positions: Positions::new(text),
    }
}

impl<'t> Iterator for Documents<'t> {
    type Item = Result<Document<'t>, YamlError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.text.len() > MAX_BYTES {
            let is_first = std::mem::replace(&mut self.next, self.text.len()) < self.text.len();
            let error = YamlError {
                position: Position::START,
                message: "the text has more than 10 MiB",
            };
            return is_first.then_some(Err(error));
        }
        loop {
            let mut part = match self.part.take() {
                Some(part) => part,
                None => {
                    let bytes = match self.next_part()? {
                        Ok(bytes) => bytes,
                        Err(error) => return Some(Err(error)),
                    };
                    if self.count < MAX_DOCUMENTS
                        && let Some(document) = self.simple(bytes.clone())
                    {
                        self.count = self.count.saturating_add(1);
                        return Some(Ok(document));
                    }
                    Part::new(self.text, bytes)
                }
            };
            // A part is one of them, whether it has a document, several or none.
            let is_counted = std::mem::replace(&mut part.is_begun, true);
            let document = document(self.text, &mut part);
            if !is_counted || matches!(document, Ok(Some(_))) {
                self.count = self.count.saturating_add(1);
            }
            if self.count > MAX_DOCUMENTS {
                self.next = self.text.len();
                return Some(Err(
                    self.error(part.start, "the text has more than 10,000 documents")
                ));
            }
            match document {
                Ok(Some(document)) => {
                    self.part = Some(part);
                    return Some(Ok(document));
                }
                Ok(None) => {}
                Err((at, message)) => return Some(Err(self.error(at, message))),
            }
        }
    }
}

impl<'t> Documents<'t> {
    /// Has the library read every document: what other ways are compared with.
    #[must_use]
    pub fn by_library(self) -> Self {
        Self {
            reads_simple: false,
            ..self
        }
    }

    fn error(&mut self, at: usize, message: &'static str) -> YamlError {
        YamlError {
            position: self.positions.find(at),
            message,
        }
    }

    /// The bytes of the next part, or the error that ends the text.
    fn next_part(&mut self) -> Option<Result<Range<usize>, YamlError>> {
        let start = self.next;
        let rest = self.text.get(start..)?;
        if rest.is_empty() {
            return None;
        }
        let Some(length) = parts::length(rest, self.has_directives) else {
            self.next = self.text.len();
            return Some(Err(
                self.error(start, "the document has more than 100 directives")
            ));
        };
        self.next = start.saturating_add(length);
        Some(Ok(start..self.next))
    }

    /// The document of a part, if it is of a usual shape.
    fn simple(&self, bytes: Range<usize>) -> Option<Document<'t>> {
        let may_be_simple = self.reads_simple && !self.has_directives;
        may_be_simple.then(|| simple::document(self.text, bytes))?
    }
}

impl<'t> Part<'t> {
    fn new(text: &'t str, bytes: Range<usize>) -> Self {
        let Range { start, end } = bytes;
        let bytes = text.as_bytes().get(start..end).unwrap_or_default();
        // Without a line end at its end, a block scalar or a backslash within quotes would make the
        // parser panic.
        let line_end: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        let (bytes, stand_in) = stand_in::without_tags_before_commas(bytes);
        let input = Cursor::new(bytes).chain(line_end);
        parser.set_input(BufReader::with_capacity(BUFFER, input));
        Self {
            parser,
            start,
            end,
            is_begun: false,
            stand_in: stand_in.map(char::from),
        }
    }
}

/// The next document of a part, if it has one; else where and why it cannot be read.
fn document<'t>(
    text: &'t str,
    part: &mut Part<'t>,
) -> Result<Option<Document<'t>>, (usize, &'static str)> {
    let mut builder = None;
    loop {
        let event = part.parser.parse().map_err(|error| {
            let offset = error
                .problem_mark()
                .map(|mark| offset(part.start, mark.index))
                .or_else(|| unprintable(text, part.start))
                .unwrap_or(part.start);
            (offset.min(part.end), error.problem())
        })?;
        let start = offset(part.start, event.start_mark.index).min(part.end);
        let end = offset(part.start, event.end_mark.index).min(part.end);
        match &event.data {
            EventData::StreamEnd => return Ok(None),
            EventData::DocumentStart { .. } => builder = Some(Builder::default()),
            EventData::DocumentEnd { .. } => {
                if let Some(builder) = builder.take() {
                    return Ok(Some(builder.document()));
                }
            }
            EventData::StreamStart { .. }
            | EventData::Alias { .. }
            | EventData::Scalar { .. }
            | EventData::SequenceStart { .. }
            | EventData::SequenceEnd
            | EventData::MappingStart { .. }
            | EventData::MappingEnd => {}
        }
        if let Some(builder) = &mut builder {
            add(builder, text, event, (start, end), part.stand_in)
                .map_err(|message| (start, message))?;
        }
    }
}

fn add<'t>(
    builder: &mut Builder<'t>,
    text: &'t str,
    event: Event,
    (start, end): (usize, usize),
    stand_in: Option<char>,
) -> Result<(), &'static str> {
    let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = (short(start), short(end));
    match event.data {
        EventData::Alias { anchor } => builder.alias(&anchor, span),
        EventData::Scalar {
            anchor,
            tag,
            value,
            style,
            ..
        } => {
            let style = Style::from(style);
            let start = if anchor.is_some() || tag.is_some() {
                after_properties(text, start, end)
            } else {
                start
            };
            let span = (short(start), span.1);
            let written = match style {
                Style::Plain => text.get(start..end),
                Style::SingleQuoted | Style::DoubleQuoted => {
                    text.get(start.saturating_add(1)..end.saturating_sub(1))
                }
                Style::Literal | Style::Folded => None,
            };
            let value = match stand_in {
                Some(mark) if value.contains(mark) => value.replace(mark, "!"),
                Some(_) | None => value,
            };
            let value = match written {
                Some(written) if written == value => Cow::Borrowed(written),
                Some(_) | None => Cow::Owned(value),
            };
            builder.scalar(value, style, span, anchor)
        }
        EventData::SequenceStart { anchor, .. } => builder.start(false, span, anchor),
        EventData::MappingStart { anchor, .. } => builder.start(true, span, anchor),
        EventData::SequenceEnd | EventData::MappingEnd => builder.end(span.1),
        EventData::StreamStart { .. }
        | EventData::StreamEnd
        | EventData::DocumentStart { .. }
        | EventData::DocumentEnd { .. } => Ok(()),
    }
}

/// Where the text of a scalar begins after its anchor and tag, which comments may follow.
fn after_properties(text: &str, start: usize, end: usize) -> usize {
    let mut rest = text.get(start..end).unwrap_or_default();
    loop {
        rest = rest.trim_start();
        let length = match rest.chars().next() {
            Some('&' | '!') => rest.find(char::is_whitespace),
            Some('#') => rest.find(['\n', '\r']),
            Some(_) | None => break,
        };
        rest = length
            .and_then(|length| rest.get(length..))
            .unwrap_or_default();
    }
    end.saturating_sub(rest.len())
}

fn offset(start: usize, index: u64) -> usize {
    start.saturating_add(usize::try_from(index).unwrap_or(usize::MAX))
}

/// Where the first character is that YAML does not allow.
fn unprintable(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let is_printable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    rest.find(|c| !is_printable(c))
        .map(|at| at.saturating_add(start))
}

#[cfg(test)]
mod tests;
