//! Plans of `reset`, `clear` and `restore`.

use serde_json::{Value, json};

use super::cell::{K8, VM};
use super::planning::{PlanningRow, account, check, planned};

const PINNED: &[&str] = &[
    "ci.K8.addonTag harness/ci-addon:1.14.0",
    "ci.K8.gitCloneTag harness/drone-git:1.6.9-rootless",
    "ci.VM.gitCloneTag harness/drone-git:1.5.0",
    "dbops.mongoTag plugins/drone-liquibase:1.15.0-4.31-mongo",
];

const ADDON: &str = "ci.K8.addonTag reset harness/ci-addon:1.14.0 > -";
const GIT: &str = "ci.K8.gitCloneTag reset harness/drone-git:1.6.9-rootless > -";
const MONGO: &str = "dbops.mongoTag reset plugins/drone-liquibase:1.15.0-4.31-mongo > -";

#[test]
fn resets() {
    check(&[
        PlanningRow {
            name: "what is unsupported",
            overrides: PINNED,
            settings: &[("action", "reset"), ("modules", "ci,dbops")],
            changes: &[ADDON, MONGO],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "what is unsupported, but for what is ignored",
            overrides: PINNED,
            settings: &[
                ("action", "reset"),
                ("modules", "ci,dbops"),
                ("ignore", "addonTag@2026-12-31,mongoTag@2026-11-19"),
            ],
            changes: &[MONGO],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "all, of the chosen modules",
            overrides: PINNED,
            settings: &[("action", "reset"), ("reset", "all")],
            changes: &[ADDON, GIT],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "all that `fields` selects",
            overrides: PINNED,
            settings: &[
                ("action", "reset"),
                ("reset", "all"),
                ("fields", "ci.*.gitCloneTag"),
                ("infra", "k8,vm"),
            ],
            changes: &[GIT, "ci.VM.gitCloneTag reset harness/drone-git:1.5.0 > -"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "names and patterns; what is not overridden is so already",
            overrides: PINNED,
            settings: &[
                ("action", "reset"),
                ("modules", "ci,dbops"),
                (
                    "reset",
                    "ci.K8.addon*,liteEngineTag,dbops.mongoTag,*ddonTag",
                ),
            ],
            changes: &[ADDON, MONGO],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "unknown names: all of them, and nothing else is sent",
            overrides: PINNED,
            settings: &[
                ("action", "reset"),
                ("reset", "addonTag,gitCloneTaq,ci.VM.gitCloneTag,mongoTag"),
            ],
            changes: &[ADDON],
            refusals: &[
                "gitCloneTaq: no such field in ci.K8; close are gitCloneTag",
                "ci.VM.gitCloneTag: no such field in ci.K8; close are gitCloneTag",
                "mongoTag: no such field in ci.K8",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a list that ends early, or a mirror's, says nothing against the default",
            overrides: &[
                "ci.K8.cacheS3Tag plugins/cache:1.8.0",
                "ci.K8.gitCloneTag registry.acme.example:5000/mirror/harness/drone-git:1.6.10-rootless",
            ],
            settings: &[("action", "reset"), ("reset", "all")],
            changes: &[
                "ci.K8.cacheS3Tag reset plugins/cache:1.8.0 > -",
                "ci.K8.gitCloneTag reset registry.acme.example:5000/mirror/harness/drone-git:1.6.10-rootless > -",
            ],
            ..PlanningRow::default()
        },
    ]);
}

#[test]
fn a_default_that_is_missing_is_no_way_back() {
    let mut facts = account(PINNED);
    let tags = facts["repositories"][0]["tags"].as_array_mut().unwrap();
    tags.retain(|tag| tag != "1.18.0");
    let unpinned = account(&PINNED[1..]);
    for (action, backup) in [
        (vec![("action", "reset"), ("reset", "addonTag")], None),
        (vec![("action", "reset")], None),
        (vec![("action", "restore")], Some(&unpinned)),
    ] {
        for (force, refused) in [("false", 1), ("true", 0)] {
            let settings = [&action[..], &[("fields", "addonTag"), ("force", force)]].concat();
            let planned = planned(&facts, &settings, backup);
            assert_eq!(planned.refusals.len(), refused, "{:?}", planned.refusals);
            let forced = planned
                .warnings
                .iter()
                .filter(|one| one.code.as_str() == "forced");
            assert_eq!(forced.count(), 1 - refused, "{:?}", planned.warnings);
            assert_eq!(planned.changes.len(), 1);
        }
    }
    // `clear` is forced: on either infrastructure it is a warning.
    let tags = facts["repositories"][1]["tags"].as_array_mut().unwrap();
    tags.retain(|tag| tag != "1.7.20");
    let planned = planned(&facts, &[("action", "clear"), ("force", "true")], None);
    let forced = planned
        .warnings
        .iter()
        .filter(|one| one.code.as_str() == "forced");
    let places: Vec<_> = forced
        .map(|one| (one.infra, one.field.as_deref()))
        .collect();
    let expected = [(K8, Some("addonTag")), (VM, Some("gitCloneTag"))];
    assert_eq!(places, expected, "{:?}", planned.warnings);
}

#[test]
fn clears() {
    let clear = &[
        "ci.K8.addonTag clear harness/ci-addon:1.14.0 > -",
        "ci.K8.gitCloneTag clear harness/drone-git:1.6.9-rootless > -",
        "ci.VM.gitCloneTag clear harness/drone-git:1.5.0 > -",
    ];
    check(&[
        PlanningRow {
            name: "with force, K8 and VM together",
            overrides: PINNED,
            settings: &[("action", "clear"), ("force", "true")],
            changes: clear,
            warnings: &["clear-takes-both … K8 and VM together"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "without force, and with fields",
            overrides: PINNED,
            settings: &[("action", "clear"), ("fields", "addonTag")],
            changes: clear,
            refusals: &["`force: true`", "`fields`: clear removes every override"],
            warnings: &["clear-takes-both"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "dbops knows no infrastructure",
            overrides: PINNED,
            settings: &[("action", "clear"), ("force", "true"), ("modules", "dbops")],
            changes: &["dbops.mongoTag clear plugins/drone-liquibase:1.15.0-4.31-mongo > -"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "nothing is pinned",
            settings: &[
                ("action", "clear"),
                ("force", "true"),
                ("modules", "ci,dbops"),
            ],
            ..PlanningRow::default()
        },
    ]);
}

/// The account as it was with these overrides, of these modules only.
fn backup(overrides: &'static [&'static str], modules: &[&str]) -> Option<Value> {
    let mut backup = account(overrides);
    backup["configs"]
        .as_array_mut()
        .unwrap()
        .retain(|config| modules.contains(&config["module"].as_str().unwrap()));
    Some(backup)
}

#[test]
fn restores() {
    let mut elsewhere = backup(PINNED, &["ci"]).unwrap();
    elsewhere["account"] = json!("other");
    let mut nameless = backup(&PINNED[..1], &["ci"]).unwrap();
    nameless.as_object_mut().unwrap().remove("account");
    let restore = &[("action", "restore")];
    check(&[
        PlanningRow {
            name: "pins what the backup has, resets what it lacks, passes over what is so",
            overrides: &[
                "ci.K8.addonTag harness/ci-addon:1.18.0",
                "ci.K8.gitCloneTag harness/drone-git:1.6.9-rootless",
                "ci.K8.cacheS3Tag plugins/cache:1.8.0",
            ],
            settings: restore,
            backup: backup(&PINNED[..2], &["ci"]),
            changes: &[
                "ci.K8.addonTag pin harness/ci-addon:1.18.0 > harness/ci-addon:1.14.0",
                "ci.K8.cacheS3Tag reset plugins/cache:1.8.0 > -",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "`fields` selects; what else the backup holds is reported",
            overrides: &["ci.K8.cacheS3Tag plugins/cache:1.8.0"],
            settings: &[("action", "restore"), ("fields", "addonTag")],
            backup: backup(PINNED, &["ci", "dbops"]),
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.14.0"],
            warnings: &["not-restored … ci.VM", "not-restored … dbops"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "a module that the backup lacks is left as it is",
            overrides: &["dbops.mongoTag plugins/drone-liquibase:1.15.0-4.31-mongo"],
            settings: &[("action", "restore"), ("modules", "ci,dbops")],
            backup: backup(&PINNED[..1], &["ci"]),
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.14.0"],
            warnings: &["not-in-backup … dbops"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "another account's",
            settings: restore,
            backup: Some(elsewhere.clone()),
            refusals: &["`backup`: … another account … `force: true`"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "another account's, if that is meant",
            settings: &[("action", "restore"), ("force", "true"), ("infra", "K8,VM")],
            backup: Some(elsewhere),
            changes: &[
                "ci.K8.addonTag pin - > harness/ci-addon:1.14.0",
                "ci.K8.gitCloneTag pin - > harness/drone-git:1.6.9-rootless",
                "ci.VM.gitCloneTag pin - > harness/drone-git:1.5.0",
            ],
            warnings: &["forced … harness/drone-git:1.5.0 does not exist"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "nobody's",
            settings: restore,
            backup: Some(nameless),
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.14.0"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "no file",
            settings: restore,
            refusals: &["`backup`: there is nothing to restore from"],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "values that are no image, fields that are gone, images that are gone",
            settings: restore,
            backup: backup(
                &[
                    "ci.K8.addonTag harness/ci-addon:1.17.11",
                    "ci.K8.gitCloneTag no image",
                    "ci.K8.goneTag harness/gone:1.0.0",
                    "ci.K8.liteEngineTag harness/ci-lite-engine:1.1.0",
                ],
                &["ci"],
            ),
            changes: &[
                "ci.K8.addonTag pin - > harness/ci-addon:1.17.11",
                "ci.K8.liteEngineTag pin - > harness/ci-lite-engine:1.1.0",
            ],
            refusals: &[
                "ci.K8.addonTag: harness/ci-addon:1.17.11 does not exist",
                "ci.K8.gitCloneTag: the backup's value is no image reference",
                "ci.K8.goneTag: Harness no longer has this field",
            ],
            ..PlanningRow::default()
        },
        PlanningRow {
            name: "the same, forced",
            settings: &[("action", "restore"), ("force", "true")],
            backup: backup(
                &[
                    "ci.K8.addonTag harness/ci-addon:1.17.11",
                    "ci.K8.goneTag harness/gone:1.0.0",
                ],
                &["ci"],
            ),
            changes: &["ci.K8.addonTag pin - > harness/ci-addon:1.17.11"],
            warnings: &["forced … does not exist", "not-restored … ci.K8.goneTag"],
            ..PlanningRow::default()
        },
    ]);
}
