//! What is said when something is wrong.

use super::*;

#[test]
fn wrong_answers_are_errors_that_say_what_is_wrong() {
    let error = |status: &str| {
        format!(
            r#"{{"status":"{status}","message":"It broke","correlationId":"id-17","errors":[{{"fieldId":"infra","error":"bad"}}]}}"#
        )
    };
    let (failure, odd) = (error("FAILURE"), error("ERROR"));
    let deep = format!(r#"{{"status":"SUCCESS","data":{}}}"#, "[".repeat(10_000));
    // Status, body, the failure, and a part of its text.
    let cases: Vec<(u16, &str, &str, &str)> = vec![
        (200, &failure, "failure", "It broke; infra: bad"),
        (200, &odd, "failure", "correlation id id-17"),
        (200, "", "not json", "empty"),
        (200, "  ", "not json", "empty"),
        (204, "", "not json", "empty"),
        (200, "<html><title>Log in\n</title>", "not json", "“Log in”"),
        (200, "hello", "not json", "some other text"),
        (200, "{\"status\":\"SUCC", "not json", "cut short"),
        (200, "{} {}", "not json", "garbled"),
        (200, &deep, "not json", "cut short"),
        (200, "[]", "shape", "a list"),
        (200, "\"x\"", "shape", "a text"),
        (200, "17", "shape", "a number"),
        (200, "true", "shape", "`true`"),
        (200, r#"{"status":"SUCCESS","data":[]}"#, "shape", "a list"),
        (200, r#"{"status":"SUCCESS","data":"x"}"#, "shape", "a text"),
        (
            200,
            r#"{"status":"SUCCESS","data":true}"#,
            "shape",
            "`true`",
        ),
        (200, r#"{"status":"SUCCESS","data":4}"#, "shape", "a number"),
        (302, "", "status", "`endpoint`"),
        (400, &failure, "rejected", "infra: bad"),
        (401, &odd, "unauthorised", "`api_key`"),
        (401, "<html></html>", "unauthorised", "a web page"),
        (403, &odd, "forbidden", "Account Viewer"),
        (404, &odd, "not found", "`endpoint`"),
        (418, &odd, "status", "418"),
        (501, &odd, "server", "correlation id id-17"),
    ];
    for (status, body, expected, text) in cases {
        for module in [Module::Ci, Module::Dbops] {
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
    // No correlation id is named where none was given.
    for body in ["", "<html></html>", r#"{"message":"It broke"}"#] {
        let server = HarnessServer::start();
        server.fail_always(Call::Defaults, json(501, body));
        let shown = defaults(&server, Module::Ci).unwrap_err().to_string();
        assert!(shown.contains("try again later"), "{body}: {shown}");
        assert!(!shown.contains("correlation"), "{body}: {shown}");
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
    let message = error.server.message.clone().unwrap();
    assert!(
        message.starts_with("Line 1 line 2 [secret] [secret] ü"),
        "{message}"
    );
    assert_eq!(message.chars().count(), 301);
    assert!(!format!("{error}{error:?}").contains("harnessserversecret"));
}

#[test]
fn refusals_name_the_setting_and_the_permission() {
    let server = HarnessServer::start();
    let cases = [
        (
            HarnessCredential::ApiKey("pat.acme.0.wrongwrong".into()),
            "`api_key`",
            "expired",
        ),
        (
            HarnessCredential::Bearer("wrongwrong".into()),
            "`bearer_token`",
            "expired",
        ),
        (
            HarnessCredential::ApiKey(VIEWER_KEY.into()),
            "`api_key`",
            "core_account_edit",
        ),
        (
            HarnessCredential::Bearer(VIEWER_KEY.into()),
            "`bearer_token`",
            "Account Admin",
        ),
        (
            HarnessCredential::ApiKey("two\nlines".into()),
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
    let viewer = HarnessCredential::ApiKey(VIEWER_KEY.into());
    with_key(&server, viewer, async |harness| {
        assert!(harness.overrides(Module::Idp, K8).await.is_ok());
    });
}

#[test]
fn no_answer_at_all_is_reported_with_the_host() {
    let refusing = Refusing::start();
    let access = HarnessAccess {
        credential: HarnessCredential::ApiKey(KEY.into()),
        account_id: ACCOUNT.to_owned(),
        endpoint: format!("http://{}", refusing.address).parse().unwrap(),
    };
    let error = run(async {
        let http = http(10);
        let harness = Harness::new(&http, &access);
        harness.reset(Module::Ci, K8, &[], soon()).await
    });
    let error = error.unwrap_err();
    let is_connect = matches!(error.cause, Cause::Http(HttpError::Connect { .. }));
    assert!(is_connect, "{error}");
    assert!(!error.may_have_arrived());
}
