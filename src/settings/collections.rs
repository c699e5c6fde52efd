//! How lists and maps are written by the three runners and by people.
//!
//! A list is separated by commas or line ends, or is a JSON array. A map is a JSON object, on
//! one line or several, or `key=value` separated by commas or line ends.

use std::net::Ipv6Addr;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::problems::Invalid;

/// Most entries of a list or map.
const MAX_ENTRIES: usize = 1_000;

/// An entry's position as the user counts, from 1, and its value.
pub(super) type Numbered<T> = (usize, T);

/// An entry of a map.
pub(super) struct MapEntry {
    /// The key, trimmed; may be blank.
    pub(super) key: String,
    /// The value; texts are trimmed.
    pub(super) value: Value,
}

/// A list of words: blank and `null` entries are dropped.
pub(super) fn list(text: &str) -> Result<Vec<Numbered<String>>, Invalid> {
    let Some(values) = json_array(text)? else {
        return bounded(pieces(text).map(str::to_owned));
    };
    let mut entries = Vec::with_capacity(values.len());
    for (position, value) in values {
        match scalar(&value) {
            Some(text) if text.is_empty() => {}
            Some(text) => entries.push((position, text)),
            None => {
                let text = "must be a plain word, not a list or map";
                return Err(Invalid::entry(position, text));
            }
        }
    }
    Ok(entries)
}

/// The value of the one word of which a list consists, that of the first word for an empty list, and none for other
/// entries.
///
/// # Errors
/// A word that stands among other entries.
pub(super) fn word_alone<'w, T>(
    entries: &[Numbered<String>],
    words: &'w [(&'w str, T)],
) -> Result<Option<&'w T>, &'w str> {
    let find = |(_, entry): &Numbered<String>| {
        let mut words = words.iter();
        words.find(|(word, _)| word.eq_ignore_ascii_case(entry))
    };
    match entries {
        [] => Ok(words.first().map(|(_, value)| value)),
        [only] => Ok(find(only).map(|(_, value)| value)),
        several => match several.iter().find_map(find) {
            Some((word, _)) => Err(word),
            None => Ok(None),
        },
    }
}

/// The values of a JSON array, blank ones and `null` left out; `None` if the text is not written as one.
pub(super) fn json_array(text: &str) -> Result<Option<Vec<Numbered<Value>>>, Invalid> {
    let Some(inner) = text.strip_prefix('[') else {
        return Ok(None);
    };
    // An IPv6 registry in a comma list starts with a bracket too.
    let first = inner.split_once(']').map(|(first, _)| first);
    if first.is_some_and(|first| first.parse::<Ipv6Addr>().is_ok()) {
        return Ok(None);
    }
    let values: Vec<Value> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    let mut numbered = bounded(values.into_iter())?;
    numbered.retain(|(_, value)| scalar(value).is_none_or(|text| !text.is_empty()));
    Ok(Some(numbered))
}

/// Whether the text is written as a map.
pub(super) fn is_map(text: &str) -> bool {
    text.starts_with('{') || text.contains('=')
}

/// A map, in the order in which it is written. A key that is given twice is a problem.
pub(super) fn map(text: &str) -> Result<Vec<Numbered<MapEntry>>, Invalid> {
    let entries = if text.starts_with('{') {
        let EntriesInOrder(entries) =
            serde_json::from_str(text).map_err(|error| malformed(&error))?;
        bounded(entries.into_iter())?
    } else {
        let mut entries = Vec::new();
        for (position, piece) in bounded(pieces(text))? {
            let Some((key, value)) = piece.split_once('=') else {
                return Err(Invalid::entry(position, "must be `key=value`"));
            };
            let (key, value) = (key.trim().to_owned(), Value::from(value.trim()));
            entries.push((position, MapEntry { key, value }));
        }
        entries
    };
    let mut seen = std::collections::BTreeSet::new();
    for (position, entry) in &entries {
        let position = *position;
        if entry.key.is_empty() {
            return Err(Invalid::entry(
                position,
                "the name before the value is missing",
            ));
        }
        if !seen.insert(&entry.key) {
            return Err(Invalid::entry(position, "its name is given twice"));
        }
    }
    Ok(entries)
}

/// The text of a scalar: `null` is blank; `None` for lists and maps.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.trim().to_owned()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The trimmed pieces between commas and line ends, without blank ones.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n', '\r'])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
}

/// Numbers the entries, from 1, and refuses too many.
pub(super) fn bounded<T>(entries: impl Iterator<Item = T>) -> Result<Vec<Numbered<T>>, Invalid> {
    let entries: Vec<_> = (1..).zip(entries.take(MAX_ENTRIES + 1)).collect();
    if entries.len() > MAX_ENTRIES {
        return Err(format!("more than {MAX_ENTRIES} entries, which is the most").into());
    }
    Ok(entries)
}

/// The parser's own message may quote the text, so only the place is reported.
fn malformed(error: &serde_json::Error) -> Invalid {
    let (line, column) = (error.line(), error.column());
    format!("starts like JSON but is not valid from line {line}, column {column} on").into()
}

/// A JSON object with its entries in order and repeated keys kept.
struct EntriesInOrder(Vec<MapEntry>);

impl<'de> Deserialize<'de> for EntriesInOrder {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = EntriesInOrder;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EntriesInOrder, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    let key = key.trim().to_owned();
                    entries.push(MapEntry { key, value });
                }
                Ok(EntriesInOrder(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
