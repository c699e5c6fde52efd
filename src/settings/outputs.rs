//! Report files.

use std::path::PathBuf;

use serde_json::Value;

use super::collections::list;
use super::problems::{Invalid, each};
use super::schema;
use super::values::ReportFile;
use crate::model::format::Format;
use crate::text::one_of;

pub(super) fn reports_schema(formats: &[Format]) -> Value {
    let endings: Vec<String> = Format::endings(formats).map(any_case).collect();
    schema::list(schema::pattern(&format!(r"({})\s*$", endings.join("|"))))
}

/// A pattern for an ending in any case.
fn any_case(ending: &str) -> String {
    let letter = |c: char| match c {
        'a'..='z' => format!("[{c}{}]", c.to_ascii_uppercase()),
        _ => format!(r"\{c}"),
    };
    ending.chars().map(letter).collect()
}

/// Report files, each in the format that its ending chooses.
pub(super) fn reports(formats: &[Format], text: &str) -> Result<Vec<ReportFile>, Invalid> {
    let read = |entry: String| match Format::of_name(formats, &entry) {
        Some(format) => Ok(ReportFile {
            path: PathBuf::from(entry),
            format,
        }),
        None => {
            let endings = one_of(Format::endings(formats));
            Err(format!("must be a file that ends in {endings}"))
        }
    };
    each(list(text)?, read)
}
