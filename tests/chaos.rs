//! The whole step through a proxy that delays, cuts, reorders and garbles by a seeded plan.
//!
//! However bad the network: an exit status of the contract, no panic, no secret, an end at the
//! deadline, and an account whose state the report explains. `CHAOS_RUNS` sets how many runs there
//! are, `CHAOS_SEED` where they start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use harness_images::model::module::{Infra, Module};
use serde_json::Value;

use support::chaos_proxy::ChaosProxy;
use support::harness_server::{HarnessServer, KEY, Overrides};
use support::step::{Ran, Step};

/// Seconds that a run may take.
const TIMEOUT: u64 = 2;

/// How much later than its deadline a run may end: the machine may be busy with others.
const GRACE: Duration = Duration::from_secs(20);

const PLACES: [(Module, Option<Infra>); 3] = [
    (Module::Ci, Some(Infra::K8)),
    (Module::Ci, Some(Infra::Vm)),
    (Module::Dbops, None),
];

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

#[test]
fn no_network_is_bad_enough() {
    let (runs, seed) = (number("CHAOS_RUNS", 48), number("CHAOS_SEED", 1));
    let (next, ended, latest) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let statuses: Vec<AtomicU64> = (0..5).map(|_| AtomicU64::new(0)).collect();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let run = next.fetch_add(1, Ordering::Relaxed);
                    if run >= runs {
                        break;
                    }
                    let (status, lasted) = one(seed + run);
                    let lasted = u64::try_from(lasted.as_millis()).unwrap();
                    latest.fetch_max(lasted, Ordering::Relaxed);
                    statuses[usize::try_from(status).unwrap()].fetch_add(1, Ordering::Relaxed);
                    ended.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(ended.into_inner(), runs);
    let counts: Vec<u64> = statuses.into_iter().map(AtomicU64::into_inner).collect();
    println!(
        "{runs} runs from seed {seed}; by exit status: {counts:?}; the slowest took {latest:?} ms of {TIMEOUT} s"
    );
    assert_eq!(counts[2], 0, "the settings are good");
}

/// One run; its exit status, and how long it took.
fn one(seed: u64) -> (i32, Duration) {
    let server = HarnessServer::start();
    server.set_override(
        Module::Ci,
        Some(Infra::K8),
        "addonTag",
        Some("harness/ci-addon:1.10.0"),
    );
    server.set_override(
        Module::Ci,
        Some(Infra::K8),
        "s3UploadTag",
        Some("plugins/s3:1.0.0"),
    );
    server.set_override(
        Module::Ci,
        Some(Infra::Vm),
        "gitCloneTag",
        Some("harness/drone-git:1.0.0"),
    );
    server.set_override(
        Module::Dbops,
        None,
        "gitCloneTag",
        Some("harness/drone-git:1.0.1-rootless"),
    );
    let before = state(&server);
    let proxy = ChaosProxy::start(&server.url(), seed);
    let step = Step::on_server(&proxy.url(), KEY)
        .set("timeout", &TIMEOUT.to_string())
        .set("modules", "ci,dbops")
        .set("infra", "K8,VM");
    let step = match seed % 5 {
        0 => step,
        1 => step.set("action", "reset"),
        2 => step
            .set("action", "pin")
            .set("force", "true")
            .set("pin", "gitCloneTag=1.5.0"),
        3 => step.set("action", "clear").set("force", "true"),
        _ => step
            .set("action", "reset")
            .set("reset", "all")
            .set("dry_run", "true"),
    };
    // Besides the network: reads that lag, a log that is full, a signal, another step.
    server.lag_reads(Duration::from_millis(seed / 5 % 3 * 250));
    let is_full = seed / 15 % 4 == 1;
    let is_stopped = seed / 15 % 4 == 2;
    let has_rival = seed / 15 % 4 == 3;
    let began = Instant::now();
    let running = if is_full {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        step.start_with(std::process::Stdio::piped(), full.into())
    } else {
        step.start()
    };
    let rival = has_rival.then(|| {
        Step::on_server(&server.url(), KEY)
            .set("timeout", "6")
            .set("action", "pin")
            .set("force", "true")
            .set("pin", "gitCloneTag=1.6.0")
            .run()
    });
    if is_stopped {
        // After so many requests, or never if the step ends before.
        let requests = usize::try_from(seed / 60 % 14 + 1).unwrap();
        while server.log().len() < requests && began.elapsed() < Duration::from_secs(TIMEOUT) {
            std::thread::yield_now();
        }
        running.signal_if_there(if seed.is_multiple_of(2) {
            "TERM"
        } else {
            "INT"
        });
    }
    let ran = running.end();
    let lasted = began.elapsed();
    assert!(
        lasted < Duration::from_secs(TIMEOUT) + GRACE,
        "seed {seed} lasted {lasted:?}"
    );
    assert!((0..=4).contains(&ran.status), "seed {seed}: {}", ran.stderr);
    match rival {
        None => explain(seed, &ran, &before, &state(&server)),
        Some(rival) => explain_both(
            seed,
            &[ran.clone_report(), rival.clone_report()],
            &before,
            &state(&server),
        ),
    }
    (ran.status, lasted)
}

