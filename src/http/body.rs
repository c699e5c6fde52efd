//! Room for the bodies of answers: bounded for the run, however many requests there are at once.
//!
//! Every answer has a little room of its own. A longer one waits until one of a few is read to its
//! end and let go, and a very long one until it is the only one of its kind.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room that every answer has of its own, in bytes.
const OWN: usize = 64 << 10;

/// Up to this, in bytes, an answer is one of a few; beyond, the only one.
const MEDIUM: usize = 6 << 20;

/// How many answers of medium length there are at once.
const MAX_MEDIUM: usize = 4;

/// The room of a run.
#[derive(Debug)]
pub(super) struct Bodies {
    medium: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            medium: Arc::new(Semaphore::new(MAX_MEDIUM)),
            large: Arc::new(Semaphore::new(1)),
        }
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
        while length > self.limit {
            let (semaphore, limit) = if self.limit < MEDIUM {
                (&self.bodies.medium, MEDIUM)
            } else {
                (&self.bodies.large, usize::MAX)
            };
            // Whoever waits to be the only one holds no other's room.
            self.room = None;
            let permit = Arc::clone(semaphore).acquire_owned().await;
            self.room = permit.ok().map(Arc::new);
            self.limit = limit;
        }
        // Doubling would take half as much again as there is.
        if self.limit == usize::MAX && self.bytes.capacity() < length {
            self.bytes
                .reserve_exact(length.saturating_sub(self.bytes.len()).max(4 << 20));
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
