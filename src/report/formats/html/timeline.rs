//! The time line of one image, as SVG.

use jiff::civil::Date;
use maud::{Markup, html};

use super::name;
use super::scale::{Scale, even, has_dates, leaves};
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::text::{shorten_middle, visible};

/// Heights: of the whole, of the line within it, of the releases' names.
const HEIGHT: u32 = 60;
const LINE: u32 = 24;
const NAMES: u32 = 54;

/// Least distance of two names, in percent: they must not overlap on a phone.
const MIN_DISTANCE: f64 = 10.0;

/// Longest name of a release below the line, in characters.
const MAX_NAME: usize = 10;

/// Outlines of the default's diamond, of the flag and of the crossed circle, around (0, 0).
pub(super) const DIAMOND: &str = "M0-13 13 0 0 13-13 0z";
pub(super) const FLAG: &str = "M-1 10V-20h13l-4 5 4 5H1v20z";
pub(super) const CROSSED: &str = "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0M-5-5 5 5";

/// Two slanting strokes through the line: what stands left of them is older than the scale.
const BREAK: &str = "M-5 7-1-7M1 7 5-7";

/// Where the image in use stands.
enum TimelinePosition {
    /// At a release, counted from the newest.
    At(usize),
    /// Before the oldest release shown.
    Earlier,
    /// After the newest.
    Ahead,
    /// Nobody knows.
    Unknown,
}

impl TimelinePosition {
    fn of(row: &Row) -> Self {
        match row.releases_behind.map(usize::try_from) {
            _ if row.judged == Verdict::Ahead => Self::Ahead,
            Some(Ok(behind)) if behind < row.releases.len() => Self::At(behind),
            Some(_) => Self::Earlier,
            None => Self::Unknown,
        }
    }

    /// Percent from the left; `releases` are those of the releases shown, newest first.
    fn x(&self, releases: &[f64], published: Option<f64>) -> Option<f64> {
        let (newest, oldest) = (releases.first()?, releases.last()?);
        match self {
            Self::At(number) => releases.get(*number).copied(),
            Self::Earlier => {
                let before = (oldest - MIN_DISTANCE).max(3.0);
                Some(published.map_or(before, |x| x.min(before)))
            }
            Self::Ahead => {
                let after = (newest + 5.0).min(97.0);
                Some(published.map_or(after, |x| x.max(after)))
            }
            Self::Unknown => None,
        }
    }
}

/// The time line; empty if no release is known.
pub(super) fn timeline(row: &Row, scale: Option<&Scale>) -> Markup {
    let scale = scale.filter(|_| has_dates(row));
    let releases: Vec<f64> = row
        .releases
        .iter()
        .enumerate()
        .map(|(number, release)| match scale.zip(release.published) {
            Some((scale, day)) => scale.x(day),
            None => even(&row.releases, number),
        })
        .collect();
    let Some(newest) = releases.first() else {
        return Markup::default();
    };
    let position = TimelinePosition::of(row);
    let published = scale.zip(row.published).map(|(scale, day)| scale.x(day));
    let in_use = position.x(&releases, published);
    let line = if scale.is_none() { "base even" } else { "base" };
    html! {
        svg.line width="100%" height=(HEIGHT) role="img" aria-label=(description(row, &position)) {
            @if let Some(scale) = scale {
                @for tick in scale.ticks() { (upright("grid", scale.x(tick), 0, HEIGHT)) }
            }
            (band(row, &releases))
            @if let Some(scale) = scale { (upright("today", scale.x(scale.today), 0, HEIGHT)) }
            line class=(line) x1="0" x2="100%" y1=(LINE) y2=(LINE) {}
            @if let Some(x) = scale.and_then(Scale::break_at) { (mark(x, "break", BREAK)) }
            (mark(*newest, "default", DIAMOND))
            @for (release, x) in row.releases.iter().zip(&releases) {
                circle class=(if release.supported { "rel" } else { "rel out" })
                    cx=(percent(*x)) cy=(LINE) r="4" {
                    title {
                        (name(&release.release)) ": " (name(&release.newest))
                        @if let Some(day) = release.published { ", " (maud::display(day)) }
                    }
                }
            }
            (names(row, &releases, &position))
            @if let Some(scale) = scale {
                (due(scale, row.deploy_by, "flag", FLAG))
                (due(scale, leaves(row), "leaves", CROSSED))
            }
            @if let Some(x) = in_use {
                circle.use cx=(percent(x)) cy=(LINE) r="9" {}
                text.sign x=(percent(x)) y=(LINE + 5) { (row.verdict.info().sign) }
            }
        }
    }
}

