//! What changed since the last run, by the file `history`.

use std::path::Path;

use serde_json::{Value, json};

use support::step::{Ran, Step, shown};

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
    Step::on_snapshot(facts)
        .set("history", history.to_str().unwrap())
        .set("files", "*.yaml")
        .set_all(settings)
        .run()
        .ends(0)
}

const OLD: &str = "harness/ci-addon:1.12.0";
const OLDER: &str = "harness/ci-addon:1.11.0";
const GOOD: &str = "harness/ci-addon:1.16.3";

#[test]
fn only_what_became_worse_is_new() {
    let none = json!({});
    let (old, older) = (json!({ "addonTag": OLD }), json!({ "addonTag": OLDER }));
    let dry: &[(&str, &str)] = &[("dry_run", "true")];
    let less: &[(&str, &str)] = &[("fields", "liteEngineTag")];
    let ignore: &[(&str, &str)] = &[("ignore", "addonTag@2026-11-01")];
    let addon: &[&str] = &["ci.K8.addonTag"];
    type Run<'a> = (
        &'a Value,
        &'a [(&'a str, u32)],
        &'a [(&'a str, &'a str)],
        &'a [&'a str],
    );
    // Runs one after the other, a day each: overrides, images found, settings, the names of what is new.
    let cases: [(&str, &[Run<'_>]); 9] = [
        (
            "the first run has nothing to compare with",
            &[(&old, &[], &[], &[])],
        ),
        (
            "the same state twice",
            &[(&old, &[], &[], &[]), (&old, &[], &[], &[])],
        ),
        (
            "an image that worsens, once",
            &[
                (&none, &[], &[], &[]),
                (&old, &[], &[], addon),
                (&old, &[], &[], &[]),
            ],
        ),
        (
            "better, and worse again",
            &[
                (&old, &[], &[], &[]),
                (&none, &[], &[], &[]),
                (&old, &[], &[], addon),
            ],
        ),
        (
            "another unsupported image in the same field",
            &[(&old, &[], &[], &[]), (&older, &[], &[], &[])],
        ),
        (
            "a line that moves, and a second place",
            &[
                (&none, &[(OLD, 3)], &[], &[]),
                (&none, &[(OLD, 9), (OLD, 20)], &[], &[]),
                (
                    &none,
                    &[(OLD, 9), (OLDER, 10), (GOOD, 11)],
                    &[],
                    &["file.a.yaml:10"],
                ),
            ],
        ),
        (
            "a dry run notes nothing",
            &[
                (&none, &[], &[], &[]),
                (&old, &[], dry, addon),
                (&old, &[], &[], addon),
            ],
        ),
        (
            "a run that looks at less forgets nothing",
            &[
                (&old, &[], &[], &[]),
                (&old, &[], less, &[]),
                (&old, &[], &[], &[]),
            ],
        ),
        (
            "what is ignored is not wrong until the ignore ends",
            &[(&old, &[], ignore, &[]), (&old, &[], ignore, addon)],
        ),
    ];
    for (name, runs) in cases {
        let folder = tempfile::tempdir().unwrap();
        let history = folder.path().join("history.jsonl");
        for (day, (overrides, found, settings, expected)) in (1..).zip(runs) {
            let facts = facts(&format!("2026-11-0{day}"), (*overrides).clone(), found);
            let ran = run(&history, &facts, settings);
            let newly = ran.report()["newly"].as_array().unwrap().clone();
            assert_eq!(shown(&newly, &["field"]), *expected, "{name}, run {day}");
            let count = expected.len().to_string();
            assert_eq!(ran.outputs["NEWLY_COUNT"], count, "{name}, run {day}");
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
        ran.read("report.md"),
        ran.read("report.html"),
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
    ran.has_error("runAsUser");
}
