//! Steps that read an account.

use harness_images::model::module::{Infra, Module};
use serde_json::{Value, json};

use support::harness_server::{ACCOUNT, Call, Fault, HarnessServer, KEY, NoneStyle, Options};
use support::step::Step;

const K8: Option<Infra> = Some(Infra::K8);

fn step(server: &HarnessServer) -> Step {
    Step::on_server(&server.url(), KEY)
}

#[test]
fn every_module_is_read_side_by_side() {
    let server = HarnessServer::start();
    server.set_override(Module::Ci, K8, "addonTag", Some("harness/ci-addon:1.13.0"));
    let clone = "harness/drone-git:1.4.0-rootless";
    server.set_override(Module::Dbops, None, "gitCloneTag", Some(clone));
    let ran = step(&server)
        .set("modules", "ci,dbops,iacm,idp")
        .set("infra", "K8,VM")
        .set("fail_on", "unsupported")
        .run()
        .ends(3);
    let row = |module: &str, field: &str| {
        let mut rows = ran.rows().into_iter();
        rows.find(|row| row["module"] == module && row["field"] == field)
            .unwrap()
    };
    assert_eq!(row("ci", "addonTag")["verdict"], "unsupported");
    assert_eq!(row("dbops", "gitCloneTag")["verdict"], "supported");
    assert_eq!(row("dbops", "gitCloneTag")["infra"], json!(null));
    assert_eq!(ran.report()["account"], ACCOUNT);
    let log = server.log();
    assert_eq!(
        log.len(),
        14,
        "defaults and overrides of three modules with two infrastructures and one without"
    );
    assert!(log.iter().all(|got| got.method == "GET"));
}

#[test]
fn answers_mean_the_same_however_they_look() {
    for none in [
        NoneStyle::Empty,
        NoneStyle::Null,
        NoneStyle::Absent,
        NoneStyle::Blanks,
    ] {
        let server = HarnessServer::with(Options {
            none,
            ..Options::default()
        });
        let ran = step(&server).run().ends(0);
        let is_default = |row: &Value| row["source"] == "default";
        assert!(ran.rows().iter().all(is_default), "{none:?}");
        assert_eq!(ran.report()["summary"]["unverified"], 0, "{none:?}");
    }
}

#[test]
fn failures_of_the_api_end_with_1_and_say_what_mends_them() {
    // fault, on what, words that the error has
    let page = || Fault::Page;
    let cases: [(Call, Fault, &[&str]); 8] = [
        (Call::AnyRead, Fault::Status(401), &["api_key", "401", "correlation id"]),
        (Call::AnyRead, Fault::Status(403), &["403", "correlation id"]),
        (Call::AnyRead, Fault::Status(500), &["500", "correlation id"]),
        (Call::Overrides, page(), &["overrides", "web page"]),
        (Call::Defaults, Fault::Answer(200, "application/json".to_owned(), b"{\"status\":\"FAILURE\",\"code\":\"X\",\"message\":\"no such account\",\"correlationId\":\"c-1\"}".to_vec()), &["no such account", "c-1"]),
        (Call::Defaults, Fault::Answer(200, "application/json".to_owned(), b"{\"status\":\"SUCCESS\",\"data\":[1]}".to_vec()), &["defaults"]),
        (Call::Overrides, Fault::Answer(200, "application/json".to_owned(), b"{\"status\":\"SUCC".to_vec()), &["overrides"]),
        (Call::Overrides, Fault::Hang, &["overrides", "timeout"]),
    ];
    for (call, fault, words) in cases {
        let server = HarnessServer::start();
        server.fail_always(call, fault.clone());
        let timeout = if matches!(fault, Fault::Status(500) | Fault::Hang) {
            "2"
        } else {
            "20"
        };
        let ran = step(&server).set("timeout", timeout).run().ends(1);
        for word in words {
            assert!(
                ran.errors().to_lowercase().contains(&word.to_lowercase()),
                "{fault:?} lacks {word}: {}",
                ran.errors()
            );
        }
        assert_eq!(ran.outputs["FAILED"], "true", "{fault:?}");
    }
}

