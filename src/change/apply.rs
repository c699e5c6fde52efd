//! Applying a plan: sent once, read back, and rolled back if it did not take.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::batch::{Batch, Place, Write, batches, undo, value_of};
use crate::facts::{Facts, Fields};
use crate::harness::{Harness, HarnessError};
use crate::report::{Change, ChangeState, Warning, full_name};

/// Longest wait for one call.
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// With less time than this for a call, nothing is begun.
const SHORTEST_CALL: Duration = Duration::from_millis(200);

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Applied {
    /// The plan's changes with the states they ended in.
    pub changes: Vec<Change>,
    /// What went wrong, and what a person must do by hand.
    pub errors: Vec<String>,
    /// Changes that somebody else made meanwhile.
    pub warnings: Vec<Warning>,
    /// The overrides as they were read last, where they could be read.
    pub overrides: BTreeMap<Place, Fields>,
}

/// Sends the plan's writes one after the other, reads the overrides back, and puts the former
/// values back everywhere if anything is not as planned. `facts` hold the overrides before.
///
/// Nothing is begun unless the time until `deadline` allows for every write, its
/// verification, and a rollback with its verification.
pub async fn apply(
    harness: &Harness<'_>,
    facts: &Facts,
    changes: Vec<Change>,
    deadline: Instant,
) -> Applied {
    let batches = batches(&changes);
    let mut writer = Writer {
        harness,
        clock: Clock::new(&batches, deadline),
        attempted: BTreeMap::new(),
        read: BTreeMap::new(),
        errors: Vec::new(),
    };
    if writer.clock.is_too_short() {
        let error = "there is not enough time left to make the changes, verify them and roll them back: raise `timeout`; \
                     nothing was changed";
        return Applied {
            changes,
            errors: vec![error.to_owned()],
            ..Applied::default()
        };
    }
    let all_sent = writer.send_all(&batches, &changes).await;
    writer.read_attempted().await;
    let seen = writer.read.clone();
    if all_sent && changes.iter().all(|change| writer.is_as_planned(change)) {
        return writer.conclude(facts, changes, |_, _| ChangeState::Applied);
    }
    if all_sent {
        writer.errors.extend(not_as_planned(&changes, &writer.read));
    }
    let attempted = writer.attempted.clone();
    if writer.roll_back(&changes).await {
        writer.read_attempted().await;
    }
    let mut applied = writer.conclude(facts, changes, |change, present| {
        state_after_rollback(change, &attempted, &seen, present)
    });
    applied.errors.push(outcome(&applied));
    applied
}

/// How far a write got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// It was refused, or never arrived.
    Nowhere,
    /// It may have been carried out.
    Account,
}

/// Sends and reads, and remembers what it saw.
struct Writer<'a> {
    harness: &'a Harness<'a>,
    clock: Clock,
    /// Places to which writes were sent.
    attempted: BTreeMap<Place, Reach>,
    /// Overrides as read last; a place that could not be read is missing.
    read: BTreeMap<Place, Fields>,
    errors: Vec<String>,
}

