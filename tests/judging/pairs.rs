//! `ci-addon` and `ci-lite-engine` work together only within two releases.

use harness_images::model::facts::Facts;
use harness_images::model::warning::WarningCode;
use serde_json::{Value, json};

use super::judged_all;

/// The defaults of `ci` on K8.
fn defaults() -> Value {
    json!({
        "addonTag": "harness/ci-addon:1.18.0",
        "liteEngineTag": "harness/ci-lite-engine:1.18.0",
        "addonTagRootless": "harness/ci-addon:rootless-1.18.0",
        "liteEngineTagRootless": "harness/ci-lite-engine:rootless-1.18.0",
        "gitCloneTag": "harness/drone-git:1.7.20",
    })
}

/// What is said of pairs in a snapshot, judged with one more setting.
fn warnings(snapshot: &Value, setting: (&str, &str)) -> Vec<String> {
    let facts = Facts::from_json(snapshot.to_string().as_bytes()).unwrap();
    let warnings = judged_all(&facts, &[setting]).warnings.into_iter();
    let of_pairs = warnings.filter(|warning| warning.code == WarningCode::PairDiffers);
    of_pairs.map(|warning| warning.message).collect()
}

#[test]
fn pairs_that_are_too_far_apart_are_warned_of() {
    // addon, engine, their rootless tags, warnings
    let cases: [(&str, &str, &[&str]); 9] = [
        ("1.18.0", "1.18.0", &[]),
        ("1.16.9", "1.18.0", &[]),
        ("1.15.0", "1.18.0", &["3 releases apart"]),
        ("1.18.0", "1.16.9", &[]),
        ("1.18.0", "1.15.0", &["3 releases apart"]),
        ("1.18.0", "1.14.2", &["4 releases apart"]),
        ("1.18.0", "0.9.0", &["at least 19 releases apart"]),
        ("latest", "1.14.2", &[]),
        ("rootless-1.18.0", "1.14.2", &["4 releases apart"]),
    ];
    for (addon, engine, expected) in cases {
        let snapshot = json!({
            "format": "harness-images/snapshot/v1",
            "taken_at": "2026-11-20T09:00:00Z",
            "configs": [
                {"module": "ci", "infra": "K8",
                 "default": defaults(),
                 "overrides": {
                    "addonTag": format!("harness/ci-addon:{addon}"),
                    "liteEngineTag": format!("m.corp/harness/ci-lite-engine:{engine}")}},
                // Another module's images are no pair with these.
                {"module": "iacm", "infra": "K8",
                 "default": {"liteEngineTag": "harness/ci-lite-engine:1.2.0"}, "overrides": {}}
            ]
        });
        let found = warnings(&snapshot, ("PLUGIN_MODULES", "ci,iacm"));
        assert_eq!(found.len(), expected.len(), "{addon} {engine}: {found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{addon} {engine}: {found}");
        }
    }
}

#[test]
fn only_images_of_one_kind_are_a_pair() {
    // field and image of the overrides, warnings
    let cases: [(&[(&str, &str)], &[&str]); 4] = [
        (
            &[("addonTagRootless", "harness/ci-addon:rootless-1.14.0")],
            &["rootless-1.14.0", "4 releases apart"],
        ),
        (
            &[(
                "liteEngineTagRootless",
                "harness/ci-lite-engine:rootless-1.14.0",
            )],
            &["rootless-1.14.0", "4 releases apart"],
        ),
        // Rootless and not: each has its own partner.
        (
            &[
                ("addonTagRootless", "harness/ci-addon:rootless-1.14.0"),
                (
                    "liteEngineTagRootless",
                    "harness/ci-lite-engine:rootless-1.14.0",
                ),
            ],
            &[],
        ),
        (&[("gitCloneTag", "harness/drone-git:1.0.0")], &[]),
    ];
    for (overrides, words) in cases {
        let overrides: serde_json::Map<String, serde_json::Value> = overrides
            .iter()
            .map(|(field, image)| ((*field).to_owned(), json!(image)))
            .collect();
        let snapshot = json!({
            "format": "harness-images/snapshot/v1",
            "taken_at": "2026-11-20T09:00:00Z",
            "configs": [
                {"module": "ci", "infra": "K8",
                 "default": defaults(),
                 "overrides": overrides},
                // VM has neither field.
                {"module": "ci", "infra": "VM",
                 "default": {"gitCloneTag": "harness/drone-git:1.7.20"}, "overrides": {"gitCloneTag": "harness/drone-git:1.0.0"}}
            ]
        });
        let found = warnings(&snapshot, ("PLUGIN_INFRA", "K8,VM"));
        let expected = usize::from(!words.is_empty());
        assert_eq!(found.len(), expected, "{overrides:?}: {found:?}");
        let has = |words: &&str| found.iter().all(|message| message.contains(*words));
        assert!(words.iter().all(has), "{overrides:?}: {found:?}");
    }
}
