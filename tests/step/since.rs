//! What changed since the last run, by the file `history`.

use std::path::Path;

use serde_json::{Value, json};

use support::step::{Ran, Step};

/// Fields of `ci`, whose default is 1.16.3, and images found at `path:line`, as of a day.
fn facts(day: &str, overrides: Value, found: &[(&str, u32)]) -> Value {
    let found: Vec<Value> = found
        .iter()
        .map(|(image, line)| {
            json!({"image": image, "location": {"file": "a.yaml", "line": line, "column": 1}})
        })
        .collect();
    json!({
        "format": "harness-images/snapshot/v1", "taken_at": format!("{day}T09:00:00Z"),
        "configs": [{"module": "ci", "infra": "K8", "overrides": overrides, "default": {
            "addonTag": "harness/ci-addon:1.16.3", "liteEngineTag": "harness/ci-lite-engine:1.16.3"}}],
        "repositories": [], "found": found,
    })
}

fn run(history: &Path, facts: &Value, settings: &[(&str, &str)]) -> Ran {
    let step = Step::on_snapshot(facts)
        .set("history", history.to_str().unwrap())
        .set("files", "*.yaml");
    let step = settings
        .iter()
        .fold(step, |step, (name, value)| step.set(name, value));
    step.run().ends(0)
}

const OLD: &str = "harness/ci-addon:1.12.0";
const OLDER: &str = "harness/ci-addon:1.11.0";
const GOOD: &str = "harness/ci-addon:1.16.3";

#[test]
fn only_what_became_worse_is_new() {
    let none = || json!({});
    let addon = |image: &str| json!({ "addonTag": image });
    let dry: &[(&str, &str)] = &[("dry_run", "true")];
    type Run<'a> = (Value, &'a [(&'a str, &'a str)], &'a [&'a str]);
    // Runs one after the other: facts, settings, the names of what is new.
    let cases: [(&str, Vec<Run<'_>>); 9] = [
        (
            "the first run has nothing to compare with",
            vec![(facts("2026-11-01", addon(OLD), &[]), &[], &[])],
        ),
        (
            "the same state twice",
            vec![
                (facts("2026-11-01", addon(OLD), &[]), &[], &[]),
                (facts("2026-11-02", addon(OLD), &[]), &[], &[]),
            ],
        ),
        (
            "an image that worsens, once",
            vec![
                (facts("2026-11-01", none(), &[]), &[], &[]),
                (
                    facts("2026-11-02", addon(OLD), &[]),
                    &[],
                    &["ci.K8.addonTag"],
                ),
                (facts("2026-11-03", addon(OLD), &[]), &[], &[]),
            ],
        ),
        (
            "better, and worse again",
            vec![
                (facts("2026-11-01", addon(OLD), &[]), &[], &[]),
                (facts("2026-11-02", none(), &[]), &[], &[]),
                (
                    facts("2026-11-03", addon(OLD), &[]),
                    &[],
                    &["ci.K8.addonTag"],
                ),
            ],
        ),
        (
            "another unsupported image in the same field",
            vec![
                (facts("2026-11-01", addon(OLD), &[]), &[], &[]),
                (facts("2026-11-02", addon(OLDER), &[]), &[], &[]),
            ],
        ),
        (
            "a line that moves, and a second place",
            vec![
                (facts("2026-11-01", none(), &[(OLD, 3)]), &[], &[]),
                (
                    facts("2026-11-02", none(), &[(OLD, 9), (OLD, 20)]),
                    &[],
                    &[],
                ),
                (
                    facts("2026-11-03", none(), &[(OLD, 9), (OLDER, 10), (GOOD, 11)]),
                    &[],
                    &["file.a.yaml:10"],
                ),
            ],
        ),
        (
            "a dry run notes nothing",
            vec![
                (facts("2026-11-01", none(), &[]), &[], &[]),
                (
                    facts("2026-11-02", addon(OLD), &[]),
                    dry,
                    &["ci.K8.addonTag"],
                ),
                (
                    facts("2026-11-03", addon(OLD), &[]),
                    &[],
                    &["ci.K8.addonTag"],
                ),
            ],
        ),
        (
            "a run that looks at less forgets nothing",
            vec![
                (facts("2026-11-01", addon(OLD), &[]), &[], &[]),
                (
                    facts("2026-11-02", addon(OLD), &[]),
                    &[("fields", "liteEngineTag")],
                    &[],
                ),
                (facts("2026-11-03", addon(OLD), &[]), &[], &[]),
            ],
        ),
        (
            "what is ignored is not wrong until the ignore ends",
            vec![
                (
                    facts("2026-11-01", addon(OLD), &[]),
                    &[("ignore", "addonTag@2026-11-01")],
                    &[],
                ),
                (
                    facts("2026-11-02", addon(OLD), &[]),
                    &[("ignore", "addonTag@2026-11-01")],
                    &["ci.K8.addonTag"],
                ),
            ],
        ),
    ];
    for (name, runs) in cases {
        let folder = tempfile::tempdir().unwrap();
        let history = folder.path().join("history.jsonl");
        for (number, (facts, settings, expected)) in runs.into_iter().enumerate() {
            let ran = run(&history, &facts, settings);
            let report = ran.report();
            let newly = report["newly"].as_array().unwrap();
            let names: Vec<&str> = newly
                .iter()
                .map(|one| one["field"].as_str().unwrap())
                .collect();
            assert_eq!(names, expected, "{name}, run {number}");
            let count = expected.len().to_string();
            assert_eq!(ran.outputs["NEWLY_COUNT"], count, "{name}, run {number}");
        }
    }
}

