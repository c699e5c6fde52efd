//! The table of all images; the script makes it sortable and filterable.
//!
//! The roles repeat what the elements are, because a narrow screen shows rows as cards and
//! browsers then forget that it is a table.

use std::fmt::Write;

use jiff::civil::Date;

use super::scale::leaves;
use super::{breakable, chip, row_name, sentence};
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

/// Key of what is unknown, behind everything else, with a mark for narrow screens to leave it out.
const NOTHING: &str = "~\" data-nothing";

/// The section.
pub(super) fn section(page: &mut String, report: &Report) {
    page.push_str(
        "<section aria-labelledby=\"images\">\n<h2 id=\"images\" tabindex=\"-1\">All images</h2>\n",
    );
    if report.images.is_empty() {
        page.push_str("<p>There is none.</p>\n</section>\n");
        return;
    }
    page.push_str("<table class=\"images\" role=\"table\" aria-labelledby=\"images\">\n<thead role=\"rowgroup\">\n<tr role=\"row\">");
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
        row_name(row)
    );
    let default = match (&row.default, row.source) {
        (_, Source::Default) => String::new(),
        (Some(default), _) => format!(
            " <span class=\"of\">default <code>{}</code></span>",
            breakable(default)
        ),
        (None, _) => " <span class=\"of\">without a default</span>".to_owned(),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"Image\"><code>{}</code>{default}</td>",
        breakable(&row.image)
    );
    let (key, behind) = match row.releases_behind {
        Some(behind) => (format!("{behind:020}\""), behind.to_string()),
        None => (NOTHING.to_owned(), "–".to_owned()),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" class=\"number\" data-head=\"Behind\" data-key=\"{key}>{behind}</td>"
    );
    let (key, date) = match next_date(row) {
        Some((what, day)) => (format!("{day}\""), format!("{what} <time>{day}</time>")),
        None => (NOTHING.to_owned(), "–".to_owned()),
    };
    let _ = write!(
        page,
        "<td role=\"cell\" data-head=\"Next date\" data-key=\"{key}>{date}</td>"
    );
    let todo = row.what_to_do();
    let text = if todo.is_empty() { &row.reason } else { &todo };
    let _ = writeln!(
        page,
        "<td role=\"cell\" data-head=\"What to do\">{}</td></tr>",
        sentence(text)
    );
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
