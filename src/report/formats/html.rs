//! The page: one self-contained file that needs nothing from anywhere, and no scripts to be read.
//!
//! The same facts give the same bytes: no dates but those of the report.

mod lanes;
mod picture;
mod scale;
mod sections;
mod table;

use std::fmt::Write;

use crate::model::module::Module;
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::report::Report;
use crate::report::markup::escape;
use crate::report::summary::{answer, failing, next_step};
use crate::report::verdicts::help;
use crate::text::{shorten_end, shorten_middle, visible};
use scale::float;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What `STYLE` and `SCRIPT` are known by to the page's security policy, which allows nothing
/// else. A test keeps them right.
const STYLE_HASH: &str = "sha256-VLI9kg/Apx1H1+zOKsGl1yE+uVAbUjDNm77GYhSVuqQ=";
const SCRIPT_HASH: &str = "sha256-keednh4C4LFDNWLVDexk1WnxXdGM95vRLqkjcggHqgQ=";

/// Longest name or image shown, in characters.
const LONGEST_NAME: usize = 160;

/// Longest sentence shown, in characters.
const LONGEST_SENTENCE: usize = 600;

/// The report as a page.
pub fn html(report: &Report) -> String {
    let mut page = String::with_capacity(32 << 10);
    head(&mut page, report);
    page.push_str("<body>\n<a class=\"skip\" href=\"#images\">To the table of images</a>\n");
    opening(&mut page, report);
    page.push_str("<main>\n");
    sections::errors(&mut page, report);
    page.push_str(FILTER);
    lanes::section(&mut page, report);
    table::section(&mut page, report);
    sections::changes(&mut page, report);
    sections::list(&mut page, report);
    sections::warnings(&mut page, report);
    sections::judged(&mut page, report);
    let _ = write!(
        page,
        "</main>\n<footer>harness-images {}, judged as of {}.</footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        report.version, report.as_of
    );
    page
}

/// Shown by the script, since it does nothing without one.
const FILTER: &str = "<form id=\"filter\" role=\"search\" hidden>\n\
    <label for=\"words\">Filter images</label>\n\
    <input id=\"words\" type=\"search\" autocomplete=\"off\" placeholder=\"field, image, verdict\">\n\
    <button type=\"button\" id=\"all\">Show all</button>\n\
    <output id=\"shown\" for=\"words\"></output>\n</form>\n";

fn head(page: &mut String, report: &Report) {
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Harness images: {}</title>\n<style>{STYLE}</style>\n</head>\n",
        escape(&answer(report))
    );
}

/// The answer in one sentence, and the counts.
fn opening(page: &mut String, report: &Report) {
    let worst = if report.errors.is_empty() {
        report.worst()
    } else {
        Some(Verdict::Unsupported)
    };
    let class = worst.map_or("none", Verdict::as_str);
    let sign = worst.map_or('·', |worst| help(worst).sign);
    let _ = write!(
        page,
        "<header class=\"v-{class}\">\n<p class=\"seal\" aria-hidden=\"true\">{sign}</p>\n\
         <div>\n<p class=\"over\">Harness images"
    );
    if let Some(account) = &report.account {
        let _ = write!(page, " · account {}", name(account));
    }
    let day = report.as_of;
    let _ = write!(
        page,
        " · <time datetime=\"{day}\">{day}</time></p>\n<h1>{}</h1>\n<p class=\"next\">{}</p>\n",
        escape(&answer(report)),
        sentence(&next_step(report))
    );
    if report.summary.failed {
        let verdicts = failing(report).join(", ");
        let _ = writeln!(page, "<p class=\"fails\">The step fails: {verdicts}.</p>");
    }
    page.push_str("</div>\n");
    if !report.images.is_empty() {
        counts(page, report);
    }
    page.push_str("</header>\n");
}

fn counts(page: &mut String, report: &Report) {
    let all = report.images.len();
    page.push_str("<svg class=\"shares\" width=\"100%\" height=\"10\" aria-hidden=\"true\">");
    let mut before = 0;
    for verdict in Verdict::ALL {
        let count = report.count(verdict);
        if count > 0 {
            let percent = |count: usize| float(count) * 100.0 / float(all);
            let (x, width) = (percent(before), percent(count));
            let _ = write!(
                page,
                "<rect class=\"v-{verdict}\" x=\"{x:.2}%\" width=\"{width:.2}%\" height=\"10\"/>"
            );
        }
        before = count.saturating_add(before);
    }
    page.push_str("</svg>\n<ul class=\"counts\" aria-label=\"Images by verdict\">\n");
    for verdict in Verdict::ALL {
        let count = report.count(verdict);
        if count > 0 {
            let (sign, meaning) = (help(verdict).sign, escape(help(verdict).meaning));
            let _ = writeln!(
                page,
                "<li class=\"v-{verdict}\" data-verdict=\"{verdict}\" title=\"{meaning}\">\
                 <b>{count}</b> <span class=\"sign\" aria-hidden=\"true\">{sign}</span> {verdict}</li>"
            );
        }
    }
    page.push_str("</ul>\n");
}

/// A verdict with its sign.
fn chip(verdict: Verdict) -> String {
    let sign = help(verdict).sign;
    format!(
        "<span class=\"chip v-{verdict}\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span> \
         {verdict}</span>"
    )
}

/// A name from outside: an image, a field, an account.
fn name(text: &str) -> String {
    escape(&shorten_middle(&visible(text), LONGEST_NAME))
}

/// A name that may be broken between its parts, for text only: an attribute holds no elements.
fn breakable(text: &str) -> String {
    let mut parts = String::new();
    let mut before = ' ';
    for c in shorten_middle(&visible(text), LONGEST_NAME).chars() {
        let after_mark = match before {
            '/' | ':' | '@' => c.is_alphanumeric(),
            '.' => c.is_alphabetic(),
            before => before.is_lowercase() && c.is_uppercase(),
        };
        if after_mark {
            parts.push_str("<wbr>");
        }
        parts.push_str(&escape(c.encode_utf8(&mut [0; 4])));
        before = c;
    }
    parts
}

/// A row's name for the eye; an entry of `images` is named by its image, which stands beside it.
fn row_name(row: &Row) -> String {
    match row.module {
        Module::Image => "images".to_owned(),
        _ => breakable(&row.full_name()),
    }
}

/// A sentence, in part from outside, in which names stand between back quotes.
fn sentence(text: &str) -> String {
    let whole = crate::text::sentence(text);
    let shown = visible(&whole);
    let shown = shorten_end(&shown, LONGEST_SENTENCE);
    let mut spans = String::new();
    let mut rest: &str = &shown;
    while let Some((before, (name, after))) = rest
        .split_once('`')
        .and_then(|(before, rest)| Some((before, rest.split_once('`')?)))
    {
        let _ = write!(spans, "{}<code>{}</code>", escape(before), escape(name));
        rest = after;
    }
    spans + &escape(rest)
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
}
