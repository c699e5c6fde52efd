//! `docs/troubleshooting.md` is searched by what a log shows, so every message in it is one that a run
//! prints.

use support::harness_server::{HarnessServer, KEY, VIEWER_KEY};
use support::raw_server::{RawServer, Refusing, Reply, answer};
use support::step::Step;

const PIN: &str = "addonTag=harness/ci-addon:1.16.92";

/// What a registry or Harness answers to everything.
fn always(status: &'static str, body: &'static str) -> RawServer {
    RawServer::start(move |_, _| answer(status, "", body))
}

/// All that was printed by a run for each of the symptoms, white space made equal.
fn printed() -> String {
    let server = HarnessServer::start();
    let (url, silent) = (server.url(), RawServer::start(|_, _| Reply::Hang));
    let (page, refusing) = (always("200 OK", "<html>login</html>"), Refusing::start());
    let stranger = RawServer::start_tls("self-signed", |_, _| answer("200 OK", "", "{}"));
    let at = |address: &str| format!("http://{address}");
    let step = || Step::on_server(&url, KEY).set("fields", "addonTag");
    let mut steps = vec![
        Step::new().set("endpoint", &url).set("failon", "any"),
        Step::on_server(&url, "pat.acme-Account_1.x.y"),
        Step::on_server(&url, VIEWER_KEY)
            .set("action", "pin")
            .set("pin", PIN),
        Step::on_server(&at(&page.address), KEY),
        Step::on_server(&at(&refusing.address), KEY),
        Step::on_server(&at(&silent.address), KEY).set("timeout", "1"),
        Step::on_server(&format!("https://{}", stranger.address), KEY),
        step().env("SSL_CERT_FILE", "/nowhere/ca.pem"),
        step().set("action", "pin").set("pin", "addonTag=latest-1"),
    ];
    let empty = always("200 OK", r#"{"name":"harness/ci-addon","tags":[]}"#);
    let refuses = always("403 Forbidden", "");
    let closed = always("407 Proxy Authentication Required", "");
    for proxy in [&refuses, &closed] {
        let far = Step::on_server("https://far.example", KEY).set("timeout", "9");
        steps.push(far.env("https_proxy", &at(&proxy.address)));
    }
    let registries = [
        always(
            "403 Forbidden",
            r#"{"errors":[{"code":"DENIED","message":"no"}]}"#,
        ),
        always("429 Too Many Requests", "{}"),
        always(
            "429 Too Many Requests",
            r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your unauthenticated pull rate limit."}]}"#,
        ),
        RawServer::start(|_, _| {
            answer(
                "401 Unauthorized",
                "WWW-Authenticate: Basic realm=\"r\"\r\n",
                "",
            )
        }),
        always("200 OK", "{}"),
    ];
    for registry in registries.iter().chain([&empty]) {
        steps.push(
            step()
                .set("registry", &at(&registry.address))
                .set("timeout", "9"),
        );
    }
    let pin = step().set("registry", &at(&empty.address));
    steps.push(pin.set("action", "pin").set("pin", PIN));
    let mut all = String::new();
    for step in steps {
        let ran = step.run();
        all.push_str(&ran.stdout);
        all.push_str(&ran.stderr);
    }
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_message_is_one_that_a_run_prints() {
    let page = include_str!("../../docs/troubleshooting.md");
    let messages: Vec<&str> = page
        .split("```text\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect();
    assert!(messages.len() > 12, "{messages:?}");
    let printed = printed();
    let missing: Vec<&&str> = messages
        .iter()
        .filter(|message| !message.split('…').all(|part| printed.contains(part.trim())))
        .collect();
    assert!(missing.is_empty(), "{missing:#?} not in:\n{printed}");
}
