//! Defaults and overrides, as every module answers them.

use super::*;

#[test]
fn every_module_is_read_at_its_own_place() {
    for prefix in ["", "/harness"] {
        let server = HarnessServer::with(Options {
            prefix: prefix.to_owned(),
            ..Options::default()
        });
        for (module, infra) in everywhere() {
            let field = server.defaults(module, infra).into_keys().next().unwrap();
            server.set_override(module, infra, &field, Some("mirror/x/y:1"));
            let expected: Vec<(String, String)> =
                server.defaults(module, infra).into_iter().collect();
            server.forget_log();
            with(&server, async |harness| {
                assert_eq!(
                    texts(&harness.defaults(module, infra).await.unwrap()),
                    expected
                );
                assert_eq!(
                    texts(&harness.overrides(module, infra).await.unwrap()),
                    pairs(&[(&field, "mirror/x/y:1")])
                );
            });
            let api = module.api().unwrap();
            let root = format!("/{}", api.roots[0].join("/"));
            let log = server.log();
            let lines: Vec<String> = log.iter().map(Logged::line).collect();
            assert_eq!(
                lines,
                [
                    format!("GET {prefix}{root}/execution-config/get-default-config"),
                    format!("GET {prefix}{root}/execution-config/get-customer-config"),
                ]
            );
            assert_eq!(log[1].query("overridesOnly"), Some("true"));
            for got in log {
                let is_bare = api.style == ApiStyle::Bare;
                let scoped = (!is_bare).then_some(ACCOUNT);
                assert_eq!(got.query("accountIdentifier"), scoped);
                assert_eq!(got.query("infra"), infra.map(Infra::as_str));
                let by_header = is_bare.then_some(ACCOUNT);
                assert_eq!(got.header("harness-account"), by_header);
                assert_eq!(got.header("x-api-key"), Some(KEY));
                assert_eq!(got.header("authorization"), None);
                assert_eq!(got.header("accept"), Some("application/json"));
            }
        }
    }
}

#[test]
fn paths_are_those_of_the_documents() {
    let documented: [(Module, &[&str], ApiStyle); 4] = [
        (Module::Ci, &["gateway/ci"], ApiStyle::Envelope),
        (
            Module::Dbops,
            &["gateway/v1/dbops", "v1/dbops"],
            ApiStyle::Bare,
        ),
        (Module::Iacm, &["gateway/iacm-manager"], ApiStyle::Envelope),
        (Module::Idp, &["gateway/idp"], ApiStyle::Envelope),
    ];
    assert_eq!(documented.map(|(module, ..)| module), Module::HARNESS);
    for (module, expected, style) in documented {
        let api = module.api().unwrap();
        let roots: Vec<String> = api.roots.iter().map(|root| root.join("/")).collect();
        assert_eq!(roots, expected, "{module}");
        assert_eq!(api.style, style, "{module}");
        let has_infra = style == ApiStyle::Envelope;
        assert_eq!(module.has_infra(), has_infra, "{module}");
    }
}

#[test]
fn a_bearer_token_is_sent_as_such() {
    let server = HarnessServer::start();
    let token = HarnessCredential::Bearer(KEY.into());
    with_key(&server, token, async |harness| {
        assert!(harness.defaults(Module::Ci, K8).await.is_ok());
        assert!(harness.defaults(Module::Dbops, None).await.is_ok());
    });
    for got in server.log() {
        let expected = format!("Bearer {KEY}");
        assert_eq!(got.header("authorization"), Some(expected.as_str()));
        assert_eq!(got.header("x-api-key"), None);
    }
}

#[test]
fn no_override_has_many_looks() {
    for none in [
        NoneStyle::Empty,
        NoneStyle::Null,
        NoneStyle::Absent,
        NoneStyle::Blanks,
    ] {
        for dbops_envelope in [false, true] {
            let server = HarnessServer::with(Options {
                none,
                dbops_envelope,
                ..Options::default()
            });
            for (module, infra) in everywhere() {
                let found = with(&server, async |harness| {
                    harness.overrides(module, infra).await
                });
                assert_eq!(found.unwrap(), Fields::new(), "{none:?} {module}");
            }
        }
    }
}

