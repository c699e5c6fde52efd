//! Being asked to end: SIGTERM and SIGINT. As the first process of a container nothing would happen
//! without a handler; anywhere else the run would end in the middle of a change.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};
use tokio::sync::watch;

/// Whether the run was asked to end.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Option<&'static str>>);

/// What asks a run to end; as long as it exists, waiting for it is possible.
#[derive(Debug)]
pub struct Stopper(watch::Sender<Option<&'static str>>);

impl Stopper {
    /// Asks the run to end; `why` is the name of the signal.
    pub fn stop(&self, why: &'static str) {
        self.0.send_replace(Some(why));
    }
}

impl Stop {
    /// A run that nothing asks to end yet.
    pub fn new() -> (Self, Stopper) {
        let (sender, receiver) = watch::channel(None);
        (Self(receiver), Stopper(sender))
    }

    /// Listens for the signals that ask a process to end, from now on. To be called within the runtime.
    pub fn on_signals() -> Self {
        let (stop, stopper) = Self::new();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let kinds = [
                (SignalKind::terminate(), "SIGTERM"),
                (SignalKind::interrupt(), "SIGINT"),
            ];
            let stopper = std::sync::Arc::new(stopper);
            for (kind, name) in kinds {
                let stopper = std::sync::Arc::clone(&stopper);
                match signal(kind) {
                    Ok(mut signal) => drop(tokio::spawn(async move {
                        while signal.recv().await.is_some() {
                            stopper.stop(name);
                        }
                    })),
                    Err(error) => tracing::debug!("{name} cannot be listened for: {error}"),
                }
            }
        }
        #[cfg(not(unix))]
        drop(stopper);
        stop
    }

    /// The signal that asked the run to end, if one did.
    pub fn why(&self) -> Option<&'static str> {
        *self.0.borrow()
    }

    /// Waits until the run is asked to end; for ever if nothing can ask.
    pub async fn wait(&self) -> &'static str {
        let mut receiver = self.0.clone();
        let why = receiver.wait_for(Option::is_some).await.ok();
        match why.and_then(|why| *why) {
            Some(why) => why,
            None => std::future::pending().await,
        }
    }

    /// Does `work` unless the run is asked to end before.
    ///
    /// # Errors
    /// The name of the signal; `work` is then dropped where it was.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Result<T, &'static str> {
        match select(pin!(self.wait()), pin!(work)).await {
            Either::Left((why, _)) => Err(why),
            Either::Right((done, _)) => Ok(done),
        }
    }
}
