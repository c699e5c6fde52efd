//! The report in a sentence: the answer, the counts, and what to do next.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::Date;

use super::Report;
use crate::model::change::{Change, ChangeState};
use crate::model::location::Source;
use crate::model::module::full_name;
use crate::model::policy::FailOn;
use crate::model::row::Row;
use crate::model::verdict::{Attention, Verdict, first_by_source};
use crate::model::warning::{Warning, WarningCode};
use crate::text::{counted, sentence};

/// Warnings that images may be where nothing could be read.
const UNREAD: [WarningCode; 4] = [
    WarningCode::ProjectUnreadable,
    WarningCode::PipelineUnreadable,
    WarningCode::UnreadableFile,
    WarningCode::NoMatch,
];

/// What to do next where builds fail to pull an image.
const NEXT_IF_MISSING: &str = "Use tags that exist in place of the missing images, or copy those \
    tags to the registry that the warnings name: builds cannot pull them.";

impl Report {
    /// The worst verdict among the rows; `Ignored` only if there is nothing else, `None`
    /// without rows.
    pub fn worst(&self) -> Option<Verdict> {
        self.images.iter().map(|row| row.verdict).min()
    }

    /// How many rows have the verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.images
            .iter()
            .filter(|row| row.verdict == verdict)
            .count()
    }

    /// The rows, worst first, otherwise in the order of the report.
    pub fn worst_first(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.images.iter().collect();
        rows.sort_by_key(|row| row.rank());
        rows
    }

    /// How many rows are missing, whatever their verdict.
    pub fn missing(&self) -> usize {
        self.images.iter().filter(|row| row.is_missing()).count()
    }

    /// The verdict whose sign and colour the whole report has; `None` without rows and errors.
    pub fn shown_as(&self) -> Option<Verdict> {
        if self.errors.is_empty() {
            self.images.iter().map(Row::shown_as).min()
        } else {
            Some(Verdict::Unsupported)
        }
    }

    /// How many changes have been made and confirmed.
    pub fn changed(&self) -> usize {
        self.changes
            .iter()
            .filter(|change| change.state == ChangeState::Applied)
            .count()
    }

    /// Whether the run's answer is a failure.
    pub fn is_failure(&self) -> bool {
        self.summary.failed || !self.errors.is_empty()
    }
}

impl Row {
    /// What to do, and by when if that is known; empty if there is nothing.
    pub fn what_to_do(&self) -> String {
        let is_due = self.verdict == Verdict::Supported && !self.is_missing();
        let by = self.deploy_by.filter(|_| is_due);
        let by = by.map(|day| day.to_string()).unwrap_or_default();
        let is_excused = self.verdict.info().attention == Attention::Excused;
        match self.ignored_until {
            _ if !self.advice.is_empty() && self.advice.contains(&by) => self.advice.clone(),
            _ if !self.advice.is_empty() => {
                format!("{}, by {by}", self.advice.trim_end_matches('.'))
            }
            Some(until) if is_excused => {
                format!("ignored until {until}, otherwise {}", self.judged)
            }
            None if is_excused => format!("ignored, otherwise {}", self.judged),
            _ if !by.is_empty() => format!("deploy a newer version by {by}"),
            _ => String::new(),
        }
    }

    /// Why the verdict is what it is and what to do, as sentences.
    pub(crate) fn explanation(&self) -> String {
        let (reason, advice) = (self.reason.as_str(), self.what_to_do());
        format!("{} {}", sentence(reason), sentence(&advice))
            .trim()
            .to_owned()
    }
}

impl Change {
    /// What is changed, in one line; text from outside is not escaped.
    pub(crate) fn sentence(&self) -> String {
        let image = |image: &Option<String>| image.clone().unwrap_or("default".to_owned());
        format!(
            "{} from {} to {}, {}: {}",
            full_name(self.module, self.infra, &self.field),
            image(&self.from),
            image(&self.to),
            self.state.as_str(),
            self.why
        )
    }
}

impl Warning {
    /// What it concerns and its message, in one line; text from outside is not escaped.
    pub(crate) fn sentence(&self) -> String {
        let about = match (self.module, &self.field, self.infra) {
            (Some(_), Some(field), _) if self.is_about_place() => field.clone(),
            (Some(module), Some(field), infra) => full_name(module, infra, field),
            (Some(module), None, Some(infra)) => format!("{module}.{infra}"),
            (Some(module), None, None) => module.to_string(),
            (None, Some(field), _) => field.clone(),
            (None, None, _) => return self.message.clone(),
        };
        format!("{about}: {}", self.message)
    }
}

