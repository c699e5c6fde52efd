//! YAML as JSON values. Plain scalars are null, boolean, number, date or string; aliases and merge keys
//! have no place in a pipeline that is to be read.

use harness_images::yaml::{self, Node, Style};
use serde_json::{Map, Value};

/// Every document of a file.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let documents = yaml::documents(text).map(|document| match document {
        Ok(document) => value(document.root()),
        Err(error) => Err(error.to_string()),
    });
    documents.collect()
}

fn value(node: Node<'_>) -> Result<Value, String> {
    if let Some(text) = node.as_str() {
        let is_plain = node.style() == Some(Style::Plain);
        return Ok(if is_plain {
            plain(text)
        } else {
            Value::from(text)
        });
    }
    if node.is_sequence() {
        return node.items().map(value).collect();
    }
    let mut map = Map::new();
    for (key, entry) in node.pairs() {
        let key = key.as_str().ok_or("a key that is no scalar")?;
        if map.insert(key.to_owned(), value(entry)?).is_some() {
            return Err(format!("the key {key} twice"));
        }
    }
    Ok(Value::Object(map))
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) if is_date(text) => serde_json::json!({ TIMESTAMP: text }),
            Err(_) => Value::from(text),
        },
    }
}

/// The only key of the map that a plain date becomes, since JSON has no dates.
const TIMESTAMP: &str = "!!timestamp";

/// The date that a value is, if it was written without quotes.
pub(super) fn timestamp(value: &Value) -> Option<&str> {
    value.get(TIMESTAMP)?.as_str()
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2] && parts.concat().bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn scalars_lists_maps_and_documents() {
    let text = "a: [1, x, '1', true, ~, \"\"]\nb:\n  c: |-\n    two\n    lines\n  d:\n---\n- e\n";
    let expected = vec![
        serde_json::json!({
            "a": [1, "x", "1", true, null, ""],
            "b": {"c": "two\nlines", "d": null}
        }),
        serde_json::json!(["e"]),
    ];
    assert_eq!(documents(text), Ok(expected));
    for wrong in ["a: [1", "a: 1\na: 2", "a: *b", "\tb: 1"] {
        assert!(documents(wrong).is_err(), "{wrong}");
    }
}
