//! Suggested changes as a unified diff, for `git apply`.
//!
//! Only bytes of the values change: quotes, comments, anchors, line ends and a byte order mark stay.

use std::fmt::Write;
use std::ops::Range;

use super::{FoundImage, Property};
use crate::yaml::Style;

/// Lines that are shown around a change.
const CONTEXT: usize = 3;

/// Bytes of a text that another text takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes.
    pub span: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// Why an image is not replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReplaceable {
    /// The value is embedded in another one, folded or escaped in a way that hides its bytes.
    #[error("its bytes in the file are not known")]
    Hidden,
    /// Only a tag is written, and the new image is of another repository.
    #[error("only the tag is written there, and the new image is of another repository")]
    OtherRepository,
    /// It is the state of a cluster.
    #[error("it is the state of a cluster, not a manifest")]
    Running,
}

impl FoundImage {
    /// The change of `text`, in which the image was found, to another image.
    ///
    /// # Errors
    /// [`NotReplaceable`] where the value cannot be replaced safely.
    pub fn replace(&self, text: &str, image: &str) -> Result<Edit, NotReplaceable> {
        let (old, new) = match self.property {
            Property::Image => (self.image.as_str(), image),
            Property::Tag => {
                let (repository, tag) =
                    self.image.rsplit_once(':').ok_or(NotReplaceable::Hidden)?;
                let new = image
                    .strip_prefix(repository)
                    .and_then(|rest| rest.strip_prefix(':'));
                (tag, new.ok_or(NotReplaceable::OtherRepository)?)
            }
            Property::Running => return Err(NotReplaceable::Running),
        };
        let span = self.span.clone().ok_or(NotReplaceable::Hidden)?;
        let written = text.get(span.clone()).ok_or(NotReplaceable::Hidden)?;
        let mut places = written.match_indices(old);
        // With escapes, or over several lines, all between the quotes is the value.
        let is_escaped = self.style == Style::DoubleQuoted && written.contains('\\');
        let edit = match (places.next(), places.next()) {
            _ if is_escaped => span.start.saturating_add(1)..span.end.saturating_sub(1),
            (Some((at, _)), None) => {
                let start = span.start.saturating_add(at);
                start..start.saturating_add(old.len())
            }
            (None | Some(_), _) => return Err(NotReplaceable::Hidden),
        };
        Ok(Edit {
            span: edit,
            text: new.to_owned(),
        })
    }
}

/// The text after changes; one that overlaps an earlier one is left out.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    replaced(text, 0..text.len(), &in_order(edits))
}

/// These bytes of the text after changes within them, which are in order.
fn replaced(text: &str, bytes: Range<usize>, edits: &[&Edit]) -> String {
    let mut changed = String::with_capacity(bytes.len());
    let mut at = bytes.start;
    for edit in edits {
        if let Some(kept) = text.get(at..edit.span.start) {
            changed.push_str(kept);
            changed.push_str(&edit.text);
            at = edit.span.end;
        }
    }
    changed.push_str(text.get(at..bytes.end).unwrap_or_default());
    changed
}

/// A unified diff of changes to files, given by path relative to the workspace and text; empty if
/// nothing changes.
#[must_use]
pub fn unified_diff(files: &[(&str, &str, &[Edit])]) -> String {
    let mut diff = String::new();
    for (path, text, edits) in files {
        let changes = changes(text, edits);
        if !changes.is_empty() {
            header(&mut diff, path);
            hunks(&mut diff, text, &changes);
        }
    }
    diff
}

fn in_order(edits: &[Edit]) -> Vec<&Edit> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits
}

/// Whole lines that other lines take the place of.
struct LineChange {
    /// Index of the first line.
    first: usize,
    /// Lines before.
    lines: usize,
    new: String,
}

