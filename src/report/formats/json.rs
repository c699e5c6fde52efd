//! The published JSON, `harness-images/report/v1`.

use crate::report::Report;
use crate::report::v1::ReportV1;

/// The report as JSON for a file: indented, with a closing newline.
///
/// # Errors
/// Only if a value cannot be JSON, which no [`Report`] holds.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&ReportV1::from(report))?;
    text.push('\n');
    Ok(text)
}
