//! Every action against every failure: how the account ends, what is reported, how the step ends.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::cell::{AccountState, Does, account, changes, check_backup, judge, step, whole};
use super::rows::When::{ReadBack, ReadBackAlways, Rollback, RollbackAlways, SecondModule, Write};
use super::rows::{Row, one_module, two_modules};
use support::harness_server::{Call, Fault};

/// What is wrong with a cell, if anything.
fn run(row: &Row, number: usize) -> Option<String> {
    let does = Does::ALL[number];
    let hint = format!("{does:?}, {}", row.name);
    let server = account();
    let before = whole(&server);
    let second = does.writes_to_ci() + 1;
    let first_read = does.reads_before(row.modules);
    for (when, fault) in &row.faults {
        let (call, numbers) = match *when {
            Write(n) => (Call::AnyWrite, n..n + 1),
            SecondModule => (Call::AnyWrite, second..second + 1),
            Rollback(n) => (Call::AnyWrite, second + n..second + n + 1),
            RollbackAlways => (Call::AnyWrite, second + 1..second + 50),
            ReadBack(n) => (Call::Overrides, first_read + n..first_read + n + 1),
            ReadBackAlways => (Call::Overrides, first_read + 1..first_read + 100),
        };
        for n in numbers {
            server.fail_nth(call, n, fault.clone());
        }
    }
    let timeout = if row.hangs { "12" } else { "16" };
    let ran = step(&server, does, row.modules)
        .set("timeout", timeout)
        .run();
    // What another user has changed stays, unless it was planned.
    let mut before_now = before.clone();
    for (_, fault) in &row.faults {
        if let Fault::Meanwhile(_, _, field, Some(image)) = fault
            && field == "cacheS3Tag"
        {
            before_now.insert(format!("ci.K8.{field}"), image.clone());
            let warned = ran.warnings().contains(&"changed-meanwhile".to_owned());
            assert!(warned, "{hint}: {}", ran.stdout);
        }
    }
    let end = judge(&server, &ran, &before_now, &hint);
    check_backup(&ran, does, row.modules, &before);
    let states: BTreeSet<String> = changes(&ran)
        .into_iter()
        .map(|change| change.state)
        .collect();
    let states = states.into_iter().collect::<Vec<_>>().join(" ");
    let (expected_end, expected_states) = row.ends[number];
    let is_reported = ran.stdout.contains("Do what the last error says");
    assert_eq!(
        is_reported,
        end == AccountState::Between,
        "{hint}: {}",
        ran.stdout
    );
    let errors = ran.errors();
    let lacks = row.words.iter().find(|word| !errors.contains(**word));
    let is_right = end == expected_end && states == expected_states && lacks.is_none();
    (!is_right).then(|| {
        format!("{hint}: ends {end:?} with {states}, not {expected_end:?} with {expected_states}; lacks {lacks:?}\n{errors}\n")
    })
}

/// Runs all cells, several at a time.
fn run_all(rows: &[Row]) {
    let cells: Vec<(&Row, usize)> = rows
        .iter()
        .flat_map(|row| (0..4).map(move |number| (row, number)))
        .collect();
    let (next, wrong) = (Mutex::new(cells.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some((row, number)) = next.lock().unwrap().next() else {
                        return;
                    };
                    let found = run(row, number);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_module_ends_as_planned_or_as_before_or_says_what_is_where() {
    run_all(&one_module());
}

#[test]
fn two_modules_end_as_planned_or_as_before_or_say_what_is_where() {
    run_all(&two_modules().into_iter().map(Row::two).collect::<Vec<_>>());
}
