//! The three runners' spellings of keys, booleans, numbers and texts.

use std::time::Duration;

use crate::model::facts::Notice;
use crate::model::warning::WarningCode;

use super::{KEY, offline, read, refuses, wrong};

#[test]
fn keys_in_every_runners_spelling() {
    for key in [
        "PLUGIN_DRY_RUN",
        "PLUGIN_DRY-RUN",
        "PLUGIN_DRY.RUN",
        "PLUGIN_dry_run",
        "plugin_dry-run",
    ] {
        assert!(offline(&[(key, "true")]).unwrap().dry_run, "{key}");
    }
    let same = [("PLUGIN_DRY_RUN", "true"), ("PLUGIN_DRY-RUN", " true ")];
    assert!(offline(&same).unwrap().dry_run);
    let blank = [("PLUGIN_DRY_RUN", "true"), ("PLUGIN_DRY-RUN", "")];
    assert!(offline(&blank).unwrap().dry_run);
    let other = [("PLUGIN_DRY_RUN", "true"), ("PLUGIN_DRY.RUN", "false")];
    assert_eq!(wrong(offline(&other)), ["dry_run"]);
}

#[test]
fn booleans() {
    for (value, expected) in [
        ("true", true),
        ("True", true),
        ("TRUE", true),
        ("t", true),
        ("T", true),
        ("1", true),
        (" true\n", true),
        ("false", false),
        ("F", false),
        ("0", false),
        ("", false),
        ("  ", false),
    ] {
        let settings = offline(&[("PLUGIN_FORCE", value)]).unwrap();
        assert_eq!(settings.force, expected, "{value:?}");
    }
    refuses(
        "force",
        &["yes", "no", "on", "off", "2", "tru", "truee", "null"],
    );
}

#[test]
fn numbers() {
    for number in [1, 256] {
        let text = number.to_string();
        let settings = offline(&[
            ("PLUGIN_DEPLOY_WINDOW_DAYS", &text),
            ("PLUGIN_TIMEOUT", &text),
            ("PLUGIN_REQUESTS_PER_MINUTE", &text),
            ("PLUGIN_CONCURRENCY", &text),
            ("PLUGIN_SUPPORTED_RELEASES", &text),
            ("PLUGIN_SUPPORTED_DAYS", &text),
        ])
        .unwrap();
        assert_eq!(settings.deploy_window_days, number);
        assert_eq!(settings.timeout, Duration::from_secs(number.into()));
        assert_eq!(settings.requests_per_minute, number);
        assert_eq!(u32::try_from(settings.concurrency), Ok(number));
        assert_eq!(settings.supported_releases.general(), number);
        assert_eq!(settings.supported_days.general(), number);
    }
}

#[test]
fn what_is_no_setting_is_no_problem() {
    let settings = read(&[
        ("PLUGIN_API_KEY", KEY),
        ("PLUGIN_PIPELINE", "{}"),
        ("PLUGIN_ARTIFACT_FILE", "artifact.json"),
        ("PLUGIN_", "x"),
        ("PLUGIN_SOMETHING_ELSE", "x"),
        ("PLUGIN_SUPORTED_RELEASES", "5"),
        ("PLUGIN_DRYRUN", "true"),
        ("PLUGIN_IMAGE", ""),
        ("PLUGINS", "x"),
        ("PLUGIÑ_X", "x"),
        ("PATH", "/bin"),
    ])
    .unwrap();
    let hint = |message: &str| Notice {
        code: WarningCode::MisspelledSetting,
        message: message.to_owned(),
    };
    assert_eq!(
        settings.hints,
        [
            hint("`PLUGIN_DRYRUN` is not a setting; did you mean `dry_run`?"),
            hint("`PLUGIN_SUPORTED_RELEASES` is not a setting; did you mean `supported_releases`?"),
        ]
    );
    assert!(!settings.dry_run);
    let problems = read(&[("PLUGIN_SNAPSHOTS", "facts.json")]).unwrap_err();
    assert!(
        problems.to_string().contains("did you mean `snapshot`?"),
        "{problems}"
    );
}

#[cfg(unix)]
#[test]
fn values_that_are_no_text() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use super::super::Settings;
    use crate::report::formats;

    let garbled = OsString::from_vec(vec![0xff, 0xfe]);
    // Besides these, a variable that is no text.
    let with = |given: &[(&str, &str)], garbled_one: &str| {
        let garbled = [(garbled_one.into(), garbled.clone())];
        Settings::from_pairs(super::pairs(given).into_iter().chain(garbled), &formats())
    };
    let snapshot = [("PLUGIN_SNAPSHOT", "facts.json")];
    assert_eq!(wrong(with(&snapshot, "PLUGIN_MODULES")), ["modules"]);
    assert!(with(&snapshot, "PLUGIN_SOMETHING_ELSE").is_ok());
    assert!(with(&snapshot, "HARNESS_BUILD_ID").is_ok());
    let account = [("PLUGIN_ACCOUNT_ID", "acme")];
    assert_eq!(
        wrong(with(&account, "HARNESS_PLATFORM_API_KEY")),
        ["api_key"]
    );
    let output = with(&snapshot, "DRONE_OUTPUT").unwrap().runner.output;
    assert_eq!(output, Some(garbled.clone().into()));
}

#[test]
fn scalars_as_json_strings() {
    let settings = offline(&[
        ("PLUGIN_AS_OF", r#""2026-11-20""#),
        ("PLUGIN_DEPLOY_WINDOW_DAYS", r#" "7" "#),
        ("PLUGIN_DRY_RUN", r#""true""#),
        ("PLUGIN_MODULES", r#""ci,dbops""#),
        ("PLUGIN_HISTORY", r#""a \"b\".jsonl""#),
        ("PLUGIN_RECORD", r#""""#),
        ("PLUGIN_REPORTS", r#""a.json"#),
        ("PLUGIN_REGISTRY_USERNAME", r#""anna""#),
        ("PLUGIN_REGISTRY_PASSWORD", r#""p""#),
    ]);
    // A quote that is not closed belongs to the text.
    let settings = settings.unwrap();
    let as_of = settings.as_of.map(|time| time.to_string());
    assert_eq!(as_of.as_deref(), Some("2026-11-20T00:00:00Z"));
    assert_eq!((settings.deploy_window_days, settings.dry_run), (7, true));
    assert_eq!(settings.modules.len(), 2);
    assert_eq!(settings.history.unwrap().to_str(), Some("a \"b\".jsonl"));
    assert_eq!(settings.record, None);
    assert_eq!(settings.reports.len(), 1);
    let login = settings.registry_login.unwrap();
    assert_eq!(login.username, "anna");
    use secrecy::ExposeSecret;
    assert_eq!(login.password.expose_secret(), r#""p""#);
    // The same value in quotes and without is the same.
    let same = [("PLUGIN_DRY_RUN", "true"), ("PLUGIN_DRY-RUN", "\"true\"")];
    assert!(offline(&same).unwrap().dry_run);
}
