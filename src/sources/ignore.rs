//! The comment that takes a place out: `# harness-images: ignore [until DATE] [reason]`.

use jiff::civil::Date;

use crate::model::location::PlaceIgnore;
use crate::yaml::Style;

/// What follows `#`.
const NAME: &str = "harness-images:";
/// Farther from the value no comment is looked for, in bytes: generated files may be one line.
const MAX_DISTANCE: usize = 1024;

/// Why such a comment has no effect.
pub(super) const MALFORMED: &str =
    "the comment is not `# harness-images: ignore [until YYYY-MM-DD] [reason]` and has no effect";

/// What stands beside a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comment {
    None,
    Ignore(PlaceIgnore),
    Malformed,
}

/// The comment on the line of a value, or alone on the line above it.
pub(super) fn comment(text: &str, start: usize, end: usize, style: Style) -> Comment {
    let begin = match style {
        // The comment of a block scalar follows its `|` or `>`.
        Style::Literal | Style::Folded => start,
        Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => end,
    };
    let after = cut(text, begin, begin.saturating_add(MAX_DISTANCE));
    let rest = after.split(['\n', '\r']).next().unwrap_or_default();
    let on_line = rest
        .match_indices('#')
        .filter(|(at, _)| {
            rest.get(..*at)
                .is_some_and(|before| before.ends_with([' ', '\t']))
        })
        .map(|(at, _)| parse(rest.get(at..).unwrap_or_default()))
        .find(|comment| *comment != Comment::None);
    on_line.unwrap_or_else(|| parse(line_above(text, start)))
}

/// The line above that of a byte.
fn line_above(text: &str, at: usize) -> &str {
    let before = cut(text, at.saturating_sub(MAX_DISTANCE), at);
    let Some(line_end) = before.rfind(['\n', '\r']) else {
        return "";
    };
    let above = before.get(..line_end).unwrap_or_default();
    let is_crlf = before
        .get(line_end..)
        .is_some_and(|end| end.starts_with('\n'));
    let above = if is_crlf {
        above.strip_suffix('\r').unwrap_or(above)
    } else {
        above
    };
    let line = above.rsplit(['\n', '\r']).next().unwrap_or_default();
    // A line whose beginning is out of sight may be anything.
    let is_whole = line.len() < above.len() || at <= MAX_DISTANCE;
    if is_whole { line.trim() } else { "" }
}

/// The bytes of a range, widened to whole characters.
fn cut(text: &str, mut start: usize, end: usize) -> &str {
    let mut end = end.min(text.len());
    while !text.is_char_boundary(start) {
        start = start.saturating_sub(1);
    }
    while !text.is_char_boundary(end) {
        end = end.saturating_add(1);
    }
    text.get(start..end).unwrap_or_default()
}

/// Reads a comment that begins with `#`.
fn parse(comment: &str) -> Comment {
    let Some(directive) = comment
        .strip_prefix('#')
        .and_then(|rest| rest.trim_start().strip_prefix(NAME))
    else {
        return Comment::None;
    };
    let mut words = directive.split_whitespace().peekable();
    if words.next() != Some("ignore") {
        return Comment::Malformed;
    }
    let mut until = None;
    if words.next_if_eq(&"until").is_some() {
        let date = words.next().and_then(|date| date.parse::<Date>().ok());
        if date.is_none() {
            return Comment::Malformed;
        }
        until = date;
    }
    let reason = words.collect::<Vec<_>>().join(" ");
    let reason = (!reason.is_empty()).then_some(reason);
    Comment::Ignore(PlaceIgnore { until, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_read_on_the_line_and_alone_above() {
        let ignore = |until: Option<&str>, reason: &str| {
            Comment::Ignore(PlaceIgnore {
                until: until.map(|date| date.parse().unwrap()),
                reason: (!reason.is_empty()).then(|| reason.to_owned()),
            })
        };
        for (text, expected) in [
            ("image: X", Comment::None),
            ("image: X # other", Comment::None),
            ("image: X # harness-images: ignore", ignore(None, "")),
            (
                "image: X  #harness-images: ignore frozen  build",
                ignore(None, "frozen build"),
            ),
            (
                "image: X # harness-images: ignore until 2027-01-31 moving",
                ignore(Some("2027-01-31"), "moving"),
            ),
            (
                "{image: X, a: b} # harness-images: ignore",
                ignore(None, ""),
            ),
            ("image: X#harness-images: ignore", Comment::None),
            (
                "image: X # harness-images: ignore until soon",
                Comment::Malformed,
            ),
            ("image: X # harness-images: skip", Comment::Malformed),
            ("# harness-images: ignore\nimage: X", ignore(None, "")),
            ("  # harness-images: ignore\r\nimage: X", ignore(None, "")),
            ("a: b # harness-images: ignore\nimage: X", Comment::None),
            ("# harness-images: ignore\n\nimage: X", Comment::None),
            ("image: X\n# harness-images: ignore\n", Comment::None),
        ] {
            let start = text.find('X').unwrap();
            assert_eq!(
                comment(text, start, start + 1, Style::Plain),
                expected,
                "{text:?}"
            );
        }
        let block = "image: X >- # harness-images: ignore\n  a:1\n";
        assert_eq!(
            comment(block, 7, block.len(), Style::Folded),
            ignore(None, "")
        );
    }
}
