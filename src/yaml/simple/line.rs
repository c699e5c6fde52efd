//! A line of a document: its content, keys and scalars.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memmem};

use super::{Other, Result, Style};

/// Most bytes of a key; a longer one may be none to the library.
const MAX_KEY: usize = 1000;

/// What no plain scalar begins with here, beside `-` before a blank.
const INDICATORS: &[u8] = b"?:,[]{}#&*!|>'\"%@`";

/// A line of a text, by offsets in the text.
pub(super) struct Line<'t> {
    text: &'t str,
    pub(super) start: usize,
    /// Without the line end.
    pub(super) end: usize,
    /// Where the next one begins.
    pub(super) next: usize,
}

/// A scalar of one line.
pub(super) struct Entry<'t> {
    pub(super) key: Cow<'t, str>,
    pub(super) style: Style,
    /// Quotes included.
    pub(super) span: Range<usize>,
    /// Where what follows it begins; of a key, after its `:`.
    pub(super) after: usize,
}

/// Whether a text has only characters that mean the same to everyone: no control characters but
/// tabs and `\n`, and no line ends or marks of Unicode.
pub(super) fn is_ordinary(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_control =
        |byte: &u8| (*byte < b' ' && *byte != b'\n' && *byte != b'\t') || *byte == 0x7f;
    !bytes.iter().any(is_control)
        && (text.is_ascii()
            || !text.chars().any(|c| {
                matches!(
                    c,
                    '\u{80}'
                        ..='\u{9f}'
                            | '\u{2028}'
                            | '\u{2029}'
                            | '\u{feff}'
                            | '\u{fffe}'
                            | '\u{ffff}'
                )
            }))
}

impl<'t> Line<'t> {
    /// The line that begins here; none at the end.
    pub(super) fn at(text: &'t str, start: usize, end: usize) -> Option<Self> {
        let rest = text.as_bytes().get(start..end)?;
        if rest.is_empty() {
            return None;
        }
        let length = memchr(b'\n', rest);
        let line_end = start.saturating_add(length.unwrap_or(rest.len()));
        Some(Self {
            text,
            start,
            end: line_end,
            next: line_end.saturating_add(usize::from(length.is_some())),
        })
    }

    /// A byte of the line; none past its end.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        (at < self.end).then(|| self.text.as_bytes().get(at).copied())?
    }

    pub(super) fn column(&self, at: usize) -> usize {
        at.saturating_sub(self.start)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The first place at or after this one that is no space.
    pub(super) fn skip_blanks(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b' ') {
            at = at.saturating_add(1);
        }
        at
    }

    /// Where the content begins of a line that is neither blank nor a comment.
    pub(super) fn content(&self) -> Result<Option<usize>> {
        let start = self.skip_blanks(self.start);
        if matches!(self.byte(start), None | Some(b'#')) {
            return Ok(None);
        }
        let line = self.slice(self.start..self.end);
        if memchr(b'\t', line.as_bytes()).is_some() || line.starts_with("...") {
            return Err(Other);
        }
        Ok(Some(start))
    }

    /// Whether only a comment or nothing follows blanks that end here.
    pub(super) fn is_over(&self, at: usize) -> bool {
        match self.byte(at) {
            None => true,
            Some(b'#') => self.byte(at.saturating_sub(1)) == Some(b' '),
            Some(_) => false,
        }
    }

    /// That only a comment or nothing follows.
    pub(super) fn end_at(&self, at: usize) -> Result<()> {
        let is_over = self.is_over(self.skip_blanks(at));
        is_over.then_some(()).ok_or(Other)
    }

    /// Whether an item of a block sequence begins here.
    pub(super) fn is_item(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && self.is_blank(at.saturating_add(1))
    }

    /// Whether a space or the end is here.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' '))
    }

    /// The name of the anchor or alias that begins here, and where it ends.
    pub(super) fn name(&self, mark: usize) -> Result<(&'t str, usize)> {
        let start = mark.saturating_add(1);
        let rest = self.slice(start..self.end);
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let length = rest.bytes().take_while(|byte| is_part(*byte)).count();
        let end = start.saturating_add(length);
        if length == 0 || !self.is_blank(end) {
            return Err(Other);
        }
        Ok((self.slice(start..end), end))
    }

    /// The key that begins here, if what begins here is one.
    pub(super) fn key(&self, start: usize) -> Result<Option<Entry<'t>>> {
        let mut entry = match self.byte(start) {
            Some(b'\'' | b'"') => self.quoted(start)?,
            Some(byte) if INDICATORS.contains(&byte) => return Ok(None),
            Some(_) => self.plain(start)?,
            None => return Ok(None),
        };
        if self.byte(entry.after) != Some(b':') || !self.is_blank(entry.after.saturating_add(1)) {
            return Ok(None);
        }
        entry.after = entry.after.saturating_add(1);
        if entry.after.saturating_sub(start) > MAX_KEY {
            return Err(Other);
        }
        Ok(Some(entry))
    }

    /// The scalar that begins here.
    pub(super) fn scalar(&self, start: usize) -> Result<Entry<'t>> {
        match self.byte(start) {
            Some(b'\'' | b'"') => self.quoted(start),
            Some(_) => self.plain(start),
            None => Err(Other),
        }
    }

    /// A plain scalar, up to `: `, ` #` or the end.
    fn plain(&self, start: usize) -> Result<Entry<'t>> {
        let rest = self.slice(start..self.end);
        let first = self.byte(start).ok_or(Other)?;
        if INDICATORS.contains(&first) || self.is_item(start) {
            return Err(Other);
        }
        let comment = memmem::find(rest.as_bytes(), b" #").unwrap_or(rest.len());
        let rest = rest.get(..comment).unwrap_or_default();
        let mut end = rest.len();
        for at in memchr::memchr_iter(b':', rest.as_bytes()) {
            let is_last = matches!(rest.as_bytes().get(at.saturating_add(1)), None | Some(b' '));
            if is_last {
                end = at;
                break;
            }
        }
        let key = rest.get(..end).unwrap_or_default();
        let value = key.trim_end_matches(' ');
        // Blanks before the `:` of a key are no part of it.
        let after = start.saturating_add(end);
        Ok(Entry {
            key: Cow::Borrowed(value),
            style: Style::Plain,
            span: start..start.saturating_add(value.len()),
            after,
        })
    }

    /// A quoted scalar without escapes in double quotes.
    pub(super) fn quoted(&self, start: usize) -> Result<Entry<'t>> {
        let first = self.byte(start).ok_or(Other)?;
        let inner = start.saturating_add(1);
        let rest = self.slice(inner..self.end).as_bytes();
        let mut length = 0_usize;
        let mut is_doubled = false;
        loop {
            let tail = rest.get(length..).unwrap_or_default();
            length = length.saturating_add(memchr(first, tail).ok_or(Other)?);
            if first == b'"' || rest.get(length.saturating_add(1)) != Some(&first) {
                break;
            }
            is_doubled = true;
            length = length.saturating_add(2);
        }
        let end = inner.saturating_add(length);
        let value = self.slice(inner..end);
        let (key, style) = match first {
            b'"' if memchr(b'\\', value.as_bytes()).is_some() => return Err(Other),
            b'"' => (Cow::Borrowed(value), Style::DoubleQuoted),
            _ if is_doubled => (Cow::Owned(value.replace("''", "'")), Style::SingleQuoted),
            _ => (Cow::Borrowed(value), Style::SingleQuoted),
        };
        let after = end.saturating_add(1);
        Ok(Entry {
            key,
            style,
            span: start..after,
            after: self.skip_blanks(after),
        })
    }
}
