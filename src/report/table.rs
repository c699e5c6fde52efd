//! The table on standard output: what a person reads at a glance, within 120 columns.

mod actions;
mod paragraphs;

use std::fmt::Write;

use super::Report;
use super::columns::{Columns, Fit};
use super::next_step::next_step;
use super::places::{SameImage, by_image, position};
use super::summary::{counts, failing};
use crate::model::module::{Module, place_name};
use crate::model::row::Row;
use crate::model::verdict::Attention;
use crate::model::warning::Warning;
use crate::text::{counted, visible};
use actions::{changes, copies, list};
use paragraphs::{MAX_WIDTH, block, paragraph};

/// Most images of files and pipelines in a part of the table, and most places of all of them; the JSON
/// report has the rest.
const MAX_PLACES: usize = 300;

/// Most places of one image.
const MAX_PLACES_OF_ONE: usize = 10;

/// The report for standard output, ending in a newline: images worst first, the summary, lists,
/// changes, warnings, errors, and what to do next.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    let mut rows = report.worst_first();
    rows.sort_by_cached_key(|row| (row.rank(), position(row)));
    for part in [TablePart::ToDo, TablePart::Fine, TablePart::Ignored] {
        let rows: Vec<&Row> = rows
            .iter()
            .copied()
            .filter(|row| TablePart::of(row) == part)
            .collect();
        let (located, fields): (Vec<&Row>, Vec<&Row>) =
            rows.into_iter().partition(|row| row.location.is_some());
        if !fields.is_empty() {
            images(&mut text, &fields);
            text.push('\n');
        }
        places(&mut text, part, &by_image(&located));
    }
    summary(&mut text, report);
    if !report.list.is_empty() {
        list(&mut text, &report.list);
    }
    if let Some(mirror) = &report.mirror {
        copies(&mut text, mirror);
    }
    changes(&mut text, report);
    let newly = report.newly.as_deref().unwrap_or_default();
    let lines = newly.iter().map(|one| {
        let (field, image) = (&one.field, &one.image);
        visible(&format!("{field} became {}: {image}", one.words())).into_owned()
    });
    block(&mut text, "New since the last run", lines);
    block(&mut text, "Warnings", report.warnings.iter().map(warning));
    let errors = report.errors.iter().map(|error| visible(error).into());
    block(&mut text, "Errors", errors);
    text.push('\n');
    paragraph(&mut text, "Next: ", &next_step(report));
    text
}

/// Parts of the table. Each has columns of its own widths, so that rows which need no advice
/// need not be shortened for its sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TablePart {
    ToDo,
    Fine,
    Ignored,
}

impl TablePart {
    fn of(row: &Row) -> Self {
        if row.attention() == Attention::Excused {
            Self::Ignored
        } else if row.is_good() && row.what_to_do().is_empty() {
            Self::Fine
        } else {
            Self::ToDo
        }
    }
}

fn images(text: &mut String, rows: &[&Row]) {
    let mut columns = Columns::new(
        MAX_WIDTH,
        [
            ("MODULE", Fit::Whole),
            ("FIELD", Fit::Narrow(35)),
            ("IMAGE", Fit::Narrow(30)),
            ("VERDICT", Fit::Whole),
            ("BEHIND", Fit::Whole),
            ("WHAT TO DO", Fit::Wrap(20)),
        ],
    );
    for row in rows {
        columns.row([
            place_name(row.module, row.infra),
            field(row),
            row.image.clone(),
            row.words(),
            behind(row),
            row.what_to_do(),
        ]);
    }
    columns.print(text);
}

/// Images in files and pipelines: a line for every image with what to do, and below it the further
/// places of those that need something.
fn places(text: &mut String, part: TablePart, groups: &[SameImage]) {
    if groups.is_empty() {
        return;
    }
    let mut columns = Columns::new(
        MAX_WIDTH,
        [
            ("PLACE", Fit::Narrow(40)),
            ("IMAGE", Fit::Narrow(30)),
            ("VERDICT", Fit::Whole),
            ("BEHIND", Fit::Whole),
            ("WHAT TO DO", Fit::Wrap(20)),
        ],
    );
    let mut left = MAX_PLACES.saturating_sub(groups.len());
    for group in groups.iter().take(MAX_PLACES) {
        let first = group.first;
        let (image, todo) = (first.image.clone(), first.what_to_do());
        let (place, further) = match part {
            TablePart::ToDo => (first.display_name(), group.rows.get(1..)),
            TablePart::Fine | TablePart::Ignored => (group.places(), None),
        };
        columns.row([place, image, first.words(), behind(first), todo]);
        let further = further.unwrap_or_default();
        let shown = further.iter().take(left.min(MAX_PLACES_OF_ONE - 1));
        let mut below: Vec<String> = shown.map(|row| row.display_name()).collect();
        left = left.saturating_sub(below.len());
        let more = further.len().saturating_sub(below.len());
        if more > 0 {
            below.push(format!("… and {more} more"));
        }
        for place in below {
            let blank = String::new;
            columns.row([place, blank(), blank(), blank(), blank()]);
        }
    }
    columns.print(text);
    let more = groups.len().saturating_sub(MAX_PLACES);
    if more > 0 {
        let images = counted(more, "more image", "more images");
        let _ = writeln!(text, "… and {images}, see the JSON report.");
    }
    text.push('\n');
}

/// The field; for an entry of the setting `images`, whose name is the image, the setting.
fn field(row: &Row) -> String {
    if row.module == Module::Image {
        "(images)".to_owned()
    } else {
        row.field.clone()
    }
}

fn behind(row: &Row) -> String {
    match row.releases_behind {
        Some(behind) if behind > 99_999 => ">99999".to_owned(),
        Some(behind) => behind.to_string(),
        None => "-".to_owned(),
    }
}

fn summary(text: &mut String, report: &Report) {
    paragraph(text, "", &format!("{}.", counts(report)));
    let mut line = format!("As of {}", report.as_of);
    if let Some(account) = &report.account {
        let _ = write!(line, ", account {}", visible(account));
    }
    line.push('.');
    if report.summary.failed {
        let _ = write!(line, " The step fails: {}.", failing(report).join(", "));
    }
    paragraph(text, "", &line);
}

fn warning(warning: &Warning) -> String {
    visible(&format!("{} [{}]", warning.sentence(), warning.code)).into_owned()
}
