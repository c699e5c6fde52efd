//! What became of a plan: the state of every change, and the words for it. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::batch::{Field, Place, shown, value_of};
use super::concurrent_changes::changed_meanwhile;
use crate::harness::HarnessError;
use crate::model::change::{Change, ChangeState};
use crate::model::facts::{Facts, Fields};
use crate::model::module::full_name;
use crate::model::module::{Infra, Module};
use crate::model::warning::Warning;

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Applied {
    /// The plan's changes with the states they ended in.
    pub changes: Vec<Change>,
    /// What went wrong, the cause first; the last one says how the account was left, and what a
    /// person must do.
    pub errors: Vec<String>,
    /// Changes that somebody else made meanwhile.
    pub warnings: Vec<Warning>,
    /// The overrides as they were read last, where they could be read.
    pub overrides: BTreeMap<Place, Fields>,
}

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
pub(super) struct End {
    /// Planned fields that were sent.
    pub(super) reached: BTreeMap<Field, Reach>,
    /// Overrides as read last; a place that could not be read is missing.
    pub(super) read: BTreeMap<Place, Fields>,
    /// Overrides as read before the rollback, and why that failed.
    pub(super) seen: BTreeMap<Place, Fields>,
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

impl End {
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
    fn present(&self, change: &Change) -> Option<Option<&str>> {
        let fields = self.read.get(&(change.module, change.infra))?;
        Some(value_of(fields, &change.field))
    }

    /// The override as read before the rollback.
    fn seen(&self, change: &Change) -> Option<Option<&str>> {
        let fields = self.seen.get(&(change.module, change.infra))?;
        Some(value_of(fields, &change.field))
    }

