//! YAML as JSON values. Plain scalars are null, boolean, number, date or string; aliases and merge keys
//! have no place in a pipeline that is to be read.

use libyaml_safer::{Document, Node, NodeData, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Every document of a file.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let mut bytes = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let mut documents = Vec::new();
    loop {
        let document = Document::load(&mut parser).map_err(|error| error.to_string())?;
        match document.nodes.first() {
            None => return Ok(documents),
            Some(root) => documents.push(value(&document, root)?),
        }
    }
}

fn value(document: &Document, node: &Node) -> Result<Value, String> {
    let at = |index: i32| {
        let node = document.get_node(index);
        node.ok_or_else(|| format!("there is no node {index}"))
    };
    match &node.data {
        NodeData::NoNode => Err("an empty node".to_owned()),
        NodeData::Scalar { value, style } => Ok(match style {
            ScalarStyle::Plain => plain(value),
            _ => Value::from(value.as_str()),
        }),
        NodeData::Sequence { items, .. } => items
            .iter()
            .map(|item| value(document, at(*item)?))
            .collect(),
        NodeData::Mapping { pairs, .. } => {
            let mut map = Map::new();
            for pair in pairs {
                let NodeData::Scalar { value: key, .. } = &at(pair.key)?.data else {
                    return Err("a key that is no scalar".to_owned());
                };
                let entry = value(document, at(pair.value)?)?;
                if map.insert(key.clone(), entry).is_some() {
                    return Err(format!("the key {key} twice"));
                }
            }
            Ok(Value::Object(map))
        }
    }
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