fn percent(x: f64) -> String {
    format!("{x:.1}%")
}

/// An upright line: a month, or today.
fn upright(class: &str, x: f64, top: u32, bottom: u32) -> Markup {
    let x = percent(x);
    html! { line class=(class) x1=(x) x2=(x) y1=(top) y2=(bottom) {} }
}

/// From the oldest supported release on.
fn band(row: &Row, releases: &[f64]) -> Markup {
    let supported = row.releases.iter().zip(releases);
    let start = supported
        .filter(|(release, _)| release.supported)
        .map(|(_, x)| *x)
        .fold(f64::INFINITY, f64::min);
    html! {
        @if start.is_finite() {
            rect.band x=(percent((start - 1.5).max(0.0))) y=(LINE - 9)
                width=(percent(101.5 - start)) height="18" {}
        }
    }
}

fn mark(x: f64, class: &str, outline: &str) -> Markup {
    html! {
        svg.mark x=(percent(x)) y=(LINE) width="1" height="1" {
            path class=(class) d=(outline) {}
        }
    }
}

/// The mark of a day on which something falls due.
fn due(scale: &Scale, day: Option<Date>, class: &str, outline: &str) -> Markup {
    html! { @if let Some(day) = day { (mark(scale.x(day), class, outline)) } }
}

/// Names of releases, as far as they do not overlap; first that of the image in use, then that
/// of the default.
fn names(row: &Row, releases: &[f64], position: &TimelinePosition) -> Markup {
    let own = match position {
        TimelinePosition::At(number) => Some(*number),
        TimelinePosition::Earlier | TimelinePosition::Ahead | TimelinePosition::Unknown => None,
    };
    let mut named: Vec<(usize, f64)> = Vec::new();
    for number in own.into_iter().chain(0..releases.len()) {
        let Some(x) = releases.get(number) else {
            continue;
        };
        let is_free = |(_, other): &(usize, f64)| (other - x).abs() >= MIN_DISTANCE;
        if named.iter().all(is_free) {
            named.push((number, *x));
        }
    }
    let anchor = |x: f64| match x {
        x if x < 6.0 => " start",
        x if x > 94.0 => " end",
        _ => "",
    };
    html! {
        @for (number, x) in named {
            @if let Some(release) = row.releases.get(number) {
                text class={ "name" (if own == Some(number) { " own" } else { "" }) (anchor(x)) }
                    x=(percent(x)) y=(NAMES) {
                    (shorten_middle(&visible(&release.release), MAX_NAME))
                }
            }
        }
    }
}

/// The time line in words.
fn description(row: &Row, position: &TimelinePosition) -> String {
    let position = match position {
        TimelinePosition::Ahead => "newer than the default".to_owned(),
        TimelinePosition::Unknown => "at an unknown place".to_owned(),
        TimelinePosition::At(0) => "of the default's release".to_owned(),
        TimelinePosition::At(behind) => format!("{behind} behind the default's release"),
        TimelinePosition::Earlier => "older than the releases shown".to_owned(),
    };
    let supported = row.releases.iter().filter(|release| release.supported);
    let supported: Vec<String> = supported.map(|r| name(&r.release)).collect();
    format!(
        "Time line: {} in use, {position}; supported releases: {}.",
        name(&row.image),
        supported.join(", ")
    )
}

/// The axis that stands above all time lines: months and today.
pub(super) fn axis(scale: &Scale) -> Markup {
    // Where the word "earlier" stands, no month is named.
    let has_earlier = scale.break_at().is_some();
    let named = if has_earlier { 21.0..94.0 } else { 0.0..94.0 };
    let today = scale.x(scale.today);
    html! {
        svg.axis width="100%" height="34" aria-hidden="true" {
            @for day in scale.ticks() {
                (upright("grid", scale.x(day), 28, 34))
                @if named.contains(&scale.x(day)) {
                    text.name x=(percent(scale.x(day))) y="25" {
                        (format!("{:04}-{:02}", day.year(), day.month()))
                    }
                }
            }
            @if has_earlier { text class="name start" x="0" y="25" { "earlier" } }
            text class={ "name now" (if today > 94.0 { " end" } else { "" }) }
                x=(percent(today)) y="11" { "today" }
            (upright("today", today, 14, 34))
        }
    }
}
