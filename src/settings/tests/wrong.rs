//! Everything that is wrong is reported at once, by name, never by value.

use super::{offline, read};

#[test]
fn every_problem_at_once_and_no_value() {
    // A key pasted into every setting whose value is checked.
    let canary = "CANARY7f3a";
    let names = "endpoint modules infra pipelines repositories supported_releases release_unit \
        deploy_window_days fail_on action pin dry_run force registry docker_config mirror_to \
        hub_endpoint as_of reports timeout requests_per_minute concurrency ca_cert skip_verify \
        enable_proxy log_level log_format";
    let of_name = |name: &str| {
        let key = format!("PLUGIN_{}", name.to_uppercase());
        (key, format!("{canary}@{name}"))
    };
    let given: Vec<(String, String)> = names.split_whitespace().map(of_name).collect();
    let pairs: Vec<(&str, &str)> = given.iter().map(|(k, v)| (&**k, &**v)).collect();
    let problems = offline(&pairs).unwrap_err();
    let text = problems.to_string();
    assert!(!text.contains("CANARY"), "{text}");
    assert_eq!(problems.len(), given.len(), "{text}");
    assert_eq!(text.lines().count(), given.len() + 1, "{text}");
    for (line, (key, _)) in text.lines().skip(1).zip(&given) {
        let name = key.trim_start_matches("PLUGIN_").to_lowercase();
        assert!(line.starts_with(&format!("  setting `{name}`: ")), "{line}");
        assert!(!line.contains("PLUGIN_"), "{line}");
    }
    assert!(!format!("{problems:?}").contains("CANARY"));
}

#[test]
fn the_text_as_a_person_reads_it() {
    let problems = read(&[
        ("PLUGIN_TIMEOUT", "60s"),
        ("PLUGIN_MODULES", "ci,cd"),
        ("PLUGIN_ACTION", "pin"),
        ("PLUGIN_FAIL_ON", "never,overdue"),
        ("PLUGIN_DRYRUN", "true"),
        ("PLUGIN_REPORTS", "report.pdf"),
        ("PLUGIN_FIELDS", "[1"),
        ("PLUGIN_REGISTRY", "registry.example.com/Mirror"),
        ("PLUGIN_HUB_ENDPOINT", "ht!tp"),
        ("PLUGIN_CA_CERT", "/nowhere/ca.pem"),
        ("PLUGIN_REGISTRY_USERNAME", "robot"),
        ("PLUGIN_ENDPOINT", "https://me:secret@app.harness.io"),
        (
            "PLUGIN_IGNORE",
            "[{\"field\": \"addonTag\", \"untill\": \"2026-12-31\"}]",
        ),
    ])
    .unwrap_err();
    insta::assert_snapshot!(problems.to_string());
    let one = offline(&[("PLUGIN_FORCE", "yes")]).unwrap_err().to_string();
    assert_eq!(
        one,
        "1 problem with the settings; nothing was sent:\n  \
         setting `force`: must be `true` or `false`"
    );
}
