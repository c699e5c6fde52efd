//! Outputs that are full, closed or gone, at every stage of a change.

use std::fs::{File, OpenOptions};
use std::process::Stdio;

use super::cell::{Does, Modules, account, step, whole};
use support::harness_server::{Call, Fault};
use support::step::Step;

/// What is wrong with an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// No room is left.
    Full,
    /// It was opened for reading only.
    Closed,
    /// Its reader has gone.
    Gone,
}

fn stdio(wrong: Option<Wrong>) -> Stdio {
    match wrong {
        None => Stdio::piped(),
        Some(Wrong::Full) => OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
            .into(),
        Some(Wrong::Closed) => File::open("/dev/null").unwrap().into(),
        Some(Wrong::Gone) => {
            let (_, writer) = std::io::pipe().unwrap();
            writer.into()
        }
    }
}

/// The four places to which a run writes.
const PLACES: [&str; 4] = ["stdout", "stderr", "report", "outputs"];

#[test]
fn an_output_that_cannot_be_written_stops_no_change() {
    let faults = [
        None,
        Some(Fault::SaveThenStatus(400)),
        Some(Fault::SavePart(1)),
    ];
    std::thread::scope(|scope| {
        for place in PLACES {
            for wrong in [Wrong::Full, Wrong::Closed, Wrong::Gone] {
                for fault in &faults {
                    scope.spawn(move || one(place, wrong, fault.clone()));
                }
            }
        }
    });
}

fn one(place: &str, wrong: Wrong, fault: Option<Fault>) {
    let hint = format!("{place} {wrong:?} {fault:?}");
    let server = account();
    let before = whole(&server);
    let is_faulty = fault.is_some();
    if let Some(fault) = fault {
        server.fail_next(Call::AnyWrite, fault);
    }
    let step = with_file(
        step(&server, Does::Pin, Modules::Two).set("timeout", "12"),
        place,
        wrong,
    );
    let only = |name: &str| (place == name).then_some(wrong);
    let ran = step.run_with(stdio(only("stdout")), stdio(only("stderr")));
    let after = whole(&server);
    if is_faulty {
        assert_eq!(after, before, "{hint}: {}", ran.stderr);
        assert_eq!(ran.status, 4, "{hint}: {}", ran.stderr);
    } else {
        let pinned = after.get("ci.K8.addonTag").map(String::as_str);
        assert_eq!(pinned, Some("harness/ci-addon:1.16.90"), "{hint}");
        assert_eq!(after.len(), before.len() + 2, "{hint}: {after:?}");
        // A log that nobody reads is no failure; a report that is missing is one. A closed standard
        // output counts as written, and a link in a report's place is replaced, not followed.
        let is_harmless =
            place == "stderr" || wrong == Wrong::Closed && matches!(place, "stdout" | "report");
        let expected = if is_harmless { 0 } else { 1 };
        assert_eq!(ran.status, expected, "{hint}: {}", ran.stderr);
    }
    if place != "report" {
        let states = ran.report()["changes"].to_string();
        assert_eq!(
            states.contains("rolled-back"),
            is_faulty,
            "{hint}: {states}"
        );
    }
}

/// Points a file that is written at one that cannot be.
fn with_file(step: Step, place: &str, wrong: Wrong) -> Step {
    let path = match wrong {
        Wrong::Full => "/dev/full".to_owned(),
        Wrong::Closed => "/proc/version".to_owned(),
        // A folder stands where the file should.
        Wrong::Gone => {
            std::fs::create_dir(step.path("folder.json")).unwrap();
            "folder.json".to_owned()
        }
    };
    match place {
        "report" => {
            let link = step.path("link.json");
            let target = if path.starts_with('/') {
                path.into()
            } else {
                step.path(&path)
            };
            std::os::unix::fs::symlink(target, link).unwrap();
            step.set("reports", "link.json")
        }
        "outputs" => step.env("DRONE_OUTPUT", &path),
        _ => step,
    }
}
