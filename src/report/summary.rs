//! The report in a sentence: the answer, the counts, and what to do next.

use std::fmt::Write;

use jiff::civil::Date;

use super::Report;
use crate::model::change::{Change, ChangeState};
use crate::model::module::full_name;
use crate::model::policy::FailOn;
use crate::model::row::{Row, Source};
use crate::model::verdict::Verdict;
use crate::model::warning::Warning;
use crate::text::sentence;

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
        rows.sort_by_key(|row| row.verdict);
        rows
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
        let by = match (self.verdict, self.deploy_by) {
            (Verdict::Supported, Some(day)) => day.to_string(),
            _ => String::new(),
        };
        match (self.verdict, self.ignored_until) {
            _ if !self.advice.is_empty() => match self.advice.contains(&by) {
                true => self.advice.clone(),
                false => format!("{}, by {by}", self.advice.trim_end_matches('.')),
            },
            (Verdict::Ignored, Some(until)) => {
                format!("ignored until {until}, otherwise {}", self.judged)
            }
            (Verdict::Ignored, None) => format!("ignored, otherwise {}", self.judged),
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
            (Some(module), Some(field), infra) => full_name(module, infra, field),
            (Some(module), None, Some(infra)) => format!("{module}.{infra}"),
            (Some(module), None, None) => module.to_string(),
            (None, Some(field), _) => field.clone(),
            (None, None, _) => return self.message.clone(),
        };
        format!("{about}: {}", self.message)
    }
}

/// `1 image`, `2 images`.
pub(crate) fn counted(count: usize, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {more}"),
    }
}

/// The answer to "are our images all right?", in one sentence.
pub fn answer(report: &Report) -> String {
    let all = report.images.len();
    let unsupported = report.count(Verdict::Unsupported);
    let others: usize = [
        Verdict::Overdue,
        Verdict::Unverified,
        Verdict::Custom,
        Verdict::Floating,
    ]
    .map(|verdict| report.count(verdict))
    .iter()
    .sum();
    let are = |count| if count == 1 { "is" } else { "are" };
    let need = |count| if count == 1 { "needs" } else { "need" };
    match (all, unsupported, others) {
        (0, ..) if !report.errors.is_empty() => {
            "The run failed before an image could be judged.".to_owned()
        }
        (0, ..) => "There is no image to judge.".to_owned(),
        (_, 0, 0) => all_well(report),
        (_, 0, _) => format!(
            "No image is unsupported, but {others} of {all} {} attention.",
            need(others)
        ),
        (1, ..) => "The only image is unsupported.".to_owned(),
        (_, _, 0) => format!(
            "{unsupported} of {all} images {} unsupported.",
            are(unsupported)
        ),
        _ => format!(
            "{unsupported} of {all} images {} unsupported, and {others} more {} attention.",
            are(unsupported),
            need(others)
        ),
    }
}

/// The answer where nothing needs attention.
fn all_well(report: &Report) -> String {
    let ignored = report.count(Verdict::Ignored);
    let state = match report.count(Verdict::Ahead) {
        0 => "supported",
        _ => "supported or ahead",
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

/// `24 images: 2 unsupported, 1 overdue, 21 current`. Safe in every format: no text from
/// outside.
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
    line
}

/// The words of `fail_on` that hold for some image, worst first.
pub(crate) fn failing(report: &Report) -> Vec<&'static str> {
    let is_missing = |row: &Row| row.missing && row.verdict != Verdict::Ignored;
    let holds = |word: &&str| match *word {
        FailOn::MISSING => report.images.iter().any(is_missing),
        verdict => (report.images.iter()).any(|row| row.verdict.as_str() == verdict),
    };
    report.policy.fail_on.words().filter(holds).collect()
}

/// What to do next, in a sentence or two. No text from outside.
pub fn next_step(report: &Report) -> String {
    let state = |wanted| report.changes.iter().any(|change| change.state == wanted);
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
    if report.images.is_empty() && report.list.is_empty() {
        return "Look at the settings `modules`, `infra` and `fields`: they select no image."
            .to_owned();
    }
    attention(report).unwrap_or_else(|| match next_date(report) {
        Some(day) => format!("Nothing needs to be done before {day}."),
        None => "Nothing needs to be done.".to_owned(),
    })
}

/// What to do about the worst verdict that needs something done.
fn attention(report: &Report) -> Option<String> {
    let worst = report.worst().filter(|worst| !worst.is_good())?;
    let of_worst = |source| {
        report
            .images
            .iter()
            .any(|row| row.verdict == worst && row.source == source)
    };
    let text = match worst {
        Verdict::Unsupported if of_worst(Source::Override) => {
            "`action: reset` puts unsupported overrides back to the default; add `dry_run: true` \
             to see the plan first."
        }
        Verdict::Unsupported => {
            "Use a supported tag wherever pipelines name the unsupported images."
        }
        Verdict::Overdue if of_worst(Source::Override) => {
            "`action: pin` with `pin: latest` brings overrides up to date; add `dry_run: true` to \
             see the plan first."
        }
        Verdict::Overdue => "Use a newer tag wherever pipelines name the overdue images.",
        Verdict::Unverified => {
            "Let the step read a registry (`registry`) or keep a `history`, so that every image \
             can be judged."
        }
        Verdict::Custom => {
            "Check that your own images are kept up to date; `ignore` them with a date once that \
             is settled."
        }
        Verdict::Floating if of_worst(Source::Default) => {
            "Nothing needs to be done for defaults that float; a registry that tells digests shows \
             which versions they are."
        }
        Verdict::Floating => "Pin a version where a tag is floating (`action: pin`).",
        _ => return None,
    };
    Some(text.to_owned())
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
