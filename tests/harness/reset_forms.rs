//! The two forms in which `dbops` takes the fields to reset.

use super::*;
use support::harness_server::ResetForms;
use support::step::Step;

const FIELD: &str = "mongoTag";
const PINNED: &str = "plugins/drone-liquibase:1.17.0-4.33-mongo";

fn server(forms: ResetForms, rejection: Rejection) -> HarnessServer {
    let server = HarnessServer::with(Options {
        dbops_reset: forms,
        rejection,
        ..Options::default()
    });
    server.set_override(Module::Dbops, None, FIELD, Some(PINNED));
    server
}

/// The bodies of the resets that were sent.
fn resets(server: &HarnessServer) -> Vec<String> {
    let writes = server.writes().into_iter();
    writes
        .filter(|got| got.path.ends_with("/reset-config"))
        .map(|got| got.text())
        .collect()
}

#[test]
fn names_first_and_objects_only_after_a_400() {
    let names = r#"["mongoTag"]"#;
    let objects = r#"[{"field":"mongoTag"}]"#;
    // what the server takes, what is sent at first and again
    let cases: [(ResetForms, &[&str], &str); 3] = [
        (ResetForms::Both, &[names], names),
        (ResetForms::Names, &[names], names),
        (ResetForms::Objects, &[names, objects], objects),
    ];
    for (forms, first, again) in cases {
        let server = server(forms, Rejection::BadRequest);
        let fields = [FIELD.to_owned()];
        with(&server, async |harness| {
            harness
                .reset(Module::Dbops, None, &fields, soon())
                .await
                .unwrap();
            assert_eq!(resets(&server), first, "{forms:?}");
            assert!(
                server.overrides(Module::Dbops, None).is_empty(),
                "{forms:?}"
            );
            server.set_override(Module::Dbops, None, FIELD, Some(PINNED));
            server.forget_log();
            harness
                .reset(Module::Dbops, None, &fields, soon())
                .await
                .unwrap();
        });
        assert_eq!(
            resets(&server),
            [again],
            "{forms:?}: the form is remembered"
        );
    }
}

#[test]
fn nothing_is_sent_again_after_any_other_failure() {
    let failures = [
        Fault::Status(500),
        Fault::Status(403),
        Fault::Cut,
        Fault::SaveThenCut,
    ];
    for fault in failures {
        let server = server(ResetForms::Objects, Rejection::BadRequest);
        server.fail_next(Call::Reset, fault.clone());
        let fields = [FIELD.to_owned()];
        let result = with(&server, async |harness| {
            harness.reset(Module::Dbops, None, &fields, soon()).await
        });
        assert!(result.is_err(), "{fault:?}");
        assert_eq!(resets(&server).len(), 1, "{fault:?}");
    }
}

#[test]
fn what_a_rejected_reset_has_done_all_the_same_is_not_done_again() {
    let server = server(ResetForms::Names, Rejection::BadRequest);
    server.fail_next(Call::Reset, Fault::SaveThenStatus(400));
    let fields = [FIELD.to_owned()];
    let result = with(&server, async |harness| {
        harness.reset(Module::Dbops, None, &fields, soon()).await
    });
    assert!(result.is_err());
    assert_eq!(resets(&server).len(), 1);
}

#[test]
fn reset_restore_and_rollback_speak_both_forms() {
    for forms in [ResetForms::Names, ResetForms::Objects] {
        let new = || server(forms, Rejection::BadRequest);
        let step = |server: &HarnessServer| {
            Step::on_server(&server.url(), KEY)
                .set("modules", "dbops")
                .set("timeout", "12")
        };
        let after_reset = new();
        let reset = step(&after_reset).set("action", "reset");
        reset.set("reset", "all").run().ends(0);
        assert!(
            after_reset.overrides(Module::Dbops, None).is_empty(),
            "{forms:?}"
        );

        let restored = new();
        let backup = r#"{"format":"harness-images/snapshot/v1","taken_at":"2026-11-19T09:00:00Z","configs":[{"module":"dbops","overrides":{}}]}"#;
        let restore = step(&restored).set("action", "restore");
        restore
            .write("harness-images-backup.json", backup)
            .run()
            .ends(0);
        assert!(
            restored.overrides(Module::Dbops, None).is_empty(),
            "{forms:?}"
        );

        // Only one of two pins takes: the other is put back, which is a reset.
        let rolled_back = new();
        rolled_back.fail_next(Call::Update, Fault::SavePart(1));
        step(&rolled_back)
            .set("action", "pin")
            .set("force", "true")
            .set("pin", r#"{"gitCloneTag":"harness/drone-git:1.6.3-rootless","defaultTag":"plugins/drone-liquibase:1.17.0-4.33"}"#)
            .run()
            .ends(4);
        let left = rolled_back.overrides(Module::Dbops, None);
        assert_eq!(left.len(), 1, "{forms:?}: {left:?}");
        assert_eq!(left.get(FIELD).map(String::as_str), Some(PINNED));
    }
}
