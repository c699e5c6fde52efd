//! What stands around the images: errors, changes, lists, warnings, and how it was judged.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use super::{breakable, chip, name, sentence};
use crate::model::module::full_name;
use crate::model::policy::ByRepository;
use crate::model::row::Source;
use crate::model::verdict::EvidenceKind;
use crate::report::Report;
use crate::report::verdicts::VERDICTS;

/// Most changes, warnings and errors shown; the JSON report has all of them.
const MOST: usize = 200;

/// Why the run could not do its work.
pub(super) fn errors(page: &mut String, report: &Report) {
    if report.errors.is_empty() {
        return;
    }
    page.push_str("<section class=\"errors\" aria-labelledby=\"errors\">\n<h2 id=\"errors\">Errors</h2>\n<ul>\n");
    for error in report.errors.iter().take(MOST) {
        let _ = writeln!(page, "<li>{}</li>", sentence(error));
    }
    page.push_str("</ul>\n</section>\n");
}

/// The plan, or what was made of it.
pub(super) fn changes(page: &mut String, report: &Report) {
    if report.changes.is_empty() {
        return;
    }
    page.push_str(
        "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">Changes</h2>\n\
         <table class=\"changes\" role=\"table\" aria-labelledby=\"changes\">\n<thead role=\"rowgroup\">\n<tr role=\"row\">",
    );
    for head in ["Field", "From", "To", "State", "Why"] {
        let _ = write!(page, "<th role=\"columnheader\" scope=\"col\">{head}</th>");
    }
    page.push_str("</tr>\n</thead>\n<tbody role=\"rowgroup\">\n");
    for change in report.changes.iter().take(MOST) {
        let image = |image: &Option<String>| match image {
            Some(image) => format!("<code>{}</code>", breakable(image)),
            None => "the default".to_owned(),
        };
        let full = full_name(change.module, change.infra, &change.field);
        let _ = writeln!(
            page,
            "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" data-head=\"Field\">{}</th>\
             <td role=\"cell\" data-head=\"From\">{}</td><td role=\"cell\" data-head=\"To\">{}</td>\
             <td role=\"cell\" data-head=\"State\"><b>{}</b></td><td role=\"cell\" data-head=\"Why\">{}</td></tr>",
            breakable(&full),
            image(&change.from),
            image(&change.to),
            change.state.as_str(),
            sentence(&change.why)
        );
    }
    page.push_str("</tbody>\n</table>\n");
    left_out(page, report.changes.len());
    page.push_str("</section>\n");
}

/// What to mirror and scan.
pub(super) fn list(page: &mut String, report: &Report) {
    if report.list.is_empty() {
        return;
    }
    page.push_str(
        "<section aria-labelledby=\"list\">\n<h2 id=\"list\">To mirror and scan</h2>\n\
         <p>Tags of the support window, newest first.</p>\n<dl>\n",
    );
    for listed in &report.list {
        let _ = write!(page, "<dt><code>{}</code></dt><dd>", name(&listed.image));
        if listed.missing {
            page.push_str("The registry lacks this repository. ");
        }
        if listed.tags.is_empty() {
            page.push_str("No tag is known.");
        }
        for tag in &listed.tags {
            let _ = write!(page, "<code>{}</code> ", name(tag));
        }
        page.push_str("</dd>\n");
    }
    page.push_str("</dl>\n</section>\n");
}

/// Warnings with what to do about them.
pub(super) fn warnings(page: &mut String, report: &Report) {
    if report.warnings.is_empty() {
        return;
    }
    page.push_str("<section aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Warnings</h2>\n<ul class=\"warnings\">\n");
    for warning in report.warnings.iter().take(MOST) {
        let _ = writeln!(
            page,
            "<li><code class=\"code\">{}</code> {} <span class=\"of\">{}</span></li>",
            name(warning.code.as_str()),
            sentence(&warning.sentence()),
            sentence(warning.code.help())
        );
    }
    page.push_str("</ul>\n");
    left_out(page, report.warnings.len());
    page.push_str("</section>\n");
}

fn left_out(page: &mut String, all: usize) {
    let more = all.saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(page, "<p>{more} more are in the JSON report.</p>");
    }
}

/// Policy, evidence, registries, and what the verdicts mean.
pub(super) fn judged(page: &mut String, report: &Report) {
    let policy = &report.policy;
    page.push_str(
        "<section aria-labelledby=\"how\">\n<h2 id=\"how\">How it was judged</h2>\n<dl>\n",
    );
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{value}</dd>");
    };
    fact("As of", report.as_of.to_string());
    fact(
        "Supported releases",
        by_repository(&policy.supported_releases),
    );
    let unit = |unit: crate::model::policy::ReleaseUnit| unit.as_str();
    let units = policy
        .release_unit
        .patterns()
        .map(|(p, u)| (p.clone(), unit(u)));
    fact(
        "What counts as a release",
        by_repository(&ByRepository::by_pattern(
            unit(policy.release_unit.general()),
            units,
        )),
    );
    fact(
        "Deploy window",
        format!("{} days", policy.deploy_window_days),
    );
    let fail_on: Vec<&str> = policy.fail_on.words().collect();
    fact(
        "Fails the step",
        if fail_on.is_empty() {
            "nothing".to_owned()
        } else {
            fail_on.join(", ")
        },
    );
    fact("Evidence", evidence(report));
    let registries: Vec<String> = report
        .registries
        .iter()
        .map(|r| format!("<code>{}</code>", name(r)))
        .collect();
    fact(
        "Registries asked",
        if registries.is_empty() {
            "none".to_owned()
        } else {
            registries.join(", ")
        },
    );
    let overrides = report
        .images
        .iter()
        .filter(|row| row.source == Source::Override)
        .count();
    fact(
        "Overrides",
        format!("{overrides} of {} images", report.images.len()),
    );
    page.push_str("</dl>\n<h3>Verdicts</h3>\n<dl>\n");
    for row in VERDICTS {
        let _ = writeln!(
            page,
            "<dt>{}</dt><dd>{} <span class=\"of\">{}</span></dd>",
            chip(row.verdict),
            sentence(row.meaning),
            sentence(row.help)
        );
    }
    page.push_str("</dl>\n</section>\n");
}

fn by_repository<T: Copy + Display>(values: &ByRepository<T>) -> String {
    let mut text = values.general().to_string();
    for (pattern, value) in values.patterns() {
        let _ = write!(
            text,
            "; {value} for <code>{}</code>",
            name(pattern.as_str())
        );
    }
    text
}

/// How many verdicts rest on what.
fn evidence(report: &Report) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &report.images {
        let kind = match row.evidence {
            EvidenceKind::Registry => "on a registry’s tags",
            EvidenceKind::History => "on the history of defaults",
            EvidenceKind::Numbering => "on the numbers alone",
            EvidenceKind::None => "on nothing that could be compared",
        };
        let count = counts.entry(kind).or_default();
        *count = count.saturating_add(1);
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    match parts.is_empty() {
        true => "no image was judged".to_owned(),
        false => parts.join(", "),
    }
}
