//! What became of a plan, and the words for it. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::batch::{ConfigKey, Field, shown};
use super::concurrent_changes::changed_meanwhile;
use super::observed::Observed;
use crate::harness::{Cause, HarnessError};
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
    /// Changes that another user made during the run.
    pub warnings: Vec<Warning>,
    /// The overrides as they were read last, where they could be read.
    pub overrides: BTreeMap<ConfigKey, Fields>,
}

/// Everything is as planned.
pub(super) fn applied(observed: Observed, facts: &Facts, mut changes: Vec<Change>) -> Applied {
    for change in &mut changes {
        change.state = ChangeState::Applied;
    }
    Applied {
        warnings: changed_meanwhile(facts, &observed.read, &observed.touched(&changes)),
        changes,
        errors: Vec::new(),
        overrides: observed.read,
    }
}

/// Not everything was as planned, and former values were put back. `failure` is why not
/// everything was sent.
pub(super) fn rolled_back(
    mut observed: Observed,
    facts: &Facts,
    mut changes: Vec<Change>,
    failure: Option<HarnessError>,
    backup: &Path,
) -> Applied {
    for change in &mut changes {
        change.state = observed.state(change);
    }
    let mut errors: Vec<String> = failure.iter().map(ToString::to_string).collect();
    errors.append(&mut observed.unseen);
    errors.extend(not_as_planned(&observed, &changes, failure.is_some()));
    let by_hand = by_hand(&observed, &changes);
    if !by_hand.is_empty() {
        errors.append(&mut observed.undo_errors);
    }
    errors.append(&mut observed.unread);
    let mut known = BTreeSet::new();
    errors.retain(|error| known.insert(error.clone()));
    errors.push(if by_hand.is_empty() {
        all_is_well(&observed, &changes, failure.as_ref())
    } else {
        to_do(&observed, &changes, &by_hand, backup)
    });
    Applied {
        warnings: changed_meanwhile(facts, &observed.read, &observed.touched_by_us(&changes)),
        changes,
        errors,
        overrides: observed.read,
    }
}

/// What was found of accepted changes that did not take, and values that nobody planned.
fn not_as_planned(observed: &Observed, changes: &[Change], is_refused: bool) -> Vec<String> {
    let mut errors = Vec::new();
    for change in observed.ours(changes) {
        let Some(seen) = observed.seen_before_rollback(change) else {
            continue;
        };
        let is_former = seen == change.from.as_deref();
        if seen == change.to.as_deref() || is_refused && is_former {
            continue;
        }
        let (name, is) = (name(change), shown(seen));
        let planned = shown(change.to.as_deref());
        errors.push(if is_former {
            format!("{name}: Harness accepted the change, but the field still has {is}, not {planned}")
        } else {
            format!("{name}: after the change the field had {is}, not {planned}: another user may have changed it at the same moment")
        });
    }
    errors
}

/// Fields that a person must look after.
fn by_hand(observed: &Observed, changes: &[Change]) -> Vec<String> {
    let is_unconfirmed = |change: &Change| observed.unconfirmed.contains(&Field::of(change));
    let left = observed.ours(changes).filter(|change| {
        !observed.is_foreign(change) && (!observed.is_back(change) || is_unconfirmed(change))
    });
    left.map(|change| {
        let (name, former) = (name(change), shown(change.from.as_deref()));
        match observed.present(change) {
            Some(_) if observed.is_back(change) => {
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

fn to_do(observed: &Observed, changes: &[Change], by_hand: &[String], backup: &Path) -> String {
    let is_known = changes.iter().any(|change| {
        observed.is_ours(change)
            && observed
                .present(change)
                .is_some_and(|present| present != change.from.as_deref())
    });
    let what = if is_known {
        "the account is not as it was before the run"
    } else {
        "it is unknown whether the account is as it was before the run"
    };
    let settings = restore_settings(changes, backup);
    format!(
        "{what}. Check and set by hand, or run again with {settings}: {}",
        by_hand.join("; ")
    )
}

/// Fields that another user changed during the run, with their values.
fn foreign(observed: &Observed, changes: &[Change]) -> Vec<String> {
    let foreign = observed
        .ours(changes)
        .filter(|change| observed.is_foreign(change));
    foreign
        .map(|change| {
            let present = observed.present(change).flatten();
            format!("{} has {}", name(change), shown(present))
        })
        .collect()
}

fn all_is_well(observed: &Observed, changes: &[Change], failure: Option<&HarnessError>) -> String {
    let is_back = changes
        .iter()
        .any(|change| change.state == ChangeState::RolledBack);
    let foreign = foreign(observed, changes);
    if !foreign.is_empty() {
        return format!(
            "another user changed overrides during the run, and they were left as they are: {}. All else is as it was before the run",
            foreign.join("; ")
        );
    }
    let mut text = if is_back {
        "the former values were put back and read: the account is as it was before the run"
    } else if !observed.is_read() {
        "Harness says that it changed nothing, but the overrides could not be read"
    } else if observed.is_refused() {
        "Harness refused the change, and the overrides that were read after it are as before"
    } else {
        "nothing was changed"
    }
    .to_owned();
    let is_unanswered = failure.is_some_and(|error| {
        matches!(error.cause, Cause::Http(_) | Cause::Server(..)) && error.may_have_arrived()
    });
    let is_lost = |change: &Change| observed.is_ours(change) && change.state == ChangeState::Failed;
    if is_unanswered && changes.iter().any(is_lost) {
        text.push_str(
            ", but Harness may still carry out the change that it did not answer: run `action: check` before the next attempt",
        );
    }
    text
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
