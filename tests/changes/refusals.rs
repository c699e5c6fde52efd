//! What a plan refuses, and in which words.

use serde_json::{Value, json};

use super::planning::{account, planned, sentence};

/// The account with further defaults on K8.
fn with_defaults(overrides: &'static [&'static str], defaults: &[(&str, Value)]) -> Value {
    let mut facts = account(overrides);
    for (field, value) in defaults {
        facts["configs"][0]["default"][field] = value.clone();
    }
    facts
}

#[test]
fn close_names_are_offered_the_closest_first_and_three_at_most() {
    let image = || json!("plugins/x:1.0.0");
    let facts = with_defaults(
        &[],
        &[
            ("vm", image()),
            ("upload4", image()),
            ("upload3", image()),
            ("upload2", image()),
            ("upload1", image()),
            ("upload", image()),
            ("buildAndPushBuildxDockerRegistryTag", image()),
        ],
    );
    // A third of the letters may differ, but one at least and six at most.
    for (name, expected) in [
        ("cacheTag", "; close are cacheS3Tag"),
        ("addonRootless", "; close are addonTagRootless"),
        ("ci.K8.addonRootless", "; close are addonTagRootless"),
        ("uploda", "; close are upload, upload1, upload2"),
        ("vn", "; close are vm"),
        ("wn", ""),
        (
            "buildAndPushDockerRegistryTag",
            "; close are buildAndPushBuildxDockerRegistryTag",
        ),
        ("buildAndPushDockerRegistryTa", ""),
    ] {
        let pin = format!("{name}=1.0.0");
        for settings in [
            [("action", "pin"), ("pin", pin.as_str())],
            [("action", "reset"), ("reset", name)],
        ] {
            let refusals = planned(&facts, &settings, None).refusals;
            let expected = format!("{name}: no such field in ci.K8{expected}");
            assert_eq!(refusals, [expected], "{settings:?}");
        }
    }
}

#[test]
fn an_image_that_its_registry_lacks_is_refused_where_there_is_no_default_too() {
    let overrides = &[
        "ci.K8.flagTag harness/ci-addon:1.14.0",
        "ci.K8.goneTag harness/ci-addon:1.14.0",
    ];
    let facts = with_defaults(overrides, &[("flagTag", json!("not an image"))]);
    for field in ["flagTag", "goneTag"] {
        for (tag, is_missing) in [("1.17.11", true), ("1.17.10", false)] {
            let image = format!("harness/ci-addon:{tag}");
            let pin = format!("{field}={image}");
            let mut backup = facts.clone();
            backup["configs"][0]["overrides"][field] = json!(image);
            for (settings, backup) in [
                ([("action", "pin"), ("pin", pin.as_str())], None),
                ([("action", "restore"), ("infra", "K8")], Some(&backup)),
            ] {
                let mut settings = settings.to_vec();
                let plan = planned(&facts, &settings, backup);
                let expected = if is_missing {
                    vec![format!(
                        "ci.K8.{field}: {image} does not exist in its registry, builds that pull it will fail (`force: true` overrules this)"
                    )]
                } else {
                    Vec::new()
                };
                assert_eq!(plan.refusals, expected, "{settings:?}");
                settings.push(("force", "true"));
                let plan = planned(&facts, &settings, backup);
                let line =
                    format!("ci.K8.{field} pin harness/ci-addon:1.14.0 > harness/ci-addon:{tag}");
                assert_eq!(
                    plan.changes.iter().map(sentence).collect::<Vec<_>>(),
                    [line]
                );
                assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
                let codes: Vec<&str> = plan.warnings.iter().map(|one| one.code.as_str()).collect();
                let expected: &[&str] = if is_missing { &["forced"] } else { &[] };
                assert_eq!(codes, expected, "{settings:?}");
                for warning in &plan.warnings {
                    assert_eq!(warning.field.as_deref(), Some(field));
                }
            }
        }
    }
}

#[test]
fn every_reason_against_an_image_is_reported() {
    let pin = [("action", "pin"), ("pin", "addonTag=1.13.0")];
    let refusals = planned(&account(&[]), &pin, None).refusals;
    let words = ["does not exist in its registry", "would be unsupported"];
    assert_eq!(refusals.len(), words.len(), "{refusals:?}");
    for (refusal, words) in refusals.iter().zip(words) {
        assert!(refusal.contains(words), "{refusal}");
    }
}