#[test]
fn dbops_is_found_at_either_path() {
    const GATEWAY: &str = "/gateway/v1/dbops/execution-config/get-default-config";
    const PLAIN: &str = "/v1/dbops/execution-config/get-default-config";
    let cases: [(DbopsPaths, &[&str], Option<&str>); 5] = [
        (DbopsPaths::Both, &[GATEWAY, GATEWAY], None),
        (DbopsPaths::Gateway, &[GATEWAY, GATEWAY], None),
        (DbopsPaths::Plain, &[GATEWAY, PLAIN, PLAIN], None),
        (DbopsPaths::PlainAndPage, &[GATEWAY, PLAIN, PLAIN], None),
        (
            DbopsPaths::Neither,
            &[GATEWAY, PLAIN, GATEWAY, PLAIN],
            Some("not found"),
        ),
    ];
    for (dbops, paths, failure) in cases {
        let server = HarnessServer::with(Options {
            dbops,
            ..Options::default()
        });
        with(&server, async |harness| {
            for _ in 0..2 {
                let result = harness.defaults(Module::Dbops, None).await;
                assert_eq!(result.as_ref().err().map(name), failure, "{dbops:?}");
            }
        });
        let asked: Vec<String> = server.log().into_iter().map(|got| got.path).collect();
        assert_eq!(asked, paths, "{dbops:?}");
    }
}

#[test]
fn the_more_telling_of_two_failures_is_reported() {
    let server = HarnessServer::with(Options {
        dbops: DbopsPaths::Plain,
        ..Options::default()
    });
    server.fail_always(Call::AnyRead, Fault::Status(403));
    let error = defaults(&server, Module::Dbops).unwrap_err();
    assert_eq!(name(&error), "forbidden", "{error}");
}

/// An answer of depth 10,000 in a place that nobody knows and in a field.
fn deep() -> String {
    let depth = 10_000;
    let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    format!(
        r#"{{"extra":{objects},"status":"SUCCESS","data":{{"odd":{nested},"addonTag":"a/b:1"}}}}"#
    )
}

#[test]
fn odd_maps_are_read() {
    let deep = deep();
    let other = |json: &str| FieldValue::Other(json.to_owned());
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let cases: Vec<(&str, Vec<(&str, FieldValue)>)> = vec![
        (r#"{"status":"SUCCESS"}"#, vec![]),
        (
            r#"{"status":"SUCCESS","data":{"a":"x/y:1","b":" ","c":null,"d":true,"e":7,"f":[],"g":{}}}"#,
            vec![
                ("a", text("x/y:1")),
                ("d", other("true")),
                ("e", other("7")),
                ("f", other("[]")),
                ("g", other("{}")),
            ],
        ),
        (
            r#"{"status":"ERROR","data":{"a":"1"},"status":"SUCCESS","data":{"a":"2","a":"3"},"unknown":[{}]}"#,
            vec![("a", text("3"))],
        ),
        (
            "\u{feff}{\"status\":\"SUCCESS\",\"data\":{\"a\":\"1\"}}",
            vec![("a", text("1"))],
        ),
        (
            &deep,
            vec![("addonTag", text("a/b:1")), ("odd", other("[]"))],
        ),
    ];
    for module in [Module::Ci, Module::Dbops] {
        for (body, expected) in &cases {
            let server = HarnessServer::start();
            server.fail_next(Call::Defaults, json(200, body));
            let found = defaults(&server, module).unwrap();
            let expected: Fields = expected
                .iter()
                .map(|(field, value)| ((*field).to_owned(), value.clone()))
                .collect();
            assert_eq!(found, expected, "{module} {}", &body[..body.len().min(80)]);
        }
    }
    let bare = r#"{"status":"odd/name:1","data2":5,"gitCloneTag":"a/b:1"}"#;
    let server = HarnessServer::start();
    server.fail_next(Call::Defaults, json(200, bare));
    let found = defaults(&server, Module::Dbops).unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn reads_are_repeated_while_that_may_help() {
    let cases: Vec<(&str, Fault)> = vec![
        ("cut", Fault::Cut),
        ("cut body", Fault::CutBody),
        ("429", Fault::Busy("1".to_owned())),
        ("500", Fault::Status(500)),
        ("503", Fault::Status(503)),
    ];
    for (what, fault) in cases {
        for module in [Module::Ci, Module::Dbops] {
            let server = HarnessServer::start();
            server.fail_next(Call::Defaults, fault.clone());
            assert!(defaults(&server, module).is_ok(), "{what}");
            assert_eq!(server.log().len(), 2, "{what}");
        }
    }
}

#[test]
fn a_silent_server_is_left_at_the_deadline() {
    let server = HarnessServer::start();
    server.fail_always(Call::AnyRead, Fault::Hang);
    let error = with(&server, async |harness| {
        let deadline = Instant::now() + Duration::from_millis(300);
        harness.overrides_by(Module::Ci, K8, deadline).await
    });
    let error = error.unwrap_err();
    assert!(error.to_string().contains("`timeout`"), "{error}");
}
