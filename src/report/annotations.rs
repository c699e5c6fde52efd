//! Harness annotations (`HARNESS_ANNOTATIONS_FILE`): the report as Markdown beside the build.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Report;
use super::formats::markdown;
use crate::files::{read_at_most, write_whole};
use crate::model::verdict::{FAILURE, INFO};

/// What distinguishes this annotation from others.
const CONTEXT: &str = "harness-images";

/// Largest existing file that is merged with, in bytes.
const MAX_BYTES: u64 = 8 << 20;

/// Keys of the document, and the variable that each is read from.
const IDENTIFIERS: [(&str, &[&str]); 6] = [
    ("accountId", &["HARNESS_ACCOUNT_ID"]),
    ("orgId", &["HARNESS_ORG_ID"]),
    ("projectId", &["HARNESS_PROJECT_ID"]),
    ("pipelineId", &["HARNESS_PIPELINE_ID"]),
    ("planExecutionId", &["HARNESS_EXECUTION_ID"]),
    (
        "stageExecutionId",
        &["HARNESS_STAGE_EXECUTION_ID", "HARNESS_STAGE_ID"],
    ),
];

/// Merges this report's annotation into the file that other steps may have written to, which
/// is replaced whole. `identifiers` are the runner's variables, `timestamp` is in milliseconds
/// since 1970. Best effort: nobody's step should fail because of it.
///
/// # Errors
/// What the file system says; `InvalidData` if the file holds something else, which is then
/// left as it is.
pub fn write_annotation(
    path: &Path,
    report: &Report,
    identifiers: &BTreeMap<String, String>,
    timestamp: i64,
) -> io::Result<()> {
    let mut document = read(path)?;
    for (key, variables) in IDENTIFIERS {
        let value = variables.iter().find_map(|name| identifiers.get(*name));
        if let Some(value) = value {
            document
                .entry(key)
                .or_insert_with(|| Value::from(value.as_str()));
        }
    }
    let step = identifiers.get("HARNESS_STEP_ID").map(String::as_str);
    let annotation = annotation(report, step, timestamp);
    let annotations = document
        .entry("annotations")
        .or_insert_with(|| Value::Array(Vec::new()))
        .as_array_mut()
        .ok_or(io::ErrorKind::InvalidData)?;
    annotations.retain(|other| {
        other.get("contextId") != annotation.get("contextId")
            || other.get("stepId") != annotation.get("stepId")
    });
    annotations.push(annotation);
    write_whole(path, Value::Object(document).to_string().as_bytes())
}

fn annotation(report: &Report, step: Option<&str>, timestamp: i64) -> Value {
    let style = if report.is_failure() {
        FAILURE
    } else {
        let worst = report.shown_as();
        worst.map_or(INFO, |worst| worst.info().annotation)
    };
    json!({
        "contextId": CONTEXT,
        "stepId": step.unwrap_or_default(),
        "timestamp": timestamp,
        "style": style.name,
        "summary": markdown(report),
        "priority": style.priority,
        "mode": "replace",
    })
}

/// The existing document; an empty one if there is none.
fn read(path: &Path) -> io::Result<Map<String, Value>> {
    let text = match read_at_most(path, MAX_BYTES) {
        Ok(text) => text.ok_or(io::ErrorKind::InvalidData)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8(text).map_err(|_| io::ErrorKind::InvalidData)?;
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(&text).map_err(|_| io::ErrorKind::InvalidData.into())
}
