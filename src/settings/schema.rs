//! The vocabulary of the JSON schema: what settings are, in a config file.

use serde_json::{Value, json};

/// A name in which `*` stands for anything.
const NAME: &str = r#"^[^\s"{}]{1,512}$"#;

/// A text; what YAML takes for a number or a boolean is one as well.
pub(super) fn text() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

/// What `boolean` reads.
pub(super) fn boolean() -> Value {
    json!({"enum": [true, false, "true", "false", "t", "f", 1, 0, "1", "0"]})
}

/// A text of a pattern.
pub(super) fn pattern(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

/// One of these words.
pub(super) fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({"enum": words.into_iter().collect::<Vec<_>>()})
}

/// Any of these schemas.
pub(super) fn any_of(schemas: impl IntoIterator<Item = Value>) -> Value {
    json!({"anyOf": schemas.into_iter().collect::<Vec<_>>()})
}

/// A whole number, or its digits as a text.
pub(super) fn whole(min: u32, max: u32) -> Value {
    any_of([
        json!({"type": "integer", "minimum": min, "maximum": max}),
        pattern("^[0-9]+$"),
    ])
}

/// A day, or an RFC 3339 timestamp.
pub(super) fn day_or_time() -> Value {
    pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$")
}

/// A name in which `*` stands for anything.
pub(super) fn name() -> Value {
    pattern(NAME)
}

/// A list, null entries among it, or one text in which the entries are separated by commas or
/// line ends.
pub(super) fn list(entry: Value) -> Value {
    any_of([array(entry), json!({"type": "string"})])
}

/// `off`, which YAML readers turn into `false`, another word, or a list.
pub(super) fn off_or_list(word: &str, entry: Value) -> Value {
    any_of([words(["off", word]), json!({"const": false}), list(entry)])
}

/// A list of words, or one text with some of them.
pub(super) fn list_of_words<'a>(of: impl IntoIterator<Item = &'a str>) -> Value {
    let of: Vec<&str> = of.into_iter().collect();
    let text = format!(r"^[\s,]*(({})[\s,]*)*$", of.join("|"));
    any_of([array(words(of)), pattern(&text), pattern(r"^\s*\[")])
}

fn array(entry: Value) -> Value {
    let entry = any_of([entry, json!({"type": "null"})]);
    json!({"type": "array", "maxItems": 1000, "items": entry})
}

/// A map from names to such values, or one text: `name=value`, or JSON.
pub(super) fn map(value: &Value) -> Value {
    any_of([
        json!({
            "type": "object",
            "propertyNames": {"pattern": NAME},
            "additionalProperties": value,
            "maxProperties": 1000,
        }),
        pattern(r"^\s*\{|="),
    ])
}

/// One value, or a map by repository.
pub(super) fn by_repository(value: &Value) -> Value {
    any_of([value.clone(), map(value)])
}

/// The base of a server.
pub(super) fn base() -> Value {
    pattern(r"^([hH][tT][tT][pP][sS]?://)?[^\s/@?#\\]+(/[^\s@?#\\]*)?$")
}
