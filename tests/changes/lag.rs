//! Reads that are behind the writes.

use std::time::Duration;

use super::cell::{Does, End, Modules, account, judge, step, whole};
use crate::support::harness_server::{Call, Fault};

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
                    assert_eq!(judge(&server, &ran, &before, &hint), End::Planned, "{hint}");
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
    assert_eq!(judge(&server, &ran, &before, "502"), End::Planned);
}

#[test]
fn what_no_read_shows_in_time_is_undone() {
    for does in Does::ALL {
        let server = account();
        let before = whole(&server);
        server.lag_reads(Duration::from_secs(60));
        let ran = step(&server, does, Modules::One).set("timeout", "6").run();
        let hint = format!("{does:?}");
        assert_eq!(judge(&server, &ran, &before, &hint), End::Before, "{hint}");
        let errors = ran.errors();
        assert!(!errors.contains("nothing was changed"), "{errors}");
    }
}

#[test]
fn nothing_was_changed_is_said_after_two_reads_only() {
    let server = account();
    server.fail_next(Call::AnyWrite, Fault::Status(500));
    let ran = step(&server, Does::Pin, Modules::One)
        .set("timeout", "6")
        .run()
        .ends(4);
    assert!(
        ran.errors().contains("nothing was changed"),
        "{}",
        ran.errors()
    );
    let log = server.log();
    let write = log.iter().position(|got| got.method == "POST").unwrap();
    assert!(log.len() - write > 2, "one write, then two reads or more");
}
