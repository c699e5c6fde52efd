//! Images in files and pipelines by document, that of the worst image first.

use maud::{Markup, html};

use super::{breakable, chips, linked};
use crate::model::row::Row;
use crate::report::Report;
use crate::report::places::by_document;

/// Most documents, and most images of one; the table has more.
const MAX_DOCUMENTS: usize = 300;
const MAX_IMAGES: usize = 100;

/// The section; nothing where no image was found in a file or pipeline.
pub(super) fn section(report: &Report) -> Markup {
    let rows = report.located();
    let documents = by_document(&rows);
    let left_out = documents.len().saturating_sub(MAX_DOCUMENTS);
    html! {
        @if !documents.is_empty() {
            section aria-labelledby="places" {
                h2 #places { "Files and pipelines" }
                ul.documents {
                    @for document in documents.iter().take(MAX_DOCUMENTS) {
                        li {
                            h3 { (linked(document.url, breakable(&document.name))) }
                            ul { @for row in document.rows.iter().take(MAX_IMAGES) { (line(row)) } }
                            @let more = document.rows.len().saturating_sub(MAX_IMAGES);
                            @if more > 0 { p { (more) " more are in the table only." } }
                        }
                    }
                }
                @if left_out > 0 { p { (left_out) " more are in the table only." } }
            }
        }
    }
}

fn line(row: &Row) -> Markup {
    let line = row.location.as_ref().and_then(|location| location.line());
    html! {
        li {
            @if let Some(line) = line { span.at { "line " (line) } " " }
            (chips(row)) " " code { (breakable(&row.image)) }
        }
    }
}
