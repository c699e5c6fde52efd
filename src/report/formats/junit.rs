//! JUnit XML for the tests tab: one test case per image, which fails only if its verdict is in
//! `fail_on`.

use std::collections::HashMap;
use std::fmt::Write;

use crate::model::image::ImageRef;
use crate::model::location::Location;
use crate::model::module::Module;
use crate::model::row::Row;
use crate::model::verdict::Verdict;
use crate::report::Report;
use crate::report::next_step::next_step;
use crate::report::places::position;
use crate::report::summary::{answer, counts};
use crate::text::visible;

/// Name of the test suite, and of the class of what concerns the whole run.
const SUITE: &str = "harness-images";

/// The report as JUnit XML. Names stay the same from run to run: class `ci.K8`, name the field; of an
/// image in a file or pipeline the name is the document's with the repository, since lines move and
/// tags change. Where it stands is said besides.
pub fn junit(report: &Report) -> String {
    let fails = |row: &&Row| report.policy.fail_on.fails(row.verdict, row.missing);
    let errors = usize::from(!report.errors.is_empty());
    let numbers = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{errors}\" time=\"0\"",
        report.images.len().saturating_add(errors),
        report.images.iter().filter(fails).count(),
    );
    let skipped = report.count(Verdict::Ignored);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{SUITE}\" {numbers}>\n<testsuite name=\"{SUITE}\" {numbers} skipped=\"{skipped}\">\n"
    );
    for (row, name) in report.images.iter().zip(names(&report.images)) {
        let fail_on = &report.policy.fail_on;
        let reasons: Vec<&str> = fail_on.reasons(row.verdict, row.missing).collect();
        case(&mut xml, row, &name, &reasons);
    }
    if !report.errors.is_empty() {
        error(&mut xml, &report.errors);
    }
    suite_output(&mut xml, report);
    xml.push_str("</testsuite>\n</testsuites>\n");
    xml
}

/// The name of each row's case: a second image of the same repository in a document is `… (2)`.
fn names(rows: &[Row]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| row.field.clone()).collect();
    let mut located: Vec<(&Row, &mut String)> = rows.iter().zip(&mut names).collect();
    located.retain(|(row, _)| row.location.is_some());
    located.sort_by_cached_key(|(row, _)| position(row));
    let mut known: HashMap<(Module, String), usize> = HashMap::new();
    for (row, name) in located {
        let document = row.location.as_ref().map(Location::document);
        let image = ImageRef::parse(&row.image).map(|image| image.without_tag().to_string());
        let image = image.unwrap_or_else(|_| row.image.clone());
        *name = format!("{} {image}", document.unwrap_or_default());
        let count = known.entry((row.module, name.clone())).or_default();
        *count = count.saturating_add(1);
        if *count > 1 {
            name.push_str(&format!(" ({count})"));
        }
    }
    names
}

/// A test case, which fails if there are reasons to.
fn case(xml: &mut String, row: &Row, name: &str, reasons: &[&str]) {
    let class = match row.infra {
        Some(infra) => format!("{}.{infra}", row.module),
        None => row.module.to_string(),
    };
    let name = escape(name);
    let _ = write!(xml, "<testcase classname=\"{class}\" name=\"{name}\"");
    if let Some(Location::File(at)) = &row.location {
        let _ = write!(xml, " file=\"{}\" line=\"{}\"", escape(&at.file), at.line);
    }
    xml.push_str(" time=\"0\">");
    let details = details(row);
    let _ = if let Some(kind) = reasons.first() {
        let head = escape(&format!("{}: {}", reasons.join(", "), row.image));
        write!(
            xml,
            "<failure message=\"{head}\" type=\"{kind}\">{details}</failure>"
        )
    } else if row.verdict == Verdict::Ignored {
        let why = escape(&row.what_to_do());
        write!(
            xml,
            "<skipped message=\"{why}\"/><system-out>{details}</system-out>"
        )
    } else {
        write!(xml, "<system-out>{details}</system-out>")
    };
    xml.push_str("</testcase>\n");
}

/// What is known about an image, a line each.
fn details(row: &Row) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(lines, "{name}: {}", escape(&value));
        }
    };
    line("verdict", Some(row.words()));
    line(
        "judged",
        (row.judged != row.verdict).then(|| row.judged.to_string()),
    );
    let place = row.location.is_some().then(|| row.display_name());
    line("place", place);
    line("image", Some(row.image.clone()));
    line("default", row.default.clone());
    line("reason", Some(row.reason.clone()));
    line("what to do", Some(row.what_to_do()));
    line(
        "releases behind",
        row.releases_behind.map(|n| n.to_string()),
    );
    line("supported releases", Some(row.window.join(", ")));
    line("newest hotfix", row.newest_hotfix.clone());
    for (name, day) in [
        ("published", row.published),
        ("deploy by", row.deploy_by),
        ("leaves support on", row.leaves_support_on),
        ("ignored until", row.ignored_until),
    ] {
        line(name, day.map(|day| day.to_string()));
    }
    lines
}

fn error(xml: &mut String, errors: &[String]) {
    let first = errors.first().map_or("", String::as_str);
    let _ = write!(
        xml,
        "<testcase classname=\"{SUITE}\" name=\"run\" time=\"0\"><error message=\"{}\" type=\"error\">",
        escape(first)
    );
    for error in errors {
        let _ = writeln!(xml, "{}", escape(error));
    }
    xml.push_str("</error></testcase>\n");
}

fn suite_output(xml: &mut String, report: &Report) {
    let _ = write!(xml, "<system-out>{}\n{}", answer(report), counts(report));
    let _ = writeln!(xml, "; as of {}.", report.as_of);
    for change in &report.changes {
        let _ = writeln!(xml, "change: {}", escape(&change.sentence()));
    }
    for warning in &report.warnings {
        let _ = writeln!(xml, "warning: {}", escape(&warning.sentence()));
    }
    let _ = writeln!(xml, "next: {}</system-out>", escape(&next_step(report)));
}

/// Text for content and attributes of elements. Nothing that XML 1.0 forbids is left: invisible
/// characters are written out first.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len().saturating_add(16));
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
