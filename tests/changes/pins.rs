//! Plans of `pin`.

use super::planning::{PlanningRow, account, check, planned};

const ADDON_OLD: &str = "ci.K8.addonTag harness/ci-addon:1.14.0";
const GIT_MIRRORED: &str =
    "ci.K8.gitCloneTag registry.acme.example:5000/mirror/harness/drone-git:1.5.0-rootless";

#[test]
fn values_of_every_kind() {
    check(&[
        PlanningRow {
            name: "a map with an image, a tag and a relative value",
            overrides: &[ADDON_OLD],
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTag":"latest-1","gitCloneTag":"1.6.9-rootless","liteEngineTag":"mirror.example/harness/ci-lite-engine:1.17.2"}"#,
                ),
            ],
            changes: &[
                "ci.K8.addonTag pin harness/ci-addon:1.14.0 > harness/ci-addon:1.17.10",
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.9-rootless",
                "ci.K8.liteEngineTag pin - > mirror.example/harness/ci-lite-engine:1.17.2",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "lines",
            settings: &[
                ("action", "pin"),
                ("pin", "addonTag=latest-2\ngitCloneTag=latest-1"),
            ],
            changes: &[
                "ci.K8.addonTag pin - > harness/ci-addon:1.16.2",
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.10-rootless",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "the variant is the default's: suffix, prefix, and none",
            overrides: &["ci.VM.gitCloneTag harness/drone-git:1.5.0"],
            settings: &[
                ("action", "pin"),
                ("infra", "K8,VM"),
                (
                    "pin",
                    r#"{"gitCloneTag":"latest-1","addonTagRootless":"latest-1"}"#,
                ),
            ],
            changes: &[
                "ci.K8.addonTagRootless pin - > harness/ci-addon:rootless-1.17.3",
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.10-rootless",
                "ci.VM.gitCloneTag pin harness/drone-git:1.5.0 > harness/drone-git:1.6.11",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "registry and prefix stay, for relative values and for tags",
            overrides: &[GIT_MIRRORED],
            settings: &[("action", "pin"), ("pin", r#"{"gitCloneTag":"latest-1"}"#)],
            changes: &[
                "ci.K8.gitCloneTag pin registry.acme.example:5000/mirror/harness/drone-git:1.5.0-rootless > registry.acme.example:5000/mirror/harness/drone-git:1.6.10-rootless",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a digest gives way to a tag",
            overrides: &[
                "ci.K8.addonTag harness/ci-addon@sha256:56587269f3accfdf76827059e4b898b851fdd232269a9ec40363dba990192d77",
            ],
            settings: &[("action", "pin"), ("pin", r#"{"addonTag":"1.17.0"}"#)],
            changes: &[
                "ci.K8.addonTag pin harness/ci-addon@sha256:56587269f3accfdf76827059e4b898b851fdd232269a9ec40363dba990192d77 > harness/ci-addon:1.17.0",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "what is so already is left out, even if it would be refused",
            overrides: &[
                ADDON_OLD,
                "ci.K8.gitCloneTag harness/drone-git:1.6.10-rootless",
            ],
            settings: &[
                ("action", "pin"),
                ("pin", r#"{"addonTag":"1.14.0","gitCloneTag":"latest-1"}"#),
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "the default may be pinned",
            settings: &[("action", "pin"), ("pin", r#"{"addonTag":"latest"}"#)],
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.18.0"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "qualified names, and `*`",
            settings: &[
                ("action", "pin"),
                ("infra", "K8,VM"),
                ("modules", "ci,dbops"),
                (
                    "pin",
                    r#"{"ci.K8.gitCloneTag":"1.6.9-rootless","dbops.git*":"1.5.0-rootless","ci.VM.gitCloneTag":"latest"}"#,
                ),
            ],
            changes: &[
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.9-rootless",
                "ci.VM.gitCloneTag pin - > harness/drone-git:1.7.20",
                "dbops.gitCloneTag pin - > harness/drone-git:1.5.0-rootless",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "another image is pinned, with a warning",
            settings: &[
                ("action", "pin"),
                ("pin", r#"{"cacheS3Tag":"acme/cache:1.0.0"}"#),
            ],
            changes: &["ci.K8.cacheS3Tag pin - > acme/cache:1.0.0"],
            warnings: &["pins-another-image … acme/cache:1.0.0 … plugins/cache"],
            ..PlanningRow::default()
        },
    ]);
}

#[test]
fn one_relative_value_for_all() {
    check(&[
        PlanningRow {
            name: "only what is overridden now",
            overrides: &[ADDON_OLD, GIT_MIRRORED],
            settings: &[("action", "pin"), ("pin", "latest-1")],
            changes: &[
                "ci.K8.addonTag pin harness/ci-addon:1.14.0 > harness/ci-addon:1.17.10",
                "ci.K8.gitCloneTag pin registry.acme.example:5000/mirror/harness/drone-git:1.5.0-rootless > registry.acme.example:5000/mirror/harness/drone-git:1.6.10-rootless",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "`fields` says otherwise",
            overrides: &[ADDON_OLD],
            settings: &[
                ("action", "pin"),
                ("pin", "latest-1"),
                ("fields", "gitCloneTag,ci.K8.addonTagRootless"),
            ],
            changes: &[
                "ci.K8.addonTagRootless pin - > harness/ci-addon:rootless-1.17.3",
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.10-rootless",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "nothing is overridden",
            settings: &[("action", "pin"), ("pin", "latest-1")],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "what cannot be counted back is left out",
            overrides: &[
                ADDON_OLD,
                "ci.K8.cacheS3Tag acme/cache:3.0.0",
                "ci.K8.goneTag harness/gone:1.0.0",
                "ci.K8.liteEngineTag not an image",
            ],
            settings: &[("action", "pin"), ("pin", "latest")],
            changes: &["ci.K8.addonTag pin harness/ci-addon:1.14.0 > harness/ci-addon:1.18.0"],
            warnings: &[
                "not-pinned … acme/cache:3.0.0 is another image",
                "not-pinned … harness/gone:1.0.0 has no default",
                "not-pinned … not an image … no image reference",
            ],
            ..PlanningRow::default()
        },
    ]);
}

#[test]
fn refusals() {
    check(&[
        PlanningRow {
            name: "unknown fields name the closest",
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTagg":"1.18.0","gitclonetag":"1.7.20-rootless","zzz":"1.0.0"}"#,
                ),
            ],
            refusals: &[
                "addonTagg: no such field in ci.K8; close are addonTag",
                "gitclonetag: no such field in ci.K8; close are gitCloneTag",
                "zzz: no such field in ci.K8",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a field that another module has, and one that `fields` leaves out",
            settings: &[
                ("action", "pin"),
                ("fields", "addon*"),
                ("pin", r#"{"mongoTag":"1.0.0","gitCloneTag":"1.7.20"}"#),
            ],
            refusals: &[
                "gitCloneTag: the setting `fields` leaves this field out",
                "mongoTag: no such field",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "malformed references",
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTag":"harness/ci addon:1","gitCloneTag":"Harness/Git:1.0.0","liteEngineTag":"not a tag","cacheS3Tag":"latest-+1","addonTagRootless":"latest-99999999999999999999"}"#,
                ),
            ],
            refusals: &[
                "addonTag: the value is no image reference",
                "ci.K8.addonTagRootless: latest-18446744073709551615 is unknown",
                "cacheS3Tag: the value is neither",
                "gitCloneTag: the value is no image reference",
                "liteEngineTag: the value is neither",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "missing, and unsupported",
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTag":"1.17.11","addonTagRootless":"harness/ci-addon:1.14.4","gitCloneTag":"registry.acme.example:5000/mirror/harness/drone-git:1.7.20-rootless"}"#,
                ),
            ],
            changes: &[
                "ci.K8.addonTag pin - > harness/ci-addon:1.17.11",
                "ci.K8.addonTagRootless pin - > harness/ci-addon:1.14.4",
                "ci.K8.gitCloneTag pin - > registry.acme.example:5000/mirror/harness/drone-git:1.7.20-rootless",
            ],
            refusals: &[
                "ci.K8.addonTag: harness/ci-addon:1.17.11 does not exist … `force: true`",
                "ci.K8.addonTagRootless: harness/ci-addon:1.14.4 would be unsupported … `force: true`",
                "ci.K8.gitCloneTag: registry.acme.example:5000/mirror/harness/drone-git:1.7.20-rootless does not exist",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "`force` makes warnings of them",
            settings: &[
                ("action", "pin"),
                ("force", "true"),
                (
                    "pin",
                    r#"{"addonTag":"1.17.11","addonTagRootless":"harness/ci-addon:1.14.4"}"#,
                ),
            ],
            changes: &[
                "ci.K8.addonTag pin - > harness/ci-addon:1.17.11",
                "ci.K8.addonTagRootless pin - > harness/ci-addon:1.14.4",
            ],
            warnings: &["forced … does not exist", "forced … would be unsupported"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "relative values without evidence, with a list that ends early, beyond the known, of a floating default, of another image",
            overrides: &["ci.K8.gitCloneTag acme/git:1.0.0"],
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"liteEngineTag":"latest-1","cacheS3Tag":"latest-3","addonTag":"latest-4","securityTag":"latest","gitCloneTag":"latest"}"#,
                ),
            ],
            refusals: &[
                "ci.K8.addonTag: latest-4 is unknown: only 4 releases are known",
                "ci.K8.cacheS3Tag: latest-3 is unknown … partial",
                "ci.K8.gitCloneTag: the present override names another image … harness/drone-git … whole image",
                "ci.K8.liteEngineTag: latest-1 is unknown: no published tags and no history",
                "ci.K8.securityTag: latest is unknown: the default's tag is floating",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "one field, two values",
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTag":"1.17.10","*addonTag":"1.18.0","addon*ag":"harness/ci-addon:1.18.0"}"#,
                ),
            ],
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.18.0"],
            refusals: &["ci.K8.addonTag: `pin` names the field twice … 1.18.0 and … 1.17.10"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "one field, the same value twice",
            settings: &[
                ("action", "pin"),
                (
                    "pin",
                    r#"{"addonTag":"1.18.0","addon*ag":"harness/ci-addon:1.18.0","*addonTag":"latest"}"#,
                ),
            ],
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.18.0"],
            ..PlanningRow::default()
        },
    ]);
}

#[test]
fn history_is_evidence_too() {
    let mut facts = account(&[]);
    facts["history"] = serde_json::json!([
        {"module": "ci", "infra": "K8", "field": "liteEngineTag", "image": "harness/ci-lite-engine:1.16.4", "first_seen": "2026-09-01"},
        {"module": "ci", "infra": "K8", "field": "liteEngineTag", "image": "harness/ci-lite-engine:1.17.2", "first_seen": "2026-10-01"},
        {"module": "ci", "infra": "K8", "field": "liteEngineTag", "image": "harness/ci-lite-engine:1.17.3", "first_seen": "2026-10-15"},
    ]);
    for (value, expected) in [
        ("latest-1", Some("harness/ci-lite-engine:1.17.3")),
        ("latest-2", Some("harness/ci-lite-engine:1.16.4")),
        ("latest-3", None),
    ] {
        let pin = format!("{{\"liteEngineTag\":\"{value}\"}}");
        let planned = planned(&facts, &[("action", "pin"), ("pin", &pin)], None);
        let to = planned
            .changes
            .first()
            .and_then(|change| change.to.as_deref());
        assert_eq!(to, expected, "{value}: {:?}", planned.refusals);
        assert_eq!(planned.refusals.is_empty(), expected.is_some());
    }
}
