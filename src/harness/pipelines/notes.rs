//! What a run says about the pipelines that it has read, and about those that it has not.

use jiff::Timestamp;

use super::InputImages;
use super::answers::Texts;
use super::counts::{Messages, PipelineCounts, Walked};
use super::names::{Identifier, PipelineId};
use crate::model::facts::Notice;
use crate::model::warning::WarningCode;
use crate::text::counted;

/// What was noticed while reading.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Pipelines of which only the text as written could be read.
    as_written: Messages,
    cached: Cached,
}

/// Copies in the cache.
#[derive(Debug, Default)]
struct Cached {
    copies: usize,
    stale: usize,
    oldest: Option<(Timestamp, PipelineId)>,
}

impl Notes {
    /// Notes how a text was read. One that is no YAML is reported by whoever looked for its images.
    pub(super) fn add(
        &mut self,
        id: &PipelineId,
        input_set: Option<&Identifier>,
        texts: &Texts,
        images: InputImages,
    ) {
        let what = match input_set {
            Some(input_set) => format!("the input set {input_set} of {id}"),
            None => format!("the pipeline {id}"),
        };
        let file = texts
            .file_url
            .as_ref()
            .map(|url| format!(" ({url})"))
            .unwrap_or_default();
        let is_yaml = images != InputImages::Unreadable;
        let lacks_templates =
            || input_set.is_none() && texts.resolved.is_none() && names_template(&texts.written);
        if is_yaml && !texts.is_valid {
            self.as_written.add(format!(
                "{what}{file} is invalid, says Harness; it was read as written, without what its templates hold"
            ));
        } else if is_yaml && lacks_templates() {
            self.as_written.add(format!(
                "templates of {what}{file} could not be resolved; it was read as written: check that they exist, and that the key has the permission `core_template_view` (Templates: view)"
            ));
        }
        if let Some(state) = &texts.cache {
            let cached = &mut self.cached;
            cached.copies = cached.copies.saturating_add(1);
            if state.is_stale {
                cached.stale = cached.stale.saturating_add(1);
            }
            if let Some(taken_at) = state.taken_at
                && cached
                    .oldest
                    .as_ref()
                    .is_none_or(|(oldest, _)| taken_at < *oldest)
            {
                cached.oldest = Some((taken_at, id.clone()));
            }
        }
    }

    /// All that there is to say at the end.
    pub(super) fn notices(self, mut walked: Walked) -> Vec<Notice> {
        for entry in &mut walked.unmatched.first {
            *entry = format!("`{entry}` in `pipelines` matches no pipeline that the key may see");
        }
        let entries = ["more entry of `pipelines`", "more entries of `pipelines`"];
        let projects = ["more project", "more projects"];
        let pipelines = ["more pipeline", "more pipelines"];
        let kinds = [
            (WarningCode::NoMatch, entries, walked.unmatched),
            (WarningCode::ProjectUnreadable, projects, walked.projects),
            (WarningCode::PipelineUnreadable, pipelines, walked.pipelines),
            (WarningCode::PipelineUnreadable, pipelines, self.as_written),
        ];
        let mut notices = Vec::new();
        for (code, [one, more], messages) in kinds {
            notices.extend(messages.notices(code, |rest| {
                format!("so it is with {}", counted(rest, one, more))
            }));
        }
        let cached = self.cached.message();
        notices.extend(cached.map(|message| Notice {
            code: WarningCode::PipelineCached,
            message,
        }));
        let incomplete = incomplete(&walked.counts).filter(|_| walked.fatal.is_none());
        notices.extend(incomplete.map(|message| Notice {
            code: WarningCode::PipelinesIncomplete,
            message,
        }));
        notices
    }
}

/// Whether the text refers to a template, so that it cannot be complete as written.
fn names_template(written: &str) -> bool {
    written.contains("templateRef") || written.contains("uses:")
}

