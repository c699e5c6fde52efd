//! The table on standard output: what a person reads at a glance, within 120 columns.

mod actions;
mod paragraphs;

use std::fmt::Write;

use super::Report;
use super::columns::{Column, Columns, Fit};
use super::places::{SameImage, by_image, position};
use super::summary::{counts, failing, next_step};
use crate::model::module::{Module, place_name};
use crate::model::row::Row;
use crate::model::verdict::Attention;
use crate::model::warning::Warning;
use crate::text::visible;
use actions::{changes, copies, list};
use paragraphs::{MAX_WIDTH, block, paragraph};

/// Most lines for places in a part of the table; the JSON report has all of them.
const MAX_PLACES: usize = 300;

/// The report for standard output, ending in a newline: images worst first, the summary, lists,
/// changes, warnings, errors, and what to do next.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    let mut rows = report.worst_first();
    rows.sort_by_cached_key(|row| (row.verdict, position(row)));
    for part in [Part::ToDo, Part::Fine, Part::Ignored] {
        let rows: Vec<&Row> = rows
            .iter()
            .copied()
            .filter(|row| Part::of(row) == part)
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
        visible(&format!(
            "{} became {}: {}",
            one.field,
            one.words(),
            one.image
        ))
        .into_owned()
    });
    block(&mut text, "New since the last run", lines, newly.len());
    let warnings = report.warnings.iter().map(warning);
    block(&mut text, "Warnings", warnings, report.warnings.len());
    let errors = report.errors.iter().map(|error| visible(error).into());
    block(&mut text, "Errors", errors, report.errors.len());
    text.push('\n');
    paragraph(&mut text, "Next: ", &next_step(report));
    text
}

/// Parts of the table. Each has columns of its own widths, so that rows which need no advice
/// need not be shortened for its sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    ToDo,
    Fine,
    Ignored,
}

impl Part {
    fn of(row: &Row) -> Self {
        if row.verdict.info().attention == Attention::Excused {
            Self::Ignored
        } else if row.verdict.is_good() && row.what_to_do().is_empty() {
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
            Column::new("MODULE", Fit::Whole),
            Column::new("FIELD", Fit::Shorten(35)),
            Column::new("IMAGE", Fit::Shorten(30)),
            Column::new("VERDICT", Fit::Whole),
            Column::new("BEHIND", Fit::Whole),
            Column::new("WHAT TO DO", Fit::Wrap(20)),
        ],
    );
    for row in rows {
        columns.row([
            place_name(row.module, row.infra),
            field(row),
            row.image.clone(),
            row.verdict.to_string(),
            behind(row),
            row.what_to_do(),
        ]);
    }
    columns.print(text);
}

/// Images in files and pipelines: a line for every place of those that need something, what to
/// do once for each image; otherwise a line for every image.
fn places(text: &mut String, part: Part, groups: &[SameImage]) {
    if groups.is_empty() {
        return;
    }
    let mut columns = Columns::new(
        MAX_WIDTH,
        [
            Column::new("PLACE", Fit::Shorten(40)),
            Column::new("IMAGE", Fit::Shorten(30)),
            Column::new("VERDICT", Fit::Whole),
            Column::new("BEHIND", Fit::Whole),
            Column::new("WHAT TO DO", Fit::Wrap(20)),
        ],
    );
    let mut left = MAX_PLACES;
    for group in groups {
        let first = group.first;
        let mut line = |place: String, todo: String| {
            if let Some(less) = left.checked_sub(1) {
                left = less;
                let image = first.image.clone();
                columns.row([place, image, first.verdict.to_string(), behind(first), todo]);
            }
        };
        match part {
            Part::ToDo => {
                for (number, row) in group.rows.iter().enumerate() {
                    let todo = if number == 0 {
                        first.what_to_do()
                    } else {
                        String::new()
                    };
                    line(row.field.clone(), todo);
                }
            }
            Part::Fine | Part::Ignored => line(group.places(), first.what_to_do()),
        }
    }
    columns.print(text);
    let lines: usize = match part {
        Part::ToDo => groups.iter().map(|group| group.rows.len()).sum(),
        Part::Fine | Part::Ignored => groups.len(),
    };
    let more = lines.saturating_sub(MAX_PLACES);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more, see the JSON report.");
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
