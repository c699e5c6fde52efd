//! Block scalars.

use super::line::Line;
use super::{Other, Result, Style};

/// A block scalar.
pub(super) struct BlockScalar {
    pub(super) value: String,
    pub(super) style: Style,
    /// Where the line begins that is no longer part of it.
    pub(super) end: usize,
}

/// Reads the block scalar whose `|` or `>` stands here on a line, within a collection in the column
/// `parent`.
pub(super) fn scalar(
    text: &str,
    header: &Line<'_>,
    start: usize,
    parent: usize,
    end: usize,
) -> Result<BlockScalar> {
    let is_literal = header.byte(start) == Some(b'|');
    let mut at = start.saturating_add(1);
    let chomping = header.byte(at).filter(|byte| matches!(byte, b'-' | b'+'));
    at = at.saturating_add(usize::from(chomping.is_some()));
    header.end_at(at)?;

    let mut value = String::new();
    let mut indent = None;
    let mut line_ends = 0_usize;
    let mut max_blank = 0_usize;
    let mut next = header.next;
    while let Some(line) = Line::at(text, next, end) {
        let content = line.skip_blanks(line.start);
        let column = line.column(content);
        if content == line.end && indent.is_none_or(|indent| column <= indent) {
            max_blank = max_blank.max(column);
            line_ends = line_ends.saturating_add(1);
            next = line.next;
            continue;
        }
        let indent = match indent {
            Some(indent) if column < indent => break,
            Some(indent) => indent,
            // A first line with blanks before its text, or blank ones that are longer, may be an
            // error; and an empty scalar ends where the library says.
            None if column <= parent || max_blank > column || line.byte(content) == Some(b'\t') => {
                return Err(Other);
            }
            None => *indent.insert(column),
        };
        let begin = line.start.saturating_add(indent);
        let written = line.slice(begin..line.end);
        let is_first = value.is_empty();
        match line_ends {
            _ if is_literal || is_first => value.extend(std::iter::repeat_n('\n', line_ends)),
            1 => value.push(' '),
            more => value.extend(std::iter::repeat_n('\n', more.saturating_sub(1))),
        }
        // Lines further to the right, or that begin with a tab, are not folded.
        if !is_literal && written.starts_with([' ', '\t']) {
            return Err(Other);
        }
        value.push_str(written);
        line_ends = 1;
        next = line.next;
    }
    if indent.is_none() {
        return Err(Other);
    }
    match chomping {
        Some(b'-') => {}
        Some(_) => value.extend(std::iter::repeat_n('\n', line_ends)),
        None => value.push('\n'),
    }
    Ok(BlockScalar {
        value,
        style: if is_literal {
            Style::Literal
        } else {
            Style::Folded
        },
        end: next,
    })
}
