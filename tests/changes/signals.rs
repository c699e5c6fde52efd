//! Steps that are asked to end.

use std::time::{Duration, Instant};

use super::cell::{AccountState, Does, Modules, account, changes, judge, step, whole};
use support::harness_server::{Call, Fault, HarnessServer};
use support::step::Running;

/// Waits until the server has got what is looked for.
fn wait(server: &HarnessServer, found: impl Fn(&HarnessServer) -> bool) {
    let begun = Instant::now();
    while !found(server) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never came");
        std::thread::yield_now();
    }
}

fn writes(count: usize) -> impl Fn(&HarnessServer) -> bool {
    move |server| server.writes().len() >= count
}

/// Ends the step, and says how long that took.
fn end(running: Running, signal: &str) -> (support::step::Ran, Duration) {
    let asked = Instant::now();
    running.signal(signal);
    let ran = running.end();
    (ran, asked.elapsed())
}

#[test]
fn changes_under_way_are_put_back() {
    for signal in ["TERM", "INT"] {
        for does in Does::ALL {
            let server = account();
            let before = whole(&server);
            // The first write is carried out, but never answered.
            server.fail_next(Call::AnyWrite, Fault::SaveThenHang);
            let running = step(&server, does, Modules::Two).start();
            wait(&server, writes(1));
            wait(&server, |server| whole(server) != before);
            let (ran, took) = end(running, signal);
            let hint = format!("{does:?} {signal}");
            assert!(took < Duration::from_secs(6), "{hint}: {took:?}");
            let ended = judge(&server, &ran, &before, &hint);
            assert_eq!(ended, AccountState::Before, "{hint}: {}", ran.errors());
            ran.has_error(&format!("ended by SIG{signal}"));
            assert!(ran.stderr.contains("`action: restore`"), "{}", ran.stderr);
        }
    }
}

#[test]
fn a_step_that_only_reads_ends_at_once_with_a_report() {
    let server = account();
    server.fail_always(Call::AnyRead, Fault::Hang);
    let running = step(&server, Does::Pin, Modules::One).start();
    wait(&server, |server| !server.log().is_empty());
    let (ran, took) = end(running, "TERM");
    assert!(took < Duration::from_secs(2), "{took:?}");
    let ran = ran.ends(1);
    ran.has_error("ended by SIGTERM");
    assert_eq!(server.writes().len(), 0);
}

#[test]
fn what_cannot_be_read_in_time_is_unknown() {
    let server = account();
    let before = whole(&server);
    server.fail_next(Call::AnyWrite, Fault::SaveThenHang);
    let running = step(&server, Does::Pin, Modules::One).start();
    wait(&server, writes(1));
    wait(&server, |server| whole(server) != before);
    server.fail_always(Call::AnyRead, Fault::Hang);
    server.fail_always(Call::AnyWrite, Fault::Hang);
    let (ran, took) = end(running, "TERM");
    assert!(took < Duration::from_secs(7), "{took:?}");
    let ran = ran.ends(4);
    let states: Vec<String> = changes(&ran).into_iter().map(|one| one.state).collect();
    assert_eq!(states, ["unknown", "unknown"]);
    ran.has_error("harness-images-backup.json");
}

#[test]
fn the_way_back_is_in_the_log_before_the_first_write() {
    // At `error` the log has errors alone.
    for (level, is_reported) in [("info", true), ("warn", true), ("error", false)] {
        let server = account();
        server.fail_next(Call::AnyWrite, Fault::Hang);
        let running = step(&server, Does::Pin, Modules::One)
            .set("log_level", level)
            .start();
        wait(&server, writes(1));
        // Nothing that the program does at its end takes part.
        running.signal("KILL");
        let stderr = running.stderr_of_the_killed();
        assert_eq!(
            stderr.contains("`action: restore`, `backup: "),
            is_reported,
            "{level}: {stderr}"
        );
    }
}
