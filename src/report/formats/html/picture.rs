//! The time line of one image, as SVG.

use std::fmt::Write;

use super::name;
use super::scale::{Scale, even, has_dates, leaves};
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::report::markup::escape;
use crate::report::verdicts::help;
use crate::text::{shorten_middle, visible};

/// Heights: of the whole, of the line within it, of the releases' names.
const HEIGHT: u32 = 60;
const LINE: u32 = 24;
const NAMES: u32 = 54;

/// Least distance of two names, in percent: they must not overlap on a phone.
const LEAST_DISTANCE: f64 = 10.0;

/// Longest name of a release below the line, in characters.
const LONGEST_NAME: usize = 10;

/// Outlines of the default's diamond, of the flag and of the crossed circle, around (0, 0).
pub(super) const DIAMOND: &str = "M0-13 13 0 0 13-13 0z";
pub(super) const FLAG: &str = "M-1 10V-20h13l-4 5 4 5H1v20z";
pub(super) const CROSSED: &str = "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0M-5-5 5 5";

/// Two slanting strokes through the line: what stands left of them is older than the scale.
const BREAK: &str = "M-5 7-1-7M1 7 5-7";

/// Where the image in use stands.
enum Place {
    /// At a release, counted from the newest.
    At(usize),
    /// Before the oldest release shown.
    Earlier,
    /// After the newest.
    Ahead,
    /// Nobody knows.
    Unknown,
}

fn place(row: &Row) -> Place {
    match row.releases_behind.map(usize::try_from) {
        _ if row.judged == Verdict::Ahead => Place::Ahead,
        Some(Ok(behind)) if behind < row.releases.len() => Place::At(behind),
        Some(_) => Place::Earlier,
        None => Place::Unknown,
    }
}

