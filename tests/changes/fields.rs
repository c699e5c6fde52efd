//! Which fields a plan touches, in which order, by which evidence, and why.

use serde_json::json;

use super::planning::{PlanningRow, account, check, planned};

const IMAGES: (&str, &str) = ("images", "harness/ci-addon:1.14.0");

#[test]
fn every_change_says_why() {
    let overrides = &[
        "ci.K8.addonTag harness/ci-addon:1.14.0",
        "ci.K8.gitCloneTag harness/drone-git:1.6.9-rootless",
    ];
    let backup = account(&["ci.K8.addonTag harness/ci-addon:1.16.0"]);
    let pin = r#"{"addonTag":"latest-1","addonTagRootless":"latest","cacheS3Tag":"1.8.0","gitCloneTag":"harness/drone-git:1.7.20-rootless"}"#;
    let cases: [(&[(&str, &str)], &[&str]); 6] = [
        (
            &[("action", "pin"), ("pin", pin)],
            &[
                "`pin` asks for latest-1",
                "`pin` asks for latest",
                "`pin` names this tag",
                "`pin` names this image",
            ],
        ),
        (
            &[("action", "reset")],
            &[
                "unsupported: 1.14.0 is 3 releases behind the default 1.18.0; the latest 3 are supported (1.18, 1.17, 1.16)",
            ],
        ),
        (
            &[("action", "reset"), ("reset", "all")],
            &["`reset` is `all`", "`reset` is `all`"],
        ),
        (
            &[("action", "reset"), ("reset", "addonTag")],
            &["`reset` names this field"],
        ),
        (
            &[("action", "clear"), ("force", "true")],
            &["`action` is `clear`", "`action` is `clear`"],
        ),
        (
            &[("action", "restore")],
            &[
                "the backup holds this override",
                "the backup holds no override",
            ],
        ),
    ];
    for (settings, expected) in cases {
        let plan = planned(&account(overrides), settings, Some(&backup));
        let whys: Vec<&str> = plan.changes.iter().map(|one| one.why.as_str()).collect();
        assert_eq!(whys, expected, "{settings:?}");
    }
}

