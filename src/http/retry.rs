//! Whether a read is tried again, and after which wait. Pure: the time is passed in.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::Retry;

/// Longest wait between two tries, also where a server asks for more.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(20);

/// Wait after the first try.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Numbers above this in `Retry-After` are a point in time (2001 or later), not a duration.
const MIN_TIMESTAMP: u64 = 1_000_000_000;

/// The outcome of an attempt that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An answer with this status.
    Status(u16),
    /// No connection: the name is unknown, or nobody answers there.
    NoConnection,
    /// The connection broke, or the body was cut short.
    Broken,
    /// No answer within the time for one try.
    Stalled,
    /// Whatever another try would not change.
    Final,
}

/// How often a request is sent in all, given how the last try ended.
pub(super) fn max_tries(retry: Retry, outcome: Outcome) -> u32 {
    match retry {
        Retry::Never => return 1,
        Retry::Patient if outcome == Outcome::Status(429) => return u32::MAX,
        Retry::Read | Retry::Patient => {}
    }
    match outcome {
        Outcome::Status(500 | 502 | 503 | 504) if retry == Retry::Patient => 3,
        Outcome::Status(429 | 500 | 502 | 503 | 504) | Outcome::Broken => 8,
        Outcome::Stalled => 3,
        Outcome::NoConnection => 3,
        Outcome::Status(_) | Outcome::Final => 1,
    }
}

/// The wait after so many tries: doubling, half of it left to chance (`jitter` from 0 to 1), and
/// at least what the server asked for, but never longer than [`MAX_WAIT`].
pub(super) fn wait(tries: u32, asked: Option<Duration>, jitter: f64) -> Duration {
    let full = FIRST_WAIT
        .saturating_mul(1 << tries.saturating_sub(1).min(16))
        .min(MAX_WAIT);
    full.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
        .max(asked.unwrap_or_default())
        .min(MAX_WAIT)
}

/// What `Retry-After` asks for: seconds, an HTTP date or a unix timestamp; `None` if it is none
/// of these. What lies in the past is no wait.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let until = if let Ok(number) = value.parse::<u64>() {
        if number < MIN_TIMESTAMP {
            return Some(Duration::from_secs(number));
        }
        Timestamp::from_second(i64::try_from(number).ok()?).ok()?
    } else {
        DateTimeParser::new()
            .relaxed_weekday(true)
            .parse_timestamp(value)
            .ok()?
    };
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// A number from 0 to 1, good enough to keep clients from moving in step.
pub(super) fn jitter() -> f64 {
    let number = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(number >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_has_three_forms() {
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let cases = [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("Fri, 20 Nov 2026 09:00:30 GMT", Some(30)),
            ("Mon, 20 Nov 2026 09:00:30 GMT", Some(30)),
            ("Fri, 20 Nov 2026 08:59:00 GMT", Some(0)),
            ("1795165205", Some(5)),
            ("1795165100", Some(0)),
            ("999999999", Some(999_999_999)),
            ("99999999999999999999", None),
            ("18446744073709551615", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(
                retry_after(value, now),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let cases = [
            (1, None, 0.0, 100),
            (1, None, 1.0, 200),
            (2, None, 1.0, 400),
            (3, None, 0.5, 600),
            (7, None, 1.0, 12_800),
            (8, None, 1.0, 20_000),
            (u32::MAX, None, 1.0, 20_000),
            (1, Some(3), 1.0, 3_000),
            (5, Some(1), 0.0, 1_600),
            (1, Some(3_600), 0.0, 20_000),
        ];
        for (tries, asked, jitter, milliseconds) in cases {
            assert_eq!(
                wait(tries, asked.map(Duration::from_secs), jitter),
                Duration::from_millis(milliseconds),
                "{tries} {asked:?} {jitter}"
            );
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let cases = [
            (Outcome::Status(200), 1),
            (Outcome::Status(400), 1),
            (Outcome::Status(401), 1),
            (Outcome::Status(404), 1),
            (Outcome::Status(429), 8),
            (Outcome::Status(500), 8),
            (Outcome::Status(501), 1),
            (Outcome::Status(502), 8),
            (Outcome::Status(503), 8),
            (Outcome::Status(504), 8),
            (Outcome::Broken, 8),
            (Outcome::Stalled, 3),
            (Outcome::NoConnection, 3),
            (Outcome::Final, 1),
        ];
        for (outcome, tries) in cases {
            assert_eq!(max_tries(Retry::Read, outcome), tries, "{outcome:?}");
            assert_eq!(max_tries(Retry::Never, outcome), 1, "{outcome:?}");
            let patient = match outcome {
                Outcome::Status(429) => u32::MAX,
                Outcome::Status(_) => tries.min(3),
                _ => tries,
            };
            assert_eq!(max_tries(Retry::Patient, outcome), patient, "{outcome:?}");
        }
    }

    #[test]
    fn chance_stays_within_bounds_and_varies() {
        let numbers: Vec<f64> = (0..32).map(|_| jitter()).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(numbers.iter().any(|number| number != &numbers[0]));
    }
}
