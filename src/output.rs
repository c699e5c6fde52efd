//! What leaves the program: the report in all its forms, and the exit status.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::change;
use crate::exit_status::ExitStatus;
use crate::findings::{Findings, unwritten};
use crate::mirror;
use crate::model::mirror::Mirror;
use crate::model::warning::{Warning, WarningCode};
use crate::patch;
use crate::redact::Secrets;
use crate::report;
use crate::report::{PolicyShown, Report};
use crate::settings::{Action, Settings};
use crate::text::counted;
use crate::verdict;
use crate::verdict::summary;

/// Where Drone finds the card's template.
const CARD_TEMPLATE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docker/card.json");

/// Writes the report everywhere it is asked for, and returns how the run ended.
pub(crate) fn publish(settings: &Settings, secrets: &Secrets, findings: Findings) -> ExitStatus {
    let is_change_lost = !findings.planned.refusals.is_empty()
        || findings
            .applied
            .as_ref()
            .is_some_and(|applied| !applied.errors.is_empty());
    let mut report = report(settings, findings);
    report.redact(secrets);
    report.errors.extend(write_files(settings, &report));
    let mut is_written = print(&secrets.redact(&report::table(&report)));
    if let Some(path) = &settings.runner.output
        && let Err(error) = report::write_outputs(path, &report::outputs(&report))
    {
        eprint(&format!(
            "the outputs could not be written to {}: {error}",
            path.display()
        ));
        is_written = false;
    }
    for error in &report.errors {
        tracing::error!("{error}");
    }
    if is_change_lost {
        ExitStatus::Change
    } else if !is_written || !report.errors.is_empty() {
        ExitStatus::NotDone
    } else if report.summary.failed {
        ExitStatus::Verdict
    } else {
        ExitStatus::Done
    }
}

/// Prints to standard output; `false` if nobody can read it.
pub(crate) fn print(text: &str) -> bool {
    let mut output = io::stdout().lock();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .is_ok()
}

/// Prints to standard error what no report can hold.
pub(crate) fn eprint(text: &str) {
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

fn report(settings: &Settings, mut findings: Findings) -> Report {
    let mut summary = summary(&findings.judged.rows, &settings.fail_on);
    if settings.dry_run && !findings.planned.changes.is_empty() {
        let as_planned = findings.judged_as_planned(settings);
        summary.failed = verdict::summary(&as_planned.rows, &settings.fail_on).failed;
    }
    let hints = settings.hints.iter();
    let hints = hints.map(|hint| Warning::general(hint.code, hint.message.clone()));
    let mut warnings: Vec<Warning> = hints.collect();
    warnings.append(&mut findings.judged.warnings);
    warnings.append(&mut findings.planned.warnings);
    let (facts, policy) = (&findings.facts, &findings.policy);
    let lists = settings.action == Action::List;
    let used = if lists || settings.makes_patch() {
        verdict::in_use(facts, settings)
    } else {
        Vec::new()
    };
    let mut listed = Vec::new();
    if lists {
        let (list, lacking) = verdict::list(facts, &used, policy);
        listed = list;
        warnings.extend(lacking);
    }
    let mirror = mirror::plan(facts, &used, settings, policy);
    if let Some(mirror) = &mirror {
        summary.failed |= settings.fail_on.missing && mirror.missing > 0;
        warnings.extend(uncertain(mirror));
    }
    let is_empty = findings.judged.rows.is_empty();
    let no_images = is_empty.then(|| verdict::no_images(&findings.facts, settings));
    let patch = settings.makes_patch().then(|| {
        let rows = &findings.judged.rows;
        let (suggestions, left_out) = change::suggest(&used, settings, policy, rows);
        warnings.extend(left_out);
        let (patch, left_out) = patch::patch(&suggestions);
        warnings.extend(left_out);
        patch
    });
    let mut errors = findings.errors;
    errors.append(&mut findings.planned.refusals);
    let mut changes = findings.planned.changes;
    if let Some(mut applied) = findings.applied {
        warnings.append(&mut applied.warnings);
        errors.append(&mut applied.errors);
        changes = applied.changes;
    }
    warnings.extend(verdict::not_seen(&findings.facts, settings));
    let registries: std::collections::BTreeSet<String> = findings
        .facts
        .repositories
        .iter()
        .map(|known| known.registry.clone())
        .collect();
    Report {
        version: env!("CARGO_PKG_VERSION"),
        as_of: findings.policy.as_of,
        account: findings.facts.account,
        action: settings.action.as_str(),
        dry_run: settings.dry_run,
        policy: PolicyShown {
            supported_releases: findings.policy.supported_releases,
            release_unit: findings.policy.release_unit,
            supported_days: findings.policy.supported_days,
            lifecycles: crate::model::lifecycle::LIFECYCLES,
            deploy_window_days: findings.policy.deploy_window_days,
            fail_on: settings.fail_on.clone(),
        },
        summary,
        images: findings.judged.rows,
        no_images,
        changes,
        newly: findings.newly,
        list: listed,
        mirror,
        warnings,
        errors,
        registries: registries.into_iter().collect(),
        patch,
        patch_file: settings.patch_file(),
    }
}

/// That some images could not be compared, or cannot be copied by digest.
fn uncertain(mirror: &Mirror) -> Option<Warning> {
    let with_note = mirror.images.iter().filter(|image| image.note.is_some());
    let unsaid = with_note.count();
    if unsaid == 0 && mirror.left_out == 0 {
        return None;
    }
    let mut parts = Vec::new();
    if unsaid > 0 {
        parts.push(format!(
            "{} could not be compared with {}, or cannot be copied by digest; the table and `note` in the report say why",
            counted(unsaid, "image", "images"),
            mirror.registry
        ));
    }
    if mirror.left_out > 0 {
        parts.push(format!(
            "{} more were not looked at, choose fewer with `fields`, `images` or `supported_releases`",
            mirror.left_out
        ));
    }
    let message = parts.join("; ");
    Some(Warning::general(WarningCode::MirrorUncertain, message))
}

/// Report files, and what the runner shows beside the build; what could not be written.
fn write_files(settings: &Settings, report: &Report) -> Vec<String> {
    let failures = report::write_reports(report, &settings.reports);
    if let Some(path) = &settings.runner.card
        && let Err(error) = report::write_card(path, report, CARD_TEMPLATE)
    {
        tracing::debug!(
            "the card could not be written to {}: {error}",
            path.display()
        );
    }
    if let Some(path) = &settings.runner.annotations {
        let now = jiff::Timestamp::now().as_millisecond();
        let identifiers = &settings.runner.identifiers;
        if let Err(error) = report::write_annotation(path, report, identifiers, now) {
            tracing::debug!(
                "the annotation could not be written to {}: {error}",
                path.display()
            );
        }
    }
    let unwritten = |(path, error): (PathBuf, io::Error)| unwritten("reports", &path, &error);
    failures.into_iter().map(unwritten).collect()
}
