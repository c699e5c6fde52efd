//! The client of `execution-config` against a server that behaves, and one that does not.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/harness_server.rs"]
mod harness_server;

use std::future::Future;
use std::time::Duration;

use harness_images::facts::{FieldValue, Fields, Infra, Module};
use harness_images::harness::{Connector, Harness, HarnessError};
use harness_images::http::{HeaderName, HeaderValue, Http, HttpError, Method, Request};
use harness_images::redact::Secrets;
use harness_images::settings::{Credential, HarnessAccess, Network};
use harness_server::{
    ACCOUNT, Call, DbopsPaths, Fault, HarnessServer, KEY, Logged, NoneStyle, Options, Rejection,
    VIEWER_KEY,
};
use tokio::time::Instant;

const K8: Option<Infra> = Some(Infra::K8);
const VM: Option<Infra> = Some(Infra::Vm);
const EVERYWHERE: [(Module, Option<Infra>); 7] = [
    (Module::Ci, K8),
    (Module::Ci, VM),
    (Module::Dbops, None),
    (Module::Iacm, K8),
    (Module::Iacm, VM),
    (Module::Idp, K8),
    (Module::Idp, VM),
];

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn http(seconds: u64) -> Http {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    Http::new(&Network::default(), 4, deadline, Secrets::default()).unwrap()
}

fn access(server: &HarnessServer, credential: Credential) -> HarnessAccess {
    HarnessAccess {
        credential,
        account_id: ACCOUNT.to_owned(),
        endpoint: server.url().parse().unwrap(),
    }
}

/// Runs `work` with the account's key.
fn with<T>(server: &HarnessServer, work: impl AsyncFnOnce(&Harness<'_>) -> T) -> T {
    with_key(server, Credential::ApiKey(KEY.into()), work)
}

fn with_key<T>(
    server: &HarnessServer,
    credential: Credential,
    work: impl AsyncFnOnce(&Harness<'_>) -> T,
) -> T {
    let access = access(server, credential);
    run(async {
        let http = http(20);
        work(&Harness::new(&http, &access)).await
    })
}

fn defaults(server: &HarnessServer, module: Module) -> Result<Fields, HarnessError> {
    with(server, async |harness| harness.defaults(module, K8).await)
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(field, value): &(&str, &str)| ((*field).to_owned(), (*value).to_owned());
    fields.iter().map(own).collect()
}

fn texts(fields: &Fields) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(field, value)| (field.clone(), value.as_text().unwrap().to_owned()))
        .collect()
}

/// Which failure it is, in one word.
fn name(error: &HarnessError) -> &'static str {
    match error {
        HarnessError::Unauthorised { .. } => "unauthorised",
        HarnessError::Forbidden { .. } => "forbidden",
        HarnessError::Rejected { .. } => "rejected",
        HarnessError::NotFound { .. } => "not found",
        HarnessError::Server { .. } => "server",
        HarnessError::Status { .. } => "status",
        HarnessError::Failure { .. } => "failure",
        HarnessError::NotJson { .. } => "not json",
        HarnessError::Shape { .. } => "shape",
        HarnessError::Http { .. } => "http",
    }
}

fn json(status: u16, body: &str) -> Fault {
    Fault::Answer(status, "application/json".to_owned(), body.into())
}

#[test]
fn every_module_is_read_at_its_own_place() {
    for prefix in ["", "/harness"] {
        let server = HarnessServer::with(Options {
            prefix: prefix.to_owned(),
            ..Options::default()
        });
        for (module, infra) in EVERYWHERE {
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
            let root = match module {
                Module::Ci => "/gateway/ci",
                Module::Dbops => "/gateway/v1/dbops",
                Module::Iacm => "/gateway/iacm-manager",
                Module::Idp | Module::Image => "/gateway/idp",
            };
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
                let scoped = module.has_infra().then_some(ACCOUNT);
                assert_eq!(got.query("accountIdentifier"), scoped);
                assert_eq!(got.query("infra"), infra.map(Infra::as_str));
                let by_header = (!module.has_infra()).then_some(ACCOUNT);
                assert_eq!(got.header("harness-account"), by_header);
                assert_eq!(got.header("x-api-key"), Some(KEY));
                assert_eq!(got.header("authorization"), None);
                assert_eq!(got.header("accept"), Some("application/json"));
            }
        }
    }
}

