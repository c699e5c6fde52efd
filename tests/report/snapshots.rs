//! Each format as it looks for the example account and for an empty one.

use harness_images::model::format::{Format, Requirement};
use harness_images::report::{Report, formats, html, outputs, render, sarif, table};
use serde_json::Value;

use support::sample;

/// The formats in which every run has something to report.
fn of_every_run() -> Vec<Format> {
    let mut formats = formats();
    formats.retain(|format| format.requires == Requirement::Nothing);
    formats
}

fn dotenv(report: &Report) -> String {
    let lines = outputs(report).into_iter();
    lines
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect()
}

/// SARIF with those rules only that a result has: all of them are the tables of verdicts and codes.
fn sarif_in_short(report: &Report) -> String {
    let mut log: Value = serde_json::from_str(&sarif(report).unwrap()).unwrap();
    let run = &mut log["runs"][0];
    let results = run["results"].as_array().unwrap().clone();
    let is_used = |rule: &Value| results.iter().any(|result| result["ruleId"] == rule["id"]);
    for result in run["results"].as_array_mut().unwrap() {
        result.as_object_mut().unwrap().remove("ruleIndex");
    }
    let rules = run["tool"]["driver"]["rules"].as_array_mut().unwrap();
    rules.retain(is_used);
    serde_json::to_string_pretty(&log).unwrap()
}

/// The page without its style and script, which a test of their own watches over.
fn page(report: &Report) -> String {
    let page = html(report).replace("><", ">\n<");
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, rest) = rest.split_once("<script>").unwrap();
    let (_, foot) = rest.split_once("</script>").unwrap();
    let head = head.lines().filter(|line| !line.contains("sha256-"));
    head.chain([body, foot]).collect::<Vec<_>>().join("\n")
}

#[test]
fn tables() {
    for (name, report) in [
        ("table-acme", sample::acme()),
        ("table-planned", sample::planned()),
        ("table-listed", sample::listed()),
        ("table-empty", sample::empty()),
        ("table-failed", sample::failed()),
    ] {
        insta::assert_snapshot!(name, table(&report));
    }
}

#[test]
fn documents() {
    for (name, report) in [("acme", sample::planned()), ("empty", sample::empty())] {
        for format in of_every_run() {
            let text = match format.name {
                "SARIF" => sarif_in_short(&report),
                "HTML" => page(&report),
                _ => render(&report, format).unwrap(),
            };
            let format = format.name.to_lowercase();
            insta::assert_snapshot!(format!("{format}-{name}"), text);
        }
        insta::assert_snapshot!(format!("outputs-{name}"), dotenv(&report));
    }
}

#[test]
fn every_format_names_the_error() {
    let report = sample::failed();
    let error = "Harness refused the key (401)";
    for format in of_every_run() {
        let text = render(&report, format).unwrap();
        assert!(text.contains(error), "{}: {text}", format.name);
    }
    assert!(table(&report).contains(error));
    assert!(dotenv(&report).contains("FAILED=true\n"));
}