fn state(server: &HarnessServer) -> Vec<Overrides> {
    PLACES
        .iter()
        .map(|(module, infra)| server.overrides(*module, *infra))
        .collect()
}

/// Of two steps at once, one at least explains every field that is not as it was.
fn explain_both(seed: u64, reports: &[Value], before: &[Overrides], after: &[Overrides]) {
    for ((module, infra), (before, after)) in PLACES.iter().zip(before.iter().zip(after)) {
        for field in before.keys().chain(after.keys()) {
            let (was, is) = (before.get(field), after.get(field));
            let name = harness_images::model::module::full_name(*module, *infra, field);
            let explains = |report: &Value| {
                let changes = report["changes"].as_array().unwrap();
                let is_planned = changes.iter().any(|change| {
                    change["module"] == module.as_str()
                        && change["infra"].as_str() == infra.map(|infra| infra.as_str())
                        && change["field"] == field.as_str()
                        && change["to"].as_str() == is.map(String::as_str)
                });
                is_planned || report["errors"].to_string().contains(&name)
            };
            assert!(
                was == is || reports.iter().any(explains),
                "seed {seed}, {name}: was {was:?}, is {is:?}: {reports:#?}"
            );
        }
    }
}

/// Holds the report against what the server really has.
fn explain(seed: u64, ran: &Ran, before: &[Overrides], after: &[Overrides]) {
    let report = ran.report();
    let changes = report["changes"].as_array().unwrap();
    let errors = ran.errors();
    for ((module, infra), (before, after)) in PLACES.iter().zip(before.iter().zip(after)) {
        let fields: std::collections::BTreeSet<&String> =
            before.keys().chain(after.keys()).collect();
        for field in fields {
            let (was, is) = (
                before.get(field).map(String::as_str),
                after.get(field).map(String::as_str),
            );
            let name = harness_images::model::module::full_name(*module, *infra, field);
            let of_field = |change: &&Value| {
                let infra = infra.map(|infra| infra.as_str());
                change["module"] == module.as_str()
                    && change["infra"].as_str() == infra
                    && change["field"] == field.as_str()
            };
            let about =
                format!("seed {seed}, {name}: was {was:?}, is {is:?}\n{errors}\n{changes:#?}");
            match changes.iter().find(of_field) {
                None => assert!(was == is || errors.contains(&name), "{about}"),
                Some(change) => match change["state"].as_str().unwrap() {
                    "applied" => assert_eq!(change["to"].as_str(), is, "{about}"),
                    "planned" => assert_eq!(was, is, "{about}"),
                    "rolled-back" => assert_eq!(was, is, "{about}"),
                    "failed" => assert!(was == is || errors.contains(&name), "{about}"),
                    "unknown" => assert!(ran.status == 4 && errors.contains(&name), "{about}"),
                    other => panic!("a state {other}"),
                },
            }
        }
    }
    let all_applied = changes
        .iter()
        .all(|change| change["state"] == "applied" || report["dry_run"] == true);
    assert!(ran.status != 0 || all_applied, "seed {seed}: {changes:#?}");
}
