//! The table of all images; the script makes it sortable and filterable.
//!
//! The roles repeat what the elements are, because a narrow screen shows rows as cards and
//! browsers then forget that it is a table.

use jiff::civil::Date;
use maud::{Markup, html};

use super::scale::leaves;
use super::{JSON, breakable, chips, day, left_out, picked_by, row_name, sentence};
use crate::model::row::{Row, Source};
use crate::report::Report;

/// Heads, and whether the script lets people sort by them.
const HEADS: [(&str, bool); 6] = [
    ("Verdict", true),
    ("Field", true),
    ("Image", true),
    ("Behind", true),
    ("Next date", true),
    ("What to do", false),
];

/// Most rows, so that a browser can show the page; the JSON report has all of them.
const MAX_ROWS: usize = 5_000;

/// Sorts what is unknown behind everything else.
const UNKNOWN: &str = "~";

/// The section.
pub(super) fn section(report: &Report) -> Markup {
    let rows = report.worst_first();
    html! {
        section aria-labelledby="images" {
            h2 #images tabindex="-1" { "All images" }
            @if rows.is_empty() {
                p { "There is none." }
            } @else {
                table.images role="table" aria-labelledby="images" {
                    thead role="rowgroup" {
                        tr role="row" {
                            @for (head, sorts) in HEADS {
                                th role="columnheader" scope="col" data-sorts[sorts] { (head) }
                            }
                        }
                    }
                    tbody role="rowgroup" {
                        @for (number, row) in rows.iter().take(MAX_ROWS).enumerate() {
                            (line(number, row))
                        }
                    }
                }
                (left_out(rows.len(), MAX_ROWS, JSON))
            }
        }
    }
}

fn line(number: usize, row: &Row) -> Markup {
    let todo = row.what_to_do();
    let todo = if todo.is_empty() { &row.reason } else { &todo };
    let behind = row.releases_behind;
    let next = next_date(row);
    // Cells that say nothing have no place on a narrow screen.
    html! {
        tr role="row" data-verdict=(picked_by(row)) {
            td role="cell" data-head="Verdict" data-key=(format!("{number:06}")) {
                (chips(row))
            }
            th role="rowheader" scope="row" data-head="Field" { (row_name(row)) }
            td role="cell" data-head="Image" { code { (breakable(&row.image)) } (of_default(row)) }
            td.number role="cell" data-head="Behind" data-nothing[behind.is_none()]
                data-key=(behind.map_or(UNKNOWN.to_owned(), |behind| format!("{behind:020}"))) {
                (behind.map_or("–".to_owned(), |behind| behind.to_string()))
            }
            td role="cell" data-head="Next date" data-nothing[next.is_none()]
                data-key=(next.map_or(UNKNOWN.to_owned(), |(_, day)| day.to_string())) {
                @match next {
                    Some((what, date)) => { (what) " " (day(date)) }
                    None => { "–" }
                }
            }
            td role="cell" data-head="What to do" { (sentence(todo)) }
        }
    }
}

fn of_default(row: &Row) -> Markup {
    html! {
        @if row.source != Source::Default {
            " "
            span.of {
                @match &row.default {
                    Some(default) => { "default " code { (breakable(default)) } }
                    None => { "without a default" }
                }
            }
        }
    }
}

/// The first date that matters to a row.
fn next_date(row: &Row) -> Option<(&'static str, Date)> {
    let dates = [
        ("deploy by", row.deploy_by),
        ("leaves support", leaves(row)),
        ("ignored until", row.ignored_until),
    ];
    let known = dates
        .into_iter()
        .filter_map(|(what, day)| Some((what, day?)));
    known.min_by_key(|(_, day)| *day)
}
