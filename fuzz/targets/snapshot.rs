//! Snapshots: what is read can be judged, written and read again.
#![no_main]

use harness_images::facts::Facts;
use harness_images::judgement::{judge_all, policy};
use harness_images::settings::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let Ok(facts) = Facts::from_json(json) else {
        return;
    };
    let again = Facts::from_json(facts.to_json().unwrap().as_bytes()).unwrap();
    assert_eq!(facts, again);
    let pairs = [
        ("SNAPSHOT", "-"),
        ("MODULES", "ci,dbops,iacm,idp"),
        ("INFRA", "K8,VM"),
        ("IMAGES", "harness/ci-addon:1.2.3"),
    ];
    let pairs = pairs.map(|(name, value)| (format!("PLUGIN_{name}").into(), value.into()));
    let settings = Settings::from_pairs(pairs).unwrap();
    let judged = judge_all(&facts, &settings, &policy(&settings, &facts));
    for row in judged.rows {
        assert!(!row.reason.is_empty());
    }
});
