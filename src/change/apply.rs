//! Applying a plan: sent once, read back, and rolled back if it did not take.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::batch::{Batch, Field, Place, Write, batches, undo};
use super::outcome::{Applied, End, Reach, restore_settings};
use super::time_budget::TimeBudget;
use crate::harness::{Harness, HarnessError};
use crate::model::change::Change;
use crate::model::facts::{Facts, Fields};
use crate::stop::Stop;

/// Pauses before overrides that are not as expected are read again, ten seconds in all: an answer
/// may come from a copy of the account's document that lags behind.
const PAUSES: [Duration; 7] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1500),
    Duration::from_millis(3000),
    Duration::from_millis(4000),
];

/// How much of the time that is left such pauses may take: one part of so many.
const PARTS_FOR_PAUSES: u32 = 4;

/// How long a run that is asked to end may still take to put former values back.
const TIME_TO_STOP: Duration = Duration::from_millis(4500);

/// How often former values are put back. A second time only after reading that they are not.
const ROLLBACKS: usize = 2;

/// Why nothing is begun.
const TOO_SHORT: &str = "there is not enough time left to make the changes, verify them and roll \
                         them back: raise `timeout`; nothing was changed";

/// Reads the overrides once more, right before the backup and the first write, into `facts`.
///
/// # Errors
/// Sentences: why nothing may be sent. Somebody has changed a planned field since it was read,
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
                let stale =
                    super::concurrent_changes::stale(place, &config.overrides, &present, changes);
                errors.extend(stale);
                config.overrides = present;
            }
            Err(error) => errors.push(format!("{error}; nothing was changed")),
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}

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
        end: End::default(),
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
    let is_planned = |end: &End| changes.iter().all(|change| end.is_as_planned(change));
    let in_doubt = failure.as_ref().is_some_and(HarnessError::may_have_arrived);
    // What is in doubt was waited for already.
    let has_arrived = |end: &End| {
        let is_there = |change| end.is_as_planned(change);
        end.is_read() && (in_doubt || end.ours(&changes).all(is_there))
    };
    writer.read_touched(has_arrived).await;
    if (failure.is_none() || in_doubt) && is_planned(&writer.end) {
        return writer.end.applied(facts, changes);
    }
    writer.end.seen = writer.end.read.clone();
    writer.end.unseen = writer.not_read();
    writer.roll_back(&changes).await;
    writer.end.doubt_refusals(&changes);
    writer.end.unread = writer.not_read();
    writer.end.rolled_back(facts, changes, failure, backup)
}

/// Sends and reads, and keeps what an [`End`] needs.
struct Writer<'a> {
    harness: &'a Harness<'a>,
    budget: TimeBudget,
    stop: &'a Stop,
    end: End,
    /// Fields whose write Harness has accepted.
    accepted: BTreeSet<Field>,
    /// Why a place could not be read last.
    unreadable: BTreeMap<Place, HarnessError>,
    /// Places that refuse to have former values put back.
    refusing: BTreeSet<Place>,
}

