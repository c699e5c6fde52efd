//! What a text amounts to, to compare ways of reading it.

use super::{Documents, Node};

/// Levels that are shown: aliases lead from one to the next.
const MAX_LEVELS: u32 = 20;
/// Most nodes that are shown.
const MAX_LINES: usize = 10_000;

/// The nodes of all documents as far as anything reads them, a line each, and the errors.
#[must_use]
pub fn outline(documents: Documents<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for document in documents {
        match document {
            Ok(document) => add(document.root(), &mut lines, 0),
            Err(error) => lines.push(error.to_string()),
        }
    }
    lines
}

fn add(node: Node<'_>, lines: &mut Vec<String>, level: u32) {
    let span = node.span();
    lines.push(match node.as_str() {
        Some(value) => format!("{level} {value:?} {:?} {span:?}", node.style()),
        None => format!("{level} {} {}", node.is_mapping(), span.start),
    });
    if level >= MAX_LEVELS || lines.len() >= MAX_LINES {
        return;
    }
    let pairs = node.pairs().flat_map(|(key, value)| [key, value]);
    for child in node.items().chain(pairs) {
        add(child, lines, level.saturating_add(1));
    }
}
