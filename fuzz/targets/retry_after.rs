//! `Retry-After`: seconds, dates and timestamps, seen from any moment.
#![no_main]

use harness_images::http::retry_after;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|given: (i64, &str)| {
    let now = Timestamp::from_second(given.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let _ = retry_after(given.1, now);
});
