//! The log's settings, needed before anything can be said about the others.

use std::ffi::OsString;

use tracing::Level;

use super::environment::Environment;
use super::problems::Problems;
use super::raw::{self, Raw};
use super::spelling::{boolean, word};
use super::{LogFormat, LogSettings};

/// The log's settings out of environment pairs, usable even if everything else is wrong: what is
/// wrong with them too is left to [`Settings::from_pairs`](super::Settings::from_pairs), and the
/// default applies.
pub fn log_settings(pairs: impl IntoIterator<Item = (OsString, OsString)>) -> LogSettings {
    let mut problems = Problems::default();
    let (raw, environment) = raw::gather(pairs, &mut problems);
    log(&raw, &environment, &mut problems)
}

/// Reads level and format; `DRONE_DEBUG` lowers a level that the step does not set.
pub(super) fn log(raw: &Raw, environment: &Environment, problems: &mut Problems) -> LogSettings {
    let levels = [
        ("trace", Level::TRACE),
        ("debug", Level::DEBUG),
        ("info", Level::INFO),
        ("warn", Level::WARN),
        ("error", Level::ERROR),
    ];
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let level = problems.check("log_level", raw.log_level.as_deref(), |text| {
        Ok(word(&levels, text)?)
    });
    let format = problems.check("log_format", raw.log_format.as_deref(), |text| {
        Ok(word(&formats, text)?)
    });
    let debug = environment
        .text("DRONE_DEBUG")
        .is_some_and(|text| boolean(text) == Ok(true));
    let unset = if debug { Level::DEBUG } else { Level::INFO };
    LogSettings {
        level: level.unwrap_or(unset),
        format: format.unwrap_or(LogFormat::Text),
    }
}
