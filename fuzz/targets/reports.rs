//! Reports: every form of the report, one at a time; for the target `snapshot`.

use harness_images::change::Planned;
use harness_images::model::facts::Facts;
use harness_images::model::policy::Policy;
use harness_images::redact::Secrets;
use harness_images::report::{
    PolicyShown, Report, html, json, junit, markdown, outputs, sarif, table,
};
use harness_images::settings::Settings;
use harness_images::verdict::{Judged, in_use, list, summary};

/// What no form may show.
const SECRET: &str = "s3cret~word";

/// What would be an element in a page, were it not written out.
const ELEMENT: &str = "<q9";

/// Writes the form that `choice` selects, and checks it.
pub fn check(
    choice: usize,
    facts: &Facts,
    settings: &Settings,
    policy: &Policy,
    judged: Judged,
    planned: Planned,
) {
    let mut report = report(facts, settings, policy, judged, planned);
    let secrets = Secrets::default();
    secrets.add(SECRET);
    report.redact(&secrets);
    match choice % 7 {
        0 => shown(&table(&report)),
        1 => shown(&markdown(&report)),
        2 => {
            let page = html(&report);
            shown(&page);
            assert!(!page.contains(ELEMENT));
        }
        3 => {
            let xml = junit(&report);
            shown(&xml);
            roxmltree::Document::parse(&xml).unwrap();
        }
        4 => is_json(&json(&report).unwrap()),
        5 => is_json(&sarif(&report).unwrap()),
        _ => {
            for (key, value) in outputs(&report) {
                assert!(value.len() <= 60_000, "{key}");
                assert!(
                    value.chars().all(|c| c == ' ' || c.is_ascii_graphic()),
                    "{value}"
                );
                assert!(!value.contains(['#', '$', '\'', '`']), "{value}");
                assert!(!value.contains(SECRET));
                match key {
                    "REPORT" => is_json(&value),
                    _ => assert!(!value.contains(['"', '\\']), "{value}"),
                }
            }
        }
    }
}

/// Lines of visible text, without the secret.
fn shown(text: &str) {
    assert!(!text.contains(SECRET));
    let is_unseen = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}');
    assert!(!text.chars().any(is_unseen), "{text:?}");
}

fn is_json(text: &str) {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert!(!value.to_string().contains(SECRET));
}

fn report(
    facts: &Facts,
    settings: &Settings,
    policy: &Policy,
    judged: Judged,
    planned: Planned,
) -> Report {
    let (listed, lacking) = list(facts, &in_use(facts, settings), policy);
    let warnings = judged
        .warnings
        .into_iter()
        .chain(planned.warnings)
        .chain(lacking);
    Report {
        version: "0.0.0",
        as_of: policy.as_of,
        account: facts.account.clone(),
        action: settings.action.as_str(),
        dry_run: settings.dry_run,
        policy: PolicyShown {
            supported_releases: policy.supported_releases.clone(),
            release_unit: policy.release_unit.clone(),
            supported_days: policy.supported_days.clone(),
            lifecycles: harness_images::model::lifecycle::LIFECYCLES,
            deploy_window_days: policy.deploy_window_days,
            fail_on: settings.fail_on.clone(),
        },
        summary: summary(&judged.rows, &settings.fail_on),
        images: judged.rows,
        no_images: None,
        changes: planned.changes,
        list: listed,
        warnings: warnings.collect(),
        errors: planned.refusals,
        newly: None,
        mirror: None,
        patch: None,
        patch_file: None,
        registries: facts
            .repositories
            .iter()
            .map(|known| known.registry.clone())
            .collect(),
    }
}
