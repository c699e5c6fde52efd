//! Lines and columns of bytes.

use std::fmt;

/// A place in a text. Lines end with `\n`, `\r\n` or `\r`; a byte order mark has no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line; the first is 1.
    pub line: u32,
    /// The column in characters; the first is 1.
    pub column: u32,
}

impl Position {
    /// The beginning of a text.
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Finds positions one after the other, in one pass over the text if their order is that of the
/// text.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t str,
    offset: usize,
    at: Position,
}

impl<'t> Positions<'t> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            offset: 0,
            at: Position::START,
        }
    }

    /// The position of a byte; past the end, that of the end.
    pub fn find(&mut self, offset: usize) -> Position {
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let bytes = self.text.as_bytes();
        let offset = offset.min(bytes.len());
        let passed = bytes.get(self.offset..offset).unwrap_or_default();
        let mut line = passed;
        let ends = memchr::memchr2_iter(b'\n', b'\r', passed).map(|at| at.saturating_add(1));
        for end in ends {
            let after = self.offset.saturating_add(end);
            let is_first_of_two = bytes.get(after) == Some(&b'\n')
                && bytes.get(after.saturating_sub(1)) == Some(&b'\r');
            if !is_first_of_two {
                self.at.line = self.at.line.saturating_add(1);
                self.at.column = 1;
                line = passed.get(end..).unwrap_or_default();
            }
        }
        // All bytes but those that follow the first byte of a character.
        let characters = line.iter().filter(|byte| !matches!(byte, 0x80..=0xbf));
        let is_bom = self.offset == 0 && self.at.line == 1 && self.text.starts_with('\u{feff}');
        let columns = characters.count().saturating_sub(usize::from(is_bom));
        let columns = u32::try_from(columns).unwrap_or(u32::MAX);
        self.at.column = self.at.column.saturating_add(columns);
        self.offset = offset;
        self.at
    }
}

/// The position of a byte of a text.
#[must_use]
pub fn position(text: &str, offset: usize) -> Position {
    Positions::new(text).find(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_in_characters() {
        for (text, offset, line, column) in [
            ("", 0, 1, 1),
            ("abc", 2, 1, 3),
            ("abc", 9, 1, 4),
            ("a\nb", 2, 2, 1),
            ("a\r\nb", 3, 2, 1),
            ("a\rb", 2, 2, 1),
            ("a\n\r\nb", 4, 3, 1),
            ("äö: x", 6, 1, 5),
            ("\u{feff}a: b", 6, 1, 4),
            ("😀x", 4, 1, 2),
        ] {
            assert_eq!(
                position(text, offset),
                Position { line, column },
                "{text:?}"
            );
        }
    }

    #[test]
    fn going_back_starts_anew() {
        let mut positions = Positions::new("a\nbc\nd");
        assert_eq!(positions.find(5), Position { line: 3, column: 1 });
        assert_eq!(positions.find(3), Position { line: 2, column: 2 });
    }
}
