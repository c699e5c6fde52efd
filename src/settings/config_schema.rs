//! The JSON schema of a config file, made of the table of settings.

use serde_json::{Map, Value, json};

use super::config::CONFIG;
use super::table::SETTINGS;
use crate::model::format::Format;

/// The JSON schema of a config file, draft 2020-12, with a line end. `formats` are those of report
/// files. What it refuses the program refuses as well; the program also looks into texts, such as
/// lists and maps that are written in one string.
pub fn config_schema(formats: &[Format]) -> String {
    let in_files = SETTINGS
        .iter()
        .filter(|setting| !setting.secret && setting.name != CONFIG);
    let properties: Map<String, Value> = in_files
        .map(|setting| {
            let default = match setting.default {
                "" => String::new(),
                default => format!(" (default: {default})"),
            };
            let description = format!("{}{default}", setting.explained(formats));
            let value = json!({
                "description": description,
                "anyOf": [(setting.schema)(formats), {"type": "null"}],
            });
            (setting.name.to_owned(), value)
        })
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "harness-images",
        "description": "Settings of harness-images in a file: the setting `config`.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    });
    format!("{schema:#}\n")
}
