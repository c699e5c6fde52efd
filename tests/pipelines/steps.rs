//! The steps of a pipeline, wherever they stand in it.

use serde_json::Value;

use crate::pipelines::yaml;

/// A step that starts an image, with its settings.
#[derive(Debug)]
pub(super) struct Step {
    /// The image as written.
    pub(super) image: String,
    /// `null` where the step has none.
    pub(super) settings: Value,
}

impl Step {
    /// Whether the step starts this program.
    pub(super) fn is_ours(&self) -> bool {
        let name = self.image.rsplit('/').next().unwrap_or_default();
        name.split(':').next() == Some("harness-images")
    }
}

/// Every step of a text, Drone's, Harness' or Woodpecker's.
pub(super) fn steps(text: &str) -> Vec<Step> {
    let documents = yaml::documents(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut steps = Vec::new();
    for document in &documents {
        walk(document, &mut |map| {
            if let Some(image) = map.get("image").and_then(Value::as_str) {
                steps.push(Step {
                    image: image.to_owned(),
                    settings: map.get("settings").cloned().unwrap_or_default(),
                });
            }
        });
    }
    steps
}

/// Shows every map of a value to `see`.
pub(super) fn walk(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            see(map);
            map.values().for_each(|value| walk(value, see));
        }
        Value::Array(list) => list.iter().for_each(|value| walk(value, see)),
        _ => {}
    }
}
