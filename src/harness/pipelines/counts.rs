//! How much was read, and what failed.

use crate::model::facts::Notice;
use crate::model::warning::WarningCode;

/// Most messages of a kind that are kept; further ones are counted.
const MAX_MESSAGES: usize = 20;

/// How many there are of what, and how many of them were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PipelineCounts {
    /// Projects that are meant, as far as they were listed.
    pub projects: usize,
    /// Those whose pipelines were not listed to the end for lack of time.
    pub projects_unlisted: usize,
    /// Pipelines that are meant, as far as they were listed.
    pub pipelines: usize,
    /// Those that were read.
    pub pipelines_read: usize,
    /// Those that were not read for lack of time.
    pub pipelines_unread: usize,
    /// Input sets of pipelines whose images are inputs, as far as they were listed.
    pub input_sets: usize,
    /// Those that were not read for lack of time.
    pub input_sets_unread: usize,
    /// Entries of lists without a usable identifier, and those beyond the bounds of a run.
    pub left_out: usize,
    /// Whether the projects themselves were not listed to the end for lack of time.
    pub is_account_unlisted: bool,
}

impl PipelineCounts {
    /// Whether something was not read for lack of time, or left out.
    pub fn is_incomplete(&self) -> bool {
        self.is_account_unlisted
            || self.projects_unlisted > 0
            || self.pipelines_unread > 0
            || self.input_sets_unread > 0
            || self.left_out > 0
    }
}

/// Messages of a kind: the first ones by their texts, whatever the order in which answers come, and how
/// many there are besides.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    pub(super) first: Vec<String>,
    pub(super) more: usize,
}

impl Messages {
    pub(crate) fn add(&mut self, message: String) {
        let at = self.first.partition_point(|other| *other <= message);
        self.first.insert(at, message);
        if self.first.len() > MAX_MESSAGES {
            self.first.pop();
            self.more = self.more.saturating_add(1);
        }
    }

    /// A notice for each of the first, and one for the others, whose text `rest` makes of their number.
    pub(crate) fn notices(
        self,
        code: WarningCode,
        rest: impl FnOnce(usize) -> String,
    ) -> impl Iterator<Item = Notice> {
        let rest = (self.more > 0).then(|| rest(self.more));
        let messages = self.first.into_iter().chain(rest);
        messages.map(move |message| Notice { code, message })
    }
}

/// How a walk has ended.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) counts: PipelineCounts,
    /// Entries of the setting that match nothing.
    pub(super) unmatched: Messages,
    /// Projects whose pipelines could not be listed.
    pub(super) projects: Messages,
    /// Pipelines and input sets that could not be read.
    pub(super) pipelines: Messages,
    /// Why the rest was given up.
    pub(super) fatal: Option<String>,
}
