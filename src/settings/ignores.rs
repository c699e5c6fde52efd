//! The setting `ignore`: fields that never fail a step, with a reason and a last day.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::model::image::is_digest;
use crate::model::policy::Ignore;

use super::collections::{json_array, list, map, scalar};
use super::problems::{Invalid, each};
use super::scalars::{day, looks_like_day, name_pattern};
use super::schema;

pub(super) fn ignores_schema() -> Value {
    let entry = json!({
        "type": "object",
        "required": ["field"],
        "additionalProperties": false,
        "properties": {
            "field": schema::name(),
            "reason": {"type": ["string", "number", "boolean", "null"]},
            "until": schema::any_of([schema::day_or_time(), json!({"type": "null"})]),
        },
    });
    let word = schema::pattern(r#"^[^\s"{}]{1,512}$"#);
    schema::any_of([entry.clone(), schema::list(schema::any_of([entry, word]))])
}

/// A JSON array of objects or words, one JSON object, or a list of words; a word is a field,
/// or a field and a day: `field@2026-12-31`.
pub(super) fn ignores(text: &str) -> Result<Vec<Ignore>, Invalid> {
    if text.starts_with('{') {
        let one: Value = Value::Object(
            map(text)?
                .into_iter()
                .map(|(_, entry)| (entry.key, entry.value))
                .collect(),
        );
        return each([(1, one)], |value| from_value(&value));
    }
    match json_array(text)? {
        Some(values) => each(values, |value| from_value(&value)),
        None => each(list(text)?, |word| from_word(&word)),
    }
}

fn from_value(value: &Value) -> Result<Ignore, String> {
    let expected = "must be a field such as addonTag@2026-12-31, or an object with `field`, \
                    `reason` and `until`";
    let Value::Object(object) = value else {
        return from_word(&scalar(value).ok_or(expected)?);
    };
    let keys = ["field", "reason", "until"];
    if object.keys().any(|key| !keys.contains(&key.as_str())) {
        return Err(format!("it has an unknown key; it {expected}"));
    }
    let text = |key: &str| match object.get(key) {
        None => Ok(None),
        Some(value) => {
            let text = scalar(value).ok_or_else(|| format!("its `{key}` is no text"))?;
            Ok::<_, String>((!text.is_empty()).then_some(text))
        }
    };
    let field = text("field")?.ok_or_else(|| format!("its `field` is missing; it {expected}"))?;
    let until = text("until")?;
    Ok(Ignore {
        field: name_pattern(&field)?,
        reason: text("reason")?,
        until: until.as_deref().map(last_day).transpose()?,
    })
}

fn from_word(word: &str) -> Result<Ignore, String> {
    let (field, until) = match word.rsplit_once('@') {
        Some((field, until)) if looks_like_day(until) => (field, Some(last_day(until)?)),
        // An image may be named with its digest.
        Some((_, digest)) if !is_digest(digest) => {
            return Err("after the `@` must be a day such as 2026-12-31".to_owned());
        }
        _ => (word, None),
    };
    Ok(Ignore {
        field: name_pattern(field.trim())?,
        reason: None,
        until,
    })
}

fn last_day(text: &str) -> Result<Date, String> {
    day(text).map_err(|_| "its last day is no day such as 2026-12-31".to_owned())
}