#[test]
fn a_field_that_is_not_for_images_is_said_to_be_so() {
    let facts = with_defaults(&[], &[("privileged", json!(true))]);
    for name in ["privileged", "ci.K8.privileged", "privi*"] {
        for (fields, expected) in [
            ("", "the field is not for images: its default is no text"),
            (name, "the field is not for images: its default is no text"),
            ("addonTag", "the setting `fields` leaves this field out"),
        ] {
            let pin = format!("{name}=harness/ci-addon:1.18.0");
            let settings = [("action", "pin"), ("pin", &pin), ("fields", fields)];
            let refusals = planned(&facts, &settings, None).refusals;
            assert_eq!(refusals, [format!("{name}: {expected}")], "{fields}");
        }
    }
    // `restore` still brings back what was pinned there, for Harness has the field.
    let mut backup = facts.clone();
    backup["configs"][0]["overrides"]["privileged"] = json!("harness/ci-addon:1.18.0");
    let plan = planned(&facts, &[("action", "restore")], Some(&backup));
    assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
    assert_eq!(plan.changes.len(), 1);
}

#[test]
fn a_tag_needs_a_repository_and_a_relative_value_a_default_to_count_back_from() {
    let overrides = &[
        "ci.K8.goneTag not an image",
        "ci.K8.leftTag harness/left:1.0.0",
        "ci.K8.liteEngineTag not an image",
    ];
    for (pin, expected) in [
        (
            "goneTag=1.0.0",
            Err(
                "ci.K8.goneTag: the present value is no image reference, so there is no repository to keep; give a whole image",
            ),
        ),
        (
            "leftTag=latest",
            Err("ci.K8.leftTag: Harness has no default for this field to count back from"),
        ),
        // The repository of the default, where the override names none.
        ("liteEngineTag=1.18.0", Ok("harness/ci-lite-engine:1.18.0")),
        ("liteEngineTag=latest", Ok("harness/ci-lite-engine:1.18.0")),
        ("leftTag=1.1.0", Ok("harness/left:1.1.0")),
        // A whole image needs no tag, and no registry.
        ("goneTag=harness/left", Ok("harness/left")),
        ("goneTag=alpine:3.20.1", Ok("alpine:3.20.1")),
        (
            "goneTag=alpine@sha256",
            Err(
                "goneTag: the value is no image reference: the digest is not of the form sha256:<64 hex digits>",
            ),
        ),
        // Not every tag that begins so is a relative value.
        ("leftTag=latest-mongo", Ok("harness/left:latest-mongo")),
    ] {
        let plan = planned(
            &account(overrides),
            &[("action", "pin"), ("pin", pin)],
            None,
        );
        let to = plan.changes.first().and_then(|change| change.to.as_deref());
        assert_eq!(to, expected.ok(), "{pin}: {:?}", plan.refusals);
        let refusals: Vec<&str> = expected.err().into_iter().collect();
        assert_eq!(plan.refusals, refusals, "{pin}");
    }
}

#[test]
fn a_value_that_could_not_be_put_back_is_not_taken_away_by_any_action() {
    for (value, words) in [
        (r#"{"no":"text"}"#, "is no text"),
        (r#"["no text"]"#, "is no text"),
        ("registry.example/[secret]/git:1.0.0", "secrets"),
    ] {
        let mut facts = account(&[]);
        let parsed = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        facts["configs"][0]["overrides"]["gitCloneTag"] = parsed;
        let backup = account(&[]);
        for settings in [
            vec![
                ("action", "pin"),
                ("pin", "gitCloneTag=harness/drone-git:1.7.20-rootless"),
            ],
            vec![("action", "reset"), ("reset", "all")],
            vec![("action", "reset"), ("reset", "gitCloneTag")],
            vec![("action", "clear"), ("force", "true")],
            vec![("action", "restore"), ("force", "true")],
        ] {
            let refusals = planned(&facts, &settings, Some(&backup)).refusals;
            let has = |text: &String| text.contains("ci.K8.gitCloneTag") && text.contains(words);
            assert_eq!(refusals.len(), 1, "{settings:?}: {refusals:?}");
            assert!(refusals.iter().all(has), "{settings:?}: {refusals:?}");
        }
    }
}
