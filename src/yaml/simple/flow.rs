//! Flow collections of one line.

use std::borrow::Cow;
use std::ops::Range;

use super::line::Line;
use super::{Builder, Other, Result, Style, offset};

/// Most flow collections within each other that are read here.
const MAX_DEPTH: usize = 16;

/// What no plain scalar has within a flow collection here.
const ENDS: &[u8] = b",[]{}?";

/// What no plain scalar begins with, beside those.
const INDICATORS: &[u8] = b":-#&*!|>'\"%@`";

/// Reads the collection whose bracket stands at `start`, its anchor at `begin` if it has one, and
/// says where it ends.
pub(super) fn collection<'t>(
    builder: &mut Builder<'t>,
    line: &Line<'t>,
    (begin, start): (usize, usize),
    anchor: Option<String>,
) -> Result<usize> {
    Flow { builder, line }.collection((begin, start), anchor, 0)
}

struct Flow<'b, 't> {
    builder: &'b mut Builder<'t>,
    line: &'b Line<'t>,
}

impl<'t> Flow<'_, 't> {
    fn collection(
        &mut self,
        (begin, start): (usize, usize),
        anchor: Option<String>,
        depth: usize,
    ) -> Result<usize> {
        if depth > MAX_DEPTH {
            return Err(Other);
        }
        let is_mapping = self.line.byte(start) == Some(b'{');
        let close = if is_mapping { b'}' } else { b']' };
        self.builder
            .start(is_mapping, (offset(begin), offset(begin)), anchor)?;
        let mut at = self.line.skip_blanks(start.saturating_add(1));
        if self.line.byte(at) != Some(close) {
            loop {
                if is_mapping {
                    let after = self.scalar(at, true)?;
                    at = self.line.skip_blanks(after.saturating_add(1));
                }
                at = self.line.skip_blanks(self.node(at, depth)?);
                match self.line.byte(at) {
                    Some(b',') => at = self.line.skip_blanks(at.saturating_add(1)),
                    Some(byte) if byte == close => break,
                    Some(_) | None => return Err(Other),
                }
            }
        }
        let after = at.saturating_add(1);
        self.builder.end(offset(after))?;
        Ok(after)
    }

    fn node(&mut self, at: usize, depth: usize) -> Result<usize> {
        match self.line.byte(at) {
            Some(b'[' | b'{') => self.collection((at, at), None, depth.saturating_add(1)),
            Some(_) => self.scalar(at, false),
            None => Err(Other),
        }
    }

    /// A scalar, and where it ends; of a key, where its `:` stands, which a blank follows.
    fn scalar(&mut self, start: usize, is_key: bool) -> Result<usize> {
        let (value, style, span) = match self.line.byte(start) {
            Some(b'\'' | b'"') => {
                let quoted = self.line.quoted(start)?;
                (quoted.key, quoted.style, quoted.span)
            }
            Some(byte) if !INDICATORS.contains(&byte) && !ENDS.contains(&byte) => {
                let span = self.plain(start)?;
                (
                    Cow::Borrowed(self.line.slice(span.clone())),
                    Style::Plain,
                    span,
                )
            }
            Some(_) | None => return Err(Other),
        };
        let after = self.line.skip_blanks(span.end);
        let is_colon = self.line.byte(after) == Some(b':');
        let is_before_blank = self.line.byte(after.saturating_add(1)) == Some(b' ');
        if is_colon != is_key || (is_key && !is_before_blank) {
            return Err(Other);
        }
        self.builder
            .scalar(value, style, (offset(span.start), offset(span.end)), None)?;
        Ok(if is_key { after } else { span.end })
    }

    /// Up to what ends it within a flow collection.
    fn plain(&self, start: usize) -> Result<Range<usize>> {
        let mut at = start;
        let mut end = start;
        while let Some(byte) = self.line.byte(at) {
            let next = self.line.byte(at.saturating_add(1));
            match byte {
                b'?' | b'[' | b'{' => return Err(Other),
                b':' if next == Some(b' ') => break,
                // Such a `:` may be an error, or end the scalar.
                b':' if next.is_none_or(|next| ENDS.contains(&next)) => return Err(Other),
                b'#' if end < at => return Err(Other),
                byte if ENDS.contains(&byte) => break,
                _ => {}
            }
            at = at.saturating_add(1);
            if byte != b' ' {
                end = at;
            }
        }
        Ok(start..end)
    }
}
