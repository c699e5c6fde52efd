//! What is kept per host: how many requests run at once, and until when it must not be asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, MutexGuard, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

use super::HttpError;

/// All hosts asked so far.
pub(super) struct Hosts {
    /// Most requests at once to one host, one at least.
    pub(super) concurrency: usize,
    known: Mutex<HashMap<String, Arc<Host>>>,
}

/// One host and port.
pub(super) struct Host {
    /// Host, with the port where it is not the scheme's own.
    pub(super) name: String,
    permits: Semaphore,
    not_before: Mutex<Option<Instant>>,
    /// Whether it was too busy last.
    is_busy: AtomicBool,
    /// While it is, one request at a time goes there, to see whether it still is.
    probe: AsyncMutex<()>,
}

/// A place among the requests to a host; given back when dropped.
pub(super) struct HostSlot<'h> {
    host: &'h Host,
    _permit: SemaphorePermit<'h>,
    probe: Option<MutexGuard<'h, ()>>,
}

impl HostSlot<'_> {
    /// The host has answered something else than that it is too busy. Only who goes first may say
    /// so: the others may have been sent before it became too busy.
    pub(super) fn is_free_again(&self) {
        if self.probe.is_some() {
            self.host.is_busy.store(false, Ordering::Relaxed);
        }
    }
}

impl Hosts {
    pub(super) fn new(concurrency: usize) -> Self {
        Self {
            concurrency: concurrency.clamp(1, Semaphore::MAX_PERMITS),
            known: Mutex::default(),
        }
    }

    pub(super) fn get(&self, url: &Url) -> Arc<Host> {
        let key = format!(
            "{}:{}",
            url.host_str().unwrap_or_default(),
            url.port_or_known_default().unwrap_or_default()
        );
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let host = known.entry(key).or_insert_with(|| {
            Arc::new(Host {
                name: host_name(url),
                permits: Semaphore::new(self.concurrency),
                not_before: Mutex::default(),
                is_busy: AtomicBool::new(false),
                probe: AsyncMutex::default(),
            })
        });
        Arc::clone(host)
    }
}

impl Host {
    /// Waits for a free place and for the end of a pause that the host has asked for. After a pause
    /// one request goes first, and the others wait for what it is answered.
    pub(super) async fn enter(&self, deadline: Instant) -> Result<HostSlot<'_>, HttpError> {
        let late = || HttpError::Deadline {
            host: self.name.clone(),
            sent: false,
        };
        let permit = timeout_at(deadline, self.permits.acquire())
            .await
            .map_err(|_| late())?
            .map_err(|_| late())?;
        let mut probe = None;
        if self.is_busy.load(Ordering::Relaxed) {
            let guard = timeout_at(deadline, self.probe.lock()).await;
            probe = Some(guard.map_err(|_| late())?);
            if !self.is_busy.load(Ordering::Relaxed) {
                probe = None;
            }
        }
        while let Some(until) = self.pause() {
            if until >= deadline {
                return Err(HttpError::Throttled {
                    host: self.name.clone(),
                });
            }
            sleep_until(until).await;
        }
        if Instant::now() >= deadline {
            return Err(late());
        }
        Ok(HostSlot {
            host: self,
            _permit: permit,
            probe,
        })
    }

    /// It has answered that it is too busy.
    pub(super) fn is_busy_now(&self) {
        self.is_busy.store(true, Ordering::Relaxed);
    }

    /// Keeps every request to this host back until then.
    pub(super) fn pause_until(&self, until: Instant) {
        self.is_busy.store(true, Ordering::Relaxed);
        let mut kept = self
            .not_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *kept = (*kept).max(Some(until));
    }

    fn pause(&self) -> Option<Instant> {
        self.not_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .filter(|until| *until > Instant::now())
    }
}

/// Host and, where it is not the scheme's own, port.
pub(crate) fn host_name(url: &Url) -> String {
    let host = url.host_str().unwrap_or("(no host)");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
