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
use crate::model::verdict::{Attention, Verdict, first_text};
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
        let is_supported = self.verdict == Verdict::Supported;
        let by = self.deploy_by.filter(|_| is_supported);
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

/// `1 image`, `2 images`.
pub(crate) fn counted(count: usize, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {more}"),
    }
}

/// How many images ask for attention in this way, and their verdicts.
fn asking(report: &Report, attention: Attention) -> (usize, String) {
    let asks = |verdict: &Verdict| verdict.info().attention == attention;
    let verdicts = Verdict::ALL.into_iter().filter(asks);
    let present: Vec<Verdict> = verdicts.filter(|v| report.count(*v) > 0).collect();
    let names: Vec<&str> = present.iter().map(|verdict| verdict.as_str()).collect();
    let count = present.iter().map(|verdict| report.count(*verdict)).sum();
    (count, names.join(" or "))
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
        FailOn::MISSING => {
            let at_mirror = report
                .mirror
                .as_ref()
                .is_some_and(|mirror| mirror.missing > 0);
            at_mirror || report.images.iter().any(is_missing)
        }
        verdict => (report.images.iter()).any(|row| row.verdict.as_str() == verdict),
    };
    report.policy.fail_on.words().filter(holds).collect()
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
    let of_worst = report.images.iter().filter(|row| row.verdict == worst);
    let sources: BTreeSet<Source> = of_worst.map(|row| row.source).collect();
    let text = first_text(worst.info().next_step, |source| sources.contains(&source));
    (!text.is_empty()).then(|| text.to_owned())
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
