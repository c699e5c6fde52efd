//! The published JSON, `harness-images/report/v1`.

use serde::{Serialize, Serializer};

use crate::model::row::{ReleaseShown, Row};
use crate::report::Report;

/// The report as JSON for a file: indented, with a closing newline.
///
/// # Errors
/// Only if a value cannot be JSON, which no [`Report`] holds.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// A row with its releases, for which other places have too little room.
#[derive(Serialize)]
struct Image<'a> {
    #[serde(flatten)]
    row: &'a Row,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    releases: &'a [ReleaseShown],
}

/// Rows as the report publishes them.
pub(in crate::report) fn with_releases<S: Serializer>(
    rows: &[Row],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(|row| Image {
        row,
        releases: &row.releases,
    }))
}