#[test]
fn images_of_pipelines_are_judged_and_never_changed() {
    check(&[
        PlanningRow {
            name: "a relative value for all",
            settings: &[IMAGES, ("action", "pin"), ("pin", "latest")],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a relative value for all fields there are",
            settings: &[
                IMAGES,
                ("action", "pin"),
                ("pin", "latest-1"),
                ("fields", "addonTag,harness/*,image.*"),
            ],
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.17.10"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a pattern that their names match too",
            settings: &[
                IMAGES,
                ("action", "pin"),
                ("pin", r#"{"*addon*0":"latest"}"#),
            ],
            refusals: &["*addon*0: no such field in ci.K8"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "what is unsupported",
            overrides: &["ci.K8.addonTag harness/ci-addon:1.14.0"],
            settings: &[IMAGES, ("action", "reset")],
            changes: &["ci.K8.addonTag reset harness/ci-addon:1.14.0 > -"],
            ..PlanningRow::default()
        },
    ]);
}

#[test]
fn changes_come_in_the_order_of_modules_infrastructures_and_fields_each_once() {
    let overrides = &[
        "dbops.gitCloneTag harness/drone-git:1.6.9-rootless",
        "ci.VM.gitCloneTag harness/drone-git:1.5.0",
        "ci.K8.gitCloneTag harness/drone-git:1.5.0-rootless",
        "ci.K8.addonTag harness/ci-addon:1.14.0",
    ];
    let expected = [
        "ci.K8.addonTag",
        "ci.K8.gitCloneTag",
        "ci.VM.gitCloneTag",
        "dbops.gitCloneTag",
    ];
    let mut facts = account(overrides);
    facts["configs"].as_array_mut().unwrap().reverse();
    for settings in [
        vec![("action", "pin"), ("pin", "latest")],
        vec![
            ("action", "pin"),
            (
                "pin",
                r#"{"*gitCloneTag":"latest","addonTag":"latest","ci.*git*":"latest"}"#,
            ),
        ],
        vec![("action", "reset"), ("reset", "all")],
        vec![("action", "reset"), ("reset", "git*,*Tag,addonTag")],
        vec![("action", "clear"), ("force", "true")],
        vec![("action", "restore")],
    ] {
        let mut settings = settings;
        settings.extend([("modules", "dbops,ci"), ("infra", "VM,K8")]);
        let plan = planned(&facts, &settings, Some(&account(&[])));
        let names: Vec<String> = plan
            .changes
            .iter()
            .map(|one| harness_images::model::module::full_name(one.module, one.infra, &one.field))
            .collect();
        assert_eq!(names, expected, "{settings:?}: {:?}", plan.refusals);
    }
}

#[test]
fn releases_are_counted_by_the_overrides_repository_where_the_defaults_has_no_list() {
    let mirrored = "registry.acme.example:5000/mirror/harness/drone-git";
    let tags = json!([
        "1.5.0-rootless",
        "1.6.1-rootless",
        "1.6.2-rootless",
        "1.6.9"
    ]);
    for (default, expected) in [
        (None, "1.6.2-rootless"),
        (Some(json!({"tags": []})), "1.6.2-rootless"),
        (
            Some(json!({"tags": [], "unavailable": "no answer"})),
            "1.6.2-rootless",
        ),
        (Some(json!({"tags": ["1.6.1-rootless"]})), "1.6.1-rootless"),
        (Some(json!({"tags": ["1.5.0-rootless"]})), "1.5.0-rootless"),
    ] {
        let mut facts = account(&[
            "ci.K8.gitCloneTag registry.acme.example:5000/mirror/harness/drone-git:1.4.0-rootless",
        ]);
        facts["repositories"] = json!([{
            "registry": "registry.acme.example:5000",
            "repository": "mirror/harness/drone-git",
            "tags": tags,
        }]);
        if let Some(mut default) = default.clone() {
            default["repository"] = json!("harness/drone-git");
            facts["repositories"].as_array_mut().unwrap().push(default);
        }
        for pin in ["latest-1", "gitCloneTag=latest-1"] {
            let plan = planned(&facts, &[("action", "pin"), ("pin", pin)], None);
            let to = plan.changes.first().and_then(|one| one.to.clone());
            let expected = format!("{mirrored}:{expected}");
            assert_eq!(to, Some(expected), "{pin} {default:?}: {:?}", plan.refusals);
        }
    }
}

#[test]
fn a_pinned_digest_is_checked_by_the_version_that_it_stands_for() {
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let mut facts = account(&[]);
    facts["repositories"][0]["tags"] = json!([
        {"name": "1.14.0", "digest": digest("a")}, "1.16.0",
        {"name": "1.17.0", "digest": digest("b")}, "1.18.0",
    ]);
    // The mirror's own list says what its digests are.
    facts["repositories"].as_array_mut().unwrap().push(json!({
        "registry": "registry.acme.example:5000",
        "repository": "mirror/harness/ci-addon",
        "tags": [{"name": "1.14.0", "digest": digest("d")}],
    }));
    for (repository, letter, refused) in [
        ("harness/ci-addon", "a", "would be unsupported"),
        ("harness/ci-addon", "b", ""),
        ("harness/ci-addon", "c", ""),
        (
            "registry.acme.example:5000/mirror/harness/ci-addon",
            "d",
            "would be unsupported",
        ),
    ] {
        let pin = format!("addonTag={repository}@{}", digest(letter));
        let plan = planned(&facts, &[("action", "pin"), ("pin", &pin)], None);
        let refusals = plan.refusals.join("\n");
        assert_eq!(refusals.is_empty(), refused.is_empty(), "{refusals}");
        assert!(refusals.contains(refused), "{refusals}");
        assert_eq!(plan.changes.len(), 1, "{letter}");
    }
}
