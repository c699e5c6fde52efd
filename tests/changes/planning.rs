//! Tables of plans: settings and overrides in, changes, refusals and warnings out.

use std::ffi::OsString;

use harness_images::change::{Planned, plan};
use harness_images::model::change::Change;
use harness_images::model::facts::Facts;
use harness_images::model::module::full_name;
use harness_images::settings::Settings;
use harness_images::verdict::{judge_all, policy};
use serde_json::{Value, json};

/// Overrides as `place.field image` lines: `ci.K8.addonTag harness/ci-addon:1.12.0`.
pub type Lines = &'static [&'static str];

/// A plan that is expected.
#[derive(Default)]
pub struct PlanningRow {
    pub name: &'static str,
    pub overrides: Lines,
    pub settings: &'static [(&'static str, &'static str)],
    pub backup: Option<Value>,
    /// As [`sentence`] has them.
    pub changes: Lines,
    /// For every refusal the words that it has, apart by ` … `.
    pub refusals: Lines,
    /// `code words`.
    pub warnings: Lines,
}

/// Defaults with every kind of evidence: a whole list (addon, git), none (lite engine), a list
/// that ends early (cache), a floating default (security), a mirror with a list of its own.
pub fn account(overrides: Lines) -> Value {
    let mut configs = [
        json!({"module": "ci", "infra": "K8", "default": {
            "addonTag": "harness/ci-addon:1.18.0",
            "addonTagRootless": "harness/ci-addon:rootless-1.18.0",
            "liteEngineTag": "harness/ci-lite-engine:1.18.0",
            "gitCloneTag": "harness/drone-git:1.7.20-rootless",
            "cacheS3Tag": "plugins/cache:1.9.0",
            "securityTag": "harness/sto-plugin:latest",
        }, "overrides": {}}),
        json!({"module": "ci", "infra": "VM", "default": {
            "gitCloneTag": "harness/drone-git:1.7.20",
        }, "overrides": {}}),
        json!({"module": "dbops", "default": {
            "gitCloneTag": "harness/drone-git:1.7.20-rootless",
            "mongoTag": "plugins/drone-liquibase:1.18.0-4.33-mongo",
        }, "overrides": {}}),
    ];
    for line in overrides {
        let (name, image) = line.split_once(' ').unwrap();
        let (place, field) = name.rsplit_once('.').unwrap();
        let config = match place {
            "ci.K8" => &mut configs[0],
            "ci.VM" => &mut configs[1],
            _ => &mut configs[2],
        };
        let value = serde_json::from_str(image).unwrap_or_else(|_| json!(image));
        config["overrides"][field] = value;
    }
    json!({
        "format": "harness-images/snapshot/v1",
        "taken_at": "2026-11-20T09:00:00Z",
        "account": "acme",
        "registry": "docker.io",
        "configs": configs,
        "repositories": [
            {"repository": "harness/ci-addon", "tags": [
                "1.14.0", "1.14.4", "1.16.0", "1.16.2", "1.17.0", "1.17.9", "1.17.10", "1.17.10-debug", "1.18.0", "1.19.0",
                "rootless-1.16.3", "rootless-1.17.3", "rootless-1.18.0"]},
            {"repository": "harness/drone-git", "tags": [
                "1.5.0-rootless", "1.6.9-rootless", "1.6.10-rootless", "1.6.11", "1.7.20-rootless", "1.7.20"]},
            {"repository": "plugins/cache", "tags": ["1.8.0", "1.9.0"], "incomplete": "page 2 failed"},
            {"registry": "registry.acme.example:5000", "repository": "mirror/harness/drone-git",
             "tags": ["1.6.10-rootless"]},
        ],
    })
}

/// Plans the action of the settings.
pub fn planned(facts: &Value, settings: &[(&str, &str)], backup: Option<&Value>) -> Planned {
    let read = |value: &Value| Facts::from_json(value.to_string().as_bytes()).unwrap();
    plan_of(&read(facts), settings, backup.map(read).as_ref())
}

/// Plans the action of the settings for facts that were read.
pub fn plan_of(facts: &Facts, settings: &[(&str, &str)], backup: Option<&Facts>) -> Planned {
    let pairs = [("api_key", "pat.acme.0123456789.secretsecret")]
        .iter()
        .chain(settings)
        .map(|(name, value)| {
            (
                OsString::from(format!("PLUGIN_{}", name.to_uppercase())),
                OsString::from(value),
            )
        });
    let settings = Settings::from_pairs(pairs, &harness_images::report::formats()).unwrap();
    let policy = policy(&settings, facts);
    let judged = judge_all(facts, &settings, &policy);
    plan(facts, &settings, &policy, &judged, backup)
}

/// `ci.K8.addonTag pin harness/ci-addon:1.12.0 > harness/ci-addon:1.17.10`; `-` for no override.
pub fn sentence(change: &Change) -> String {
    let op = serde_json::to_value(change.op).unwrap();
    format!(
        "{} {} {} > {}",
        full_name(change.module, change.infra, &change.field),
        op.as_str().unwrap(),
        change.from.as_deref().unwrap_or("-"),
        change.to.as_deref().unwrap_or("-"),
    )
}

/// Checks every case, and reports all that are wrong.
pub fn check(cases: &[PlanningRow]) {
    let mut wrong = Vec::new();
    for case in cases {
        let planned = planned(
            &account(case.overrides),
            case.settings,
            case.backup.as_ref(),
        );
        let changes: Vec<String> = planned.changes.iter().map(sentence).collect();
        let has = |text: &str, words: &str| words.split(" … ").all(|word| text.contains(word));
        let refused = planned.refusals.len() == case.refusals.len()
            && planned
                .refusals
                .iter()
                .zip(case.refusals)
                .all(|(refusal, words)| has(refusal, words));
        let warned = planned.warnings.len() == case.warnings.len()
            && planned
                .warnings
                .iter()
                .zip(case.warnings)
                .all(|(warning, words)| {
                    has(&format!("{} {}", warning.code, warning.message), words)
                });
        let is_right = changes == case.changes && refused && warned;
        if !is_right {
            wrong.push(format!(
                "{}\n  changes {changes:#?}\n  refusals {:#?}\n  warnings {:#?}",
                case.name, planned.refusals, planned.warnings
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
