//! Each format as it looks for the example account and for an empty one.

use harness_images::report::{Report, html, json, junit, markdown, outputs, sarif, table};

use serde_json::Value;

use support::sample;

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
        for (format, text) in [
            ("json", json(&report).unwrap()),
            ("junit", junit(&report)),
            ("sarif", sarif_in_short(&report)),
            ("markdown", markdown(&report)),
            ("page", page(&report)),
            ("outputs", dotenv(&report)),
        ] {
            insta::assert_snapshot!(format!("{format}-{name}"), text);
        }
    }
}

#[test]
fn every_format_names_the_error() {
    let report = sample::failed();
    let error = "Harness refused the key (401)";
    for text in [
        table(&report),
        json(&report).unwrap(),
        junit(&report),
        sarif(&report).unwrap(),
        markdown(&report),
        html(&report),
    ] {
        assert!(text.contains(error), "{text}");
    }
    assert!(dotenv(&report).contains("FAILED=true\n"));
}
