//! Snapshots: what is read can be judged, planned, reported, written and read again.
#![no_main]

mod reports;

use harness_images::change::plan;
use harness_images::model::facts::{Facts, FieldValue};
use harness_images::settings::Settings;
use harness_images::verdict::{judge_all, policy, summary};
use libfuzzer_sys::fuzz_target;

/// What is done: the length of the input chooses.
const ACTIONS: [(&str, &str); 4] = [
    ("RESET", "all"),
    ("RESET", "unsupported"),
    ("PIN", "latest"),
    ("PIN", "latest-1"),
];

fuzz_target!(|json: &[u8]| {
    let Ok(facts) = Facts::from_json(json) else {
        return;
    };
    let again = facts.to_json().unwrap();
    assert_eq!(Facts::from_json(again.as_bytes()).unwrap(), facts);
    let action = ACTIONS[json.len() % ACTIONS.len()];
    let pairs = [
        ("SNAPSHOT", "-"),
        ("MODULES", "ci,dbops,iacm,idp"),
        ("INFRA", "K8,VM"),
        ("IMAGES", "harness/ci-addon:1.2.3"),
        ("SUPPORTED_RELEASES", "s3cret~word=2,*=3"),
        ("RELEASE_UNIT", "plugins/*=patch,s3cret~word=minor"),
        ("DRY_RUN", "true"),
        ("ACTION", action.0),
        action,
    ];
    let pairs = pairs.map(|(name, value)| (format!("PLUGIN_{name}").into(), value.into()));
    let settings = Settings::from_pairs(pairs, &harness_images::report::formats()).unwrap();
    let policy = policy(&settings, &facts);
    let judged = judge_all(&facts, &settings, &policy);
    for row in &judged.rows {
        assert!(!row.reason.is_empty());
    }
    let counts = summary(&judged.rows, &settings.fail_on);
    assert_eq!(counts.images, counts.counts.values().sum::<usize>());
    let planned = plan(&facts, &settings, &policy, &judged, None);
    if planned.refusals.is_empty() {
        let mut after = facts.clone();
        for change in &planned.changes {
            carry_out(&mut after, change);
        }
        let judged = judge_all(&after, &settings, &policy);
        let more = plan(&after, &settings, &policy, &judged, None);
        assert!(more.changes.is_empty(), "{:?}", more.changes);
    }
    reports::check(
        json.len() / ACTIONS.len(),
        &facts,
        &settings,
        &policy,
        judged,
        planned,
    );
});

/// Makes a planned change; it begins with what is there.
fn carry_out(facts: &mut Facts, change: &harness_images::model::change::Change) {
    let config = facts
        .configs
        .iter_mut()
        .find(|config| (config.module, config.infra) == (change.module, change.infra))
        .unwrap();
    let former = config.overrides.remove(&change.field);
    let former = former.map(|(FieldValue::Text(text) | FieldValue::Other(text))| text);
    assert_eq!(former, change.from);
    let value = change.to.clone().map(FieldValue::Text);
    let field = change.field.clone();
    config.overrides.extend(value.map(|value| (field, value)));
}
