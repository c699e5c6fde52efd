//! The open map of fields as JSON: text is kept, `null` and blanks mean "not set", anything else
//! is kept only by its short JSON.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::value::RawValue;

use super::{FieldValue, Fields};

/// Longest JSON kept of a field that is no text, in bytes.
const MAX_OTHER: usize = 64;

/// `null` in place of the map is an empty one.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    let map =
        Option::<BTreeMap<String, Box<RawValue>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(map
        .into_iter()
        .filter_map(|(field, raw)| Some((field, value(raw.get())?)))
        .collect())
}

/// One value from its JSON; `None` if it means "not set".
pub(crate) fn value(json: &str) -> Option<FieldValue> {
    match serde_json::from_str::<String>(json) {
        Ok(text) if text.trim().is_empty() => None,
        Ok(text) => Some(FieldValue::Text(text.trim().to_owned())),
        Err(_) if json == "null" => None,
        Err(_) if json.len() <= MAX_OTHER => Some(FieldValue::Other(json.to_owned())),
        Err(_) => Some(FieldValue::Other(
            if json.starts_with('[') { "[]" } else { "{}" }.to_owned(),
        )),
    }
}

pub(crate) fn serialize<S: Serializer>(fields: &Fields, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    for (field, value) in fields {
        match value {
            FieldValue::Text(text) => map.serialize_entry(field, text)?,
            FieldValue::Other(json) => {
                map.serialize_entry(
                    field,
                    &RawValue::from_string(json.clone()).unwrap_or_default(),
                )?;
            }
        }
    }
    map.end()
}