#[test]
fn what_is_known_is_reported_when_a_module_fails() {
    let server = HarnessServer::start();
    server.set_override(Module::Ci, K8, "addonTag", Some("harness/ci-addon:1.13.0"));
    server.fail_always(Call::AnyRead, Fault::Status(403));
    server.recover();
    server.change_options(|options| options.dbops = support::harness_server::DbopsPaths::Neither);
    let ran = step(&server)
        .set("modules", "ci,dbops")
        .set("fields", "addonTag,mongoTag")
        .set("ignore", "mongoTag")
        .set("fail_on", "any")
        .run()
        .ends(1);
    let blames = |code: &String| code.starts_with("unknown-") || code == "ignore-unused";
    assert!(!ran.warnings().iter().any(blames));
    assert!(ran.verdicts().contains(&"addonTag unsupported".to_owned()));
    ran.has_error("dbops");
    assert_eq!(ran.outputs["FAILED"], "true");
    assert_eq!(ran.outputs["UNSUPPORTED_COUNT"], "1");
}

#[test]
fn an_unreachable_server_is_named_with_the_setting() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let ran = Step::on_server(&format!("http://{address}"), KEY)
        .set("timeout", "2")
        .run()
        .ends(1);
    ran.has_error(&address);
    ran.has_error("endpoint");
}

#[test]
fn a_server_that_repeats_the_key_does_not_spread_it() {
    let server = HarnessServer::start();
    let message = format!(
        "{{\"status\":\"ERROR\",\"code\":\"INVALID_TOKEN\",\"message\":\"token {KEY} is bad\",\"correlationId\":\"{KEY}\"}}"
    );
    server.fail_always(
        Call::AnyRead,
        Fault::Answer(401, "application/json".to_owned(), message.into_bytes()),
    );
    let ran = step(&server).run().ends(1);
    ran.has_error("is bad");
    let server = HarnessServer::start();
    let image = format!("acme/{KEY}:1.0.0");
    server.set_override(Module::Ci, K8, "addonTag", Some(&image));
    server.set_default(Module::Ci, K8, KEY, "harness/x:1.0.0");
    // It may also have been pasted where it does not belong.
    let ran = step(&server)
        .set("record", "snapshot.json")
        .set("supported_releases", &format!("{KEY}=2"))
        .set("release_unit", &format!("{{\"{KEY}\":\"patch\"}}"))
        .run()
        .ends(0);
    ran.prints("[secret]");
    let report = ran.report();
    assert!(!report.to_string().contains(KEY), "{report}");
    assert_eq!(report["policy"]["supported_releases"]["[secret]"], 2);
    assert_eq!(report["policy"]["release_unit"]["[secret]"], "patch");
}

#[test]
fn a_recorded_run_is_judged_alike() {
    let server = HarnessServer::start();
    server.set_override(Module::Ci, K8, "addonTag", Some("harness/ci-addon:1.13.0"));
    server.set_override(Module::Ci, K8, "gone", Some("harness/old:1.0.0"));
    server.set_default(Module::Ci, K8, "blank", "");
    let live = step(&server)
        .set("modules", "ci,dbops")
        .set("record", "facts/snapshot.json")
        .run()
        .ends(0);
    let recorded = live.json("facts/snapshot.json");
    let again = Step::on_snapshot(&recorded)
        .set("modules", "ci,dbops")
        .set("registry", "off")
        .run()
        .ends(0);
    assert_eq!(live.report(), again.report());
    assert_eq!(live.stdout, again.stdout);
}

#[test]
fn bearer_tokens_and_endpoints_of_every_shape_work() {
    let server = HarnessServer::with(Options {
        prefix: "/self-managed".to_owned(),
        ..Options::default()
    });
    let base = server.url();
    for endpoint in [
        base.clone(),
        format!("{base}/"),
        format!("{base}/gateway"),
        format!("{base}/gateway/"),
    ] {
        let ran = Step::new()
            .secret("bearer_token", KEY)
            .set("account_id", ACCOUNT)
            .set("endpoint", &endpoint)
            .set("registry", "off")
            .set("modules", "ci,dbops")
            .run()
            .ends(0);
        assert!(ran.rows().len() > 40, "{endpoint}");
    }
    assert!(
        server
            .log()
            .iter()
            .all(|got| got.header("authorization").is_some() && got.header("x-api-key").is_none())
    );
}
