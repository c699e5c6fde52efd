//! Applying a plan: sent once, read back, and rolled back if it did not take.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tokio::time::Instant;

use super::batch::batches;
use super::observed::Observed;
use super::outcome::{Applied, applied, restore_settings, rolled_back};
use super::time_budget::{TOO_SHORT, TimeBudget};
use super::writer::Writer;
use crate::harness::{Harness, HarnessError};
use crate::model::change::Change;
use crate::model::facts::Facts;
use crate::stop::Stop;

/// Sends the plan's writes one after the other, reads the overrides back, and puts the former
/// values back everywhere if anything is not as planned. `facts` hold the overrides before, and
/// so does the file `backup`, which messages name.
///
/// Nothing is begun unless the time until `deadline` allows for every write, its
/// verification, and a rollback with its verification.
pub async fn apply(
    harness: &Harness<'_>,
    facts: &Facts,
    changes: Vec<Change>,
    backup: &Path,
    deadline: Instant,
    stop: &Stop,
) -> Applied {
    let batches = batches(&changes);
    let mut writer = Writer {
        harness,
        budget: TimeBudget::new(&batches, deadline),
        stop,
        observed: Observed::default(),
        accepted: BTreeSet::new(),
        unreadable: BTreeMap::new(),
        refusing: BTreeSet::new(),
    };
    if writer.budget.is_too_short() {
        return Applied {
            changes,
            errors: vec![TOO_SHORT.to_owned()],
            ..Applied::default()
        };
    }
    // A warning, so that it is in the log at `warn` too: a run that is killed leaves nothing else.
    tracing::warn!(
        "the overrides before the change are kept in {}; to undo the change, run with {}",
        backup.display(),
        restore_settings(&changes, backup)
    );
    let failure = writer.send_all(&batches, &changes).await;
    let is_planned =
        |observed: &Observed| changes.iter().all(|change| observed.is_as_planned(change));
    let in_doubt = failure.as_ref().is_some_and(HarnessError::may_have_arrived);
    // What is in doubt was waited for already.
    let has_arrived = |observed: &Observed| {
        let is_there = |change| observed.is_as_planned(change);
        observed.is_read() && (in_doubt || observed.ours(&changes).all(is_there))
    };
    writer.read_touched(has_arrived).await;
    if (failure.is_none() || in_doubt) && is_planned(&writer.observed) {
        return applied(writer.observed, facts, changes);
    }
    writer.observed.seen = writer.observed.read.clone();
    writer.observed.unseen = writer.not_read();
    writer.roll_back(&changes).await;
    writer.observed.reclassify_refusals(&changes);
    writer.observed.unread = writer.not_read();
    rolled_back(writer.observed, facts, changes, failure, backup)
}