fn changes(text: &str, edits: &[Edit]) -> Vec<LineChange> {
    // Whole lines by their bytes, and the edits within them.
    let mut groups: Vec<(Range<usize>, Vec<&Edit>)> = Vec::new();
    for edit in in_order(edits) {
        if text
            .get(edit.span.clone())
            .is_none_or(|old| old == edit.text)
        {
            continue;
        }
        let before = text.get(..edit.span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let after = text.get(edit.span.end..).unwrap_or_default();
        let end = after.find('\n').map_or(text.len(), |at| {
            edit.span.end.saturating_add(at).saturating_add(1)
        });
        match groups.last_mut() {
            Some((bytes, same)) if start < bytes.end => {
                bytes.end = bytes.end.max(end);
                same.push(edit);
            }
            Some(_) | None => groups.push((start..end, vec![edit])),
        }
    }
    let mut first = 0_usize;
    let mut counted = 0_usize;
    let change = |(bytes, edits): (Range<usize>, Vec<&Edit>)| {
        let passed = text.get(counted..bytes.start).unwrap_or_default();
        first = first.saturating_add(passed.matches('\n').count());
        counted = bytes.start;
        let old = text.get(bytes.clone()).unwrap_or_default();
        LineChange {
            first,
            lines: old.split_inclusive('\n').count(),
            new: replaced(text, bytes, &edits),
        }
    };
    groups.into_iter().map(change).collect()
}

/// Names that Git would read differently are quoted as it does.
fn header(diff: &mut String, path: &str) {
    for (mark, side) in [("---", 'a'), ("+++", 'b')] {
        let name = format!("{side}/{path}");
        let is_plain = name
            .chars()
            .all(|c| !c.is_control() && c != '"' && c != '\\');
        if is_plain {
            // What ends a name with a space is a tab.
            let end = if name.contains(' ') { "\t" } else { "" };
            let _ = writeln!(diff, "{mark} {name}{end}");
            continue;
        }
        let mut quoted = String::new();
        for byte in name.bytes() {
            match byte {
                b'"' | b'\\' => {
                    quoted.push('\\');
                    quoted.push(char::from(byte));
                }
                b' '..=b'~' => quoted.push(char::from(byte)),
                _ => {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
        }
        let _ = writeln!(diff, "{mark} \"{quoted}\"");
    }
}

fn hunks(diff: &mut String, text: &str, changes: &[LineChange]) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut added = 0_usize;
    let mut removed = 0_usize;
    let mut rest = changes;
    while let Some(first) = rest.first() {
        // Changes whose surroundings touch share a hunk.
        let mut count = 1_usize;
        let mut end = first.first.saturating_add(first.lines);
        while let Some(next) = rest.get(count)
            && next.first <= end.saturating_add(CONTEXT.saturating_mul(2))
        {
            end = next.first.saturating_add(next.lines);
            count = count.saturating_add(1);
        }
        let (group, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = later;
        let begin = first.first.saturating_sub(CONTEXT);
        let end = end.saturating_add(CONTEXT).min(lines.len());
        let (mut minus, mut plus) = (0_usize, 0_usize);
        for change in group {
            minus = minus.saturating_add(change.lines);
            plus = plus.saturating_add(change.new.split_inclusive('\n').count());
        }
        let old_count = end.saturating_sub(begin);
        let new_count = old_count.saturating_sub(minus).saturating_add(plus);
        let old_start = begin.saturating_add(1);
        let new_start = old_start.saturating_add(added).saturating_sub(removed);
        let _ = writeln!(
            diff,
            "@@ -{old_start},{old_count} +{new_start},{new_count} @@"
        );
        let mut at = begin;
        for change in group {
            put(diff, ' ', lines.get(at..change.first).unwrap_or_default());
            at = change.first.saturating_add(change.lines);
            put(diff, '-', lines.get(change.first..at).unwrap_or_default());
            let new: Vec<&str> = change.new.split_inclusive('\n').collect();
            put(diff, '+', &new);
        }
        put(diff, ' ', lines.get(at..end).unwrap_or_default());
        added = added.saturating_add(plus);
        removed = removed.saturating_add(minus);
    }
}

fn put(diff: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        diff.push(mark);
        diff.push_str(line);
        if !line.ends_with('\n') {
            diff.push_str("\n\\ No newline at end of file\n");
        }
    }
}