#[test]
fn a_bearer_token_is_sent_as_such() {
    let server = HarnessServer::start();
    let token = Credential::Bearer(KEY.into());
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
            for (module, infra) in EVERYWHERE {
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
fn wrong_answers_are_errors_that_say_what_is_wrong() {
    let error = |status: &str| {
        format!(
            r#"{{"status":"{status}","message":"It broke","correlationId":"id-17","errors":[{{"fieldId":"infra","error":"bad"}}]}}"#
        )
    };
    let (failure, odd) = (error("FAILURE"), error("ERROR"));
    let deep = format!(r#"{{"status":"SUCCESS","data":{}}}"#, "[".repeat(10_000));
    // Status, body, the failure for ci and for dbops, and a part of its text.
    let cases: Vec<(u16, &str, &str, &str, &str)> = vec![
        (200, &failure, "failure", "failure", "It broke; infra: bad"),
        (200, &odd, "failure", "failure", "correlation id id-17"),
        (200, "", "not json", "not json", "empty"),
        (200, "  ", "not json", "not json", "empty"),
        (204, "", "not json", "not json", "empty"),
        (
            200,
            "<html><title>Log in\n</title>",
            "not json",
            "not json",
            "“Log in”",
        ),
        (200, "hello", "not json", "not json", "some other text"),
        (
            200,
            "{\"status\":\"SUCC",
            "not json",
            "not json",
            "cut short",
        ),
        (200, "{} {}", "not json", "not json", "garbled"),
        (200, &deep, "not json", "not json", "cut short"),
        (200, "[]", "shape", "shape", "a list"),
        (200, "\"x\"", "shape", "shape", "a text"),
        (200, "17", "shape", "shape", "a number"),
        (200, "true", "shape", "shape", "`true`"),
        (
            200,
            r#"{"status":"SUCCESS","data":[]}"#,
            "shape",
            "shape",
            "a list",
        ),
        (
            200,
            r#"{"status":"SUCCESS","data":"x"}"#,
            "shape",
            "shape",
            "a text",
        ),
        (
            200,
            r#"{"status":"SUCCESS","data":true}"#,
            "shape",
            "shape",
            "`true`",
        ),
        (
            200,
            r#"{"status":"SUCCESS","data":4}"#,
            "shape",
            "shape",
            "a number",
        ),
        (302, "", "status", "status", "`endpoint`"),
        (400, &failure, "rejected", "rejected", "infra: bad"),
        (401, &odd, "unauthorised", "unauthorised", "`api_key`"),
        (
            401,
            "<html></html>",
            "unauthorised",
            "unauthorised",
            "a web page",
        ),
        (403, &odd, "forbidden", "forbidden", "Account Viewer"),
        (404, &odd, "not found", "not found", "`endpoint`"),
        (418, &odd, "status", "status", "418"),
        (501, &odd, "server", "server", "correlation id id-17"),
    ];
    for (status, body, ci, dbops, text) in cases {
        for (module, expected) in [(Module::Ci, ci), (Module::Dbops, dbops)] {
            let server = HarnessServer::start();
            server.fail_always(Call::Defaults, json(status, body));
            let error = defaults(&server, module).unwrap_err();
            let shown = error.to_string();
            let what = format!("{module} {status} {}: {shown}", &body[..body.len().min(80)]);
            assert_eq!(name(&error), expected, "{what}");
            assert!(shown.contains(text), "{what}");
            assert!(
                shown.contains(&format!("reading the defaults of {module}")),
                "{what}"
            );
            let host = server.url().replace("http://", "");
            assert!(shown.contains(&host), "{what}");
        }
    }
    // What only an envelope must have, and what only a bare map may be.
    let server = HarnessServer::start();
    server.fail_next(Call::Defaults, json(200, "{}"));
    assert_eq!(name(&defaults(&server, Module::Ci).unwrap_err()), "shape");
    server.fail_next(Call::Defaults, json(200, "null"));
    assert_eq!(name(&defaults(&server, Module::Ci).unwrap_err()), "shape");
    server.fail_next(Call::Defaults, json(200, "null"));
    assert_eq!(defaults(&server, Module::Dbops).unwrap(), Fields::new());
}

#[test]
fn what_the_server_says_is_shown_on_one_short_line_without_secrets() {
    let server = HarnessServer::start();
    let escaped = KEY.replace('p', "\\u0070");
    let body = format!(
        r#"{{"status":"ERROR","message":"Line 1\nline 2 {KEY} {escaped} {}"}}"#,
        "ü".repeat(1_000)
    );
    server.fail_next(Call::Defaults, json(400, &body));
    let error = defaults(&server, Module::Ci).unwrap_err();
    let message = error.told().unwrap().message.clone().unwrap();
    assert!(
        message.starts_with("Line 1 line 2 [secret] [secret] ü"),
        "{message}"
    );
    assert_eq!(message.chars().count(), 301);
    assert!(!format!("{error}{error:?}").contains("harnessserversecret"));
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

#[test]
fn writes_change_what_they_name_and_nothing_else() {
    for bare_writes in [false, true] {
        for (module, infra) in EVERYWHERE {
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
                    format!(r#"[{{"field":"{first}"}}]"#),
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
fn answers_to_writes_are_told_apart() {
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
        // Neither exists: the one is spelt otherwise, the other is unknown to VM.
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
fn refusals_name_the_setting_and_the_permission() {
    let server = HarnessServer::start();
    let cases = [
        (
            Credential::ApiKey("pat.acme.0.wrongwrong".into()),
            "`api_key`",
            "expired",
        ),
        (
            Credential::Bearer("wrongwrong".into()),
            "`bearer_token`",
            "expired",
        ),
        (
            Credential::ApiKey(VIEWER_KEY.into()),
            "`api_key`",
            "core_account_edit",
        ),
        (
            Credential::Bearer(VIEWER_KEY.into()),
            "`bearer_token`",
            "Account Admin",
        ),
        (
            Credential::ApiKey("two\nlines".into()),
            "`api_key`",
            "cannot be sent",
        ),
    ];
    for (credential, setting, text) in cases {
        let error = with_key(&server, credential, async |harness| {
            harness.clear(Module::Idp, K8, soon()).await
        });
        let error = error.unwrap_err();
        let shown = error.to_string();
        assert!(
            shown.contains("clearing the overrides of idp K8"),
            "{shown}"
        );
        assert!(shown.contains(setting) && shown.contains(text), "{shown}");
        assert!(!error.may_have_arrived());
        for secret in ["wrongwrong", "viewersecret", "two"] {
            assert!(!format!("{shown}{error:?}").contains(secret), "{shown}");
        }
    }
    let viewer = Credential::ApiKey(VIEWER_KEY.into());
    with_key(&server, viewer, async |harness| {
        assert!(harness.overrides(Module::Idp, K8).await.is_ok());
    });
}

#[test]
fn the_connector_tells_where_images_come_from() {
    let docker = |spec: &str| {
        format!(
            r#"{{"status":"SUCCESS","data":{{"connector":{{"type":"DockerRegistry","identifier":"harnessImage","spec":{{{spec}}}}}}}}}"#
        )
    };
    let harbor = docker(
        r#""dockerRegistryUrl":"https://harbor.example:8443/mirror/","providerType":"Harbor","auth":{"type":"UsernamePassword","spec":{"username":"u","passwordRef":"account.p"}}"#,
    );
    let hub =
        docker(r#""dockerRegistryUrl":"https://index.docker.io/v2/","providerType":"DockerHub""#);
    let bare = docker(r#""dockerRegistryUrl":"https://other.example/v2/""#);
    let wrong = docker(r#""dockerRegistryUrl":"not an address""#);
    let google =
        r#"{"status":"SUCCESS","data":{"connector":{"type":"Gcp","spec":{"credential":{}}}}}"#;
    let registry = |url: &str, provider: Option<&str>| {
        Ok(Connector::Registry {
            url: url.parse().unwrap(),
            provider: provider.map(str::to_owned),
        })
    };
    let cases: Vec<(Option<(u16, &str)>, Result<Connector, &str>)> = vec![
        (None, Ok(Connector::DockerHub)),
        (Some((404, "<html>")), Ok(Connector::DockerHub)),
        (
            Some((200, &harbor)),
            registry("https://harbor.example:8443/mirror", Some("Harbor")),
        ),
        (Some((200, &hub)), Ok(Connector::DockerHub)),
        (Some((200, &bare)), registry("https://other.example/", None)),
        (
            Some((200, google)),
            Ok(Connector::NeedsSetting {
                kind: "Gcp".to_owned(),
            }),
        ),
        (Some((200, &wrong)), Err("shape")),
        (
            Some((200, r#"{"status":"SUCCESS","data":null}"#)),
            Err("shape"),
        ),
        (
            Some((200, r#"{"status":"SUCCESS","data":{"connector":[]}}"#)),
            Err("shape"),
        ),
        (Some((200, r#"{"status":"FAILURE"}"#)), Err("failure")),
        (Some((200, "<html>")), Err("not json")),
        (Some((403, r#"{"status":"ERROR"}"#)), Err("forbidden")),
    ];
    for (answer, expected) in cases {
        let server = HarnessServer::with(Options {
            connector: answer.map(|(status, body)| (status, body.to_owned())),
            ..Options::default()
        });
        let found = with(&server, async |harness| harness.connector().await);
        let found = found.as_ref().map_err(name);
        assert_eq!(
            found,
            expected.as_ref().map_err(|error| *error),
            "{answer:?}"
        );
        let got = &server.log()[0];
        assert_eq!(got.line(), "GET /gateway/ng/api/connectors/harnessImage");
        assert_eq!(got.query("accountIdentifier"), Some(ACCOUNT));
    }
}

#[test]
fn the_server_understands_the_documented_requests() {
    let server = HarnessServer::start();
    let send = |method: Method, path: &str, headers: &[(&'static str, String)], body: &str| {
        let url = format!("{}{}", server.url(), path.replace("$ACCOUNT_ID", ACCOUNT));
        let mut request = if method == Method::GET {
            Request::get(url.parse().unwrap())
        } else {
            Request::write(method, url.parse().unwrap(), Some(body.into()))
        };
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request = request.header(HeaderName::from_static(name), value);
        }
        let response = run(async { http(10).send(request).await }).unwrap();
        (response.status, String::from_utf8(response.body).unwrap())
    };
    let bearer = [("authorization", format!("Bearer {KEY}"))];
    let ci = "/gateway/ci/execution-config";
    let pin = "[  \n    {  \n        \"field\": \"gitCloneTag\",  \n        \"value\": \"harness/drone-git:1.0.9-rootless\"  \n    }  \n]";
    let reset = "[ { \"field\": \"gitCloneTag\" } ]";
    let account = "accountIdentifier=$ACCOUNT_ID";
    let customer = format!("{ci}/get-customer-config?{account}&infra=K8&overridesOnly=true");

    let path = format!("{ci}/get-default-config?{account}&infra=k8");
    let (status, body) = send(Method::GET, &path, &bearer, "");
    assert!(status == 200 && body.contains("\"addonTag\""), "{body}");
    let (_, body) = send(Method::GET, &customer, &bearer, "");
    assert!(body.contains("\"data\":{}"), "{body}");
    let path = format!("{ci}/update-config?{account}&infra=K8");
    let (status, body) = send(Method::POST, &path, &bearer, pin);
    assert!(status == 200 && body.contains("\"data\":true"), "{body}");
    let (_, body) = send(Method::GET, &customer, &bearer, "");
    assert!(body.contains("1.0.9-rootless"), "{body}");
    let merged = customer.replace("true", "false");
    let (_, body) = send(Method::GET, &merged, &bearer, "");
    assert!(
        body.contains("1.0.9-rootless") && body.contains("addonTag"),
        "{body}"
    );
    let path = format!("{ci}/reset-config?{account}&infra=K8");
    let (status, _) = send(Method::POST, &path, &bearer, reset);
    assert_eq!(status, 200);
    assert!(server.overrides(Module::Ci, K8).is_empty());
    let wrong = "{\"fields\":[{\"name\":\"gitCloneTag\"}]}";
    assert_eq!(send(Method::POST, &path, &bearer, wrong).0, 400);

    // DBOps' oldest document leaves the key out.
    let only_account = [("harness-account", ACCOUNT.to_owned())];
    let dbops = "/gateway/v1/dbops/execution-config/get-default-config";
    assert_eq!(send(Method::GET, dbops, &only_account, "").0, 401);
    server.change_options(|options| options.lenient = true);
    let (status, body) = send(Method::GET, dbops, &only_account, "");
    assert!(status == 200 && body.contains("\"defaultTag\""), "{body}");

    // Wiping ci wipes both infrastructures.
    server.set_override(Module::Ci, K8, "gitCloneTag", Some("a/b:1"));
    server.set_override(Module::Ci, VM, "gitCloneTag", Some("a/b:2"));
    server.set_override(Module::Idp, K8, "gitCloneTag", Some("a/b:3"));
    let path = format!("{ci}?{account}&infra=K8");
    assert_eq!(send(Method::DELETE, &path, &bearer, "").0, 200);
    assert!(server.overrides(Module::Ci, VM).is_empty());
    assert!(!server.overrides(Module::Idp, K8).is_empty());
}

#[test]
fn the_server_loses_updates_that_are_sent_side_by_side() {
    let server = HarnessServer::with(Options {
        pause: Duration::from_millis(700),
        ..Options::default()
    });
    with(&server, async |harness| {
        let first = pairs(&[("addonTag", "a/b:1")]);
        let second = pairs(&[("gitCloneTag", "c/d:1")]);
        let (one, two) = futures_util::future::join(
            harness.pin(Module::Ci, K8, &first, soon()),
            harness.pin(Module::Ci, VM, &second, soon()),
        )
        .await;
        one.and(two).unwrap();
    });
    assert_eq!(server.most_writes_at_once(), 2);
    let saved = server.overrides(Module::Ci, K8).len() + server.overrides(Module::Ci, VM).len();
    assert_eq!(saved, 1);
}

#[test]
fn the_server_goes_wrong_when_told_to() {
    let server = HarnessServer::start();
    server.fail_nth(Call::AnyWrite, 2, Fault::SavePart(1));
    let meanwhile = Fault::Meanwhile(
        Module::Ci,
        VM,
        "gitCloneTag".to_owned(),
        Some("x/y:9".to_owned()),
    );
    server.fail_next(Call::Reset, meanwhile);
    with(&server, async |harness| {
        let names = ["addonTag".to_owned()];
        harness.reset(Module::Ci, K8, &names, soon()).await.unwrap();
        let fields = pairs(&[("addonTag", "a/b:1"), ("gitCloneTag", "c/d:1")]);
        harness.pin(Module::Ci, K8, &fields, soon()).await.unwrap();
    });
    let k8: Vec<String> = server.overrides(Module::Ci, K8).into_keys().collect();
    assert_eq!(k8, ["addonTag"]);
    assert_eq!(server.overrides(Module::Ci, VM)["gitCloneTag"], "x/y:9");

    server.fail_always(Call::AnyRead, Fault::Page);
    assert_eq!(
        name(&defaults(&server, Module::Ci).unwrap_err()),
        "not json"
    );
    server.mend();
    assert!(defaults(&server, Module::Ci).is_ok());
}

#[test]
fn no_answer_at_all_is_told_with_the_host() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let access = HarnessAccess {
        credential: Credential::ApiKey(KEY.into()),
        account_id: ACCOUNT.to_owned(),
        endpoint: format!("http://{gone}").parse().unwrap(),
    };
    let error = run(async {
        let http = http(10);
        let harness = Harness::new(&http, &access);
        harness.reset(Module::Ci, K8, &[], soon()).await
    });
    let error = error.unwrap_err();
    assert!(
        matches!(
            &error,
            HarnessError::Http {
                source: HttpError::Connect { .. },
                ..
            }
        ),
        "{error}"
    );
    assert!(!error.may_have_arrived());
}
