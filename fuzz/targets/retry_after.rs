//! `Retry-After`: seconds, dates and timestamps, seen from any moment.
#![no_main]

use std::time::Duration;

use harness_images::http::retry_after;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|given: (i64, &str)| {
    let now = Timestamp::from_second(given.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let wait = retry_after(given.1, now);
    assert_eq!(retry_after(&format!(" {}\t", given.1), now), wait);
    let plain = given.1.trim().parse::<u64>();
    let Some(wait) = wait else {
        assert!(plain.is_err() || plain.is_ok_and(|number| number > 200_000_000_000));
        return;
    };
    // A second later it is that much shorter, unless a number of seconds was asked for.
    let Ok(later) = now.checked_add(Duration::from_secs(1)) else {
        return;
    };
    let then = retry_after(given.1, later).unwrap();
    match plain {
        Ok(seconds) if seconds < 1_000_000_000 => {
            assert_eq!((wait, then), (Duration::from_secs(seconds), wait));
        }
        _ => assert_eq!(then, wait.saturating_sub(Duration::from_secs(1))),
    }
});
