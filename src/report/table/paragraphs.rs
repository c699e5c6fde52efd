//! Paragraphs of the table, bounded in width and length.

use std::fmt::Write;

use crate::text::{blank, wrap};

/// Widest line.
pub(super) const MAX_WIDTH: usize = 120;

/// Most warnings, errors and changes that are printed; the JSON report has all of them.
pub(super) const MAX_ITEMS: usize = 200;

/// Most lines of one paragraph.
const MAX_LINES: usize = 12;

/// A block of items under a title; nothing if there are none.
pub(super) fn block(text: &mut String, title: &str, items: impl ExactSizeIterator<Item = String>) {
    let all = items.len();
    if all == 0 {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for item in items.take(MAX_ITEMS) {
        paragraph(text, "  - ", &item);
    }
    left_out(text, all);
}

/// How many items are left out of `all`, if any.
pub(super) fn left_out(text: &mut String, all: usize) {
    let more = all.saturating_sub(MAX_ITEMS);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more, see the JSON report.");
    }
}

/// Writes `first` and the content, following lines indented as wide as `first`.
pub(super) fn paragraph(text: &mut String, first: &str, content: &str) {
    let indent = first.chars().count();
    let lines = wrap(content, MAX_WIDTH.saturating_sub(indent));
    for (number, line) in lines.iter().take(MAX_LINES).enumerate() {
        if number == 0 {
            text.push_str(first);
        } else {
            blank(text, indent);
        }
        text.push_str(line);
        text.push('\n');
    }
    if lines.len() > MAX_LINES {
        let _ = writeln!(text, "{}…", " ".repeat(indent));
    }
}
