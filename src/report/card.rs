//! The card that Drone shows beside a build (`DRONE_CARD_PATH`).

use std::io::{self, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Report;
use super::next_step::next_step;
use super::places::by_image;
use super::summary::{answer, counts};
use crate::files::write_whole;
use crate::model::row::Row;
use crate::text::{shorten_end, shorten_middle, visible};

/// Most images on a card.
const MAX_IMAGES: usize = 12;

/// Longest text on a card, in characters.
const MAX_TEXT: usize = 120;

/// Writes the card; best effort, since a card is a convenience. `template` is the address of
/// the adaptive card that shows the data (`docker/card.json` of this project).
///
/// # Errors
/// What the file system says; nobody's step should fail because of it.
pub fn write_card(path: &Path, report: &Report, template: &str) -> io::Result<()> {
    let card = card(report, template).to_string();
    if path != Path::new("/dev/stdout") {
        return write_whole(path, card.as_bytes());
    }
    let line = format!(
        "\u{1b}]1338;{}\u{1b}]0m\n",
        STANDARD.encode(card.as_bytes())
    );
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// The card's template and data.
pub fn card(report: &Report, template: &str) -> Value {
    let mut rows = report.worst_first();
    rows.retain(|row| !row.is_good() && row.location.is_none());
    let places = report.urgent_places();
    let in_places = by_image(&places);
    let fields = rows.iter().map(|row| (*row, row.full_name()));
    let in_places = in_places.iter().map(|group| (group.first, group.places()));
    let mut images: Vec<(&Row, String)> = fields.chain(in_places).collect();
    images.sort_by_key(|(row, _)| row.rank());
    let shown = images.iter().take(MAX_IMAGES);
    let shown: Vec<Value> = shown.map(|(row, name)| image(row, name)).collect();
    json!({
        "schema": template,
        "data": {
            "status": report.worst().map_or("none", |worst| worst.as_str()),
            "failed": report.is_failure(),
            "answer": answer(report),
            "counts": counts(report),
            "as_of": report.as_of,
            "account": report.account.as_deref().map(plain).unwrap_or_default(),
            "images": shown,
            "left_out": images.len().saturating_sub(MAX_IMAGES),
            "places": places.len(),
            "newly": report.newly.as_ref().map_or(0, Vec::len),
            "warnings": report.warnings.len(),
            "changes": report.changed(),
            "errors": report.errors.iter().take(MAX_IMAGES).map(|error| plain(error)).collect::<Vec<_>>(),
            "next": next_step(report),
        },
    })
}

fn image(row: &Row, name: &str) -> Value {
    json!({
        "verdict": row.words(),
        "sign": row.shown_as().info().sign,
        "field": plain(&shorten_middle(&visible(name), MAX_TEXT)),
        "image": plain(&shorten_middle(&visible(&row.image), MAX_TEXT)),
        "advice": plain(&row.what_to_do()),
    })
}

/// Text for a card, in which some Markdown would be taken as such: no links.
fn plain(text: &str) -> String {
    shorten_end(&visible(text), MAX_TEXT)
        .chars()
        .map(|c| match c {
            '[' => '(',
            ']' => ')',
            c => c,
        })
        .collect()
}
