//! How a setting is written: a form reads its text, and describes it for the schema of the config
//! file. What belongs to one setting only stands with what it is about.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::problems::Invalid;
use super::scalars::{boolean, moment, number};
use super::schema;
use crate::model::format::Format;

/// What reading needs to know besides the text.
pub(super) struct Context<'a> {
    /// The formats that report files may have.
    pub(super) formats: &'a [Format],
}

/// How a setting is written.
pub(super) trait Form {
    /// What its text is read into.
    type Value;

    /// Whether quotes around the text belong to it.
    const VERBATIM: bool = false;

    /// Reads a text that is trimmed and not blank. What is wrong is said without the text.
    fn read(text: &str, context: &Context<'_>) -> Result<Self::Value, Invalid>;

    /// JSON schema of the value in a config file; `null` need not be among it.
    fn schema(context: &Context<'_>) -> Value;
}

/// Makes a form of a function that reads a text and of a schema.
macro_rules! form {
    ($(#[doc = $doc:literal])+ $name:ident => $value:ty, $read:expr, $schema:expr $(, $verbatim:literal)?) => {
        $(#[doc = $doc])+
        pub(super) struct $name;

        impl $crate::settings::form::Form for $name {
            type Value = $value;

            $(const VERBATIM: bool = $verbatim;)?

            fn read(
                text: &str,
                _: &$crate::settings::form::Context<'_>,
            ) -> Result<$value, $crate::settings::problems::Invalid> {
                $read(text)
            }

            fn schema(_: &$crate::settings::form::Context<'_>) -> serde_json::Value {
                $schema
            }
        }
    };
}

pub(super) use form;

form! {
    /// The path of a file, relative to the workspace.
    FilePath => PathBuf, |text: &str| Ok(PathBuf::from(text)), schema::text()
}

form! {
    /// `true` or `false`.
    Flag => bool, boolean, json!({"enum": [true, false, "true", "false", "t", "f", 1, 0, "1", "0"]})
}

form! {
    /// A day or an RFC 3339 timestamp.
    Moment => Timestamp, |text: &str| Ok(moment(text)?), schema::day_or_time()
}

/// A whole number of a range.
pub(super) struct Whole<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Form for Whole<MIN, MAX> {
    type Value = u32;

    fn read(text: &str, _: &Context<'_>) -> Result<u32, Invalid> {
        Ok(number(MIN..=MAX)(text)?)
    }

    fn schema(_: &Context<'_>) -> Value {
        schema::whole(MIN, MAX)
    }
}

/// A whole number of seconds.
pub(super) struct Seconds<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Form for Seconds<MIN, MAX> {
    type Value = Duration;

    fn read(text: &str, context: &Context<'_>) -> Result<Duration, Invalid> {
        let seconds = Whole::<MIN, MAX>::read(text, context)?;
        Ok(Duration::from_secs(seconds.into()))
    }

    fn schema(context: &Context<'_>) -> Value {
        Whole::<MIN, MAX>::schema(context)
    }
}

/// How many there may be of something in memory.
pub(super) struct Count<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Form for Count<MIN, MAX> {
    type Value = usize;

    fn read(text: &str, context: &Context<'_>) -> Result<usize, Invalid> {
        let count = Whole::<MIN, MAX>::read(text, context)?;
        usize::try_from(count).map_err(|_| "is too large for this machine".into())
    }

    fn schema(context: &Context<'_>) -> Value {
        Whole::<MIN, MAX>::schema(context)
    }
}
