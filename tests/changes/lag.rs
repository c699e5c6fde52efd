//! Reads that are behind the writes.

use std::time::Duration;

use super::cell::{AccountState, Does, Modules, account, changes, judge, step, whole};
use support::harness_server::{Call, Fault};

#[test]
fn a_change_that_is_seen_late_is_confirmed() {
    std::thread::scope(|scope| {
        for lag in [600, 2000, 5000] {
            for does in Does::ALL {
                scope.spawn(move || {
                    let server = account();
                    let before = whole(&server);
                    server.lag_reads(Duration::from_millis(lag));
                    let ran = step(&server, does, Modules::Two).run();
                    let hint = format!("{does:?} {lag}");
                    assert_eq!(
                        judge(&server, &ran, &before, &hint),
                        AccountState::Planned,
                        "{hint}"
                    );
                });
            }
        }
    });
}

#[test]
fn an_unanswered_change_that_is_seen_late_is_confirmed() {
    let server = account();
    let before = whole(&server);
    server.lag_reads(Duration::from_millis(1500));
    server.fail_next(Call::AnyWrite, Fault::SaveThenStatus(502));
    let ran = step(&server, Does::Pin, Modules::One).run();
    assert_eq!(judge(&server, &ran, &before, "502"), AccountState::Planned);
}

#[test]
fn what_no_read_shows_in_time_is_undone() {
    for does in Does::ALL {
        let server = account();
        let before = whole(&server);
        server.lag_reads(Duration::from_secs(60));
        let ran = step(&server, does, Modules::One).set("timeout", "6").run();
        let hint = format!("{does:?}");
        assert_eq!(
            judge(&server, &ran, &before, &hint),
            AccountState::Before,
            "{hint}"
        );
        let errors = ran.errors();
        assert!(!errors.contains("nothing was changed"), "{errors}");
    }
}

#[test]
fn nothing_was_changed_is_said_after_all_reads_only() {
    // what the write does, timeout, whether that is said
    let cases = [
        (Fault::Status(500), "45", true),
        (Fault::Status(500), "6", false),
        // Harness says refused; no read can confirm that in time.
        (Fault::SaveThenStatus(400), "45", false),
    ];
    std::thread::scope(|scope| {
        for (fault, timeout, is_said) in cases {
            scope.spawn(move || {
                let server = account();
                let is_saved = matches!(fault, Fault::SaveThenStatus(_));
                if is_saved {
                    server.lag_reads(Duration::from_secs(60));
                }
                server.fail_next(Call::AnyWrite, fault.clone());
                let ran = step(&server, Does::Pin, Modules::One)
                    .set("timeout", timeout)
                    .run()
                    .ends(4);
                let errors = ran.errors();
                let hint = format!("{fault:?} {timeout}: {errors}");
                assert_eq!(errors.contains("nothing was changed"), is_said, "{hint}");
                let log = server.log();
                let write = log.iter().position(|got| got.method == "POST").unwrap();
                let reads = log.len() - write - 1;
                assert!(is_saved || reads > 1, "two reads or more: {hint}");
            });
        }
    });
}

#[test]
fn what_may_still_show_is_unknown() {
    // what the write does, what its undo does, signal
    let cases = [
        (Fault::SaveThenStatus(502), None, None),
        (Fault::SaveThenHang, None, Some("TERM")),
        (Fault::SavePart(9), Some(Fault::Status(403)), None),
    ];
    std::thread::scope(|scope| {
        for (fault, undo, signal) in cases {
            scope.spawn(move || {
                let server = account();
                let before = whole(&server);
                server.lag_reads(Duration::from_secs(60));
                server.fail_next(Call::AnyWrite, fault.clone());
                for (nth, undo) in (2..6).zip(std::iter::repeat(&undo)) {
                    if let Some(undo) = undo {
                        server.fail_nth(Call::AnyWrite, nth, undo.clone());
                    }
                }
                let running = step(&server, Does::Pin, Modules::One)
                    .set("timeout", "8")
                    .start();
                if let Some(signal) = signal {
                    while whole(&server) == before {
                        std::thread::yield_now();
                    }
                    running.signal(signal);
                }
                let ran = running.end();
                let hint = format!("{fault:?} {undo:?} {signal:?}");
                // All of it was carried out, as it happens.
                assert_eq!(
                    judge(&server, &ran, &before, &hint),
                    AccountState::Planned,
                    "{hint}"
                );
                let unknown =
                    |change: &crate::changes::cell::ReportedChange| change.state == "unknown";
                assert!(changes(&ran).iter().all(unknown), "{hint}: {}", ran.stdout);
                assert!(!ran.errors().contains("nothing was changed"), "{hint}");
            });
        }
    });
}
