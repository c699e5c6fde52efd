//! Images in files and pipelines by document, that of the worst image first.

use maud::{Markup, html};

use super::{TABLE, breakable, chips, left_out, linked};
use crate::report::Report;
use crate::report::places::{ImagesOfDocument, SameImage, by_document};
use crate::text::visible;

/// Most documents, most images of one, and most lines of an image; the table has more.
const MAX_DOCUMENTS: usize = 300;
const MAX_IMAGES: usize = 100;
const MAX_LINES: usize = 100;

/// The section; nothing where no image was found in a file or pipeline.
pub(super) fn section(report: &Report) -> Markup {
    let rows = report.located();
    let documents = by_document(&rows);
    html! {
        @if !documents.is_empty() {
            section aria-labelledby="places" {
                h2 #places { "Files and pipelines" }
                ul.documents {
                    @for document in documents.iter().take(MAX_DOCUMENTS) {
                        (item(document))
                    }
                }
                (left_out(documents.len(), MAX_DOCUMENTS, TABLE))
            }
        }
    }
}

fn item(document: &ImagesOfDocument) -> Markup {
    let images = document.images();
    html! {
        li {
            h3 { (linked(document.url, breakable(&document.name))) }
            ul { @for group in images.iter().take(MAX_IMAGES) { (image(group)) } }
            (left_out(images.len(), MAX_IMAGES, TABLE))
        }
    }
}

fn image(group: &SameImage) -> Markup {
    let lines = group.lines(MAX_LINES);
    html! {
        li {
            (chips(group.first)) " " code { (breakable(&group.first.image)) }
            @if !lines.is_empty() { " " span.at { (visible(&lines)) } }
        }
    }
}
