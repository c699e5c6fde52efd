//! How the log's level and format are written.

use tracing::Level;

use super::form::form;
use super::problems::Invalid;
use super::scalars::word;
use super::schema;
use super::values::LogFormat;

const LEVELS: [(&str, Level); 5] = [
    ("trace", Level::TRACE),
    ("debug", Level::DEBUG),
    ("info", Level::INFO),
    ("warn", Level::WARN),
    ("error", Level::ERROR),
];

const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

form! {
    /// The lowest level that is shown.
    LogLevels => Level, |text| Ok::<_, Invalid>(word(&LEVELS, text)?), schema::words(LEVELS.map(|(word, _)| word))
}

form! {
    /// How log lines look.
    LogFormats => LogFormat, |text| Ok::<_, Invalid>(word(&FORMATS, text)?), schema::words(FORMATS.map(|(word, _)| word))
}
