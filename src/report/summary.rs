//! The report in a sentence: the answer and the counts.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Report;
use crate::model::change::{Change, ChangeState};
use crate::model::module::full_name;
use crate::model::policy::FailOn;
use crate::model::row::Row;
use crate::model::verdict::{Attention, Verdict};
use crate::model::warning::Warning;
use crate::text::{counted, sentence};

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
        (_, 0, _) => {
            let urgent = Verdict::ALL
                .into_iter()
                .filter(|verdict| verdict.is_out_of_support());
            let names: Vec<&str> = urgent.map(Verdict::as_str).collect();
            format!(
                "No image is {}, but {others} of {all} {} attention.",
                names.join(" or "),
                need(others)
            )
        }
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
