//! Where each image stands: a time line for every image, worst first, all on one scale.

use jiff::civil::Date;
use maud::{Markup, html};

use super::scale::{Scale, has_dates, leaves};
use super::timeline::{CROSSED, DIAMOND, FLAG, axis, timeline};
use super::{TABLE, breakable, chips, day, left_out, name, picked_by, row_name, sentence};
use crate::model::row::{Row, Source};
use crate::model::verdict::Verdict;
use crate::report::Report;
use crate::report::places::{SameImage, grouped};
use crate::text::counted;

/// Most time lines; the table has more images.
const MAX_TIMELINES: usize = 200;

/// Most names of one time line.
const MAX_NAMES: usize = 6;

/// The section; nothing without images.
pub(super) fn section(report: &Report) -> Markup {
    let groups = grouped(&report.worst_first(), looks).into_iter();
    let (mut current, others): (Vec<SameImage>, Vec<SameImage>) =
        groups.partition(|group| group.first.verdict == Verdict::Current && group.first.is_good());
    current.retain(|group| !group.first.releases.is_empty());
    let images = current.iter().map(|group| group.rows.len()).sum();
    html! {
        @if !report.images.is_empty() {
            section aria-labelledby="where" {
                h2 #where { "Where each image stands" }
                (legend())
                (list(&others, report.as_of))
                (left_out(others.len(), MAX_TIMELINES, TABLE))
                @if !current.is_empty() {
                    details {
                        summary {
                            (counted(images, "more image", "more images"))
                            " with known releases, at the default’s version"
                        }
                        (list(&current, report.as_of))
                    }
                }
            }
        }
    }
}

/// What a time line shows of a row, but for its name.
fn looks(row: &Row) -> impl Ord {
    (
        (&row.image, row.verdict, row.judged, &row.default),
        (row.source, row.ignored_until, &row.reason, &row.advice),
        &row.releases,
    )
}

fn list(groups: &[SameImage], today: Date) -> Markup {
    let scale = Scale::of(groups.iter().map(|group| group.first), today);
    html! {
        @if let Some(scale) = &scale { (axis(scale)) }
        ul.timelines {
            @for group in groups.iter().take(MAX_TIMELINES) { (item(group, scale.as_ref())) }
        }
    }
}

fn item(group: &SameImage, scale: Option<&Scale>) -> Markup {
    let row = group.first;
    let more = group.rows.len().saturating_sub(MAX_NAMES);
    let todo = row.what_to_do();
    html! {
        li class={ "timeline tone-" (row.shown_as().info().tone) } data-verdict=(picked_by(row)) {
            h3 {
                (chips(row)) " "
                @for (number, row) in group.rows.iter().take(MAX_NAMES).enumerate() {
                    @if number > 0 { ", " }
                    (row_name(row))
                }
                @if more > 0 { " and " (more) " more" }
                @if row.location.is_some() && group.rows.len() > 1 {
                    ", used in " (group.rows.len()) " places"
                }
            }
            " "
            p.image { code { (breakable(&row.image)) } (of_default(row)) }
            (timeline(row, scale))
            p {
                (sentence(&row.reason))
                @if !todo.is_empty() { " " strong { (sentence(&todo)) } }
            }
            (dates(row))
        }
    }
}

fn of_default(row: &Row) -> Markup {
    html! {
        @match &row.default {
            Some(default) if *default != row.image => {
                " " span.of { "default " code { (breakable(default)) } }
            }
            Some(_) | None => {
                @if row.source == Source::Default { " " span.of { "the default itself" } }
            }
        }
    }
}

/// What belongs to the marks of the time line.
fn dates(row: &Row) -> Markup {
    let hotfix = row.newest_hotfix.as_deref();
    let facts = [
        row.deploy_by
            .map(|date| html! { (flag()) " deploy by " (day(date)) }),
        leaves(row).map(|date| html! { (crossed()) " leaves support " (day(date)) }),
        row.published.map(|date| html! { "published " (day(date)) }),
        hotfix
            .filter(|tag| !row.image.ends_with(tag))
            .map(|tag| html! { "newest hotfix " code { (name(tag)) } }),
        (!row.releases.is_empty() && !has_dates(row))
            .then(|| html! { "dates unknown: releases in their order only" }),
    ];
    let facts: Vec<Markup> = facts.into_iter().flatten().collect();
    html! {
        @if !facts.is_empty() {
            ul.facts { @for fact in &facts { li { (fact) } } }
        }
    }
}

/// A mark beside its words; `view` is the part of the plane that it fills.
fn icon(class: &str, outline: &str, view: &str) -> Markup {
    html! {
        svg.icon width="18" height="18" viewBox=(view) aria-hidden="true" {
            path class=(class) d=(outline) {}
        }
    }
}

fn flag() -> Markup {
    icon("flag", FLAG, "-10 -22 32 34")
}

fn crossed() -> Markup {
    icon("leaves", CROSSED, "-9 -9 18 18")
}

fn legend() -> Markup {
    let dot = |class: &str, radius: u32| {
        html! {
            svg.icon width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" {
                circle class=(class) r=(radius) {}
            }
        }
    };
    let band = html! {
        svg.icon width="26" height="18" aria-hidden="true" {
            rect.band y="3" width="26" height="12" {}
        }
    };
    let today = html! {
        svg.icon width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" {
            line.today y1="-9" y2="9" {}
        }
    };
    let marks = [
        (dot("use", 8), "in use, with the verdict’s sign"),
        (icon("default", DIAMOND, "-15 -15 30 30"), "default"),
        (dot("rel", 4), "supported release"),
        (dot("rel out", 4), "release out of support"),
        (band, "support window"),
        (today, "today"),
        (flag(), "deploy by"),
        (crossed(), "leaves support"),
    ];
    html! {
        ul.legend aria-label="Marks on the time lines" {
            @for (mark, meaning) in &marks { li { (mark) " " (meaning) } }
        }
    }
}
