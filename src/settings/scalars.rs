//! How single values are written: paths, booleans, numbers, words, days and times.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::problems::Invalid;
use super::schema;
use crate::text::one_of;

/// `true`, `false`, `1`, `0`, `t` or `f`, in any case.
pub(super) fn boolean(text: &str) -> Result<bool, Invalid> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => Ok(true),
        "false" | "f" | "0" => Ok(false),
        _ => Err("must be `true` or `false`".into()),
    }
}

/// The path of a file, relative to the workspace.
pub(super) fn file_path(text: &str) -> Result<PathBuf, Invalid> {
    Ok(PathBuf::from(text))
}

/// A whole number within `range`, made into what the setting is kept as: how it is read, and its schema.
pub(super) fn whole<T>(
    range: RangeInclusive<u32>,
    make: impl Fn(u32) -> T,
) -> (impl Fn(&str) -> Result<T, Invalid>, impl Fn() -> Value) {
    let (min, max) = (*range.start(), *range.end());
    let read = number(range);
    let read = move |text: &str| Ok(make(read(text)?));
    (read, move || schema::whole(min, max))
}

/// One of `words`, in any case: how it is read, and its schema.
pub(super) fn one_word<T: Copy>(
    words: &'static [(&str, T)],
) -> (impl Fn(&str) -> Result<T, Invalid>, impl Fn() -> Value) {
    let names = || words.iter().map(|(name, _)| *name);
    (
        |text: &str| Ok(word(words, text)?),
        move || schema::words(names()),
    )
}

/// A whole number within `range`, written with digits only.
pub(super) fn number(range: RangeInclusive<u32>) -> impl Fn(&str) -> Result<u32, String> {
    move |text| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number| digits && range.contains(number))
            .ok_or_else(|| {
                let (min, max) = (range.start(), range.end());
                format!("must be a whole number from {min} to {max}")
            })
    }
}

/// One word of `words`, in any case.
pub(super) fn word<T: Clone>(words: &[(&str, T)], text: &str) -> Result<T, String> {
    words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text))
        .map(|(_, value)| value.clone())
        .ok_or_else(|| format!("must be {}", one_of(words.iter().map(|(word, _)| *word))))
}

/// Whether `text` has the shape of a day, `2026-12-31`, whatever its numbers.
pub(super) fn looks_like_day(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

/// A day, `2026-12-31`; of a timestamp, which some YAML readers make of one, the day in UTC.
pub(super) fn day(text: &str) -> Result<Date, Invalid> {
    moment(text).map(crate::model::date::day)
}

/// A day, meaning its start in UTC, or an RFC 3339 timestamp.
pub(super) fn moment(text: &str) -> Result<Timestamp, Invalid> {
    let time = if looks_like_day(text) {
        text.parse::<Date>()
            .ok()
            .and_then(|day| day.to_zoned(TimeZone::UTC).ok())
            .map(|start| start.timestamp())
    } else {
        text.parse().ok()
    };
    // Away from the calendar's ends, so that adding windows of years cannot leave it.
    let is_usable = |time: &Timestamp| {
        let year = time.to_zoned(TimeZone::UTC).year();
        (1970..=9000).contains(&year) && time.checked_add(1.hour()).is_ok()
    };
    time.filter(is_usable).ok_or_else(|| {
        "must be a day such as 2026-12-31, or a timestamp such as 2026-12-31T09:00:00Z".into()
    })
}

/// A name in which `*` stands for anything: not too long, without white space, control characters
/// and what is left over of broken JSON. Only a registry's IPv6 address has brackets.
pub(super) fn name_pattern(text: &str) -> Result<crate::model::policy::Pattern, String> {
    let is_name = !text.is_empty()
        && text.len() <= 512
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && !text.contains(['"', '{', '}'])
        && text.contains('[') == text.contains(']');
    if is_name {
        Ok(crate::model::policy::Pattern::new(text))
    } else {
        Err(
            "must be a name without white space, quotes and brackets; `*` matches within it"
                .to_owned(),
        )
    }
}
