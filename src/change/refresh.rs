//! The last look before the first write: nothing is sent if a planned field has changed.

use futures_util::future::join_all;
use tokio::time::Instant;

use super::batch::batches;
use super::concurrent_changes::stale;
use super::time_budget::{TOO_SHORT, TimeBudget};
use crate::harness::Harness;
use crate::model::change::Change;
use crate::model::facts::Facts;
use crate::stop::Stop;

/// Reads the overrides once more, right before the backup and the first write, into `facts`.
///
/// # Errors
/// Sentences: why nothing may be sent. Another user has changed a planned field since it was read,
/// or, with `clear`, any field; or the overrides cannot be read; or the time is too short.
pub async fn refresh(
    harness: &Harness<'_>,
    facts: &mut Facts,
    changes: &[Change],
    deadline: Instant,
    stop: &Stop,
) -> Result<(), Vec<String>> {
    let batches = batches(changes);
    let mut budget = TimeBudget::new(&batches, deadline);
    if !budget.make_room(1) {
        return Err(vec![TOO_SHORT.to_owned()]);
    }
    let until = budget.allot();
    let configs = facts.configs.iter_mut().filter(|config| {
        batches.iter().any(|batch| {
            batch.target == (config.module, config.infra)
                || batch.is_clear() && batch.target.0 == config.module
        })
    });
    let reads = configs.map(|config| async move {
        let present = harness
            .overrides_by(config.module, config.infra, until)
            .await;
        (config, present)
    });
    let mut errors = Vec::new();
    let reads = stop.unless(join_all(reads)).await.map_err(|signal| {
        vec![format!(
            "the run was ended by {signal} before the first write; nothing was changed"
        )]
    })?;
    for (config, present) in reads {
        match present {
            Ok(present) => {
                let place = (config.module, config.infra);
                errors.extend(stale(place, &config.overrides, &present, changes));
                config.overrides = present;
            }
            Err(error) => errors.push(format!("{error}; nothing was changed")),
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}
