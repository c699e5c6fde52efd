//! What stands first: the answer, what is next, and the counts.

use maud::{Markup, html};

use super::scale::float;
use super::{NO_TONE, day, name, sentence, sign};
use crate::model::policy::FailOn;
use crate::model::verdict::Verdict;
use crate::model::warning::WarningCode;
use crate::report::Report;
use crate::report::next_step::next_step;
use crate::report::summary::{answer, failing};

/// The answer in one sentence, and the counts.
pub(super) fn opening(report: &Report) -> Markup {
    let worst = report.shown_as();
    let tone = worst.map_or(NO_TONE, |worst| worst.info().tone);
    let sign = worst.map_or('·', |worst| worst.info().sign);
    html! {
        header class={ "tone-" (tone) } {
            p.seal aria-hidden="true" { (sign) }
            div {
                p.over {
                    "Harness images"
                    @if let Some(account) = &report.account { " · account " (name(account)) }
                    " · " (day(report.as_of))
                }
                h1 { (answer(report)) }
                p.next { (sentence(&next_step(report))) }
                @if report.summary.failed {
                    p.fails { "The step fails: " (failing(report).join(", ")) "." }
                }
            }
            @if !report.images.is_empty() { (counts(report)) }
        }
    }
}

fn counts(report: &Report) -> Markup {
    let all = float(report.images.len());
    let percent = |count: usize| format!("{:.2}%", float(count) * 100.0 / all);
    let mut before: usize = 0;
    let mut present = Vec::new();
    for verdict in Verdict::ALL {
        let count = report.count(verdict);
        if count > 0 {
            present.push((verdict, before, count));
            before = before.saturating_add(count);
        }
    }
    html! {
        svg.shares width="100%" height="10" aria-hidden="true" {
            @for (verdict, before, count) in &present {
                rect class={ "tone-" (verdict.info().tone) }
                    x=(percent(*before)) width=(percent(*count)) height="10" {}
            }
        }
        ul.counts aria-label="Images by verdict" {
            @for (verdict, _, count) in &present {
                li class={ "tone-" (verdict.info().tone) } data-verdict=(verdict.as_str())
                    title=(verdict.info().meaning) {
                    b { (count) } " " (sign(*verdict)) " " (verdict.as_str())
                }
            }
            @if report.missing() > 0 {
                li.tone-red data-verdict=(FailOn::MISSING)
                    title=(WarningCode::MissingImage.meaning()) {
                    b { (report.missing()) } " " (sign(Verdict::Unsupported)) " " (FailOn::MISSING)
                }
            }
        }
    }
}
