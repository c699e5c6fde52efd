//! The writes of a plan: sent one after the other, read back, and undone where they did not take.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;

use super::batch::{Batch, ConfigKey, Field, Write, undo};
use super::observed::{Observed, Reach};
use super::time_budget::TimeBudget;
use crate::harness::{Cause, Harness, HarnessError, ServerMessage};
use crate::model::change::Change;
use crate::model::facts::Fields;
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

/// Sends and reads, and keeps what an [`Observed`] needs.
pub(super) struct Writer<'a> {
    pub(super) harness: &'a Harness<'a>,
    pub(super) budget: TimeBudget,
    pub(super) stop: &'a Stop,
    pub(super) observed: Observed,
    /// Fields whose write Harness has accepted.
    pub(super) accepted: BTreeSet<Field>,
    /// Why a place could not be read last.
    pub(super) unreadable: BTreeMap<ConfigKey, HarnessError>,
    /// Places that refuse to have former values put back.
    pub(super) refusing: BTreeSet<ConfigKey>,
}

impl Writer<'_> {
    /// Sends batch after batch; if one did not take, why, and then none after it is sent.
    pub(super) async fn send_all(
        &mut self,
        batches: &[Batch],
        changes: &[Change],
    ) -> Option<HarnessError> {
        for batch in batches {
            for write in &batch.writes {
                let fields = touched(batch, write, changes);
                if let Some(signal) = self.stop.why() {
                    return Some(self.stopped(batch, write, signal, false));
                }
                tracing::info!("{}", batch.describe(write));
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
                self.observed.reached.extend(reached);
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
        HarnessError {
            call: batch.describe(write).into(),
            cause: Cause::Stopped { signal, is_sent },
            server: ServerMessage::default(),
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

    /// Whether a write without a clear answer has arrived after all: reading decides.
    async fn is_settled(&mut self, batch: &Batch, fields: &[Field], changes: &[Change]) -> bool {
        let fields: BTreeSet<&Field> = fields.iter().collect();
        let concerned: Vec<&Change> = changes
            .iter()
            .filter(|change| fields.contains(&Field::of(change)))
            .collect();
        let has_arrived = |observed: &Observed| {
            concerned
                .iter()
                .all(|change| observed.is_as_planned(change))
        };
        if !self.read(&batch.places, has_arrived).await {
            self.observed
                .unconfirmed
                .extend(fields.into_iter().cloned());
        }
        has_arrived(&self.observed)
    }

    /// Reads every place that a write may have touched.
    pub(super) async fn read_touched(&mut self, is_expected: impl Fn(&Observed) -> bool) {
        let fields = self.observed.reached.keys();
        let mut places: Vec<ConfigKey> = fields.map(|field| field.place).collect();
        places.dedup();
        self.read(&places, is_expected).await;
    }

    /// Reads places, and a few times more while they are not as expected and time allows. Whether
    /// the answer is final: as expected, or not so after all pauses.
    async fn read(
        &mut self,
        places: &[ConfigKey],
        is_expected: impl Fn(&Observed) -> bool,
    ) -> bool {
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
            if is_expected(&self.observed) {
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

    async fn read_once(&mut self, places: &[ConfigKey]) {
        let deadline = self.budget.allot();
        let reads = places
            .iter()
            .map(|(module, infra)| self.harness.overrides_by(*module, *infra, deadline));
        let results: Vec<Result<Fields, HarnessError>> = join_all(reads).await;
        for (place, result) in places.iter().zip(results) {
            match result {
                Ok(fields) => {
                    self.unreadable.remove(place);
                    self.observed.read.insert(*place, fields);
                }
                Err(error) => {
                    self.observed.read.remove(place);
                    self.unreadable.insert(*place, error);
                }
            }
        }
    }

    pub(super) fn not_read(&self) -> Vec<String> {
        self.unreadable.values().map(ToString::to_string).collect()
    }

    /// Puts former values back wherever a write may have touched them and they are not, the last
    /// place first. What could not be read is put back unseen, but once only.
    pub(super) async fn roll_back(&mut self, changes: &[Change]) {
        for round in 0..ROLLBACKS {
            self.observed.reclassify_refusals(changes);
            let ours: Vec<Change> = self.observed.ours(changes).cloned().collect();
            let places: BTreeSet<ConfigKey> =
                ours.iter().map(|change| Field::of(change).place).collect();
            let is_lagging = |observed: &Observed, change: &Change| {
                observed.is_back(change) && self.accepted.contains(&Field::of(change)) && round == 0
            };
            let is_back = |observed: &Observed| {
                let mut ours = ours.iter();
                ours.all(|change| observed.is_back(change) || observed.is_foreign(change))
            };
            let is_done = is_back(&self.observed)
                && !ours.iter().any(|change| is_lagging(&self.observed, change));
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
                let is_unseen = !self.observed.read.contains_key(place);
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
    async fn put_back(&mut self, place: ConfigKey, ours: &[Change], is_first: bool) -> bool {
        let is_lagging = |change: &Change| is_first && self.accepted.contains(&Field::of(change));
        let batch = Batch {
            writes: undo(ours, place, self.observed.read.get(&place), is_lagging),
            ..Batch::at(place)
        };
        for write in &batch.writes {
            tracing::warn!("putting back: {}", batch.describe(write));
            let fields: Vec<Field> = write
                .fields()
                .map(|field| Field::at(place, field))
                .collect();
            self.observed.undone.extend(fields.iter().cloned());
            if let Err(error) = self.send(&batch, write).await {
                if !error.may_have_arrived() {
                    self.refusing.insert(place);
                }
                // No read has shown the change, so none can show that it was put back.
                let unseen = ours.iter().filter(|change| self.observed.is_back(change));
                let unseen: BTreeSet<Field> = unseen.map(Field::of).collect();
                let unconfirmed = fields.into_iter().filter(|field| unseen.contains(field));
                self.observed.unconfirmed.extend(unconfirmed);
                self.observed
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