impl Writer<'_> {
    /// Sends batch after batch; `false` if one did not take, and then none after it.
    async fn send_all(&mut self, batches: &[Batch], changes: &[Change]) -> bool {
        for batch in batches {
            for write in &batch.writes {
                if let Err(error) = self.send(batch, write).await {
                    let is_lost =
                        error.may_have_arrived() && self.is_settled(batch, write, changes).await;
                    if !is_lost {
                        self.errors.push(error.to_string());
                        return false;
                    }
                    tracing::warn!("{error}; the overrides were read and the change has arrived");
                }
            }
        }
        true
    }

    async fn send(&mut self, batch: &Batch, write: &Write) -> Result<(), HarnessError> {
        let deadline = self.clock.allot();
        let (module, infra) = batch.target;
        let sent = match write {
            Write::Pin(fields) => self.harness.pin(module, infra, fields, deadline).await,
            Write::Reset(fields) => self.harness.reset(module, infra, fields, deadline).await,
            Write::Clear => self.harness.clear(module, infra, deadline).await,
        };
        let is_refused = sent.as_ref().is_err_and(|error| !error.may_have_arrived());
        let reach = if is_refused {
            Reach::Nowhere
        } else {
            Reach::Account
        };
        for place in &batch.places {
            let known = self.attempted.entry(*place).or_insert(reach);
            *known = reach.max(*known);
        }
        sent
    }

    /// Whether a write without a clear answer has arrived after all: reading tells.
    async fn is_settled(&mut self, batch: &Batch, write: &Write, changes: &[Change]) -> bool {
        self.read(&batch.places).await;
        let concerns = |change: &&Change| match write {
            Write::Clear => true,
            Write::Pin(_) => change.to.is_some(),
            Write::Reset(_) => change.to.is_none(),
        };
        changes
            .iter()
            .filter(|change| batch.places.contains(&(change.module, change.infra)))
            .filter(concerns)
            .all(|change| self.is_as_planned(change))
    }

    fn is_as_planned(&self, change: &Change) -> bool {
        let present = self.read.get(&(change.module, change.infra));
        present.is_some_and(|present| value_of(present, &change.field) == change.to.as_deref())
    }

    async fn read_attempted(&mut self) {
        let places: Vec<Place> = self.attempted.keys().copied().collect();
        self.read(&places).await;
    }

    async fn read(&mut self, places: &[Place]) {
        let deadline = self.clock.allot();
        let reads = places
            .iter()
            .map(|(module, infra)| self.harness.overrides_by(*module, *infra, deadline));
        let results = join_all(reads).await;
        for (place, result) in places.iter().zip(results) {
            match result {
                Ok(fields) => drop(self.read.insert(*place, fields)),
                Err(error) => {
                    self.read.remove(place);
                    self.errors
                        .push(format!("the overrides could not be read back: {error}"));
                }
            }
        }
    }

    /// Puts former values back wherever they are not, the last place first; `false` if nothing had to be sent.
    async fn roll_back(&mut self, changes: &[Change]) -> bool {
        let mut is_sent = false;
        for (place, reach) in self.attempted.clone().into_iter().rev() {
            let present = self.read.get(&place);
            if present.is_none() && reach == Reach::Nowhere {
                continue;
            }
            let batch = Batch {
                target: place,
                places: vec![place],
                writes: undo(changes, place, present),
            };
            for write in &batch.writes {
                is_sent = true;
                if let Err(error) = self.send(&batch, write).await {
                    self.errors
                        .push(format!("the former values could not be put back: {error}"));
                }
            }
        }
        is_sent
    }

    fn conclude(
        self,
        facts: &Facts,
        mut changes: Vec<Change>,
        state: impl Fn(&Change, Option<&Fields>) -> ChangeState,
    ) -> Applied {
        for change in &mut changes {
            change.state = state(change, self.read.get(&(change.module, change.infra)));
        }
        let warnings = changed_meanwhile(facts, &changes, &self.read);
        Applied {
            changes,
            errors: self.errors,
            warnings,
            overrides: self.read,
        }
    }
}

/// Shares the time that is left among the calls that may still be needed.
struct Clock {
    deadline: Instant,
    calls: u32,
}

impl Clock {
    /// Every write, a read to settle each, a read of all, an undo of each kind for every place, a last read.
    fn new(batches: &[Batch], deadline: Instant) -> Self {
        let writes: usize = batches.iter().map(|batch| batch.writes.len()).sum();
        let places: usize = batches.iter().map(|batch| batch.places.len()).sum();
        Self {
            deadline,
            calls: u32::try_from(2 * writes + 2 * places + 2).unwrap_or(u32::MAX),
        }
    }

    fn share(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()) / self.calls.max(1)
    }

    fn is_too_short(&self) -> bool {
        self.share() < SHORTEST_CALL
    }

    /// Until when the next call may last.
    fn allot(&mut self) -> Instant {
        let share = self.share().clamp(SHORTEST_CALL, LONGEST_CALL);
        self.calls = self.calls.saturating_sub(1);
        Instant::now() + share
    }
}