impl Cached {
    fn message(&self) -> Option<String> {
        if self.copies == 0 {
            return None;
        }
        let age = match &self.oldest {
            Some((taken_at, id)) => {
                // `2026-11-20T09:00:00Z`; a format of its own would bring a printer of every form.
                let taken_at = taken_at.to_string();
                let minute = taken_at.get(..16).unwrap_or(&taken_at).replace('T', " ");
                format!("the oldest copy is of {minute} UTC ({id})")
            }
            None => "how old the copies are is not known".to_owned(),
        };
        let stale = match self.stale {
            0 => String::new(),
            _ if self.copies == 1 => "; Harness itself calls it outdated".to_owned(),
            stale => format!("; {stale} of them Harness itself calls outdated"),
        };
        Some(format!(
            "{} read from Harness' cache, while builds read Git; {age}{stale}",
            counted(self.copies, "remote pipeline was", "remote pipelines were")
        ))
    }
}

/// What was not read, in numbers; `None` if everything was.
fn incomplete(counts: &PipelineCounts) -> Option<String> {
    let mut parts = Vec::new();
    let at_least = |is_open: bool| if is_open { "at least " } else { "" };
    if counts.pipelines_unread > 0 {
        parts.push(format!(
            "{} of {}{} {} not read in time",
            counts.pipelines_unread,
            at_least(counts.is_account_unlisted || counts.projects_unlisted > 0),
            counted(counts.pipelines, "pipeline", "pipelines"),
            if counts.pipelines_unread == 1 {
                "was"
            } else {
                "were"
            }
        ));
    }
    if counts.is_account_unlisted {
        parts.push("the projects of the account were not listed to the end".to_owned());
    }
    if counts.projects_unlisted > 0 {
        parts.push(format!(
            "the pipelines of {} of {}{} were not listed to the end",
            counts.projects_unlisted,
            at_least(counts.is_account_unlisted),
            counted(counts.projects, "project", "projects")
        ));
    }
    if counts.input_sets_unread > 0 {
        parts.push(format!(
            "{} not read in time",
            counted(
                counts.input_sets_unread,
                "input set, or a list of them, was",
                "input sets, or lists of them, were"
            )
        ));
    }
    if counts.left_out > 0 {
        parts.push(format!(
            "{} no usable identifier, or beyond what a run reads",
            counted(
                counts.left_out,
                "entry of a list has",
                "entries of lists have"
            )
        ));
    }
    if parts.is_empty() {
        return None;
    }
    Some(format!(
        "{}; raise `timeout` and `requests_per_minute`, or name fewer in `pipelines`",
        parts.join("; ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_numbers() {
        let none = PipelineCounts::default();
        let read = PipelineCounts {
            pipelines: 7,
            pipelines_read: 7,
            projects: 2,
            ..none
        };
        let late = PipelineCounts {
            pipelines: 10_000,
            pipelines_read: 250,
            pipelines_unread: 9_750,
            ..none
        };
        let open = PipelineCounts {
            pipelines: 9,
            pipelines_unread: 4,
            projects: 5,
            projects_unlisted: 3,
            ..none
        };
        let unlisted = PipelineCounts {
            is_account_unlisted: true,
            ..none
        };
        let left_out = PipelineCounts {
            left_out: 2,
            ..none
        };
        let input_sets = PipelineCounts {
            input_sets: 3,
            input_sets_unread: 1,
            ..none
        };
        let cases = [
            (read, ""),
            (late, "9750 of 10000 pipelines were not read in time; raise"),
            (
                open,
                "4 of at least 9 pipelines were not read in time; the pipelines of 3 of 5 projects",
            ),
            (
                unlisted,
                "the projects of the account were not listed to the end; raise",
            ),
            (left_out, "2 entries of lists"),
            (
                input_sets,
                "1 input set, or a list of them, was not read in time",
            ),
        ];
        for (counts, expected) in cases {
            let message = incomplete(&counts);
            assert_eq!(message.is_some(), counts.is_incomplete(), "{counts:?}");
            assert_eq!(message.is_none(), expected.is_empty(), "{counts:?}");
            let message = message.unwrap_or_default();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
