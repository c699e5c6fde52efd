//! Images found in files and pipelines, as a snapshot holds them: which are judged, and how.

use serde_json::{Value, json};

use crate::support::step::{Ran, Step};

/// Where a snapshot's images stand.
fn at(line: u32) -> Value {
    json!({"file": ".harness/build.yaml", "line": line, "column": 12})
}

fn snapshot(found: Value) -> Value {
    json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z", "account": "acme",
        "registry": "registry.corp:5000/mirror",
        "configs": [{
            "module": "ci", "infra": "K8",
            "default": {"addonTag": "harness/ci-addon:1.16.3", "cacheGCSTag": "plugins/cache:1.9.12"},
            "overrides": {},
        }],
        "repositories": [
            {"registry": "registry.corp:5000", "repository": "mirror/plugins/kaniko", "tags": ["1.6.0", "1.13.4"]},
            {"registry": "evil.example", "repository": "plugins/kaniko", "tags": ["9.9.9"]},
        ],
        "found": found,
        "not_literal": 3,
    })
}

fn rows(ran: &Ran) -> Vec<Value> {
    let report = ran.report();
    let rows = report["images"].as_array().unwrap().iter();
    rows.filter(|row| row["module"] == "file" || row["module"] == "pipeline")
        .cloned()
        .collect()
}

#[test]
fn an_image_is_judged_by_what_it_is_and_asked_for_where_the_settings_say() {
    // image as written, `repositories`, verdict (none if it is not judged), default
    let cases = [
        (
            "harness/ci-addon:1.12.0",
            "",
            Some("unsupported"),
            Some("harness/ci-addon:1.16.3"),
        ),
        (
            "harness/ci-addon:1.16.3",
            "",
            Some("current"),
            Some("harness/ci-addon:1.16.3"),
        ),
        (
            "harnesssecure/ci-addon:1.15.0",
            "",
            Some("supported"),
            Some("harness/ci-addon:1.16.3"),
        ),
        (
            "evil.example/harness/ci-addon:1.12.0",
            "",
            Some("unsupported"),
            Some("harness/ci-addon:1.16.3"),
        ),
        // A name alone says something only in the registry that the account pulls from.
        (
            "registry.corp:5000/mirror/ci-addon:1.12.0",
            "",
            Some("unsupported"),
            Some("harness/ci-addon:1.16.3"),
        ),
        ("evil.example/team/cache:1.0.0", "", None, None),
        ("team/cache:1.0.0", "", None, None),
        // Without a default: the newest tag of the list at `registry`, a lower bound.
        (
            "plugins/kaniko:1.6.0",
            "",
            Some("unsupported"),
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "evil.example/plugins/kaniko:1.6.0",
            "",
            Some("unsupported"),
            Some("plugins/kaniko:1.13.4"),
        ),
        ("alpine:3.20.1", "", None, None),
        ("alpine:3.20.1", "*", Some("unverified"), None),
        ("harness/ci-addon:1.12.0", "plugins/*", None, None),
        ("not an image", "", None, None),
        ("not an image", "*", Some("unverified"), None),
    ];
    for (image, repositories, verdict, default) in cases {
        let found = json!([{"image": image, "location": at(7)}]);
        let ran = Step::on_snapshot(&snapshot(found))
            .set("files", "auto")
            .set("repositories", repositories)
            .run()
            .ends(0);
        let rows = rows(&ran);
        let seen = rows.first().map(|row| row["verdict"].as_str().unwrap());
        assert_eq!(seen, verdict, "{image} with {repositories:?}");
        let seen = rows.first().and_then(|row| row["default"].as_str());
        assert_eq!(seen, default, "{image} with {repositories:?}");
        if let Some(row) = rows.first() {
            assert_eq!(row["source"], "file");
            assert_eq!(row["field"], ".harness/build.yaml:7");
            assert_eq!(row["location"], at(7));
            assert_eq!(row["image"], image);
        }
    }
}

#[test]
fn every_place_is_a_row_and_may_be_ignored_by_a_comment_or_by_a_setting() {
    let in_pipeline = json!({"org": "default", "project": "shop", "pipeline": "build"});
    let found = json!([
        {"image": "harness/ci-addon:1.12.0", "location": at(9)},
        {"image": "harness/ci-addon:1.12.0", "location": at(3)},
        {"image": "harness/ci-addon:1.12.0", "location": at(5), "ignored": {"until": "2026-11-20", "reason": "frozen"}},
        {"image": "harness/ci-addon:1.12.0", "location": at(6), "ignored": {"until": "2026-11-19"}},
        {"image": "harness/ci-addon:1.11.0", "location": {"file": ".harness/build.yaml", "line": 9, "column": 40}},
        {"image": "harness/ci-addon:1.12.0", "location": in_pipeline},
    ]);
    let ran = Step::on_snapshot(&snapshot(found.clone()))
        .set("files", "auto")
        .set("pipelines", "account")
        .set("ignore", ".harness/build.yaml:3")
        .set("fail_on", "unsupported")
        .run()
        .ends(3);
    let mut seen: Vec<(String, String, String)> = rows(&ran)
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("field"), text("verdict"), text("judged"))
        })
        .collect();
    seen.sort();
    let expected = [
        (".harness/build.yaml:3", "ignored", "unsupported"),
        (".harness/build.yaml:5", "ignored", "unsupported"),
        (".harness/build.yaml:6", "unsupported", "unsupported"),
        (".harness/build.yaml:9:12", "unsupported", "unsupported"),
        (".harness/build.yaml:9:40", "unsupported", "unsupported"),
        ("default/shop/build", "unsupported", "unsupported"),
    ]
    .map(|(field, verdict, judged)| (field.to_owned(), verdict.to_owned(), judged.to_owned()));
    assert_eq!(seen, expected);
    let codes: Vec<(String, Value)> = ran.report()["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| {
            (
                warning["code"].as_str().unwrap().to_owned(),
                warning["field"].clone(),
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            ("ignore-expired".to_owned(), json!(".harness/build.yaml:6")),
            ("not-literal".to_owned(), Value::Null),
        ]
    );
    // The settings choose which of them count.
    let ran = Step::on_snapshot(&snapshot(found)).run().ends(0);
    assert!(rows(&ran).is_empty());
}
