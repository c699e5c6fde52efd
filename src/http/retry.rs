//! Whether a read is tried again, and after which wait. Pure: the time is passed in.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::{HttpError, Response, Retry};

/// Longest wait between two tries, also where a server asks for more.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(20);

/// Wait after the first try.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Numbers above this in `Retry-After` are a point in time (2001 or later), not a duration.
const MIN_TIMESTAMP: u64 = 1_000_000_000;

/// How often a request is sent in all, given how the last try ended.
pub(super) fn max_tries(retry: Retry, result: &Result<Response, HttpError>) -> u32 {
    let status = result.as_ref().map(|response| response.status);
    match (retry, status) {
        (Retry::Never, _) => 1,
        (Retry::Patient, Ok(429)) => u32::MAX,
        (Retry::Patient, Ok(500 | 502 | 503 | 504)) => 3,
        (_, Ok(429 | 500 | 502 | 503 | 504) | Err(HttpError::Broken { .. })) => 8,
        (_, Err(HttpError::Connect { .. } | HttpError::Deadline { sent: true, .. })) => 3,
        (_, Ok(_) | Err(_)) => 1,
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
    use reqwest::header::HeaderMap;

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
        // The status, and how often such an answer is asked for: by a read, and by one of many.
        for (status, tries, patient) in [
            (200, 1, 1),
            (400, 1, 1),
            (401, 1, 1),
            (404, 1, 1),
            (429, 8, u32::MAX),
            (500, 8, 3),
            (501, 1, 1),
            (502, 8, 3),
            (503, 8, 3),
            (504, 8, 3),
        ] {
            let url = "https://a.example".parse().unwrap();
            let result = Ok(Response::new(status, HeaderMap::new(), Vec::new(), url));
            assert_eq!(max_tries(Retry::Read, &result), tries, "{status}");
            assert_eq!(max_tries(Retry::Patient, &result), patient, "{status}");
            assert_eq!(max_tries(Retry::Never, &result), 1, "{status}");
        }
        let (host, reason) = (String::new(), String::new());
        for (error, tries) in [
            (
                HttpError::Broken {
                    host: host.clone(),
                    reason: reason.clone(),
                },
                8,
            ),
            (
                HttpError::Connect {
                    host: host.clone(),
                    reason,
                },
                3,
            ),
            (
                HttpError::Deadline {
                    host: host.clone(),
                    sent: true,
                },
                3,
            ),
            (
                HttpError::Deadline {
                    host: host.clone(),
                    sent: false,
                },
                1,
            ),
            (HttpError::Throttled { host }, 1),
        ] {
            let result = Err(error);
            for (retry, tries) in [
                (Retry::Read, tries),
                (Retry::Patient, tries),
                (Retry::Never, 1),
            ] {
                assert_eq!(max_tries(retry, &result), tries, "{retry:?}");
            }
        }
    }

    #[test]
    fn chance_stays_within_bounds_and_varies() {
        let numbers: Vec<f64> = (0..32).map(|_| jitter()).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(numbers.iter().any(|number| number != &numbers[0]));
    }
}
