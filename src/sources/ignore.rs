//! The comment that takes a place out: `# harness-images: ignore [until DATE] [reason]`.

use std::ops::Range;

use jiff::civil::Date;
use memchr::{memchr2, memmem, memrchr2};

use crate::model::location::PlaceIgnore;
use crate::yaml::{Document, Style};

/// What follows `#`.
const NAME: &str = "harness-images:";
const BOM: char = '\u{feff}';

/// Why a comment beside an image has no effect.
const MALFORMED: &str =
    "the comment is not `# harness-images: ignore [until YYYY-MM-DD] [reason]` and has no effect";
/// Why a comment that is well written has none.
const UNUSED: &str = "the comment has no effect: no image stands on its line, nor on the line below if the comment stands alone";

/// The comments of a text that name this program, in its order.
pub(super) struct Comments {
    comments: Vec<Comment>,
}

struct Comment {
    /// Where its `#` stands.
    at: usize,
    /// Where its line begins.
    line_start: usize,
    /// The line below, if the comment stands alone on its own.
    line_below: Option<Range<usize>>,
    /// None if it is malformed.
    ignore: Option<PlaceIgnore>,
    is_used: bool,
}

impl Comments {
    /// What may be a comment: within a quoted or block scalar it would be text, which
    /// [`Self::leave_out_scalars`] knows.
    pub(super) fn find(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut comments: Vec<Comment> = Vec::new();
        let mut searched = 0;
        for name in memmem::find_iter(bytes, NAME) {
            if name < searched {
                continue;
            }
            let Some(at) = mark_before(text, name) else {
                continue;
            };
            let line = line_around(bytes, at);
            searched = line.end;
            let text_of = |range: Range<usize>| text.get(range).unwrap_or_default();
            let is_blank = |c: char| c.is_whitespace() || c == BOM;
            let is_alone = text_of(line.start..at).chars().all(is_blank);
            let directive = text_of(name.saturating_add(NAME.len())..line.end);
            comments.push(Comment {
                at,
                line_start: line.start,
                line_below: is_alone.then(|| line_below(bytes, line.end)),
                ignore: parse(directive),
                is_used: false,
            });
        }
        Self { comments }
    }

    /// Leaves out what stands within the scalars of a document of the text.
    pub(super) fn leave_out_scalars(&mut self, document: &Document<'_>) {
        if self.comments.is_empty() {
            return;
        }
        for (span, style) in document.scalars() {
            let first = self
                .comments
                .partition_point(|comment| comment.at <= span.start);
            let last = self
                .comments
                .partition_point(|comment| comment.at < span.end);
            if first >= last {
                continue;
            }
            let inner = self.comments.drain(first..last);
            // On the line of its `|` or `>` a block scalar may have a comment.
            let header = inner.into_iter().find(|comment| {
                matches!(style, Style::Literal | Style::Folded) && comment.line_start <= span.start
            });
            if let Some(header) = header {
                self.comments.insert(first, header);
            }
        }
    }

    /// What ignores the value with this span, if a comment does.
    pub(super) fn ignore(&mut self, span: &Range<usize>, style: Style) -> Option<PlaceIgnore> {
        let point = match style {
            // The comment of a block scalar follows its `|` or `>`.
            Style::Literal | Style::Folded => span.start,
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => span.end,
        };
        let on_line = self.comments.partition_point(|comment| comment.at < point);
        let above = self
            .comments
            .partition_point(|comment| comment.at < span.start);
        let is_on_line = |comment: &&mut Comment| comment.line_start <= point;
        let is_above = |comment: &&mut Comment| {
            let below = comment.line_below.as_ref();
            below.is_some_and(|line| line.contains(&span.start))
        };
        let comment = match self.comments.get_mut(on_line).filter(is_on_line) {
            Some(comment) => comment,
            None => self
                .comments
                .get_mut(above.checked_sub(1)?)
                .filter(is_above)?,
        };
        comment.is_used = true;
        comment.ignore.clone()
    }

    /// Where comments stand that have no effect, and why. One that is malformed may be anything as
    /// long as it is not beside an image; whether one is unused is not known where part of the text
    /// could not be read.
    pub(super) fn without_effect(
        &self,
        is_read: bool,
    ) -> impl Iterator<Item = (usize, &'static str)> {
        self.comments.iter().filter_map(move |comment| {
            let reason = match (&comment.ignore, comment.is_used) {
                (None, true) => MALFORMED,
                (Some(_), false) if is_read => UNUSED,
                (None, false) | (Some(_), _) => return None,
            };
            Some((comment.at, reason))
        })
    }
}

/// Where the `#` stands that makes a comment of the name, at the start of a line or after a blank.
fn mark_before(text: &str, name: usize) -> Option<usize> {
    let before = text
        .get(..name)?
        .trim_end_matches([' ', '\t'])
        .strip_suffix('#')?;
    let is_comment = before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', BOM]);
    is_comment.then_some(before.len())
}

/// The line of a byte, without its end.
fn line_around(bytes: &[u8], at: usize) -> Range<usize> {
    let before = bytes.get(..at).unwrap_or_default();
    let start = memrchr2(b'\n', b'\r', before).map_or(0, |end| end.saturating_add(1));
    start..line_end(bytes, at)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |end| at.saturating_add(end))
}

/// The line after one that ends here.
fn line_below(bytes: &[u8], end: usize) -> Range<usize> {
    let rest = bytes.get(end..).unwrap_or_default();
    let length = if rest.starts_with(b"\r\n") { 2 } else { 1 };
    let start = end.saturating_add(length).min(bytes.len());
    start..line_end(bytes, start)
}

/// Reads what follows the name. None if it is malformed; a date without `until` is, too, for it
/// would ignore for ever.
fn parse(directive: &str) -> Option<PlaceIgnore> {
    let mut words = directive.split_whitespace().peekable();
    if words.next() != Some("ignore") {
        return None;
    }
    let mut until = None;
    if words.next_if_eq(&"until").is_some() {
        until = Some(words.next()?.parse::<Date>().ok()?);
    } else if words
        .peek()
        .is_some_and(|word| word.parse::<Date>().is_ok())
    {
        return None;
    }
    let reason = words.collect::<Vec<_>>().join(" ");
    let reason = (!reason.is_empty()).then_some(reason);
    Some(PlaceIgnore { until, reason })
}

#[cfg(test)]
mod tests;