impl Writer<'_> {
    /// Sends batch after batch; if one did not take, why, and then none after it is sent.
    async fn send_all(&mut self, batches: &[Batch], changes: &[Change]) -> Option<HarnessError> {
        for batch in batches {
            for write in &batch.writes {
                let fields = touched(batch, write, changes);
                if let Some(signal) = self.stop.why() {
                    return Some(self.stopped(batch, write, signal, false));
                }
                tracing::info!("{}", batch.told(write));
                let stop = self.stop;
                let sent = match stop.unless(self.send(batch, write)).await {
                    Ok(sent) => sent,
                    Err(signal) => Err(self.stopped(batch, write, signal, true)),
                };
                if sent.is_ok() {
                    self.accepted.extend(fields.iter().cloned());
                }
                let refused = sent.as_ref().is_err_and(|error| !error.may_have_arrived());
                let reach = if refused {
                    Reach::Refused
                } else {
                    Reach::Account
                };
                let reached = fields.iter().map(|field| (field.clone(), reach));
                self.end.reached.extend(reached);
                let Err(error) = sent else { continue };
                if refused || !self.is_settled(batch, &fields, changes).await {
                    return Some(error);
                }
                tracing::warn!("{error}; the overrides were read and the change has arrived");
            }
        }
        None
    }

    /// The run is to end: what is left to do gets little time.
    fn stopped(
        &mut self,
        batch: &Batch,
        write: &Write,
        signal: &'static str,
        is_sent: bool,
    ) -> HarnessError {
        self.budget.end_within(TIME_TO_STOP);
        HarnessError::Stopped {
            call: batch.told(write),
            signal,
            is_sent,
        }
    }

    async fn send(&mut self, batch: &Batch, write: &Write) -> Result<(), HarnessError> {
        let deadline = self.budget.allot();
        let (module, infra) = batch.target;
        match write {
            Write::Pin(fields) => self.harness.pin(module, infra, fields, deadline).await,
            Write::Reset(fields) => self.harness.reset(module, infra, fields, deadline).await,
            Write::Clear => self.harness.clear(module, infra, deadline).await,
        }
    }

    /// Whether a write without a clear answer has arrived after all: reading tells.
    async fn is_settled(&mut self, batch: &Batch, fields: &[Field], changes: &[Change]) -> bool {
        let fields: BTreeSet<&Field> = fields.iter().collect();
        let concerned: Vec<&Change> = changes
            .iter()
            .filter(|change| fields.contains(&Field::of(change)))
            .collect();
        let has_arrived = |end: &End| concerned.iter().all(|change| end.is_as_planned(change));
        if !self.read(&batch.places, has_arrived).await {
            self.end.unconfirmed.extend(fields.into_iter().cloned());
        }
        has_arrived(&self.end)
    }

    /// Reads every place that a write may have touched.
    async fn read_touched(&mut self, is_expected: impl Fn(&End) -> bool) {
        let places: BTreeSet<Place> = self.end.reached.keys().map(|field| field.place).collect();
        let places: Vec<Place> = places.into_iter().collect();
        self.read(&places, is_expected).await;
    }

    /// Reads places, and a few times more while they are not as expected and time allows. Whether
    /// the answer is final: as expected, or not so after all pauses.
    async fn read(&mut self, places: &[Place], is_expected: impl Fn(&End) -> bool) -> bool {
        let stop = self.stop;
        let mut left = self
            .budget
            .left()
            .checked_div(PARTS_FOR_PAUSES)
            .unwrap_or_default();
        if stop.why().is_none() && stop.unless(self.read_once(places)).await.is_err() {
            self.budget.end_within(TIME_TO_STOP);
        }
        if stop.why().is_some() {
            self.read_once(places).await;
        }
        for pause in PAUSES {
            if is_expected(&self.end) {
                return true;
            }
            if pause > left {
                return false;
            }
            left = left.saturating_sub(pause);
            let waited = match stop.why() {
                Some(_) => self.budget.wait(pause).await,
                None => match stop.unless(self.budget.wait(pause)).await {
                    Ok(waited) => waited,
                    Err(_) => {
                        self.budget.end_within(TIME_TO_STOP);
                        true
                    }
                },
            };
            if !waited {
                return false;
            }
            self.read_once(places).await;
        }
        true
    }

    async fn read_once(&mut self, places: &[Place]) {
        let deadline = self.budget.allot();
        let reads = places
            .iter()
            .map(|(module, infra)| self.harness.overrides_by(*module, *infra, deadline));
        let results: Vec<Result<Fields, HarnessError>> = join_all(reads).await;
        for (place, result) in places.iter().zip(results) {
            match result {
                Ok(fields) => {
                    self.unreadable.remove(place);
                    self.end.read.insert(*place, fields);
                }
                Err(error) => {
                    self.end.read.remove(place);
                    self.unreadable.insert(*place, error);
                }
            }
        }
    }

    fn not_read(&self) -> Vec<String> {
        self.unreadable.values().map(ToString::to_string).collect()
    }

    /// Puts former values back wherever a write may have touched them and they are not, the last
    /// place first. What could not be read is put back unseen, but once only.
    async fn roll_back(&mut self, changes: &[Change]) {
        for round in 0..ROLLBACKS {
            self.end.doubt_refusals(changes);
            let ours: Vec<Change> = self.end.ours(changes).cloned().collect();
            let places: BTreeSet<Place> =
                ours.iter().map(|change| Field::of(change).place).collect();
            let is_lagging = |end: &End, change: &Change| {
                end.is_back(change) && self.accepted.contains(&Field::of(change)) && round == 0
            };
            let is_back = |end: &End| {
                let mut ours = ours.iter();
                ours.all(|change| end.is_back(change) || end.is_foreign(change))
            };
            let is_done =
                is_back(&self.end) && !ours.iter().any(|change| is_lagging(&self.end, change));
            if is_done
                || round > 0
                    && !self
                        .budget
                        .make_room(places.len().saturating_mul(2).saturating_add(1))
            {
                return;
            }
            let mut is_sent = false;
            for place in places.iter().rev() {
                let is_unseen = !self.end.read.contains_key(place);
                if self.refusing.contains(place) || round > 0 && is_unseen {
                    continue;
                }
                is_sent |= self.put_back(*place, &ours, round == 0).await;
            }
            if !is_sent {
                return;
            }
            self.read_touched(is_back).await;
        }
    }

    /// Sends the former values of one place; `false` if all are there already.
    async fn put_back(&mut self, place: Place, ours: &[Change], is_first: bool) -> bool {
        let is_lagging = |change: &Change| is_first && self.accepted.contains(&Field::of(change));
        let batch = Batch {
            target: place,
            places: vec![place],
            writes: undo(ours, place, self.end.read.get(&place), is_lagging),
        };
        for write in &batch.writes {
            tracing::warn!("putting back: {}", batch.told(write));
            let fields: Vec<Field> = write
                .fields()
                .map(|field| Field::at(place, field))
                .collect();
            self.end.undone.extend(fields.iter().cloned());
            if let Err(error) = self.send(&batch, write).await {
                if !error.may_have_arrived() {
                    self.refusing.insert(place);
                }
                // No read has shown the change, so none can show that it was put back.
                let unseen = ours.iter().filter(|change| self.end.is_back(change));
                let unseen: BTreeSet<Field> = unseen.map(Field::of).collect();
                let unconfirmed = fields.into_iter().filter(|field| unseen.contains(field));
                self.end.unconfirmed.extend(unconfirmed);
                self.end
                    .undo_errors
                    .push(format!("putting former values back: {error}"));
            }
        }
        !batch.writes.is_empty()
    }
}

/// The planned fields that a write touches.
fn touched(batch: &Batch, write: &Write, changes: &[Change]) -> Vec<Field> {
    let named: BTreeSet<&str> = write.fields().collect();
    let concerns = |change: &&Change| {
        batch.places.contains(&(change.module, change.infra))
            && (*write == Write::Clear || named.contains(change.field.as_str()))
    };
    changes.iter().filter(concerns).map(Field::of).collect()
}
