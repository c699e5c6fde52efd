//! Planning takes time in proportion to the number of overrides.

use std::time::{Duration, Instant};

use harness_images::model::facts::Facts;
use serde_json::{Map, Value, json};

use super::planning::plan_of;

/// The images, in turn; the first two are a pair.
const NAMES: [&str; 3] = [
    "harness/ci-addon",
    "harness/ci-lite-engine",
    "harness/drone-git",
];

/// Many overrides of one module, each on its own field with a default.
fn many(count: usize, tag: &str) -> Facts {
    let fields = |tag: &str| -> Map<String, Value> {
        let image = |number: usize| format!("{}:{tag}", NAMES[number % 3]);
        (0..count)
            .map(|number| (format!("field{number}Tag"), json!(image(number))))
            .collect()
    };
    let tags = ["1.14.0", "1.16.0", "1.17.0", "1.18.0"];
    let snapshot = json!({
        "format": "harness-images/snapshot/v1",
        "taken_at": "2026-11-20T09:00:00Z",
        "account": "acme",
        "registry": "docker.io",
        "configs": [{"module": "ci", "infra": "K8", "default": fields("1.18.0"), "overrides": fields(tag)}],
        "repositories": NAMES.map(|name| json!({"repository": name, "tags": tags})),
    });
    Facts::from_json(snapshot.to_string().as_bytes()).unwrap()
}

/// Time that this thread has had on a processor, so that other programs do not count; the time of day
/// where the system does not say.
fn processor_time(begun: Instant) -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat");
    let spent = spent
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok());
    spent.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

#[test]
fn ten_times_the_overrides_take_ten_times_as_long() {
    let begun = Instant::now();
    for settings in [
        vec![("action", "reset"), ("reset", "all")],
        vec![("action", "reset"), ("reset", "unsupported")],
        vec![("action", "clear"), ("force", "true")],
        vec![("action", "pin"), ("pin", "latest-1"), ("force", "true")],
        vec![("action", "restore"), ("force", "true")],
    ] {
        let time = |count: usize| {
            let (facts, backup) = (many(count, "1.14.0"), many(count, "1.16.0"));
            let runs = (0..2).map(|_| {
                let before = processor_time(begun);
                let planned = plan_of(&facts, &settings, Some(&backup));
                assert_eq!(planned.changes.len(), count, "{settings:?}");
                processor_time(begun).saturating_sub(before)
            });
            runs.min().unwrap_or_default()
        };
        let (few, many) = (time(800), time(8000));
        // In proportion it would be ten times, by the square a hundred.
        assert!(many < few * 30, "{settings:?}: {few:?} became {many:?}");
    }
}
