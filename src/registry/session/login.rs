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
    lock: Mutex<()>,
    /// Longest wait for the first answer.
    max_wait: Duration,
}

/// Permission to send the login.
pub(in crate::registry) struct LoginPermit<'l> {
    check: &'l LoginCheck,
    _lock: Option<MutexGuard<'l, ()>>,
}

impl LoginCheck {
    pub(super) fn new(max_wait: Duration) -> Self {
        Self {
            state: Cell::new(State::Untried),
            lock: Mutex::new(()),
            max_wait,
        }
    }

    /// Permission to send the login; `None` if it was refused.
    pub(in crate::registry) async fn permit(&self) -> Option<LoginPermit<'_>> {
        let lock = match self.state.get() {
            State::Untried => timeout(self.max_wait, self.lock.lock()).await.ok(),
            State::Accepted | State::Refused => None,
        };
        // Another request may have had an answer meanwhile.
        let is_untried = self.state.get() == State::Untried;
        (!self.is_refused()).then_some(LoginPermit {
            check: self,
            _lock: lock.filter(|_| is_untried),
        })
    }

    /// Whether the host has refused the login.
    pub(in crate::registry) fn is_refused(&self) -> bool {
        self.state.get() == State::Refused
    }
}

impl LoginPermit<'_> {
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
