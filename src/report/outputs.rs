//! Outputs for later steps (`DRONE_OUTPUT`): dotenv lines that two different readers agree on.
//!
//! Both drop text after `#`, expand `$X` and stumble over quotes and backslashes; one bad line
//! loses every output. So values are unquoted and of one line, scalars go without any of these
//! characters, and structured values are compact JSON in which they are written `\u0023`.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::Report;
use super::summary::counts;
use super::v1::{ImageV1, ListedV1, SummaryV1};
use crate::files::{append, refuse_pipe};
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::text::shorten_middle;

/// Longest value, in bytes; with its key a line stays well under 64 KiB.
const MAX_VALUE: usize = 60_000;

/// Most places in `PLACES`.
const MAX_PLACES: usize = 10;

/// Longest place in `PLACES`, in characters.
const MAX_PLACE: usize = 1_000;

/// What [`outputs`] puts into `REPORT`.
#[derive(Serialize)]
struct Brief<'a> {
    summary: SummaryV1,
    /// Rows that are neither `current` nor `supported`, or are missing, worst first.
    images: Vec<ImageV1<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<ListedV1<'a>>,
    /// Rows and entries of the list that were left out for lack of room; absent if none were.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<OmittedCounts>,
}

#[derive(Serialize, Clone, Copy)]
struct OmittedCounts {
    images: usize,
    list: usize,
}

/// All outputs, as keys and values that may be written as they are.
pub fn outputs(report: &Report) -> Vec<(&'static str, String)> {
    let status = report.worst().map_or("none", Verdict::as_str);
    let rows = report.images.iter();
    let unsupported: Vec<&Row> = rows.filter(|row| row.verdict.is_out_of_support()).collect();
    let count = |verdict| report.count(verdict).to_string();
    let mirror = report.mirror.iter().flat_map(|mirror| {
        [
            ("MISSING_COUNT", mirror.missing.to_string()),
            ("STALE_COUNT", mirror.stale.to_string()),
        ]
    });
    let newly = report.newly.as_ref();
    let newly = newly.map(|newly| ("NEWLY_COUNT", newly.len().to_string()));
    let outputs = [
        ("STATUS", status.to_owned()),
        ("FAILED", report.is_failure().to_string()),
        ("UNSUPPORTED_COUNT", unsupported.len().to_string()),
        ("OVERDUE_COUNT", count(Verdict::Overdue)),
        ("UNVERIFIED_COUNT", count(Verdict::Unverified)),
        ("UNSUPPORTED_FIELDS", fields(&unsupported)),
        ("PLACES", places(report)),
        ("PLANNED_COUNT", report.changes.len().to_string()),
        ("CHANGED_COUNT", report.changed().to_string()),
        ("SUMMARY", counts(report)),
        ("REPORT", brief(report)),
    ];
    outputs.into_iter().chain(newly).chain(mirror).collect()
}

/// Appends the outputs to the runner's file, all in one write; the file and its folders are
/// created if missing.
///
/// # Errors
/// What the file system says.
pub fn write_outputs(path: &Path, outputs: &[(&'static str, String)]) -> io::Result<()> {
    refuse_pipe(path)?;
    let mut lines = String::new();
    if is_unfinished(path) {
        lines.push('\n');
    }
    for (key, value) in outputs {
        lines.push_str(&format!("{key}={value}\n"));
    }
    append(path, &lines)
}

/// Whether the file's last line, written by another program, lacks its end.
fn is_unfinished(path: &Path) -> bool {
    use std::io::{Read, Seek, SeekFrom};
    let last = || -> io::Result<u8> {
        let mut byte = [b'\n'];
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut byte)?;
        Ok(u8::from_be_bytes(byte))
    };
    path.is_file() && last().is_ok_and(|byte| byte != b'\n')
}

/// `module.infra.field` of every row, separated by commas; if there are too many, the last entry says
/// how many more, such as `...12-more`.
fn fields(rows: &[&Row]) -> String {
    let names: Vec<String> = rows.iter().map(|row| scalar(&row.full_name())).collect();
    let mut list = String::new();
    for (taken, name) in names.iter().enumerate() {
        if list.len().saturating_add(name.len()) >= MAX_VALUE {
            let comma = if list.is_empty() { "" } else { "," };
            let more = names.len().saturating_sub(taken);
            list.push_str(&format!("{comma}...{more}-more"));
            break;
        }
        if taken > 0 {
            list.push(',');
        }
        list.push_str(name);
    }
    list
}

/// The worst places that need attention, as `path:line` or `org/project/pipeline:line`.
fn places(report: &Report) -> String {
    let places: Vec<String> = report
        .urgent_places()
        .into_iter()
        .take(MAX_PLACES)
        .map(|row| scalar(&shorten_middle(&row.field, MAX_PLACE)))
        .collect();
    places.join(",")
}

/// A name for a comma list, in which everything that separates entries, or that a reader takes for
/// more than a letter, is an underscore.
fn scalar(text: &str) -> String {
    let is_at_an_end = |part: &str| part.trim().is_empty();
    text.char_indices()
        .map(|(at, c)| match c {
            '.' | '-' | '_' | '/' | ':' | '@' | '+' | '%' | '~' => c,
            ' ' => match text.split_at_checked(at) {
                Some((before, after)) if !is_at_an_end(before) && !is_at_an_end(after) => c,
                Some(_) | None => '_',
            },
            c if c.is_alphanumeric() => c,
            _ => '_',
        })
        .collect()
}

/// The value of `REPORT`: as much as there is room for, images first and worst first.
fn brief(report: &Report) -> String {
    let is_well = |row: &Row| matches!(row.verdict, Verdict::Current | Verdict::Supported);
    let is_notable = |row: &&Row| row.is_missing() || !is_well(row);
    let rows = report.worst_first().into_iter().filter(is_notable);
    let images: Vec<ImageV1> = rows.map(|row| ImageV1::from(row).brief()).collect();
    let list: Vec<ListedV1> = report.list.iter().map(ListedV1::from).collect();
    let (all_images, all_listed) = (images.len(), list.len());
    let mut brief = Brief {
        summary: (&report.summary).into(),
        images,
        list,
        left_out: None,
    };
    let text = structured(&brief);
    if text.len() <= MAX_VALUE {
        return text;
    }
    let mut room = MAX_VALUE - 1_000;
    let mut take = |length: usize| match room.checked_sub(length.saturating_add(1)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    brief.images.retain(|row| take(structured(row).len()));
    brief.list.retain(|listed| take(structured(listed).len()));
    brief.left_out = Some(OmittedCounts {
        images: all_images.saturating_sub(brief.images.len()),
        list: all_listed.saturating_sub(brief.list.len()),
    });
    structured(&brief)
}

/// Compact JSON in ASCII, without the characters that dotenv readers trip over. Every escape is
/// of the form `\u0000`: a reader that unescapes `\\`, `\"` or `\n` would break the others.
fn structured<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned());
    let mut safe = String::with_capacity(json.len().saturating_add(json.len() / 8));
    let mut rest = json.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('u') => safe.push_str("\\u"),
                Some(c) => escaped(&mut safe, unescaped(c)),
                None => {}
            },
            '#' | '$' | '\'' | '`' | '\u{7f}'.. => escaped(&mut safe, c),
            c => safe.push(c),
        }
    }
    safe
}

/// What stands behind the backslash of a short escape in JSON.
fn unescaped(short: char) -> char {
    match short {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        other => other,
    }
}

fn escaped(text: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        text.push_str(&format!("\\u{unit:04x}"));
    }
}
