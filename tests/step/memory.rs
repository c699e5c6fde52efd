//! Memory of the whole step, whatever servers send.

use support::harness_server::{HarnessServer, KEY};
use support::raw_server::{RawServer, Reply};
use support::step::Step;

/// What the whole program may hold, in bytes.
const LIMIT: u64 = 100 << 20;

#[test]
fn endless_bodies_take_no_more_than_a_hundred_mebibytes() {
    let server = HarnessServer::start();
    let registry = RawServer::start(|_, _| {
        Reply::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"tags\":[".to_vec(),
            b"\"1.0.0\",".to_vec(),
        )
    });
    let images: Vec<String> = (0..100)
        .map(|number| format!("harness/i-{number}:1.0.0"))
        .collect();
    std::thread::scope(|scope| {
        for concurrency in ["16", "100"] {
            scope.spawn(|| hold(&server, &registry, &images, concurrency));
        }
    });
}

/// Runs a step to its end, and looks at what it holds meanwhile.
fn hold(server: &HarnessServer, registry: &RawServer, images: &[String], concurrency: &str) {
    let (ran, peak) = Step::on_server(&server.url(), KEY)
        .set("registry", &format!("http://{}", registry.address))
        .set("images", &images.join(","))
        .set("concurrency", concurrency)
        .set("log_level", "error")
        .start()
        .end_with_peak();
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    // The bodies were endless.
    ran.has_warning("more than");
    assert!(peak > 0 && peak < LIMIT, "{concurrency}: {peak}");
}
