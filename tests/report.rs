//! Reports in every format.

mod answers;
mod files;
mod missing;
mod page;
mod places;
mod snapshots;
mod verdicts;

mod dotenv;
mod hostile;

use harness_images::report::{Report, outputs, sarif};
use serde_json::Value;

/// The results of the report in SARIF.
fn results(report: &Report) -> Vec<Value> {
    let log: Value = serde_json::from_str(&sarif(report).unwrap()).unwrap();
    log["runs"][0]["results"].as_array().unwrap().clone()
}

/// What viewers know the results by; all differ.
fn fingerprints(report: &Report) -> Vec<String> {
    let results = results(report).into_iter();
    let all: Vec<String> = results
        .map(|result| result["partialFingerprints"].to_string())
        .collect();
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len());
    all
}

fn output(report: &Report, name: &str) -> String {
    let mut outputs = outputs(report).into_iter();
    outputs.find(|(key, _)| *key == name).unwrap().1
}
