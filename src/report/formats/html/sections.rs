//! What stands around the images: errors, changes, lists, warnings, and how it was judged.

use std::collections::BTreeMap;

use maud::{Markup, Render, html};

use super::{JSON, breakable, chip, left_out, name, sentence};
use crate::model::module::full_name;
use crate::model::policy::{ByRepository, ReleaseUnit};
use crate::model::row::Source;
use crate::model::verdict::{EvidenceKind, Verdict};
use crate::report::Report;

/// Most changes, warnings and errors shown; the JSON report has all of them.
const MAX_ITEMS: usize = 200;

/// Why the run could not do its work.
pub(super) fn errors(report: &Report) -> Markup {
    html! {
        @if !report.errors.is_empty() {
            section.errors aria-labelledby="errors" {
                h2 #errors { "Errors" }
                ul {
                    @for error in report.errors.iter().take(MAX_ITEMS) { li { (sentence(error)) } }
                }
                (left_out(report.errors.len(), MAX_ITEMS, JSON))
            }
        }
    }
}

/// The plan, or what was made of it.
pub(super) fn changes(report: &Report) -> Markup {
    html! {
        @if !report.changes.is_empty() {
            section aria-labelledby="changes" {
                h2 #changes { "Changes" }
                table.changes role="table" aria-labelledby="changes" {
                    thead role="rowgroup" {
                        tr role="row" {
                            @for head in ["Field", "From", "To", "State", "Why"] {
                                th role="columnheader" scope="col" { (head) }
                            }
                        }
                    }
                    tbody role="rowgroup" {
                        @for change in report.changes.iter().take(MAX_ITEMS) {
                            tr role="row" {
                                th role="rowheader" scope="row" data-head="Field" {
                                    (breakable(&full_name(change.module, change.infra, &change.field)))
                                }
                                td role="cell" data-head="From" { (or_default(&change.from)) }
                                td role="cell" data-head="To" { (or_default(&change.to)) }
                                td role="cell" data-head="State" { b { (change.state.as_str()) } }
                                td role="cell" data-head="Why" { (sentence(&change.why)) }
                            }
                        }
                    }
                }
                (left_out(report.changes.len(), MAX_ITEMS, JSON))
            }
        }
    }
}

fn or_default(image: &Option<String>) -> Markup {
    html! {
        @match image {
            Some(image) => code { (breakable(image)) },
            None => "the default",
        }
    }
}

/// What to mirror and scan.
pub(super) fn list(report: &Report) -> Markup {
    html! {
        @if !report.list.is_empty() {
            section aria-labelledby="list" {
                h2 #list { "To mirror and scan" }
                p { "Tags of the support window, newest first." }
                dl {
                    @for listed in &report.list {
                        dt { code { (name(&listed.image)) } }
                        dd {
                            @if listed.missing { "The registry lacks this repository. " }
                            @if listed.tags.is_empty() { "No tag is known." }
                            @for tag in &listed.tags { code { (name(tag)) } " " }
                        }
                    }
                }
            }
        }
    }
}

/// What the mirror has and lacks, in numbers.
pub(super) fn mirror(report: &Report) -> Markup {
    html! {
        @if let Some(mirror) = &report.mirror {
            section aria-labelledby="mirror" {
                h2 #mirror { "Mirror" }
                p { code { (name(&mirror.registry)) } ": " (mirror.summary()) }
            }
        }
    }
}

/// What became worse since the last run.
pub(super) fn newly(report: &Report) -> Markup {
    let newly = report.newly.as_deref().unwrap_or_default();
    html! {
        @if !newly.is_empty() {
            section aria-labelledby="newly" {
                h2 #newly { "New since the last run" }
                ul {
                    @for one in newly.iter().take(MAX_ITEMS) {
                        li { code { (name(&one.field)) } " became " (one.words()) ": " code { (name(&one.image)) } }
                    }
                }
                (left_out(newly.len(), MAX_ITEMS, JSON))
            }
        }
    }
}

/// Warnings with what to do about them.
pub(super) fn warnings(report: &Report) -> Markup {
    html! {
        @if !report.warnings.is_empty() {
            section aria-labelledby="warnings" {
                h2 #warnings { "Warnings" }
                ul.warnings {
                    @for warning in report.warnings.iter().take(MAX_ITEMS) {
                        li {
                            code.code { (warning.code.as_str()) } " "
                            (sentence(&warning.sentence())) " "
                            span.of { (sentence(warning.code.help())) }
                        }
                    }
                }
                (left_out(report.warnings.len(), MAX_ITEMS, JSON))
            }
        }
    }
}

/// Policy, evidence, registries, and what the verdicts mean.
pub(super) fn judged(report: &Report) -> Markup {
    let policy = &report.policy;
    let fail_on: Vec<&str> = policy.fail_on.words().collect();
    let is_override = |source| source == Source::Override;
    let overrides = report.images.iter().filter(|row| is_override(row.source));
    let facts = [
        ("As of", html! { (report.as_of.to_string()) }),
        (
            "Supported releases",
            by_repository(&policy.supported_releases, |count| count),
        ),
        (
            "What counts as a release",
            by_repository(&policy.release_unit, ReleaseUnit::as_str),
        ),
        (
            "Deploy window",
            html! { (policy.deploy_window_days) " days" },
        ),
        (
            "Fails the step",
            html! { @if fail_on.is_empty() { "nothing" } @else { (fail_on.join(", ")) } },
        ),
        ("Evidence", html! { (evidence(report)) }),
        ("Registries asked", registries(report)),
        (
            "Overrides",
            html! { (overrides.count()) " of " (report.images.len()) " images" },
        ),
    ];
    html! {
        section aria-labelledby="how" {
            h2 #how { "How it was judged" }
            dl { @for (name, value) in &facts { dt { (name) } dd { (value) } } }
            h3 { "Verdicts" }
            dl {
                @for verdict in Verdict::ALL {
                    @let row = verdict.info();
                    dt { (chip(verdict)) }
                    dd { (sentence(row.meaning)) " " span.of { (sentence(row.help)) } }
                }
            }
        }
    }
}

fn by_repository<T: Copy, R: Render>(values: &ByRepository<T>, show: impl Fn(T) -> R) -> Markup {
    html! {
        (show(values.general()))
        @for (pattern, value) in values.patterns() {
            "; " (show(value)) " for " code { (name(pattern.as_str())) }
        }
    }
}

fn registries(report: &Report) -> Markup {
    html! {
        @if report.registries.is_empty() { "none" }
        @for (number, registry) in report.registries.iter().enumerate() {
            @if number > 0 { ", " }
            code { (name(registry)) }
        }
    }
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
    if counts.is_empty() {
        return "no image was judged".to_owned();
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    parts.join(", ")
}
