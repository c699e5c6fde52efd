//! `docs/troubleshooting.md` is searched by what a log shows, so every message in it is one that a run
//! prints.

use support::harness_server::{HarnessServer, KEY, Pipelines, VIEWER_KEY};
use support::raw_server::{RawServer, Refusing, Reply, answer};
use support::step::Step;

const PIN: &str = "addonTag=harness/ci-addon:1.16.92";

/// What a registry or Harness answers to everything.
fn always(status: &'static str, body: &'static str) -> RawServer {
    RawServer::start(move |_, _| answer(status, "", body))
}

/// All that was printed by a run for each of the symptoms, white space made equal.
fn printed() -> String {
    let (server, pipelines) = (HarnessServer::start(), HarnessServer::start());
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
    steps.extend(about_files_and_pipelines(&server, &pipelines));
    let mut all = String::new();
    for step in steps {
        let ran = step.run();
        all.push_str(&ran.stdout);
        all.push_str(&ran.stderr);
    }
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs that do not find, or cannot read, what they look for.
fn about_files_and_pipelines(denied: &HarnessServer, slow: &HarnessServer) -> [Step; 5] {
    denied.change_pipelines(|all| {
        *all = Pipelines::small();
        all.deny("default/shop");
    });
    slow.change_pipelines(|all| *all = Pipelines::small());
    let files = |names: &str| {
        Step::new()
            .write("broken.yml", "a: [1\nb: 2\n")
            .write(
                "alpine.yml",
                "kind: pipeline\nsteps:\n- image: alpine:3.20.1\n",
            )
            .set("modules", "none")
            .set("registry", "off")
            .set("files", names)
    };
    let pipelines = |server: &HarnessServer, names: &str| {
        Step::on_server(&server.url(), KEY)
            .set("modules", "none")
            .set("pipelines", names)
    };
    [
        files("alpine.yml"),
        files("broken.yml,nope.yml"),
        pipelines(denied, "account"),
        pipelines(denied, "platform/tools/nope*"),
        pipelines(slow, "account")
            .set("requests_per_minute", "1")
            .set("timeout", "3"),
    ]
}

#[test]
fn every_message_is_one_that_a_run_prints() {
    let page = include_str!("../../docs/troubleshooting.md");
    let messages: Vec<&str> = page
        .split("```text\n")
        .skip(1)
        .flat_map(|rest| rest.split("\n```").next().unwrap().lines())
        .collect();
    assert!(messages.len() > 12, "{messages:?}");
    let printed = printed();
    let missing: Vec<&&str> = messages
        .iter()
        .filter(|message| !message.split('…').all(|part| printed.contains(part.trim())))
        .collect();
    assert!(missing.is_empty(), "{missing:#?} not in:\n{printed}");
}