/// How many images ask for attention in this way, and why: their verdicts that do, or `missing`.
fn asking(report: &Report, attention: Attention) -> (usize, String) {
    let asks = |row: &&Row| row.attention() == attention;
    let rows: Vec<&Row> = report.images.iter().filter(asks).collect();
    let verdicts = Verdict::ALL.into_iter().filter(|verdict| {
        verdict.info().attention == attention && rows.iter().any(|row| row.verdict == *verdict)
    });
    let missing = rows.iter().any(|row| row.is_missing());
    let names: Vec<&str> = verdicts
        .map(Verdict::as_str)
        .chain(missing.then_some(FailOn::MISSING))
        .collect();
    (rows.len(), names.join(" or "))
}

/// The answer to "are our images all right?", in one sentence.
pub fn answer(report: &Report) -> String {
    let all = report.images.len();
    let (urgent, verdicts) = asking(report, Attention::Urgent);
    let (others, _) = asking(report, Attention::Needed);
    let are = |count| if count == 1 { "is" } else { "are" };
    let need = |count| if count == 1 { "needs" } else { "need" };
    match (all, urgent, others) {
        (0, ..) if !report.errors.is_empty() => {
            "The run failed before an image could be judged.".to_owned()
        }
        (0, ..) => "There is no image to judge.".to_owned(),
        (_, 0, 0) => all_well(report),
        (_, 0, _) => format!(
            "No image is unsupported, but {others} of {all} {} attention.",
            need(others)
        ),
        (1, ..) => format!("The only image is {verdicts}."),
        (_, _, 0) => format!("{urgent} of {all} images {} {verdicts}.", are(urgent)),
        _ => format!(
            "{urgent} of {all} images {} {verdicts}, and {others} more {} attention.",
            are(urgent),
            need(others)
        ),
    }
}

/// The answer where nothing needs attention.
fn all_well(report: &Report) -> String {
    let (ignored, _) = asking(report, Attention::Excused);
    let state = match asking(report, Attention::Mentioned) {
        (0, _) => "supported".to_owned(),
        (_, verdicts) => format!("supported or {verdicts}"),
    };
    match (report.images.len().saturating_sub(ignored), ignored) {
        (0, 1) => "The only image is ignored.".to_owned(),
        (0, _) => "All images are ignored.".to_owned(),
        (1, 0) => format!("The only image is {state}."),
        (well, 0) => format!("All {well} images are {state}."),
        (1, ignored) => format!("1 image is {state}, {ignored} ignored."),
        (well, ignored) => format!("{well} images are {state}, {ignored} ignored."),
    }
}

/// `24 images: 2 unsupported, 1 overdue, 21 current; 1 missing`. Safe in every format: no text
/// from outside.
pub fn counts(report: &Report) -> String {
    let mut line = counted(report.images.len(), "image", "images");
    let mut separator = ": ";
    for verdict in Verdict::ALL {
        let count = report.count(verdict);
        if count > 0 {
            let _ = write!(line, "{separator}{count} {verdict}");
            separator = ", ";
        }
    }
    let missing = report.missing();
    if missing > 0 {
        let _ = write!(line, "; {missing} {}", FailOn::MISSING);
    }
    line
}

/// The words of `fail_on` that hold for some image, worst first.
pub(crate) fn failing(report: &Report) -> Vec<&'static str> {
    let fail_on = &report.policy.fail_on;
    let rows = report.images.iter();
    let mut reasons: BTreeSet<&str> = rows
        .flat_map(|row| fail_on.reasons(row.verdict, row.missing))
        .collect();
    if report
        .mirror
        .as_ref()
        .is_some_and(|mirror| mirror.missing > 0)
    {
        reasons.insert(FailOn::MISSING);
    }
    let words = fail_on.words();
    words.filter(|word| reasons.contains(word)).collect()
}

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
        return "Copy what the mirror lacks with one of the plans (`reports`: `.regsync.yml`, \
                `.skopeo.yml` or `.txt`), then run the step again."
            .to_owned();
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
    let worst = report.worst().filter(|worst| !worst.is_good())?;
    let of_worst = report.images.iter().filter(|row| row.verdict == worst);
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
