//! What servers send never begins a line of the log, and errors that end a run are in it.

use serde_json::json;

use support::harness_server::{Call, Fault, HarnessServer, KEY};
use support::step::Step;

/// A field's name with line ends, control characters, an order mark, and 70 KB of text.
fn hostile() -> String {
    format!(
        "tag\n::error:: \u{1b}[31mred\u{202e}gnp\u{7}{}",
        "x".repeat(70_000)
    )
}

#[test]
fn names_that_a_server_sends_stay_on_their_line() {
    for format in ["text", "json"] {
        let server = HarnessServer::start();
        let overrides = json!({"status": "SUCCESS", "data": {hostile(): "harness/ci-addon:1.0.0"}});
        server.fail_always(
            Call::Overrides,
            Fault::Answer(
                200,
                "application/json".to_owned(),
                overrides.to_string().into(),
            ),
        );
        // The field is planned to be reset, so its name is in plan, log and errors.
        let ran = Step::on_server(&server.url(), KEY)
            .set("action", "reset")
            .set("reset", "all")
            .set("timeout", "4")
            .set("log_format", format)
            .run();
        for (place, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            for line in text.lines() {
                assert!(!line.starts_with("::error::"), "{format} {place}: {line}");
                assert!(
                    line.len() < 20_000,
                    "{format} {place}: {} bytes",
                    line.len()
                );
            }
            for c in ['\u{1b}', '\u{202e}', '\u{7}'] {
                assert!(
                    !text.contains(c),
                    "{format} {place}: {}",
                    c.escape_unicode()
                );
            }
        }
        if format == "json" {
            for line in ran.stderr.lines() {
                let _: serde_json::Value = serde_json::from_str(line).expect(line);
            }
        }
    }
}

#[test]
fn errors_that_end_a_run_are_in_the_log() {
    // settings, exit status, words
    let refused = [("action", "clear")];
    let unread = [("endpoint", "http://127.0.0.1:9")];
    let cases = [
        (&refused, 4, "clear removes every override"),
        (&unread, 1, "127.0.0.1:9"),
    ];
    for (settings, status, words) in cases {
        let server = HarnessServer::start();
        let step = Step::on_server(&server.url(), KEY).set("log_level", "error");
        let ran = step.set_all(settings).run().ends(status);
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    let wrong = Step::new().set("infra", "mainframe").run().ends(2);
    assert!(wrong.stderr.contains("infra"), "{}", wrong.stderr);
}

#[test]
fn pipes_and_links_are_not_written_through() {
    let snapshot = json!({"format": "harness-images/snapshot/v1", "taken_at": "2026-11-20"});
    let step = Step::on_snapshot(&snapshot).set("reports", "report.json,pipe.md");
    let made = std::process::Command::new("mkfifo")
        .arg(step.path("pipe.md"))
        .status();
    assert!(made.unwrap().success());
    let ran = step.run().ends(1);
    assert!(ran.stderr.contains("a pipe"), "{}", ran.stderr);

    let step = Step::on_snapshot(&snapshot).write("precious", "kept");
    std::os::unix::fs::symlink(step.path("precious"), step.path("report.json")).unwrap();
    let ran = step.run().ends(0);
    assert_eq!(ran.read("precious"), "kept");
    ran.report();
}

#[test]
fn a_web_api_that_cannot_be_reached_is_logged_once() {
    // Nothing listens there, so no request leaves the machine.
    let nowhere = "http://127.0.0.1:9";
    let images: Vec<String> = (0..12).map(|n| format!("plugins/p{n}:1.0.0")).collect();
    let ran = Step::new()
        .set("modules", "none")
        .set("images", &images.join(","))
        .set("hub_endpoint", nowhere)
        .env("HTTPS_PROXY", nowhere)
        .set("log_level", "info")
        .set("timeout", "10")
        .run()
        .ends(0);
    let lines = ran
        .stderr
        .matches("Docker Hub's web API is of no use")
        .count();
    assert_eq!(lines, 1, "{}", ran.stderr);
}
