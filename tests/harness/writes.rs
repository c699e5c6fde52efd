//! Pin, reset and clear: sent once, and whether they may have arrived.

use super::*;

#[test]
fn dbops_writes_go_where_they_certainly_work() {
    let cases = [
        (DbopsPaths::Plain, None, 2),
        (DbopsPaths::PlainAndPage, Some("not json"), 1),
        (DbopsPaths::Neither, Some("not found"), 2),
    ];
    for (dbops, failure, requests) in cases {
        let server = HarnessServer::with(Options {
            dbops,
            ..Options::default()
        });
        let result = with(&server, async |harness| {
            let fields = pairs(&[("gitCloneTag", "a/b:1")]);
            harness.pin(Module::Dbops, None, &fields, soon()).await
        });
        assert_eq!(result.as_ref().err().map(name), failure, "{dbops:?}");
        assert_eq!(server.writes().len(), requests, "{dbops:?}");
    }
}

#[test]
fn writes_change_what_they_name_and_nothing_else() {
    for bare_writes in [false, true] {
        for (module, infra) in everywhere() {
            let server = HarnessServer::with(Options {
                bare_writes,
                ..Options::default()
            });
            let names: Vec<String> = server.defaults(module, infra).into_keys().collect();
            let (first, second) = (names[0].as_str(), names[1].as_str());
            server.set_override(module, infra, second, Some("kept/as:is"));
            with(&server, async |harness| {
                let fields = pairs(&[(first, "a/\"quoted\":1")]);
                harness.pin(module, infra, &fields, soon()).await.unwrap();
                assert_eq!(
                    texts(&harness.overrides(module, infra).await.unwrap()),
                    pairs(&[(first, "a/\"quoted\":1"), (second, "kept/as:is")])
                );
                let fields = [first.to_owned()];
                harness.reset(module, infra, &fields, soon()).await.unwrap();
                assert_eq!(
                    texts(&harness.overrides(module, infra).await.unwrap()),
                    pairs(&[(second, "kept/as:is")])
                );
                harness.clear(module, infra, soon()).await.unwrap();
                assert_eq!(
                    harness.overrides(module, infra).await.unwrap(),
                    Fields::new()
                );
            });
            let writes = server.writes();
            let bodies: Vec<String> = writes.iter().map(Logged::text).collect();
            assert_eq!(
                bodies,
                [
                    format!(r#"[{{"field":"{first}","value":"a/\"quoted\":1"}}]"#),
                    match module.api().unwrap().style {
                        ApiStyle::Bare => format!(r#"["{first}"]"#),
                        ApiStyle::Envelope => format!(r#"[{{"field":"{first}"}}]"#),
                    },
                    String::new(),
                ]
            );
            let ends = ["/update-config", "/reset-config", "/execution-config"];
            for (got, end) in writes.iter().zip(ends) {
                assert!(got.path.ends_with(end), "{}", got.path);
                assert_eq!(got.query("infra"), infra.map(Infra::as_str));
            }
            assert_eq!(writes[0].header("content-type"), Some("application/json"));
            assert_eq!(writes[2].line().split(' ').next(), Some("DELETE"));
        }
    }
}

#[test]
fn answers_to_writes_are_distinguished() {
    let failure = r#"{"status":"FAILURE","message":"It broke","correlationId":"id-17"}"#;
    // Status, body, the failure if it is one, and whether the write may have arrived.
    let cases = [
        (200, r#"{"status":"SUCCESS","data":true}"#, None),
        (200, r#"{"status":"SUCCESS","data":{}}"#, None),
        (200, r#"{"status":"SUCCESS"}"#, None),
        (200, "true", None),
        (200, "{}", None),
        (200, "null", None),
        (200, "", None),
        (201, "{\"id\":1}", None),
        (204, "", None),
        (200, failure, Some(("failure", true))),
        (
            200,
            r#"{"status":"SUCCESS","data":false}"#,
            Some(("failure", true)),
        ),
        (200, "false", Some(("failure", true))),
        (200, "[]", Some(("shape", true))),
        (200, "\"ok\"", Some(("shape", true))),
        (200, "<html>", Some(("not json", true))),
        (302, "", Some(("status", true))),
        (400, failure, Some(("rejected", false))),
        (401, failure, Some(("unauthorised", false))),
        (403, failure, Some(("forbidden", false))),
        (404, failure, Some(("not found", false))),
        (408, failure, Some(("status", true))),
        (409, failure, Some(("status", false))),
        (429, failure, Some(("status", false))),
        (500, failure, Some(("rejected", true))),
        (500, "<html>", Some(("server", true))),
        (502, "", Some(("server", true))),
        (503, failure, Some(("server", true))),
    ];
    for (status, body, expected) in cases {
        let server = HarnessServer::start();
        server.fail_always(Call::AnyWrite, json(status, body));
        let result = with(&server, async |harness| {
            let fields = pairs(&[("addonTag", "a/b:1")]);
            harness.pin(Module::Ci, K8, &fields, soon()).await
        });
        let got = result
            .as_ref()
            .err()
            .map(|error| (name(error), error.may_have_arrived()));
        assert_eq!(got, expected, "{status} {body} {result:?}");
        assert_eq!(server.log().len(), 1, "{status} {body}");
    }
}

#[test]
fn writes_are_sent_once_whatever_happens() {
    // What happens, whether it is saved, whether the client must look.
    let cases = [
        (Fault::Status(500), false, Some(true)),
        (Fault::SaveThenStatus(500), true, Some(true)),
        (Fault::SaveThenStatus(503), true, Some(true)),
        (Fault::Cut, false, Some(true)),
        (Fault::SaveThenCut, true, Some(true)),
        (Fault::CutBody, true, Some(true)),
        (Fault::Hang, false, Some(true)),
        (Fault::SaveThenHang, true, Some(true)),
        (Fault::PretendSuccess, false, None),
        (Fault::Status(403), false, Some(false)),
        (Fault::Busy("0".to_owned()), false, Some(false)),
    ];
    for (fault, saved, expected) in cases {
        let server = HarnessServer::start();
        server.fail_next(Call::Update, fault.clone());
        let result = with(&server, async |harness| {
            let fields = pairs(&[("addonTag", "a/b:1")]);
            let deadline = Instant::now() + Duration::from_secs(2);
            harness.pin(Module::Ci, K8, &fields, deadline).await
        });
        let got = result.as_ref().err().map(HarnessError::may_have_arrived);
        assert_eq!(got, expected, "{fault:?} {result:?}");
        assert_eq!(server.writes().len(), 1, "{fault:?}");
        let is_saved = !server.overrides(Module::Ci, K8).is_empty();
        assert_eq!(is_saved, saved, "{fault:?}");
    }
}

#[test]
fn a_write_that_was_never_sent_is_known_as_such() {
    let server = HarnessServer::start();
    let result = with(&server, async |harness| {
        harness.clear(Module::Ci, K8, Instant::now()).await
    });
    assert!(!result.unwrap_err().may_have_arrived());
    assert!(server.log().is_empty());
}

#[test]
fn rejected_fields_are_named_and_nothing_is_saved() {
    for (rejection, status) in [(Rejection::BadRequest, 400), (Rejection::Oops, 500)] {
        // Neither exists: the one is written differently, the other is unknown to VM.
        for (infra, field) in [(K8, "AddonTag"), (VM, "addonTag"), (VM, "liteEngineTag")] {
            let server = HarnessServer::with(Options {
                rejection,
                ..Options::default()
            });
            let (pinned, reset) = with(&server, async |harness| {
                let fields = pairs(&[("gitCloneTag", "a/b:1"), (field, "a/b:1")]);
                let names = ["gitCloneTag".to_owned(), field.to_owned()];
                (
                    harness.pin(Module::Ci, infra, &fields, soon()).await,
                    harness.reset(Module::Ci, infra, &names, soon()).await,
                )
            });
            for error in [pinned.unwrap_err(), reset.unwrap_err()] {
                let shown = error.to_string();
                assert_eq!(name(&error), "rejected", "{shown}");
                assert!(shown.contains(&status.to_string()), "{shown}");
                assert!(shown.contains("a field that it does not know"), "{shown}");
                assert!(shown.contains("correlation id c0ffee00"), "{shown}");
                assert_eq!(shown.contains(field), rejection == Rejection::BadRequest);
            }
            assert!(server.overrides(Module::Ci, infra).is_empty());
        }
    }
}

#[test]
fn reads_share_a_connection_and_each_write_has_its_own() {
    let server = HarnessServer::start();
    with(&server, async |harness| {
        harness.defaults(Module::Ci, K8).await.unwrap();
        harness.overrides(Module::Ci, K8).await.unwrap();
        for _ in 0..2 {
            harness.clear(Module::Ci, K8, soon()).await.unwrap();
        }
    });
    let mut connections: Vec<u16> = server.log().iter().map(|got| got.connection).collect();
    connections.dedup();
    assert_eq!(connections.len(), 3, "{connections:?}");
}
