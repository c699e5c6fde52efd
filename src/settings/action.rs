//! How `action`, `pin` and `reset` are written.

use serde_json::{Value, json};

use super::collections::{MapEntry, is_map, list, map, scalar, word_alone};
use super::problems::{Invalid, each};
use super::scalars::{name_pattern, number, word};
use super::schema;
use super::values::{Action, Pin, Reset};

/// One of the actions by its word; what belongs to it is read by itself.
pub(super) fn action(text: &str) -> Result<Action, Invalid> {
    let words = actions().map(|action| (action.as_str(), action));
    Ok(word(&words, text)?)
}

pub(super) fn action_schema() -> Value {
    schema::words(actions().iter().map(Action::as_str))
}

/// Every action. `pin` stands for its word only.
fn actions() -> [Action; 6] {
    [
        Action::Check,
        Action::List,
        Action::Pin(Pin::All(String::new())),
        Action::Reset(Reset::Unsupported),
        Action::Clear,
        Action::Restore,
    ]
}

pub(super) fn pin_schema() -> Value {
    let value = json!({"type": ["string", "number"], "pattern": r"\S"});
    let relative = schema::pattern("^latest(-[0-9]{1,3})?$");
    let map = schema::map(&value);
    schema::any_of([relative, json!({"allOf": [{"minProperties": 1}, map]})])
}

/// A map from fields to values, or one relative value.
pub(super) fn pin(text: &str) -> Result<Pin, Invalid> {
    if is_map(text) {
        let pairs = each(map(text)?, |MapEntry { key, value }| {
            if value.as_f64().is_some() && value.as_u64().is_none() {
                return Err("its value is a number; quote it, or 1.10 becomes 1.1".to_owned());
            }
            match scalar(&value).filter(|text| !text.is_empty()) {
                Some(value) => Ok((key, value)),
                None => Err("must be an image, a tag or `latest-N` for the field".to_owned()),
            }
        })?;
        if pairs.is_empty() {
            return Err("the map is empty; name fields and their values".into());
        }
        return Ok(Pin::Fields(pairs.into_iter().collect()));
    }
    if is_relative(text) {
        return Ok(Pin::All(text.to_owned()));
    }
    Err("must be a map from fields to images or tags, or `latest`, `latest-1`… for all".into())
}

/// `latest`, or `latest-N` with N up to 999.
fn is_relative(text: &str) -> bool {
    match text.strip_prefix("latest") {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('-')
            .is_some_and(|n| number(0..=999)(n).is_ok()),
        None => false,
    }
}

/// `unsupported`, `all`, or fields.
pub(super) fn reset(text: &str) -> Result<Reset, Invalid> {
    let words = [("unsupported", Reset::Unsupported), ("all", Reset::All)];
    let entries = list(text)?;
    match word_alone(&entries, &words) {
        Ok(Some(reset)) => Ok(reset.clone()),
        Ok(None) => each(entries, |entry| name_pattern(&entry)).map(Reset::Fields),
        Err(_) => Err("`unsupported` and `all` stand alone, not among fields".into()),
    }
}