    /// What was refused and is there all the same counts as carried out.
    pub(super) fn doubt_refusals(&mut self, changes: &[Change]) {
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

    fn touched(&self, changes: &[Change]) -> BTreeSet<Field> {
        self.ours(changes).map(Field::of).collect()
    }

    /// Fields that this run wrote to and no other user since.
    fn touched_by_us(&self, changes: &[Change]) -> BTreeSet<Field> {
        let ours = self.ours(changes);
        ours.filter(|change| !self.is_foreign(change))
            .map(Field::of)
            .collect()
    }

    /// Whether something was sent, and Harness refused it.
    fn is_refused(&self) -> bool {
        self.reached.values().any(|reach| *reach == Reach::Refused)
    }

    fn is_ours(&self, change: &Change) -> bool {
        self.reached.get(&Field::of(change)) == Some(&Reach::Account)
    }

    /// Everything is as planned.
    pub(super) fn applied(self, facts: &Facts, mut changes: Vec<Change>) -> Applied {
        for change in &mut changes {
            change.state = ChangeState::Applied;
        }
        Applied {
            warnings: changed_meanwhile(facts, &self.read, &self.touched(&changes)),
            changes,
            errors: Vec::new(),
            overrides: self.read,
        }
    }

    /// Not everything was as planned, and former values were put back. `failure` is why not
    /// everything was sent.
    pub(super) fn rolled_back(
        mut self,
        facts: &Facts,
        mut changes: Vec<Change>,
        failure: Option<HarnessError>,
        backup: &Path,
    ) -> Applied {
        for change in &mut changes {
            change.state = self.state(change);
        }
        let mut errors: Vec<String> = failure.iter().map(ToString::to_string).collect();
        errors.append(&mut self.unseen);
        errors.extend(self.not_as_planned(&changes, failure.is_some()));
        let by_hand = self.by_hand(&changes);
        if !by_hand.is_empty() {
            errors.append(&mut self.undo_errors);
        }
        errors.append(&mut self.unread);
        let mut told = BTreeSet::new();
        errors.retain(|error| told.insert(error.clone()));
        errors.push(match by_hand.is_empty() {
            true => self.all_is_well(&changes, failure.as_ref()),
            false => self.to_do(&changes, &by_hand, backup),
        });
        Applied {
            warnings: changed_meanwhile(facts, &self.read, &self.touched_by_us(&changes)),
            changes,
            errors,
            overrides: self.read,
        }
    }

    fn state(&self, change: &Change) -> ChangeState {
        let field = Field::of(change);
        match (self.reached.get(&field), self.present(change)) {
            (None, _) => ChangeState::Planned,
            (Some(Reach::Refused), _) => ChangeState::Failed,
            (Some(Reach::Account), None) => ChangeState::Unknown,
            (Some(Reach::Account), Some(present)) if present == change.from.as_deref() => {
                match self.undone.contains(&field) {
                    _ if self.unconfirmed.contains(&field) => ChangeState::Unknown,
                    true => ChangeState::RolledBack,
                    false => ChangeState::Failed,
                }
            }
            (Some(Reach::Account), Some(present)) if present == change.to.as_deref() => {
                ChangeState::Applied
            }
            (Some(Reach::Account), Some(_)) => ChangeState::Failed,
        }
    }

    /// What was found of accepted changes that did not take, and values that nobody planned.
    fn not_as_planned(&self, changes: &[Change], is_refused: bool) -> Vec<String> {
        let mut errors = Vec::new();
        for change in self.ours(changes) {
            let Some(seen) = self.seen(change) else {
                continue;
            };
            let is_former = seen == change.from.as_deref();
            if seen == change.to.as_deref() || is_refused && is_former {
                continue;
            }
            let (name, is) = (name(change), shown(seen));
            let planned = shown(change.to.as_deref());
            errors.push(match is_former {
                true => format!("{name}: Harness accepted the change, but the field still has {is}, not {planned}"),
                false => format!("{name}: after the change the field had {is}, not {planned}: another user may have changed it at the same moment"),
            });
        }
        errors
    }

    /// Fields that a person must look after.
    fn by_hand(&self, changes: &[Change]) -> Vec<String> {
        let is_unconfirmed = |change: &Change| self.unconfirmed.contains(&Field::of(change));
        let left = self.ours(changes).filter(|change| {
            !self.is_foreign(change) && (!self.is_back(change) || is_unconfirmed(change))
        });
        left.map(|change| {
            let (name, former) = (name(change), shown(change.from.as_deref()));
            match self.present(change) {
                Some(_) if self.is_back(change) => {
                    format!(
                        "{name} has {former} as before, but the change that was sent may still show"
                    )
                }
                Some(present) => format!("{name} has {}, should have {former}", shown(present)),
                None => format!("{name} could not be read, should have {former}"),
            }
        })
        .collect()
    }

    fn to_do(&self, changes: &[Change], by_hand: &[String], backup: &Path) -> String {
        let is_known = changes.iter().any(|change| {
            self.is_ours(change)
                && self
                    .present(change)
                    .is_some_and(|present| present != change.from.as_deref())
        });
        let what = match is_known {
            true => "the account is not as it was before the run",
            false => "it is unknown whether the account is as it was before the run",
        };
        let settings = restore_settings(changes, backup);
        format!(
            "{what}. Check and set by hand, or run again with {settings}: {}",
            by_hand.join("; ")
        )
    }

    /// Fields that another user changed during the run, with their values.
    fn foreign(&self, changes: &[Change]) -> Vec<String> {
        let foreign = self.ours(changes).filter(|change| self.is_foreign(change));
        foreign
            .map(|change| {
                let present = self.present(change).flatten();
                format!("{} has {}", name(change), shown(present))
            })
            .collect()
    }

    fn all_is_well(&self, changes: &[Change], failure: Option<&HarnessError>) -> String {
        let is_back = changes
            .iter()
            .any(|change| change.state == ChangeState::RolledBack);
        let foreign = self.foreign(changes);
        if !foreign.is_empty() {
            return format!(
                "another user changed overrides during the run, and they were left as they are: {}. All else is as it was before the run",
                foreign.join("; ")
            );
        }
        let mut text = match is_back {
            true => {
                "the former values were put back and read: the account is as it was before the run"
            }
            false if !self.is_read() => {
                "Harness says that it changed nothing, but the overrides could not be read"
            }
            false if self.is_refused() => {
                "Harness refused the change, and the overrides that were read after it are as before"
            }
            false => "nothing was changed",
        }
        .to_owned();
        let is_unanswered = matches!(
            failure,
            Some(HarnessError::Http { .. } | HarnessError::Server { .. })
        ) && failure.is_some_and(HarnessError::may_have_arrived);
        let is_lost = |change: &Change| self.is_ours(change) && change.state == ChangeState::Failed;
        if is_unanswered && changes.iter().any(is_lost) {
            text.push_str(
                ", but Harness may still carry out the change that it did not answer: run `action: check` before the next attempt",
            );
        }
        text
    }
}

/// The settings of a step that brings the overrides back to what the backup holds.
pub(super) fn restore_settings(changes: &[Change], backup: &Path) -> String {
    let modules: BTreeSet<Module> = changes.iter().map(|change| change.module).collect();
    let infra: BTreeSet<Infra> = changes.iter().filter_map(|change| change.infra).collect();
    let mut settings = format!(
        "`action: restore`, `backup: {}`, `modules: {}`",
        backup.display(),
        list(&modules)
    );
    if !infra.is_empty() {
        settings.push_str(&format!(", `infra: {}`", list(&infra)));
    }
    settings
}

fn list(names: &BTreeSet<impl ToString>) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(",")
}

fn name(change: &Change) -> String {
    full_name(change.module, change.infra, &change.field)
}
