//! Report files.

use std::path::PathBuf;

use serde_json::Value;

use super::collections::list;
use super::form::{Context, Form};
use super::problems::{Invalid, each};
use super::scalars::one_of;
use super::schema;
use super::values::ReportFile;
use crate::model::format::Format;

/// Report files; the formats are the program's.
pub(super) struct Reports;

impl Form for Reports {
    type Value = Vec<ReportFile>;

    fn read(text: &str, context: &Context<'_>) -> Result<Vec<ReportFile>, Invalid> {
        reports(context.formats, text)
    }

    fn schema(context: &Context<'_>) -> Value {
        let endings: Vec<String> = Format::endings(context.formats).map(any_case).collect();
        schema::list(schema::pattern(&format!(r"({})\s*$", endings.join("|"))))
    }
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
fn reports(formats: &[Format], text: &str) -> Result<Vec<ReportFile>, Invalid> {
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
