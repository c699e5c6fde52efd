//! Text from outside, made harmless to look at, and fitted into columns.

mod phrases;

use std::borrow::Cow;

pub(crate) use phrases::{and_more, counted, fragment, nearest, one_of, sentence};

/// Stands for what was left out.
const ELLIPSIS: char = '…';

/// The text with everything that a reader cannot see, or that moves other text about, written
/// out: control characters, direction and zero-width marks, line separators, non-characters.
/// `\n` for a newline, `\u{202e}` for a right-to-left override.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    if text.as_bytes().iter().all(is_plain) || !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c if is_unseen(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is invisible or changes how its neighbours are shown.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Columns that a text takes on a terminal, nearly: East Asian letters and pictures take two.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(columns).sum()
    }
}

fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// The longest beginning that takes at most `columns_left`, and the rest.
fn split_at_width(text: &str, columns_left: usize) -> (&str, &str) {
    let mut used = 0_usize;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            used = columns(*c).saturating_add(used);
            used > columns_left
        })
        .map_or(text.len(), |(at, _)| at);
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The longest end that takes at most `columns_left`.
fn end_within(text: &str, columns_left: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        used = columns(c).saturating_add(used);
        if used > columns_left {
            break;
        }
        start = at;
    }
    text.get(start..).unwrap_or_default()
}

/// The text within `widest` columns: of a longer one the middle is left out, and more is kept
/// of its end; of an image, its name and tag if possible.
pub(crate) fn shorten_middle(text: &str, widest: usize) -> Cow<'_, str> {
    if width(text) <= widest {
        return Cow::Borrowed(text);
    }
    let kept = widest.saturating_sub(1);
    let name = text.rfind('/').and_then(|slash| text.get(slash..));
    let tail = match name.filter(|name| (kept / 2..=kept).contains(&width(name))) {
        Some(name) => name,
        None => end_within(text, kept.saturating_sub(kept.saturating_mul(2) / 5)),
    };
    let (head, _) = split_at_width(text, kept.saturating_sub(width(tail)));
    Cow::Owned(format!("{head}{ELLIPSIS}{tail}"))
}

/// The text within `widest` columns: of a longer one the end is left out.
pub(crate) fn shorten_end(text: &str, widest: usize) -> Cow<'_, str> {
    if width(text) <= widest {
        return Cow::Borrowed(text);
    }
    let (head, _) = split_at_width(text, widest.saturating_sub(1));
    Cow::Owned(format!("{}{ELLIPSIS}", head.trim_end()))
}

/// The text in lines of at most `widest` columns, broken between words, and within a word only
/// where it is longer than a line.
pub(crate) fn wrap(text: &str, widest: usize) -> Vec<String> {
    let widest = widest.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for mut word in text.split_whitespace() {
        let mut wide = width(word);
        let longer = wide.saturating_add(used).saturating_add(1);
        if used > 0 && longer <= widest {
            line.push(' ');
            line.push_str(word);
            used = longer;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
        }
        while wide > widest {
            let (head, rest) = split_at_width(word, widest);
            lines.push(head.to_owned());
            word = rest;
            wide = width(word);
        }
        line.push_str(word);
        used = wide;
    }
    if used > 0 {
        lines.push(line);
    }
    lines
}

/// Writes so many spaces.
pub(crate) fn blank(text: &mut String, mut columns: usize) {
    const SPACES: &str = "                                                            ";
    while columns > 0 {
        let part = SPACES.get(..columns).unwrap_or(SPACES);
        text.push_str(part);
        columns = columns.saturating_sub(part.len());
    }
}

/// Ends the line that begins at `start`, without the white space at its end.
pub(crate) fn end_line(text: &mut String, start: usize) {
    let line = text.get(start..).unwrap_or_default();
    let blank = line.len().saturating_sub(line.trim_end().len());
    text.truncate(text.len().saturating_sub(blank));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (text, shown) in [
            ("harness/ci-addon:1.16.3", "harness/ci-addon:1.16.3"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"),
            ("a\u{0}b\u{7f}c\u{85}", "a\\u{0}b\\u{7f}c\\u{85}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("line\u{2028}end\u{ffff}", "line\\u{2028}end\\u{ffff}"),
            ("Grüße 世界 …", "Grüße 世界 …"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn long_text_keeps_its_ends() {
        for (text, widest, middle, end) in [
            ("abc", 3, "abc", "abc"),
            ("abcdefghijk", 6, "ab…ijk", "abcde…"),
            ("世界世界世界", 6, "世…界", "世界…"),
            (
                "registry.corp:5000/mirror/harness/drone-git:1.4.0",
                26,
                "registry.…/drone-git:1.4.0",
                "registry.corp:5000/mirror…",
            ),
            ("abc def", 5, "a…def", "abc…"),
        ] {
            assert_eq!(shorten_middle(text, widest), middle);
            assert_eq!(shorten_end(text, widest), end);
        }
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("  ", 4), [""; 0]);
    }
}
