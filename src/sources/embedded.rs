//! Where the bytes of a scalar's value stand in the text around it.

use std::ops::Range;

use crate::yaml::Style;

/// A value that is a text of its own.
pub(super) struct Embedded<'t> {
    text: &'t str,
    inner: &'t str,
    /// Where the scalar begins.
    pub(super) start: usize,
    /// Where each line of the value begins: in the value, and in the text.
    lines: Vec<(usize, usize)>,
}

impl<'t> Embedded<'t> {
    /// Lines are known of a literal block scalar; of other scalars only what fits a single line of
    /// the text is.
    pub(super) fn new(
        text: &'t str,
        span: Range<usize>,
        style: Option<Style>,
        inner: &'t str,
    ) -> Self {
        let raw = text.get(span.clone()).unwrap_or_default();
        let lines = match style {
            Some(Style::Literal) => literal_lines(raw, span.start, inner),
            Some(Style::Plain) => vec![(0, span.start)],
            Some(Style::SingleQuoted | Style::DoubleQuoted) => {
                vec![(0, span.start.saturating_add(1))]
            }
            Some(Style::Folded) | None => Vec::new(),
        };
        Self {
            text,
            inner,
            start: span.start,
            lines,
        }
    }

    /// Where a byte of the value stands in the text; where that is not known, the scalar's beginning.
    pub(super) fn start_of(&self, at: usize) -> usize {
        self.outer(at..at).map_or(self.start, |span| span.start)
    }

    /// The bytes of the text that hold these bytes of the value, if they are the same there.
    pub(super) fn outer(&self, inner: Range<usize>) -> Option<Range<usize>> {
        let line = self
            .lines
            .partition_point(|(start, _)| *start <= inner.start);
        let (line_start, place) = self.lines.get(line.checked_sub(1)?)?;
        let start = place.saturating_add(inner.start.saturating_sub(*line_start));
        let end = start.saturating_add(inner.len());
        let value = self.inner.get(*line_start..inner.end)?;
        (self.text.get(*place..end)? == value).then_some(start..end)
    }
}

/// The lines of a literal block scalar.
fn literal_lines(raw: &str, start: usize, inner: &str) -> Vec<(usize, usize)> {
    let mut written = raw.split_inclusive('\n').scan(start, |at, line| {
        let begin = *at;
        *at = at.saturating_add(line.len());
        Some((begin, line))
    });
    // The line of the `|`.
    written.next();
    let mut lines = Vec::new();
    let mut at = 0_usize;
    for (line, (begin, written)) in inner.split_inclusive('\n').zip(written) {
        let line_text = line.trim_end_matches('\n');
        let written = written.trim_end_matches(['\n', '\r']);
        // What the line has more than the value is its indentation.
        let indent = written.len().saturating_sub(line_text.len());
        lines.push((at, begin.saturating_add(indent)));
        at = at.saturating_add(line.len());
    }
    lines
}
