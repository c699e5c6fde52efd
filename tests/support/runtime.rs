//! The runtime and the client that the program has.

use std::time::Duration;

use harness_images::http::Http;
use harness_images::redact::Secrets;
use harness_images::settings::Network;
use tokio::time::Instant;

/// A client for a run of so many seconds, with at most so many requests at once to a host.
pub fn http(concurrency: usize, seconds: u64) -> Http {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    Http::new(&Network::default(), concurrency, deadline, Secrets::default()).unwrap()
}

/// Runs to its end on one thread, as the program does.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
