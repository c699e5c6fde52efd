//! A login that a registry refuses is sent once a run: more attempts lock accounts. Until the first
//! answer to it nobody else sends it; once it was refused, the host is asked without.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

/// What is known about a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Untried,
    Accepted,
    Refused,
}

/// The login of one host.
pub(in crate::registry) struct LoginCheck {
    state: Cell<State>,
    turn: Mutex<()>,
    /// Longest wait for the first answer.
    patience: Duration,
}

/// Leave to send the login.
pub(in crate::registry) struct Leave<'l> {
    check: &'l LoginCheck,
    _turn: Option<MutexGuard<'l, ()>>,
}

impl LoginCheck {
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            state: Cell::new(State::Untried),
            turn: Mutex::new(()),
            patience,
        }
    }

    /// Leave to send the login; `None` if it was refused.
    pub(in crate::registry) async fn leave(&self) -> Option<Leave<'_>> {
        let turn = match self.state.get() {
            State::Untried => timeout(self.patience, self.turn.lock()).await.ok(),
            State::Accepted | State::Refused => None,
        };
        // Another request may have had an answer meanwhile.
        let is_untried = self.state.get() == State::Untried;
        (!self.is_refused()).then_some(Leave {
            check: self,
            _turn: turn.filter(|_| is_untried),
        })
    }

    /// Whether the host has refused the login.
    pub(in crate::registry) fn is_refused(&self) -> bool {
        self.state.get() == State::Refused
    }
}

impl Leave<'_> {
    /// Notes the answer; the first one counts, since a login that was good may still not open everything.
    pub(in crate::registry) fn note(self, is_accepted: bool) {
        if self.check.state.get() == State::Untried {
            self.check.state.set(if is_accepted {
                State::Accepted
            } else {
                State::Refused
            });
        }
    }
}
