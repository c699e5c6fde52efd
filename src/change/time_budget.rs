//! The time that is left, shared among the calls that may still be needed.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::batch::Batch;

/// Why nothing is begun.
pub(super) const TOO_SHORT: &str = "there is not enough time left to make the changes, verify them and roll \
                         them back: raise `timeout`; nothing was changed";

/// Longest wait for one call.
const MAX_CALL: Duration = Duration::from_secs(30);

/// With less time than this for a call, nothing is begun.
const MIN_CALL: Duration = Duration::from_millis(200);

/// The run's end, and the calls that must fit before it.
#[derive(Debug)]
pub(super) struct TimeBudget {
    deadline: Instant,
    calls: u32,
}

impl TimeBudget {
    /// Room for every write and a read to settle it, a read of everything, an undo of both kinds
    /// for every place, and a last read.
    pub(super) fn new(batches: &[Batch], deadline: Instant) -> Self {
        // Each pair makes two calls.
        let pairs = batches
            .iter()
            .flat_map(|batch| [batch.writes.len(), batch.places.len()])
            .fold(1_usize, usize::saturating_add);
        Self {
            deadline,
            calls: u32::try_from(pairs.saturating_mul(2)).unwrap_or(u32::MAX),
        }
    }

    /// Whether too little is left to begin.
    pub(super) fn is_too_short(&self) -> bool {
        share(self.left(), self.calls) < MIN_CALL
    }

    /// Until when the next call may last: every later one keeps half of its equal share, and
    /// so a server that asks for a pause gets one if there is time.
    pub(super) fn allot(&mut self) -> Instant {
        let left = self.left();
        let later = self.calls.saturating_sub(1);
        let kept = share(left, self.calls.saturating_mul(2)).saturating_mul(later);
        self.calls = later;
        let lasts = left.saturating_sub(kept).clamp(MIN_CALL, MAX_CALL);
        Instant::now().checked_add(lasts).unwrap_or(self.deadline)
    }

    /// Makes room for calls that were not counted; `false` if there is none.
    pub(super) fn make_room(&mut self, calls: usize) -> bool {
        self.make_room_after(Duration::ZERO, calls)
    }

    /// Waits, if there is then still room for one more call than was counted.
    pub(super) async fn wait(&mut self, pause: Duration) -> bool {
        let is_possible = self.make_room_after(pause, 1);
        if is_possible {
            sleep(pause).await;
        }
        is_possible
    }

    /// A shorter time for all that is left to do.
    pub(super) fn end_within(&mut self, time: Duration) {
        let end = Instant::now().checked_add(time);
        self.deadline = end.map_or(self.deadline, |end| end.min(self.deadline));
    }

    fn make_room_after(&mut self, pause: Duration, calls: usize) -> bool {
        let more = u32::try_from(calls).unwrap_or(u32::MAX);
        let calls = self.calls.saturating_add(more);
        let is_possible = share(self.left().saturating_sub(pause), calls) >= MIN_CALL;
        if is_possible {
            self.calls = calls;
        }
        is_possible
    }

    /// The time that is left.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The time for each of `calls` that share what is left; no call counts as one.
fn share(left: Duration, calls: u32) -> Duration {
    left.checked_div(calls.max(1)).unwrap_or(left)
}

#[cfg(test)]
mod tests {
    use super::super::batch::Write;
    use super::*;
    use crate::model::module::Module;

    fn budget(seconds: u64, calls: u32) -> TimeBudget {
        TimeBudget {
            deadline: Instant::now() + Duration::from_secs(seconds),
            calls,
        }
    }

    /// How long the next call may last, in tenths of a second, as of now.
    fn next(budget: &mut TimeBudget) -> u128 {
        let lasts = budget
            .allot()
            .saturating_duration_since(Instant::now())
            .as_millis();
        (lasts + 50) / 100
    }

    #[test]
    fn every_call_leaves_time_for_the_later_ones() {
        for (seconds, calls, expected) in [
            (6, 6, 35),
            (60, 6, 300),
            (10, 1, 100),
            (0, 4, 2),
            (1, 0, 10),
            (3600, 6, 300),
        ] {
            assert_eq!(
                next(&mut budget(seconds, calls)),
                expected,
                "{seconds} {calls}"
            );
        }
    }

    #[test]
    fn room_is_kept_for_a_rollback_of_everything() {
        let place = (Module::Dbops, None);
        // A call to write and one to look for each write, to undo pins and resets for each place,
        // and two to read everything.
        for (writes, places, expected) in [(1, 1, 6), (2, 1, 8), (1, 2, 8), (2, 3, 12)] {
            let batch = |writes, places| Batch {
                target: place,
                places: vec![place; places],
                writes: vec![Write::Clear; writes],
            };
            let whole = TimeBudget::new(&[batch(writes, places)], Instant::now());
            assert_eq!(whole.calls, expected, "{writes} {places}");
            let parts = [batch(writes, 0), batch(0, places)];
            assert_eq!(TimeBudget::new(&parts, Instant::now()).calls, expected);
        }
    }

    #[test]
    fn too_little_time_is_noticed_before_anything_begins() {
        for (seconds, calls, expected) in [(1, 6, true), (2, 6, false), (5, 26, true), (0, 1, true)]
        {
            let budget = budget(seconds, calls);
            assert_eq!(budget.is_too_short(), expected, "{seconds} {calls}");
        }
    }

    #[test]
    fn room_is_made_only_where_there_is_some() {
        let mut budget = budget(2, 6);
        assert!(budget.make_room(3));
        assert_eq!(budget.calls, 9);
        assert!(!budget.make_room(3));
        assert_eq!(budget.calls, 9);
    }

    #[test]
    fn a_pause_is_made_only_where_a_call_still_fits_after_it() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let pause = Duration::from_millis(40);
        for (milliseconds, pauses, calls) in [(60_000, true, 3), (639, false, 2), (0, false, 2)] {
            let begun = Instant::now();
            let mut budget = TimeBudget {
                deadline: begun + Duration::from_millis(milliseconds),
                calls: 2,
            };
            assert_eq!(
                runtime.block_on(budget.wait(pause)),
                pauses,
                "{milliseconds}"
            );
            assert_eq!(begun.elapsed() >= pause, pauses, "{milliseconds}");
            assert_eq!(budget.calls, calls, "{milliseconds}");
        }
    }
}
