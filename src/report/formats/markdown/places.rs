//! Images in files and pipelines: each image with what to do, then where it stands, by document.

use super::{Page, code, prose};
use crate::model::row::Row;
pub(super) use crate::report::places::by_image;
use crate::report::places::{Document, SameImage, by_document};
use crate::text::sentence;

/// Most lines named for one document.
const MAX_LINES: usize = 30;

/// The images that need something, and their places.
pub(super) fn urgent(page: &mut Page, rows: &[&Row]) {
    page.table(
        "\n| Verdict | Image | Used in | Behind | What to do |\n|---|---|--:|--:|---|\n",
        by_image(rows).iter().map(urgent_row),
    );
    page.list("Where", by_document(rows).iter().map(document));
}

fn urgent_row(group: &SameImage) -> String {
    let row = group.first;
    let sign = prose(&row.shown_as().info().sign.to_string());
    let behind = row.releases_behind;
    format!(
        "| {sign} **{}** | {} | {} | {} | {} |\n",
        row.words(),
        code(&row.image),
        used_in(group),
        behind.map_or(String::new(), |behind| behind.to_string()),
        prose(&row.explanation())
    )
}

fn used_in(group: &SameImage) -> String {
    match group.rows.len() {
        1 => "1 place".to_owned(),
        places => format!("{places} places"),
    }
}

/// A document and its lines, such as `` `.drone.yml`: line 3 `plugins/kaniko:1.6.0` unsupported ``.
fn document(document: &Document) -> String {
    let name = code(&document.name);
    let name = match document.url {
        Some(url) => format!("[{name}](<{url}>)"),
        None => name,
    };
    let lines = document.rows.iter().take(MAX_LINES).map(|row| {
        let line = row.location.as_ref().and_then(|location| location.line());
        let line = line.map_or(String::new(), |line| format!("line {line} "));
        format!("{line}{} {}", code(&row.image), row.words())
    });
    let lines: Vec<String> = lines.collect();
    let more = match document.rows.len().saturating_sub(MAX_LINES) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("- {name}: {}{more}\n", lines.join(", "))
}

/// An image that needs nothing now, with its first place.
pub(super) fn fine_row(group: &SameImage) -> String {
    let row = group.first;
    let more = match group.rows.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "| {} | {}{more} | {} | {} |\n",
        row.verdict,
        code(&row.field),
        code(&row.image),
        prose(&sentence(&row.what_to_do()))
    )
}
