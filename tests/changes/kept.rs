//! What is sent, in which order, and what is kept to undo it.

use std::time::Duration;

use serde_json::{Value, json};

use super::cell::{Does, Modules, account, step, whole};
use support::harness_server::{HarnessServer, KEY};
use support::step::Step;

#[test]
fn every_module_gets_one_write_of_a_kind_one_after_the_other() {
    let lines = |server: &HarnessServer| -> Vec<(String, Value)> {
        let place = |got: &support::harness_server::Logged| {
            let call = got.path.rsplit('/').next().unwrap();
            let module = if got.path.contains("dbops") {
                "dbops"
            } else {
                "ci"
            };
            format!("{module} {} {call}", got.query("infra").unwrap_or("-"))
        };
        let writes = server.writes();
        let body =
            |got: &support::harness_server::Logged| got.text().parse().unwrap_or(Value::Null);
        writes.iter().map(|got| (place(got), body(got))).collect()
    };
    let server = account();
    server.change_options(|options| options.pause = Duration::from_millis(20));
    step(&server, Does::Restore, Modules::Two).run().ends(0);
    let expected = [
        (
            "ci K8 update-config",
            json!([
                {"field": "addonTag", "value": "harness/ci-addon:1.13.0"},
                {"field": "liteEngineTag", "value": "harness/ci-lite-engine:1.13.0"},
            ]),
        ),
        ("ci K8 reset-config", json!([{"field": "gitCloneTag"}])),
        (
            "dbops - update-config",
            json!([
                {"field": "mongoTag", "value": "plugins/drone-liquibase:1.16.0-4.33-mongo"},
            ]),
        ),
    ]
    .map(|(place, body)| (place.to_owned(), body));
    assert_eq!(lines(&server), expected);
    assert_eq!(server.max_writes_at_once(), 1);
    let server = account();
    step(&server, Does::Clear, Modules::Two).run().ends(0);
    let expected = [
        ("ci K8 execution-config", Value::Null),
        ("dbops - execution-config", Value::Null),
    ]
    .map(|(place, body)| (place.to_owned(), body));
    assert_eq!(lines(&server), expected);
    assert!(whole(&server).is_empty());
}

#[test]
fn restore_undoes_every_action() {
    for (does, infra) in [
        (Does::Pin, "K8"),
        (Does::Reset, "K8"),
        (Does::Clear, "K8,VM"),
    ] {
        let server = account();
        let changed = step(&server, does, Modules::Two).run().ends(0);
        assert_ne!(whole(&server), whole(&account()));
        let backup = std::fs::read_to_string(changed.path("harness-images-backup.json")).unwrap();
        Step::on_server(&server.url(), KEY)
            .set("action", "restore")
            .set("modules", "ci,dbops")
            .set("infra", infra)
            .write("harness-images-backup.json", &backup)
            .run()
            .ends(0);
        assert_eq!(whole(&server), whole(&account()), "{does:?}");
    }
}

#[test]
fn a_backup_that_is_there_already_is_kept() {
    let server = account();
    let text = "what another step keeps here";
    let ran = step(&server, Does::Pin, Modules::One)
        .write("harness-images-backup.json", text)
        .run()
        .ends(0);
    let kept = std::fs::read_to_string(ran.path("harness-images-backup-previous.json")).unwrap();
    assert_eq!(kept, text);
    // The same overrides are not kept twice.
    let server = account();
    let backup = std::fs::read_to_string(ran.path("harness-images-backup.json")).unwrap();
    let ran = step(&server, Does::Pin, Modules::One)
        .write("harness-images-backup.json", &backup)
        .run()
        .ends(0);
    assert!(!ran.path("harness-images-backup-previous.json").exists());
}

#[test]
fn a_backup_that_cannot_be_read_is_not_restored() {
    for (text, words) in [
        ("{}", "no snapshot"),
        (
            r#"{"format":"other/v1","taken_at":"2026-11-20"}"#,
            "`format`",
        ),
        (
            r#"{"format":"harness-images/snapshot/v1","taken_at":"2026-11-20","configs":[{"module":"dbops"},{"module":"dbops"}]}"#,
            "its `configs` hold dbops twice",
        ),
    ] {
        let server = account();
        let ran = step(&server, Does::Restore, Modules::One)
            .write("harness-images-backup.json", text)
            .run()
            .ends(1);
        assert_eq!(server.writes().len(), 0);
        ran.has_error("`backup`");
        ran.has_error(words);
    }
}

#[test]
fn a_secret_that_is_part_of_an_image_is_not_put_back_in_its_place() {
    let server = account();
    let ran = step(&server, Does::Reset, Modules::One)
        .set("registry_username", "anna")
        .set("registry_password", "ci-addon")
        .run()
        .ends(4);
    assert_eq!(server.writes().len(), 0);
    ran.has_error("registry_password");
}