fn name(change: &Change) -> String {
    full_name(change.module, change.infra, &change.field)
}

fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("no override")
}

fn not_as_planned(changes: &[Change], read: &BTreeMap<Place, Fields>) -> Vec<String> {
    let mut errors = Vec::new();
    for change in changes {
        let Some(present) = read.get(&(change.module, change.infra)) else {
            continue;
        };
        let value = value_of(present, &change.field);
        if value != change.to.as_deref() {
            errors.push(format!(
                "{}: Harness accepted the change, but the field has {} instead of {}",
                name(change),
                shown(value),
                shown(change.to.as_deref())
            ));
        }
    }
    errors
}

/// The state of a change of which not all took. `seen` are the overrides before the rollback.
fn state_after_rollback(
    change: &Change,
    attempted: &BTreeMap<Place, Reach>,
    seen: &BTreeMap<Place, Fields>,
    present: Option<&Fields>,
) -> ChangeState {
    let place = (change.module, change.infra);
    let Some(present) = present else {
        return match attempted.get(&place) {
            Some(Reach::Account) => ChangeState::Unknown,
            Some(Reach::Nowhere) => ChangeState::Failed,
            None => ChangeState::Planned,
        };
    };
    let value = value_of(present, &change.field);
    let was_other = |seen: &Fields| value_of(seen, &change.field) != change.from.as_deref();
    if value == change.from.as_deref() {
        match seen.get(&place).is_none_or(was_other) {
            true => ChangeState::RolledBack,
            false => ChangeState::Failed,
        }
    } else if value == change.to.as_deref() {
        ChangeState::Applied
    } else {
        ChangeState::Failed
    }
}

/// What the account looks like after a failure, and what a person must do.
fn outcome(applied: &Applied) -> String {
    let mut by_hand = Vec::new();
    for change in &applied.changes {
        let present = applied.overrides.get(&(change.module, change.infra));
        match (change.state, present) {
            (ChangeState::Unknown, _) => by_hand.push(format!(
                "{} could not be read: it should have {}",
                name(change),
                shown(change.from.as_deref())
            )),
            (_, Some(present)) if value_of(present, &change.field) != change.from.as_deref() => {
                by_hand.push(format!(
                    "{} has {}: it should have {}",
                    name(change),
                    shown(value_of(present, &change.field)),
                    shown(change.from.as_deref())
                ))
            }
            _ => {}
        }
    }
    if !by_hand.is_empty() {
        return format!(
            "the former values could not be put back everywhere. By hand, or with `action: restore`: {}",
            by_hand.join("; ")
        );
    }
    let is_back = applied
        .changes
        .iter()
        .any(|change| change.state == ChangeState::RolledBack);
    match is_back {
        true => "the former values are back, as before the run".to_owned(),
        false => "nothing was changed".to_owned(),
    }
}

/// Fields outside the plan that are not as they were before it.
fn changed_meanwhile(
    facts: &Facts,
    changes: &[Change],
    read: &BTreeMap<Place, Fields>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (place, present) in read {
        let before = facts
            .configs
            .iter()
            .find(|config| (config.module, config.infra) == *place);
        let Some(before) = before else { continue };
        let fields: std::collections::BTreeSet<&String> =
            before.overrides.keys().chain(present.keys()).collect();
        for field in fields {
            let is_planned = changes
                .iter()
                .any(|change| (change.module, change.infra) == *place && change.field == *field);
            let (was, is) = (value_of(&before.overrides, field), value_of(present, field));
            if !is_planned && was != is {
                warnings.push(Warning {
                    code: "changed-meanwhile".to_owned(),
                    module: Some(place.0),
                    infra: place.1,
                    field: Some(field.clone()),
                    message: format!("somebody else changed this field during the run, from {} to {}; it was left alone", shown(was), shown(is)),
                });
            }
        }
    }
    warnings
}
