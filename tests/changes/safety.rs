//! What is never sent, what is kept, and what a person reads.

use std::time::{Duration, Instant};

use harness_images::model::module::Module;
use serde_json::json;

use super::cell::{Does, K8, Modules, VM, account, changes, step, whole};
use support::harness_server::{Call, Fault, HarnessServer, KEY, VIEWER_KEY};
use support::step::{Ran, Step};

/// No write was sent, the account is as it was, and no backup was begun.
#[track_caller]
fn nothing_happened(server: &HarnessServer, ran: &Ran) {
    assert_eq!(server.writes().len(), 0, "{}", ran.stdout);
    assert_eq!(whole(server), whole(&account()), "{}", ran.stdout);
    assert!(
        !ran.path("harness-images-backup-before-restore.json")
            .exists()
    );
    let is_new = |text: String| !text.contains("2026-11-19T09:00:00Z");
    let backup = std::fs::read_to_string(ran.path("harness-images-backup.json"));
    assert!(!backup.is_ok_and(is_new), "a backup was written");
    assert!(changes(ran).iter().all(|change| change.state == "planned"));
    assert_eq!(ran.outputs["CHANGED_COUNT"], "0");
}

#[test]
fn a_dry_run_sends_no_write() {
    for does in Does::ALL {
        let server = account();
        let dry = step(&server, does, Modules::Two)
            .set("dry_run", "true")
            .run()
            .ends(0);
        nothing_happened(&server, &dry);
        assert_eq!(dry.report()["dry_run"], true);
        let real = step(&server, does, Modules::Two).run().ends(0);
        let plan = |ran: &Ran| -> Vec<(String, Option<String>, Option<String>)> {
            changes(ran)
                .into_iter()
                .map(|change| (change.name, change.from, change.to))
                .collect()
        };
        assert_eq!(plan(&dry), plan(&real), "{does:?}");
        let planned = plan(&dry).len().to_string();
        for ran in [&dry, &real] {
            assert_eq!(ran.outputs["PLANNED_COUNT"], planned, "{does:?}");
        }
        assert_eq!(real.outputs["CHANGED_COUNT"], planned, "{does:?}");
        let nothing_left = step(&server, does, Modules::Two).run().ends(0);
        assert_eq!(nothing_left.outputs["PLANNED_COUNT"], "0", "{does:?}");
        for change in changes(&dry) {
            let field = change.name.rsplit('.').next().unwrap().to_owned();
            assert!(dry.stdout.contains(&field), "{field}: {}", dry.stdout);
        }
    }
}

