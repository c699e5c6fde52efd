//! The table of all images; the script makes it sortable and filterable.
//!
//! The roles repeat what the elements are, because a narrow screen shows rows as cards and
//! browsers then forget that it is a table.

use std::fmt::Write;

use jiff::civil::Date;

use super::scale::leaves;
use super::{chip, name, sentence};
use crate::report::{Report, Row, Source};

/// Heads, and whether the script lets people sort by them.
const HEADS: [(&str, bool); 7] = [
    ("Verdict", true),
    ("Field", true),
    ("Image", true),
    ("Default", false),
    ("Behind", true),
    ("Next date", true),
    ("What to do", false),
];

/// The section.
pub(super) fn section(page: &mut String, report: &Report) {
    page.push_str(
        "<section aria-labelledby=\"images\">\n<h2 id=\"images\" tabindex=\"-1\">All images</h2>\n",
    );
    if report.images.is_empty() {
        page.push_str("<p>There is none.</p>\n</section>\n");
        return;
    }
    page.push_str("<table role=\"table\" aria-labelledby=\"images\">\n<thead role=\"rowgroup\">\n<tr role=\"row\">");
    for (head, sorts) in HEADS {
        let sorts = if sorts { " data-sorts" } else { "" };
        let _ = write!(
            page,
            "<th role=\"columnheader\" scope=\"col\"{sorts}>{head}</th>"
        );
    }
    page.push_str("</tr>\n</thead>\n<tbody role=\"rowgroup\">\n");
    for (number, row) in report.worst_first().into_iter().enumerate() {
        line(page, number, row);
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn line(page: &mut String, number: usize, row: &Row) {
    let verdict = row.verdict;
    let _ = write!(
        page,
        "<tr role=\"row\" data-verdict=\"{verdict}\">\
         <td role=\"cell\" data-head=\"Verdict\" data-key=\"{number:06}\">{}</td>\
         <th role=\"rowheader\" scope=\"row\" data-head=\"Field\">{}</th>",
        chip(verdict),
        name(&row.full_name())
    );
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"Image\"><code>{}</code></td>",
        name(&row.image)
    );
    let default = match (&row.default, row.source) {
        (Some(_), Source::Default) => "the same".to_owned(),
        (Some(default), _) => format!("<code>{}</code>", name(default)),
        (None, _) => "–".to_owned(),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"Default\">{default}</td>"
    );
    let (key, behind) = match row.releases_behind {
        Some(behind) => (format!("{behind:020}"), behind.to_string()),
        None => (String::new(), "–".to_owned()),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" class=\"number\" data-head=\"Behind\" data-key=\"{key}\">{behind}</td>"
    );
    let (key, date) = match next_date(row) {
        Some((what, day)) => (day.to_string(), format!("{what} <time>{day}</time>")),
        None => ("~".to_owned(), "–".to_owned()),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"Next date\" data-key=\"{key}\">{date}</td>"
    );
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"What to do\">{}",
        sentence(&row.reason)
    );
    if !row.what_to_do().is_empty() {
        let _ = write!(page, " <strong>{}</strong>", sentence(&row.what_to_do()));
    }
    page.push_str("</td></tr>\n");
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
