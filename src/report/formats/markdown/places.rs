//! Images in files and pipelines: each image with what to do, then where it stands, by document.

use super::{Page, code, prose};
use crate::model::row::Row;
pub(super) use crate::report::places::by_image;
use crate::report::places::{Document, SameImage, by_document};
use crate::text::sentence;

/// Most images named for one document, and most lines for one of them.
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

/// A document and its images, such as `` `.drone.yml`: `plugins/kaniko:1.6.0` unsupported, lines 3 and 9 ``.
fn document(document: &Document) -> String {
    let name = code(&document.name);
    let name = match document.url {
        Some(url) => format!("[{name}](<{url}>)"),
        None => name,
    };
    let groups = document.images();
    let images = groups.iter().take(MAX_LINES).map(|group| {
        let lines = match group.lines(MAX_LINES) {
            lines if lines.is_empty() => lines,
            lines => format!(", {}", prose(&lines)),
        };
        format!(
            "{} {}{lines}",
            code(&group.first.image),
            group.first.words()
        )
    });
    let images: Vec<String> = images.collect();
    let more = match groups.len().saturating_sub(MAX_LINES) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("- {name}: {}{more}\n", images.join("; "))
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
        code(&row.display_name()),
        code(&row.image),
        prose(&sentence(&row.what_to_do()))
    )
}
