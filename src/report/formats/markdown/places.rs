//! Images in files and pipelines: each image with what to do, then where it stands, by document.

use super::{MarkdownPage, code, prose, urgent_row};
use crate::model::row::Row;
use crate::report::places::{ImagesOfDocument, by_document, by_image};
use crate::text::counted;

/// Most images named for one document, and most lines for one of them.
const MAX_LINES: usize = 30;

/// The images that need something, and their places.
pub(super) fn urgent(page: &mut MarkdownPage, rows: &[&Row]) {
    page.table(
        "\n| Verdict | Image | Used in | Behind | What to do |\n|---|---|--:|--:|---|\n",
        by_image(rows).iter().map(|group| {
            let used_in = counted(group.rows.len(), "place", "places");
            urgent_row(group.first, &code(&group.first.image), &used_in)
        }),
    );
    page.list("Where", by_document(rows).iter().map(document));
}

/// A document and its images, such as `` `.drone.yml`: `plugins/kaniko:1.6.0` unsupported, lines 3 and 9 ``.
fn document(document: &ImagesOfDocument) -> String {
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
    let mut images: Vec<String> = images.collect();
    let more = groups.len().saturating_sub(MAX_LINES);
    if more > 0 {
        images.push(format!("and {more} more"));
    }
    format!("- {name}: {}\n", images.join("; "))
}
