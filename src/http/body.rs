//! Room for the bodies of answers: bounded for the run, however many requests there are at once.
//!
//! Every answer has a little room of its own. A longer one waits until one of a few is read to its
//! end and let go, and a very long one until it is the only one of its kind.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Room that every answer has of its own, in bytes.
const OWN: usize = 64 << 10;

/// Up to this, in bytes, an answer is one of a few; beyond, the only one.
const MEDIUM: usize = 6 << 20;

/// Longest answer of all, in bytes.
pub(super) const MAX_LARGE: usize = 16 << 20;

/// How many answers of medium length there are at once.
const MAX_MEDIUM: usize = 4;

/// How many answers are read at once, whatever `concurrency` is: each has a connection's buffer too.
const MAX_PLACES: usize = 32;

/// The room of a run.
#[derive(Debug)]
pub(super) struct Bodies {
    places: Semaphore,
    medium: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            places: Semaphore::new(MAX_PLACES),
            medium: Arc::new(Semaphore::new(MAX_MEDIUM)),
            large: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Bodies {
    /// Waits for a place among the answers that are read.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }
}

/// What a body takes of the run's room; given back when the last copy of the answer goes.
pub(super) type Room = Option<Arc<OwnedSemaphorePermit>>;

/// A body that is being read.
pub(super) struct Body<'b> {
    bodies: &'b Bodies,
    pub(super) bytes: Vec<u8>,
    pub(super) room: Room,
    limit: usize,
}

impl<'b> Body<'b> {
    pub(super) fn new(bodies: &'b Bodies) -> Self {
        Self {
            bodies,
            bytes: Vec::new(),
            room: None,
            limit: OWN,
        }
    }

    /// Adds a piece, once there is room for it.
    pub(super) async fn extend(&mut self, piece: &[u8]) {
        let length = self.bytes.len().saturating_add(piece.len());
        while length > self.limit && self.limit < MAX_LARGE {
            let (semaphore, limit) = if self.limit < MEDIUM {
                (&self.bodies.medium, MEDIUM)
            } else {
                (&self.bodies.large, MAX_LARGE)
            };
            // A body that waits for more room keeps what it has. Only one holds the largest room, and
            // that one never waits, so no two wait for each other.
            let permit = Arc::clone(semaphore).acquire_owned().await;
            self.room = permit.ok().map(Arc::new);
            self.limit = limit;
            // At once: growing bit by bit leaves allocators with holes of every size. Pages that
            // nothing is written to take no memory.
            self.bytes
                .reserve_exact(limit.saturating_sub(self.bytes.len()));
        }
        self.bytes.extend_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_few_long_answers_are_read_at_once_and_one_very_long_one() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let bodies = Bodies::default();
            let extend = async |body: &mut Body<'_>, bytes: usize| {
                let piece = vec![0; bytes];
                let wait = Duration::from_millis(20);
                tokio::time::timeout(wait, body.extend(&piece))
                    .await
                    .is_ok()
            };
            let mut short = Vec::new();
            for _ in 0..100 {
                let mut body = Body::new(&bodies);
                assert!(extend(&mut body, OWN).await);
                short.push(body);
            }
            let mut medium = Vec::new();
            for number in 0..=MAX_MEDIUM {
                let mut body = Body::new(&bodies);
                let is_read = extend(&mut body, OWN + 1).await;
                assert_eq!(is_read, number < MAX_MEDIUM);
                if is_read {
                    medium.push(body);
                }
            }
            assert!(extend(&mut medium[0], MEDIUM).await);
            assert!(
                !extend(&mut medium[1], MEDIUM).await,
                "there is a very long one"
            );
            medium.remove(0);
            assert!(extend(&mut medium[0], MEDIUM).await);
        });
    }
}
