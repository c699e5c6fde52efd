//! Report files: every format, in a file of its own and a row of the table below.

mod html;
mod json;
mod junit;
mod markdown;
mod mirror;
mod sarif;

pub use html::html;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;

use std::io;
use std::path::PathBuf;

use super::Report;
use crate::files::write_whole;
use crate::model::format::Format;
use crate::model::format::Requirement::{self, Files, MirrorPlan, Nothing};
use crate::settings::ReportFile;

/// Makes a file's text of a report.
type Render = fn(&Report) -> io::Result<String>;

/// A format and what makes its text.
struct FormatWriter {
    format: Format,
    render: Render,
}

const fn writer(
    endings: &'static [&'static str],
    name: &'static str,
    requires: Requirement,
    render: Render,
    meaning: &'static str,
) -> FormatWriter {
    let format = Format {
        endings,
        name,
        meaning,
        requires,
    };
    FormatWriter { format, render }
}

/// Every format, in the order in which they are explained.
#[rustfmt::skip]
const WRITERS: &[FormatWriter] = &[
    writer(&[".json"], "JSON", Nothing, |report| Ok(json(report)?),
        "everything, for programs"),
    writer(&[".xml"], "JUnit", Nothing, |report| Ok(junit(report)),
        "one test case an image, for the tests tab"),
    writer(&[".sarif"], "SARIF", Nothing, |report| Ok(sarif(report)?),
        "findings, for code scanning"),
    writer(&[".md"], "Markdown", Nothing, |report| Ok(markdown(report)),
        "short enough for a comment on a pull request"),
    writer(&[".html"], "HTML", Nothing, |report| Ok(html(report)),
        "one self-contained page, for people"),
    writer(&[".patch"], "unified diff", Files, |report| Ok(report.patch.clone().unwrap_or_default()),
        "suggested changes of `files`, for `git apply`"),
    writer(&[".regsync.yml"], "regsync", MirrorPlan, |report| Ok(mirror::regsync(report)),
        "what the mirror lacks, by digest, for `regsync once`"),
    writer(&[".skopeo.yml"], "skopeo", MirrorPlan, |report| Ok(mirror::skopeo(report)),
        "what the mirror lacks, by tag, for `skopeo sync`"),
    writer(&[".txt"], "text", MirrorPlan, |report| Ok(mirror::text(report)),
        "what the mirror lacks, one `source@digest target:tag` a line, for any tool"),
];

/// Every format of report files.
pub fn formats() -> Vec<Format> {
    WRITERS.iter().map(|writer| writer.format).collect()
}

/// The table of formats for the docs.
pub fn formats_markdown() -> String {
    let mut table = String::from("| ending | format | what it is for |\n|---|---|---|\n");
    for Format {
        endings,
        name,
        meaning,
        requires,
    } in formats()
    {
        let endings: Vec<String> = endings.iter().map(|e| format!("`{e}`")).collect();
        let only = match requires {
            Nothing => "",
            Files => "; with `files`",
            MirrorPlan => "; with `action: list` and `mirror_to`",
        };
        table.push_str(&format!(
            "| {} | {name} | {meaning}{only} |\n",
            endings.join(", ")
        ));
    }
    table
}

/// The report in one format.
///
/// # Errors
/// `InvalidInput` for a format that is none of [`formats`]; otherwise only if a value cannot be
/// written in the format, which no [`Report`] holds.
pub fn render(report: &Report, format: Format) -> io::Result<String> {
    let writer = WRITERS.iter().find(|writer| writer.format == format);
    let writer = writer.ok_or(io::ErrorKind::InvalidInput)?;
    (writer.render)(report)
}

/// Writes every report file whole or not at all, and goes on after one that cannot be written;
/// those are returned with what the file system said.
pub fn write_reports(report: &Report, files: &[ReportFile]) -> Vec<(PathBuf, io::Error)> {
    let mut failures = Vec::new();
    for file in files {
        let text = render(report, file.format);
        let written = text.and_then(|text| write_whole(&file.path, text.as_bytes()));
        if let Err(error) = written {
            failures.push((file.path.clone(), error));
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_lower_case_and_belong_to_one_format() {
        let formats = formats();
        for format in &formats {
            assert!(!format.endings.is_empty(), "{}", format.name);
            assert!(!format.name.is_empty() && !format.meaning.is_empty());
        }
        let endings: Vec<&str> = Format::endings(&formats).collect();
        for (number, ending) in endings.iter().enumerate() {
            assert!(ending.starts_with('.') && ending.len() > 1, "{ending}");
            assert_eq!(ending.to_ascii_lowercase(), *ending);
            assert!(!endings[..number].contains(ending), "{ending} stands twice");
        }
    }
}