/// The time line; empty if no release is known.
pub(super) fn picture(row: &Row, scale: Option<&Scale>) -> String {
    let scale = scale.filter(|_| has_dates(row));
    let places: Vec<f64> = row
        .releases
        .iter()
        .enumerate()
        .map(|(number, release)| match scale.zip(release.published) {
            Some((scale, day)) => scale.x(day),
            None => even(&row.releases, number),
        })
        .collect();
    let (Some(&newest), Some(&oldest)) = (places.first(), places.last()) else {
        return String::new();
    };
    let place = place(row);
    let published = scale.zip(row.published).map(|(scale, day)| scale.x(day));
    let in_use = match place {
        Place::At(number) => places.get(number).copied(),
        Place::Earlier => {
            let before = (oldest - LEAST_DISTANCE).max(3.0);
            Some(published.map_or(before, |x| x.min(before)))
        }
        Place::Ahead => {
            let after = (newest + 5.0).min(97.0);
            Some(published.map_or(after, |x| x.max(after)))
        }
        Place::Unknown => None,
    };
    let mut svg = format!(
        "<svg class=\"line\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        told(row)
    );
    if let Some(scale) = scale {
        grid(&mut svg, scale);
    }
    band(&mut svg, row, &places);
    if let Some(scale) = scale {
        today(&mut svg, scale);
    }
    let dashes = if scale.is_none() { " even" } else { "" };
    let _ = write!(
        svg,
        "<line class=\"base{dashes}\" x1=\"0\" x2=\"100%\" y1=\"{LINE}\" y2=\"{LINE}\"/>"
    );
    if let Some(x) = scale.and_then(Scale::break_at) {
        mark(&mut svg, x, "break", BREAK);
    }
    mark(&mut svg, newest, "default", DIAMOND);
    for (release, x) in row.releases.iter().zip(&places) {
        let class = if release.supported { "rel" } else { "rel out" };
        let date = release
            .published
            .map_or(String::new(), |day| format!(", {day}"));
        let _ = write!(
            svg,
            "<circle class=\"{class}\" cx=\"{x:.1}%\" cy=\"{LINE}\" r=\"4\"><title>{}: {}{date}</title></circle>",
            name(&release.release),
            name(&release.newest)
        );
    }
    let own = if let Place::At(number) = place {
        Some(number)
    } else {
        None
    };
    names(&mut svg, row, &places, own);
    if let Some(scale) = scale {
        for (day, class, outline) in [
            (row.deploy_by, "flag", FLAG),
            (leaves(row), "leaves", CROSSED),
        ] {
            if let Some(day) = day {
                mark(&mut svg, scale.x(day), class, outline);
            }
        }
    }
    if let Some(x) = in_use {
        let sign = help(row.verdict).sign;
        let _ = write!(
            svg,
            "<circle class=\"use\" cx=\"{x:.1}%\" cy=\"{LINE}\" r=\"9\"/>\
             <text class=\"sign\" x=\"{x:.1}%\" y=\"{}\">{sign}</text>",
            LINE + 5
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Months.
fn grid(svg: &mut String, scale: &Scale) {
    for day in scale.ticks() {
        let x = scale.x(day);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}%\" x2=\"{x:.1}%\" y1=\"0\" y2=\"{HEIGHT}\"/>"
        );
    }
}

fn today(svg: &mut String, scale: &Scale) {
    let x = scale.x(scale.today);
    let _ = write!(
        svg,
        "<line class=\"today\" x1=\"{x:.1}%\" x2=\"{x:.1}%\" y1=\"0\" y2=\"{HEIGHT}\"/>"
    );
}

/// From the oldest supported release on.
fn band(svg: &mut String, row: &Row, places: &[f64]) {
    let supported = row.releases.iter().zip(places);
    let start = supported
        .filter(|(release, _)| release.supported)
        .map(|(_, x)| *x)
        .fold(f64::INFINITY, f64::min);
    if start.is_finite() {
        let (x, width) = ((start - 1.5).max(0.0), 101.5 - start);
        let _ = write!(
            svg,
            "<rect class=\"band\" x=\"{x:.1}%\" y=\"{}\" width=\"{width:.1}%\" height=\"18\"/>",
            LINE - 9
        );
    }
}

fn mark(svg: &mut String, x: f64, class: &str, outline: &str) {
    let _ = write!(
        svg,
        "<svg class=\"mark\" x=\"{x:.1}%\" y=\"{LINE}\" width=\"1\" height=\"1\"><path class=\"{class}\" d=\"{outline}\"/></svg>"
    );
}

/// Names of releases, as far as they do not overlap; first that of the image in use, then that
/// of the default.
fn names(svg: &mut String, row: &Row, places: &[f64], own: Option<usize>) {
    let mut named: Vec<f64> = Vec::new();
    for number in own.into_iter().chain(0..places.len()) {
        let (Some(x), Some(release)) = (places.get(number), row.releases.get(number)) else {
            continue;
        };
        if named.iter().any(|other| (other - x).abs() < LEAST_DISTANCE) {
            continue;
        }
        named.push(*x);
        let class = if own == Some(number) {
            "name own"
        } else {
            "name"
        };
        let anchor = match *x {
            x if x < 6.0 => " start",
            x if x > 94.0 => " end",
            _ => "",
        };
        let _ = write!(
            svg,
            "<text class=\"{class}{anchor}\" x=\"{x:.1}%\" y=\"{NAMES}\">{}</text>",
            escape(&shorten_middle(&visible(&release.release), LONGEST_NAME))
        );
    }
}

/// The picture in words.
fn told(row: &Row) -> String {
    let mut told = format!("Time line: {} in use", name(&row.image));
    let _ = match place(row) {
        Place::Ahead => write!(told, ", newer than the default"),
        Place::Unknown => write!(told, ", at an unknown place"),
        Place::At(0) => write!(told, ", of the default's release"),
        Place::At(behind) => write!(told, ", {behind} behind the default's release"),
        Place::Earlier => write!(told, ", older than the releases shown"),
    };
    let supported = row.releases.iter().filter(|release| release.supported);
    let supported: Vec<String> = supported.map(|r| name(&r.release)).collect();
    let _ = write!(told, "; supported releases: {}.", supported.join(", "));
    told.replace('\'', "&#39;")
}

/// The axis that stands above all time lines: months and today.
pub(super) fn axis(scale: &Scale) -> String {
    // Where the word "earlier" stands, no month is named.
    let first = if scale.break_at().is_some() {
        21.0
    } else {
        0.0
    };
    let mut svg =
        String::from("<svg class=\"axis\" width=\"100%\" height=\"34\" aria-hidden=\"true\">");
    for day in scale.ticks() {
        let x = scale.x(day);
        let text = format!("{:04}-{:02}", day.year(), day.month());
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}%\" x2=\"{x:.1}%\" y1=\"28\" y2=\"34\"/>"
        );
        if (first..94.0).contains(&x) {
            let _ = write!(
                svg,
                "<text class=\"name\" x=\"{x:.1}%\" y=\"25\">{text}</text>"
            );
        }
    }
    if scale.break_at().is_some() {
        svg.push_str("<text class=\"name start\" x=\"0\" y=\"25\">earlier</text>");
    }
    let x = scale.x(scale.today);
    let _ = writeln!(
        svg,
        "<text class=\"name now{}\" x=\"{x:.1}%\" y=\"11\">today</text>\
         <line class=\"today\" x1=\"{x:.1}%\" x2=\"{x:.1}%\" y1=\"14\" y2=\"34\"/></svg>",
        if x > 94.0 { " end" } else { "" }
    );
    svg
}
