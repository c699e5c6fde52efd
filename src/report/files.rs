//! Report files, each in the format that its ending has chosen.

use std::io;
use std::path::PathBuf;

use super::{Report, html, json, junit, markdown, sarif};
use crate::files::write_whole;
use crate::settings::{ReportFile, ReportFormat};

/// Writes every report file whole or not at all, and goes on after one that cannot be written;
/// those are returned with what the file system said.
pub fn write_reports(report: &Report, files: &[ReportFile]) -> Vec<(PathBuf, io::Error)> {
    let mut failures = Vec::new();
    for file in files {
        let text = match file.format {
            ReportFormat::Json => json(report).map_err(io::Error::from),
            ReportFormat::Sarif => sarif(report).map_err(io::Error::from),
            ReportFormat::Junit => Ok(junit(report)),
            ReportFormat::Markdown => Ok(markdown(report)),
            ReportFormat::Html => Ok(html(report)),
        };
        let written = text.and_then(|text| write_whole(&file.path, text.as_bytes()));
        if let Err(error) = written {
            failures.push((file.path.clone(), error));
        }
    }
    failures
}
