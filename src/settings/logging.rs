//! The log's settings.

use tracing::Level;

use super::environment::Environment;
use super::form::form;
use super::problems::Invalid;
use super::schema;
use super::spelling::{boolean, word};
use super::table::Values;
use super::{LogFormat, LogSettings};

const LEVELS: [(&str, Level); 5] = [
    ("trace", Level::TRACE),
    ("debug", Level::DEBUG),
    ("info", Level::INFO),
    ("warn", Level::WARN),
    ("error", Level::ERROR),
];

const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

form! {
    /// The least important level that is shown.
    LogLevels => Level, |text| Ok::<_, Invalid>(word(&LEVELS, text)?), schema::words(LEVELS.map(|(word, _)| word))
}

form! {
    /// How log lines look.
    LogFormats => LogFormat, |text| Ok::<_, Invalid>(word(&FORMATS, text)?), schema::words(FORMATS.map(|(word, _)| word))
}

/// Level and format; `DRONE_DEBUG` lowers a level that the step does not set.
pub(super) fn log(values: &Values, environment: &Environment) -> LogSettings {
    let debug = environment
        .text("DRONE_DEBUG")
        .is_some_and(|text| boolean(text) == Ok(true));
    let unset = if debug { Level::DEBUG } else { Level::INFO };
    LogSettings {
        level: values.log_level.unwrap_or(unset),
        format: values.log_format.unwrap_or(LogFormat::Text),
    }
}
