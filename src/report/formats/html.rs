//! The page: one self-contained file that needs nothing from anywhere, and no scripts to be read.
//!
//! The same facts give the same bytes: no dates but those of the report. Text is escaped by
//! `maud`; what cannot be seen in it is written out first (`name`, `sentence`).

mod opening;
mod places;
mod scale;
mod sections;
mod table;
mod timeline;
mod timelines;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use crate::model::module::Module;
use crate::model::policy::FailOn;
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::report::Report;
use crate::report::places::link;
use crate::report::summary::answer;
use crate::text::{shorten_end, shorten_middle, visible};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The colour of a page without images.
const NO_TONE: &str = "grey";

/// What `STYLE` and `SCRIPT` are known by to the page's security policy, which allows nothing
/// else. A test keeps them right.
const STYLE_HASH: &str = "sha256-3LkYfjYWSDMjHzgD4m5alE79aEVjunA3ZWmm1ScfaTU=";
const SCRIPT_HASH: &str = "sha256-ZFyqzAg2O9x5rnANmQGD76KJra+izlVTa6EGh/HBmB4=";

/// Where everything is.
const JSON: &str = "JSON report";
/// Where more is than in the sections above it.
const TABLE: &str = "table only";

/// Longest name or image shown, in characters.
const MAX_NAME: usize = 400;

/// Longest sentence shown, in characters.
const MAX_SENTENCE: usize = 600;

/// The report as a page.
pub fn html(report: &Report) -> String {
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            (head(report))
            body {
                a.skip href="#images" { "To the table of images" }
                (opening::opening(report))
                main {
                    (sections::errors(report))
                    (filter())
                    (timelines::section(report))
                    (places::section(report))
                    (table::section(report))
                    (sections::newly(report))
                    (sections::changes(report))
                    (sections::list(report))
                    (sections::mirror(report))
                    (sections::warnings(report))
                    (sections::judged(report))
                }
                footer {
                    "harness-images " (report.version) ", judged as of " (day(report.as_of)) "."
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

fn head(report: &Report) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; \
         base-uri 'none'; form-action 'none'"
    );
    markup! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { "Harness images: " (answer(report)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Shown by the script, since it does nothing without one.
fn filter() -> Markup {
    markup! {
        form #filter role="search" hidden {
            label for="words" { "Filter images" }
            " "
            input #words type="search" autocomplete="off" placeholder="field, image, verdict";
            " "
            button #all type="button" { "Show all" }
            " "
            output #shown for="words" {}
        }
    }
}

/// How many of all are left out of the page, and where they are.
fn left_out(all: usize, shown: usize, place: &str) -> Markup {
    let more = all.saturating_sub(shown);
    markup! { @if more > 0 { p { (more) " more are in the " (place) "." } } }
}

/// A verdict's sign; those who do not see it hear the verdict itself.
fn sign(verdict: Verdict) -> Markup {
    markup! { span.sign aria-hidden="true" { (verdict.info().sign) } }
}

/// What is said about a row: its verdict, and whether it is missing.
fn chips(row: &Row) -> Markup {
    markup! {
        (chip(row.verdict))
        @if row.is_missing() {
            " "
            span class={ "chip tone-" (row.shown_as().info().tone) } {
                (sign(row.shown_as())) " " (FailOn::MISSING)
            }
        }
    }
}

/// What the script picks a row by: its verdict, and `missing`.
fn picked_by(row: &Row) -> String {
    row.words().replace(',', "")
}

/// A verdict with its sign.
fn chip(verdict: Verdict) -> Markup {
    markup! {
        span class={ "chip tone-" (verdict.info().tone) } { (sign(verdict)) " " (verdict.as_str()) }
    }
}

/// A day, for eyes and for programs.
fn day(day: jiff::civil::Date) -> Markup {
    let day = day.to_string();
    markup! { time datetime=(day) { (day) } }
}

/// A name from outside, fit to be seen: an image, a field, an account.
fn name(text: &str) -> String {
    shorten_middle(&visible(text), MAX_NAME).into_owned()
}

/// A name that may be broken between its parts, for text only: an attribute holds no elements.
fn breakable(text: &str) -> Markup {
    let name = name(text);
    let mut parts: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let is_after_mark = match before {
            '/' | ':' | '@' => c.is_alphanumeric(),
            '.' => c.is_alphabetic(),
            before => before.is_lowercase() && c.is_uppercase(),
        };
        if is_after_mark {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        before = c;
    }
    markup! {
        @for (number, part) in parts.iter().enumerate() {
            @if number > 0 { wbr; }
            (part)
        }
    }
}

/// A row's name for the eye; an entry of `images` is named by its image, which stands beside it.
fn row_name(row: &Row) -> Markup {
    if row.module == Module::Image {
        markup! { "images" }
    } else {
        linked(link(row), breakable(&row.display_name()))
    }
}

/// A name, linked to its address if a browser may follow that.
fn linked(url: Option<&str>, name: Markup) -> Markup {
    markup! {
        @match url {
            Some(url) => a href=(url) rel="noreferrer" { (name) },
            None => (name),
        }
    }
}

/// A sentence, in part from outside, in which names stand between back quotes.
fn sentence(text: &str) -> Markup {
    let whole = crate::text::sentence(text);
    let shown = visible(&whole);
    let shown = shorten_end(&shown, MAX_SENTENCE);
    let pieces: Vec<&str> = shown.split('`').collect();
    // A last back quote without a partner is text.
    let unpaired = match pieces.len() % 2 {
        0 => pieces.len().saturating_sub(1),
        _ => pieces.len(),
    };
    markup! {
        @for (number, piece) in pieces.iter().enumerate() {
            @if number == unpaired { "`" (piece) }
            @else if number % 2 == 1 { code { (piece) } }
            @else { (piece) }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn policy_name(text: &str) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        format!("sha256-{}", STANDARD.encode(digest.as_ref()))
    }

    #[test]
    fn the_security_policy_allows_the_style_and_the_script_of_the_page() {
        assert_eq!(STYLE_HASH, policy_name(STYLE));
        assert_eq!(SCRIPT_HASH, policy_name(SCRIPT));
    }

    #[test]
    fn every_verdict_has_its_colour_by_day_and_by_night() {
        let tones = Verdict::ALL.map(|verdict| verdict.info().tone);
        let (day, night) = STYLE
            .split_once("@media (prefers-color-scheme:dark)")
            .unwrap();
        for tone in tones.into_iter().chain([NO_TONE]) {
            for rules in [day, night] {
                let is_there = |end| rules.contains(&format!(".tone-{tone}{end}"));
                assert!(is_there('{') || is_there(','), "{tone}");
            }
        }
    }

    #[test]
    fn names_between_back_quotes_are_code_and_nothing_else_is_markup() {
        for (text, expected) in [
            ("Set `action: pin`.", "Set <code>action: pin</code>."),
            ("`a` and `b`.", "<code>a</code> and <code>b</code>."),
            ("A ` alone.", "A ` alone."),
            ("`a` and ` alone.", "<code>a</code> and ` alone."),
            (
                "A <b> & `<i>`.",
                "A &lt;b&gt; &amp; <code>&lt;i&gt;</code>.",
            ),
        ] {
            assert_eq!(sentence(text).into_string(), expected, "{text}");
        }
    }
}
