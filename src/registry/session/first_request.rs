//! Which requests are sent before it is known what a registry requires.
//!
//! So that only one request is refused, the others wait for the first answer: for a while where
//! authentication is likely, else for a moment only, since an open registry should not cost a round
//! trip more than it must. After that moment only so many go as would be left over from full waves of
//! requests: with 40 requests, 16 at once, 8 go first, and it takes three waves all the same. A
//! first request that is never answered holds nobody up for longer than [`MAX_FIRST_ANSWER_WAIT`].

use std::num::NonZeroUsize;

use tokio::sync::{MutexGuard, SemaphorePermit};
use tokio::time::timeout;

use super::{MAX_FIRST_ANSWER_WAIT, Session};

/// What is held while it is unknown what a registry requires.
pub(super) enum FirstRequest<'s> {
    First {
        _lock: MutexGuard<'s, ()>,
    },
    Early {
        _permit: SemaphorePermit<'s>,
    },
    /// It is known, or the wait was long enough.
    Free,
}

impl Session<'_> {
    /// Announces repositories that are going to be read, so many at once.
    pub(in crate::registry) fn announce(&self, names: &[&str], at_once: usize) {
        self.tokens.announce(names);
        let is_new = !self.is_known();
        if let (true, Some(others), Some(at_once)) = (
            is_new,
            names.len().checked_sub(1),
            NonZeroUsize::new(at_once),
        ) {
            // The very first is none of them, and for one there is always room.
            let left_over = others % at_once;
            self.early.add_permits(left_over.saturating_sub(1));
        }
    }

    /// Whoever comes first holds the lock until it is known what the registry requires.
    pub(super) async fn wait_for_first_answer(&self) -> FirstRequest<'_> {
        if self.is_known() {
            return FirstRequest::Free;
        }
        if let Ok(lock) = self.first.try_lock() {
            return FirstRequest::First { _lock: lock };
        }
        drop(timeout(self.first_answer_wait, self.first.lock()).await);
        if self.is_known() {
            return FirstRequest::Free;
        }
        match timeout(MAX_FIRST_ANSWER_WAIT, self.early.acquire()).await {
            Ok(Ok(permit)) if !self.is_known() => FirstRequest::Early { _permit: permit },
            _ => FirstRequest::Free,
        }
    }
}
