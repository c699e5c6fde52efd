//! What a run has sent, and what it has read since: the state of every change follows from it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::{ConfigKey, Field, value_of};
use crate::model::change::{Change, ChangeState};
use crate::model::facts::Fields;

/// How far the write of a field got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Harness says that it did nothing.
    Refused,
    /// It was carried out, or may have been.
    Account,
}

/// What was sent and seen in the end.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Planned fields that were sent.
    pub(super) reached: BTreeMap<Field, Reach>,
    /// Overrides as read last; a place that could not be read is missing.
    pub(super) read: BTreeMap<ConfigKey, Fields>,
    /// Overrides as read before the rollback, and why that failed.
    pub(super) seen: BTreeMap<ConfigKey, Fields>,
    pub(super) unseen: Vec<String>,
    /// Why places could not be read last.
    pub(super) unread: Vec<String>,
    /// Fields whose former values were sent.
    pub(super) undone: BTreeSet<Field>,
    /// Fields that read as before, though a change that was sent may still show: there was no time
    /// to wait for it, or it could not be undone.
    pub(super) unconfirmed: BTreeSet<Field>,
    /// What went wrong in doing so.
    pub(super) undo_errors: Vec<String>,
}

impl Observed {
    pub(super) fn is_as_planned(&self, change: &Change) -> bool {
        self.present(change) == Some(change.to.as_deref())
    }

    pub(super) fn is_back(&self, change: &Change) -> bool {
        self.present(change) == Some(change.from.as_deref())
    }

    /// Whether it has a value that this run neither found nor wrote: another user's.
    pub(super) fn is_foreign(&self, change: &Change) -> bool {
        self.present(change).is_some() && !self.is_as_planned(change) && !self.is_back(change)
    }

    /// Whether every place that was written to could be read.
    pub(super) fn is_read(&self) -> bool {
        let mut places = self.reached.keys().map(|field| field.place);
        places.all(|place| self.read.contains_key(&place))
    }

    /// The override as read last; the outer `None` if it could not be read.
    pub(super) fn present(&self, change: &Change) -> Option<Option<&str>> {
        let fields = self.read.get(&(change.module, change.infra))?;
        Some(value_of(fields, &change.field))
    }

    /// The override as read before the rollback.
    pub(super) fn seen_before_rollback(&self, change: &Change) -> Option<Option<&str>> {
        let fields = self.seen.get(&(change.module, change.infra))?;
        Some(value_of(fields, &change.field))
    }

    /// A rejected write whose value is present counts as applied.
    pub(super) fn reclassify_refusals(&mut self, changes: &[Change]) {
        for change in changes {
            let is_there = self.is_as_planned(change);
            if let Some(reach) = self.reached.get_mut(&Field::of(change))
                && is_there
            {
                *reach = Reach::Account;
            }
        }
    }

    /// Changes that were carried out, or may have been.
    pub(super) fn ours<'a>(&self, changes: &'a [Change]) -> impl Iterator<Item = &'a Change> {
        changes.iter().filter(|change| self.is_ours(change))
    }

    pub(super) fn touched(&self, changes: &[Change]) -> BTreeSet<Field> {
        self.ours(changes).map(Field::of).collect()
    }

    /// Fields that this run wrote to and no other user since.
    pub(super) fn touched_by_us(&self, changes: &[Change]) -> BTreeSet<Field> {
        let ours = self.ours(changes);
        ours.filter(|change| !self.is_foreign(change))
            .map(Field::of)
            .collect()
    }

    /// Whether something was sent, and Harness refused it.
    pub(super) fn is_refused(&self) -> bool {
        self.reached.values().any(|reach| *reach == Reach::Refused)
    }

    pub(super) fn is_ours(&self, change: &Change) -> bool {
        self.reached.get(&Field::of(change)) == Some(&Reach::Account)
    }

    pub(super) fn state(&self, change: &Change) -> ChangeState {
        let field = Field::of(change);
        match (self.reached.get(&field), self.present(change)) {
            (None, _) => ChangeState::Planned,
            (Some(Reach::Refused), _) => ChangeState::Failed,
            (Some(Reach::Account), None) => ChangeState::Unknown,
            (Some(Reach::Account), Some(present)) if present == change.from.as_deref() => {
                if self.unconfirmed.contains(&field) {
                    ChangeState::Unknown
                } else if self.undone.contains(&field) {
                    ChangeState::RolledBack
                } else {
                    ChangeState::Failed
                }
            }
            (Some(Reach::Account), Some(present)) if present == change.to.as_deref() => {
                ChangeState::Applied
            }
            (Some(Reach::Account), Some(_)) => ChangeState::Failed,
        }
    }
}
