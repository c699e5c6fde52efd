//! At most so many requests in a minute to one server, however many run side by side.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A minute, and a second more: requests take differently long to arrive, and the server counts
/// arrivals.
const WINDOW: Duration = Duration::from_secs(61);

/// A limit on requests: no minute holds more than the given number. They may go in one burst, as the
/// documented limits allow; the next then wait until the first are a minute old. Waiting requests go
/// in the order in which they asked.
#[derive(Debug)]
pub struct RateLimit {
    per_minute: usize,
    /// When the requests of the last minute went or will go, earliest first.
    slots: Mutex<VecDeque<Instant>>,
}

/// Whether a request waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It does.
    Waits,
    /// It counts but goes at once: it belongs to a change under way, which must not stand still.
    AtOnce,
}

/// The limit leaves no time for a request before its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLate;

impl RateLimit {
    /// A limit of so many requests in a minute, one at least.
    pub fn per_minute(requests: usize) -> Self {
        Self {
            per_minute: requests.max(1),
            slots: Mutex::default(),
        }
    }

    /// Waits until the request may go.
    ///
    /// # Errors
    /// [`TooLate`], at once, if that is not before `deadline`; the request then does not count.
    pub async fn wait(&self, turn: Turn, deadline: Instant) -> Result<(), TooLate> {
        let now = Instant::now();
        let slot = self.reserve(turn, now, deadline)?;
        if slot > now {
            sleep_until(slot).await;
        }
        Ok(())
    }

    fn reserve(&self, turn: Turn, now: Instant, deadline: Instant) -> Result<Instant, TooLate> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        forget_old(&mut slots, now);
        let before = slots.len().checked_sub(self.per_minute);
        let slot = before
            .filter(|_| turn == Turn::Waits)
            .and_then(|position| slots.get(position)?.checked_add(WINDOW))
            .map_or(now, |free| free.max(now));
        if slot >= deadline && turn == Turn::Waits {
            return Err(TooLate);
        }
        let position = slots.partition_point(|other| *other <= slot);
        slots.insert(position, slot);
        Ok(slot)
    }
}

fn forget_old(slots: &mut VecDeque<Instant>, now: Instant) {
    while slots
        .front()
        .and_then(|slot| slot.checked_add(WINDOW))
        .is_some_and(|end| end <= now)
    {
        slots.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    fn paused<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(work)
    }

    #[test]
    fn no_minute_holds_more_than_allowed() {
        for (per_minute, requests) in [(1, 5), (7, 50), (300, 2_000)] {
            paused(async {
                let limit = RateLimit::per_minute(per_minute);
                let start = Instant::now();
                let far = start + Duration::from_secs(86_400);
                let turns = (0..requests).map(|_| async {
                    limit.wait(Turn::Waits, far).await.unwrap();
                    Instant::now()
                });
                let mut went = join_all(turns).await;
                assert!(went.is_sorted(), "in the order in which they asked");
                went.sort();
                for (first, last) in went.iter().zip(&went[per_minute..]) {
                    assert!(*last - *first > Duration::from_secs(60));
                }
                // What the rate allows, and no more than a tenth above it.
                let minutes = f64::from(u32::try_from((requests - 1) / per_minute).unwrap());
                let took = (went[requests - 1] - start).as_secs_f64();
                assert!(took <= minutes * 60.0 * 1.1, "{took} s");
            });
        }
    }

    #[test]
    fn what_is_urgent_goes_at_once_and_counts() {
        paused(async {
            let limit = RateLimit::per_minute(2);
            let start = Instant::now();
            let far = start + Duration::from_secs(600);
            for _ in 0..5 {
                limit.wait(Turn::AtOnce, far).await.unwrap();
            }
            assert_eq!(Instant::now(), start);
            limit.wait(Turn::Waits, far).await.unwrap();
            assert!(Instant::now() - start >= Duration::from_secs(60));
        });
    }

    #[test]
    fn a_turn_after_the_deadline_is_refused_at_once_and_does_not_count() {
        paused(async {
            let limit = RateLimit::per_minute(1);
            let start = Instant::now();
            let soon = start + Duration::from_secs(5);
            assert_eq!(limit.wait(Turn::Waits, soon).await, Ok(()));
            for _ in 0..3 {
                assert_eq!(limit.wait(Turn::Waits, soon).await, Err(TooLate));
            }
            assert_eq!(Instant::now(), start);
            let later = start + Duration::from_secs(70);
            assert_eq!(limit.wait(Turn::Waits, later).await, Ok(()));
        });
    }
}
