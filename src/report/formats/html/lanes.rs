//! The picture: a time line for every image, worst first, all on one scale.

use std::fmt::Write;

use jiff::civil::Date;

use super::picture::{CROSSED, DIAMOND, FLAG, axis, picture};
use super::scale::{Scale, has_dates, leaves};
use super::{breakable, chip, name, row_name, sentence};
use crate::model::row::{Row, Source};
use crate::model::verdict::Verdict;
use crate::report::Report;
use crate::report::summary::counted;

/// Most time lines; the table has all images.
const MOST: usize = 200;

/// Rows that look the same, under all their names, which are escaped.
struct Lane<'a> {
    row: &'a Row,
    names: Vec<String>,
}

/// The section; nothing without images.
pub(super) fn section(page: &mut String, report: &Report) {
    let lanes = lanes(report);
    if lanes.is_empty() {
        return;
    }
    page.push_str(
        "<section aria-labelledby=\"where\">\n<h2 id=\"where\">Where each image stands</h2>\n",
    );
    legend(page);
    let (current, others): (Vec<Lane>, Vec<Lane>) = lanes
        .into_iter()
        .partition(|lane| lane.row.verdict == Verdict::Current);
    let left_out = others.len().saturating_sub(MOST);
    list(page, others, report.as_of);
    if left_out > 0 {
        let _ = writeln!(page, "<p>{left_out} more are in the table only.</p>");
    }
    let mut current = current;
    current.retain(|lane| !lane.row.releases.is_empty());
    if !current.is_empty() {
        let images = current.iter().map(|lane| lane.names.len()).sum();
        let head = counted(images, "more image", "more images");
        let _ = writeln!(
            page,
            "<details>\n<summary>{head} with known releases, at the default’s version</summary>"
        );
        list(page, current, report.as_of);
        page.push_str("</details>\n");
    }
    page.push_str("</section>\n");
}

fn lanes(report: &Report) -> Vec<Lane<'_>> {
    let mut lanes: Vec<Lane> = Vec::new();
    for row in report.worst_first() {
        let same = lanes.iter_mut().find(|lane| looks_the_same(lane.row, row));
        match same {
            Some(lane) => lane.names.push(row_name(row)),
            None => lanes.push(Lane {
                row,
                names: vec![row_name(row)],
            }),
        }
    }
    lanes
}

/// Whether two rows differ in nothing that a lane shows but their names.
fn looks_the_same(one: &Row, other: &Row) -> bool {
    one.image == other.image
        && one.verdict == other.verdict
        && one.judged == other.judged
        && one.default == other.default
        && one.source == other.source
        && one.ignored_until == other.ignored_until
        && one.reason == other.reason
        && one.advice == other.advice
        && one.releases == other.releases
}

fn list(page: &mut String, lanes: Vec<Lane>, today: Date) {
    let scale = Scale::of(lanes.iter().map(|lane| lane.row), today);
    if let Some(scale) = &scale {
        page.push_str(&axis(scale));
    }
    page.push_str("<ul class=\"lanes\">\n");
    for lane in lanes.iter().take(MOST) {
        item(page, lane, scale.as_ref());
    }
    page.push_str("</ul>\n");
}

fn item(page: &mut String, lane: &Lane, scale: Option<&Scale>) {
    let row = lane.row;
    let verdict = row.verdict;
    let names: Vec<&str> = lane.names.iter().take(6).map(String::as_str).collect();
    let more = match lane.names.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let _ = write!(
        page,
        "<li class=\"lane v-{verdict}\" data-verdict=\"{verdict}\">\n<h3>{} {}{more}</h3>\n\
         <p class=\"image\"><code>{}</code>",
        chip(verdict),
        names.join(", "),
        breakable(&row.image)
    );
    match &row.default {
        Some(default) if *default != row.image => {
            let _ = write!(
                page,
                " <span class=\"of\">default <code>{}</code></span>",
                breakable(default)
            );
        }
        _ if row.source == Source::Default => {
            page.push_str(" <span class=\"of\">the default itself</span>");
        }
        _ => {}
    }
    page.push_str("</p>\n");
    page.push_str(&picture(row, scale));
    let _ = write!(page, "<p>{}", sentence(&row.reason));
    if !row.what_to_do().is_empty() {
        let _ = write!(page, " <strong>{}</strong>", sentence(&row.what_to_do()));
    }
    page.push_str("</p>\n");
    dates(page, row);
    page.push_str("</li>\n");
}

/// What belongs to the marks of the time line.
fn dates(page: &mut String, row: &Row) {
    let mut facts: Vec<String> = Vec::new();
    if let Some(day) = row.deploy_by {
        facts.push(format!("{} deploy by <time>{day}</time>", flag()));
    }
    if let Some(day) = leaves(row) {
        facts.push(format!("{} leaves support <time>{day}</time>", crossed()));
    }
    if let Some(day) = row.published {
        facts.push(format!("published <time>{day}</time>"));
    }
    let hotfix = row.newest_hotfix.as_deref();
    if let Some(hotfix) = hotfix.filter(|tag| !row.image.ends_with(tag)) {
        facts.push(format!("newest hotfix <code>{}</code>", name(hotfix)));
    }
    if !row.releases.is_empty() && !has_dates(row) {
        facts.push("dates unknown: releases in their order only".to_owned());
    }
    if !facts.is_empty() {
        page.push_str("<ul class=\"facts\">");
        for fact in facts {
            let _ = write!(page, "<li>{fact}</li>");
        }
        page.push_str("</ul>\n");
    }
}

/// A mark beside its words; `view` is the part of the plane that it fills.
fn icon(class: &str, outline: &str, view: &str) -> String {
    format!(
        "<svg class=\"icon\" width=\"18\" height=\"18\" viewBox=\"{view}\" aria-hidden=\"true\">\
         <path class=\"{class}\" d=\"{outline}\"/></svg>"
    )
}

fn flag() -> String {
    icon("flag", FLAG, "-10 -22 32 34")
}

fn crossed() -> String {
    icon("leaves", CROSSED, "-9 -9 18 18")
}

fn legend(page: &mut String) {
    let dot = |class: &str, radius: u32| {
        format!(
            "<svg class=\"icon\" width=\"18\" height=\"18\" viewBox=\"-9 -9 18 18\" aria-hidden=\"true\">\
             <circle class=\"{class}\" r=\"{radius}\"/></svg>"
        )
    };
    let stroke = |class: &str| {
        format!(
            "<svg class=\"icon\" width=\"18\" height=\"18\" viewBox=\"-9 -9 18 18\" aria-hidden=\"true\">\
             <line class=\"{class}\" y1=\"-9\" y2=\"9\"/></svg>"
        )
    };
    let band = "<svg class=\"icon\" width=\"26\" height=\"18\" aria-hidden=\"true\">\
                <rect class=\"band\" y=\"3\" width=\"26\" height=\"12\"/></svg>";
    page.push_str("<ul class=\"legend\" aria-label=\"Marks on the time lines\">\n");
    for (mark, meaning) in [
        (dot("use", 8), "in use, with the verdict’s sign"),
        (icon("default", DIAMOND, "-15 -15 30 30"), "default"),
        (dot("rel", 4), "supported release"),
        (dot("rel out", 4), "release out of support"),
        (band.to_owned(), "support window"),
        (stroke("today"), "today"),
        (flag(), "deploy by"),
        (crossed(), "leaves support"),
    ] {
        let _ = writeln!(page, "<li>{mark} {meaning}</li>");
    }
    page.push_str("</ul>\n");
}