#[test]
fn a_dry_run_ends_as_the_real_run_would() {
    // pin, status: the plan fixes what fails, does not fix it, is refused
    for (pin, status) in [
        ("latest", 0),
        (r#"{"gitCloneTag":"latest"}"#, 3),
        (r#"{"addonTag":"1.1.0"}"#, 4),
    ] {
        let server = HarnessServer::start();
        server.set_override(Module::Ci, K8, "addonTag", Some("harness/ci-addon:1.13.0"));
        for dry_run in ["true", "false"] {
            Step::on_server(&server.url(), KEY)
                .set("action", "pin")
                .set("pin", pin)
                .set("fail_on", "unsupported")
                .set("dry_run", dry_run)
                .run()
                .ends(status);
        }
    }
}

#[test]
fn one_refusal_and_nothing_is_sent_and_every_refusal_is_reported() {
    let server = account();
    let pin = json!({
        "ci.K8.addonTag": "1.16.90",
        "gitCloneTagg": "1.6.9-rootless",
        "dbops.mongoTag": "1.1.0-4.33-mongo",
        "s3UploadTag": "not a tag",
    });
    let ran = Step::on_server(&server.url(), KEY)
        .set("modules", "ci,dbops")
        .set("action", "pin")
        .set("pin", &pin.to_string())
        .run()
        .ends(4);
    nothing_happened(&server, &ran);
    for words in [
        "gitCloneTagg: no such field in ci.K8, dbops; close are gitCloneTag",
        "dbops.mongoTag: plugins/drone-liquibase:1.1.0-4.33-mongo would be unsupported",
        "s3UploadTag: the value is neither",
    ] {
        ran.has_error(words);
    }
    assert!(!ran.errors().contains("addonTag"), "{}", ran.errors());
    let server = account();
    let ran = Step::on_server(&server.url(), KEY)
        .set("action", "clear")
        .run()
        .ends(4);
    nothing_happened(&server, &ran);
    ran.has_error("`force: true`");
}

#[test]
fn an_empty_plan_is_a_success() {
    let server = account();
    let ran = Step::on_server(&server.url(), KEY)
        .set("action", "pin")
        .set("pin", r#"{"addonTag":"harness/ci-addon:1.14.0"}"#)
        .run()
        .ends(0);
    nothing_happened(&server, &ran);
    assert_eq!(server.log().len(), 2, "defaults and overrides, once");
}

#[test]
fn without_a_backup_there_is_no_write() {
    for does in Does::ALL {
        let server = account();
        let mut step = step(&server, does, Modules::One).write("file", "");
        match does {
            // What it reads can be read, but nothing can be written beside it.
            Does::Restore => {
                let beside = step.path("harness-images-backup-before-restore.json");
                std::fs::create_dir(beside).unwrap();
            }
            _ => step = step.set("backup", "file/backup.json"),
        }
        let ran = step.run().ends(4);
        assert_eq!(server.writes().len(), 0);
        assert_eq!(whole(&server), whole(&account()));
        ran.has_error("`backup`");
        ran.has_error("nothing was changed");
    }
}

#[test]
fn a_key_that_may_only_read_changes_nothing() {
    for does in Does::ALL {
        let server = account();
        let ran = step(&server, does, Modules::Two)
            .secret("api_key", VIEWER_KEY)
            .run()
            .ends(4);
        assert_eq!(server.writes().len(), 1, "the first refusal is enough");
        assert_eq!(whole(&server), whole(&account()));
        for words in [
            "core_account_edit",
            "Account Admin",
            "`api_key`",
            "refused the change",
        ] {
            ran.has_error(words);
        }
    }
}

/// A step that asks for one thing after the other, so that the last answer is known.
fn one_by_one(server: &HarnessServer, does: Does) -> Step {
    step(server, does, Modules::One).set("concurrency", "1")
}

#[test]
fn a_change_by_another_user_before_the_first_write_stops_the_plan() {
    for does in Does::ALL {
        let server = account();
        let other = "harness/ci-addon:1.15.0".to_owned();
        let fault = Fault::Meanwhile(Module::Ci, K8, "addonTag".to_owned(), Some(other.clone()));
        server.fail_nth(Call::Overrides, does.reads_before(Modules::One) / 2, fault);
        let ran = one_by_one(&server, does).run().ends(4);
        assert_eq!(server.writes().len(), 0);
        assert_eq!(whole(&server)["ci.K8.addonTag"], other);
        let values = "harness/ci-addon:1.14.0 to harness/ci-addon:1.15.0";
        ran.has_error("ci.K8.addonTag");
        ran.has_error(values);
    }
    // Of other fields, only `clear` would take them along.
    for does in Does::ALL {
        let server = account();
        let image = "plugins/cache:1.9.0".to_owned();
        let fault = Fault::Meanwhile(Module::Ci, VM, "cacheS3Tag".to_owned(), Some(image));
        let places = does.reads_before(Modules::One) / 2;
        server.fail_nth(Call::Overrides, places, fault);
        let is_clear = does == Does::Clear;
        one_by_one(&server, does)
            .run()
            .ends(if is_clear { 4 } else { 0 });
        assert_eq!(server.writes().is_empty(), is_clear, "{does:?}");
        assert_eq!(whole(&server)["ci.VM.cacheS3Tag"], "plugins/cache:1.9.0");
    }
}

#[test]
fn a_change_by_another_user_is_not_rolled_back_where_nothing_was_written() {
    let server = account();
    let image = "harness/drone-git:1.6.2-rootless".to_owned();
    let fault = Fault::Meanwhile(
        Module::Dbops,
        None,
        "gitCloneTag".to_owned(),
        Some(image.clone()),
    );
    server.fail_nth(Call::AnyWrite, 1, fault);
    server.fail_nth(Call::AnyWrite, 2, Fault::Status(403));
    let ran = step(&server, Does::Pin, Modules::Two).run().ends(4);
    let mut expected = whole(&account());
    expected.insert("dbops.gitCloneTag".to_owned(), image);
    assert_eq!(whole(&server), expected);
    assert!(ran.warnings().contains(&"changed-meanwhile".to_owned()));
}

#[test]
fn overrides_that_cannot_be_read_again_stop_the_plan() {
    let server = account();
    server.fail_nth(Call::Overrides, 2, Fault::Status(403));
    let ran = step(&server, Does::Pin, Modules::One).run().ends(4);
    nothing_happened(&server, &ran);
    ran.has_error("nothing was changed");
}

#[test]
fn without_time_for_a_rollback_nothing_is_begun() {
    for does in Does::ALL {
        let server = account();
        let ran = step(&server, does, Modules::Two)
            .set("timeout", "1")
            .run()
            .ends(4);
        nothing_happened(&server, &ran);
        ran.has_error("`timeout`");
        ran.has_error("nothing was changed");
    }
}

#[test]
fn a_server_that_never_answers_a_write_does_not_hold_the_step_for_ever() {
    let server = account();
    server.fail_always(Call::AnyWrite, Fault::SaveThenHang);
    server.fail_nth(Call::Overrides, 3, Fault::Hang);
    let started = Instant::now();
    let ran = step(&server, Does::Reset, Modules::One)
        .set("timeout", "5")
        .run();
    assert!(started.elapsed() < Duration::from_secs(30));
    assert!([0, 4].contains(&ran.status), "{}", ran.stdout);
}