#[test]
fn without_a_history_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let facts = facts("2026-11-02", json!({ "addonTag": OLD }), &[]);
    let ran = Step::on_snapshot(&facts).run().ends(0);
    assert!(!ran.outputs.contains_key("NEWLY_COUNT"));
    assert!(ran.report().get("newly").is_none());
    // A folder cannot be read as a history.
    let ran = run(folder.path(), &facts, &[]);
    assert!(ran.warnings().contains(&"history-unreadable".to_owned()));
    assert!(!ran.outputs.contains_key("NEWLY_COUNT"));
}

#[test]
fn an_earlier_day_neither_says_nor_notes_anything() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history.jsonl");
    let late = facts("2026-11-10", json!({}), &[]);
    run(&history, &late, &[]);
    let before = std::fs::read(&history).unwrap();
    let early = facts("2026-11-01", json!({ "addonTag": OLD }), &[]);
    let ran = run(&history, &early, &[]);
    assert!(!ran.outputs.contains_key("NEWLY_COUNT"));
    assert_eq!(std::fs::read(&history).unwrap(), before);
}

#[test]
fn every_form_of_the_report_says_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history.jsonl");
    run(&history, &facts("2026-11-01", json!({}), &[]), &[]);
    let worse = facts("2026-11-02", json!({ "addonTag": OLD }), &[]);
    let settings = [("reports", "report.json,report.md,report.html")];
    let ran = run(&history, &worse, &settings);
    for text in [
        ran.stdout.clone(),
        std::fs::read_to_string(ran.path("report.md")).unwrap(),
        std::fs::read_to_string(ran.path("report.html")).unwrap(),
    ] {
        assert!(text.contains("New since the last run"), "{text}");
        assert!(text.contains("became unsupported"), "{text}");
    }
}

/// Root may write anywhere, so that this says something only as another user.
#[test]
#[cfg(unix)]
fn a_history_that_may_not_be_written_says_what_fixes_it() {
    use std::os::unix::fs::PermissionsExt;
    let step = Step::on_snapshot(&serde_json::json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z",
    }));
    let folder = step.path("closed");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.join("probe"), "").is_ok() {
        return;
    }
    let ran = step.set("history", "closed/history.jsonl").run().ends(1);
    assert!(ran.errors().contains("runAsUser"), "{}", ran.errors());
}
