//! What to do next, by all that a report holds.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Report, formats};
use crate::model::change::ChangeState;
use crate::model::format::Requirement;
use crate::model::location::Source;
use crate::model::row::Row;
use crate::model::verdict::{Verdict, first_by_source};
use crate::model::warning::WarningCode;
use crate::text::one_of;

/// Warnings that images may be where nothing could be read.
const UNREAD: [WarningCode; 4] = [
    WarningCode::ProjectUnreadable,
    WarningCode::PipelineUnreadable,
    WarningCode::UnreadableFile,
    WarningCode::NoMatch,
];

/// What to do next where builds fail to pull an image.
const NEXT_IF_MISSING: &str = "Use tags that exist in place of the missing images, which builds cannot \
    pull, or copy them to the registry that the warnings name.";

/// What to do next, in a sentence or two. No text from outside.
pub fn next_step(report: &Report) -> String {
    let state = |expected| report.changes.iter().any(|change| change.state == expected);
    if state(ChangeState::Unknown) {
        return "Look at the account's overrides before anything else: it is not known which \
                changes arrived. `action: restore` brings back what the backup holds."
            .to_owned();
    }
    let is_part =
        state(ChangeState::Planned) || state(ChangeState::Failed) || state(ChangeState::RolledBack);
    if !report.errors.is_empty() && state(ChangeState::Applied) && is_part {
        return "Do what the last error says before anything else: only a part of the changes was \
                made, and it could not be undone."
            .to_owned();
    }
    if !report.errors.is_empty() {
        return "Fix what the errors name, then run the step again.".to_owned();
    }
    if state(ChangeState::Failed) || state(ChangeState::RolledBack) {
        return "Find out why the account does not keep the changes, then run the step again."
            .to_owned();
    }
    if state(ChangeState::Planned) && report.dry_run {
        return "Run the step without `dry_run` to make these changes.".to_owned();
    }
    if report.changed() > 0 && report.action == "restore" {
        return "Run a build that uses the restored images.".to_owned();
    }
    if report.changed() > 0 {
        return "Run a build that uses the changed images; `action: restore` undoes the changes."
            .to_owned();
    }
    if let Some(mirror) = &report.mirror
        && mirror.copies().next().is_some()
    {
        let plans = formats().into_iter();
        let plans = plans.filter(|format| format.requires == Requirement::MirrorPlan);
        let endings = plans.filter_map(|plan| plan.endings.first().copied());
        return format!(
            "Copy what the mirror lacks with one of the plans (`reports`: {}), then run the step again.",
            one_of(endings)
        );
    }
    if let Some(mirror) = &report.mirror
        && mirror.has_open_notes()
    {
        return "Look at what the table says about images that could not be compared with the \
                mirror, then run the step again."
            .to_owned();
    }
    if let Some(no_images) = report.no_images.as_ref().filter(|_| report.list.is_empty()) {
        return match unread(report) {
            Some(code) => format!("Fix what the warning `{code}` names, then run the step again."),
            None => no_images.next_step(),
        };
    }
    attention(report).unwrap_or_else(|| match next_date(report) {
        Some(day) => format!("Nothing needs to be done before {day}."),
        None => "Nothing needs to be done.".to_owned(),
    })
}

/// What to do about images that are missing, since builds fail, and about the worst verdict that
/// needs something done.
fn attention(report: &Report) -> Option<String> {
    let missing = (report.missing() > 0).then(|| NEXT_IF_MISSING.to_owned());
    let steps: Vec<String> = missing.into_iter().chain(worst_step(report)).collect();
    (!steps.is_empty()).then(|| steps.join(" "))
}

/// What to do about the worst verdict that needs something done.
fn worst_step(report: &Report) -> Option<String> {
    // That a missing image must be replaced is said already.
    let is_open = |row: &&Row| row.verdict.info().is_patched || !row.is_missing();
    let rows: Vec<&Row> = report.images.iter().filter(is_open).collect();
    let worst = rows.iter().map(|row| row.verdict).min()?;
    let of_worst = rows.into_iter().filter(|row| row.verdict == worst);
    let sources: BTreeSet<Source> = of_worst.map(|row| row.source).collect();
    let steps = worst.info().next_step;
    let (source, text) = first_by_source(steps, |source| sources.contains(&source))?;
    let patched = report
        .patch
        .as_deref()
        .filter(|_| source == Some(Source::File));
    Some(match (patched, unread_registry(report)) {
        (Some(""), _) => format!(
            "The patch moves none of the {worst} images of files: the warnings `{}` say why.",
            WarningCode::PatchLeftOut
        ),
        (Some(_), _) => format!(
            "{} the {worst} images of files that the patch holds.",
            apply(report)
        ),
        (None, Some(code)) if worst == Verdict::Unverified => {
            format!("Fix what the warning `{code}` names, so that every image can be judged.")
        }
        (None, _) => text.to_owned(),
    })
}

/// How the patch is applied, with its name where that has only plain letters.
fn apply(report: &Report) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    match report.patch_file.as_deref() {
        Some(file) if file.chars().all(is_plain) => format!("`git apply {file}` moves"),
        _ => "`git apply` with the patch moves".to_owned(),
    }
}

/// The first warning that a registry could not be read.
fn unread_registry(report: &Report) -> Option<WarningCode> {
    let codes = [
        WarningCode::RegistryUnavailable,
        WarningCode::RegistryUnresolved,
        WarningCode::RegistryGone,
    ];
    let raised = |code: &WarningCode| report.warnings.iter().any(|one| one.code == *code);
    codes.into_iter().find(raised)
}

/// The first warning that files or pipelines could not be read.
fn unread(report: &Report) -> Option<WarningCode> {
    let codes = report.warnings.iter().map(|warning| warning.code);
    codes.into_iter().find(|code| UNREAD.contains(code))
}

/// The first day on which something falls due.
fn next_date(report: &Report) -> Option<Date> {
    report
        .images
        .iter()
        .filter(|row| row.source != Source::Default)
        .flat_map(|row| [row.deploy_by, row.leaves_support_on, row.ignored_until])
        .flatten()
        .filter(|day| *day > report.as_of)
        .min()
}
