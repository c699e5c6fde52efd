//! What help and README say applies without a setting is what a run without it uses.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::super::{FilesSetting, HarnessCredential, SETTINGS, Setting, Settings};
use super::definitions::{quoted, visit};
use super::{KEY, online, read, wrong};
use crate::model::facts::Facts;
use crate::model::lifecycle::{LIFECYCLES, Rule};
use crate::model::verdict::Verdict;
use crate::registry::HUB;
use crate::report::formats;
use crate::sources::files::AUTO;

/// Variables besides the setting's own without which its value would change nothing.
fn surroundings(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        "reset" => &[("PLUGIN_ACTION", "reset")],
        "enable_proxy" => &[("HARNESS_HTTPS_PROXY", "http://proxy.example:3128")],
        _ => &[],
    }
}

fn variable(setting: &Setting) -> String {
    format!("PLUGIN_{}", setting.name.to_uppercase())
}

/// What a run uses with the pairs given; with a key, unless they give one.
fn settings(setting: &Setting, given: &[(&str, &str)]) -> Option<Settings> {
    let is_key = |name: &str| name.ends_with("API_KEY") || name == "PLUGIN_BEARER_TOKEN";
    let mut all = Vec::new();
    if !given.iter().any(|(name, _)| is_key(name)) {
        all.push(("PLUGIN_API_KEY", KEY));
    }
    all.extend(surroundings(setting.name).iter().chain(given));
    let mut settings = read(&all).ok()?;
    settings.hints.clear();
    Some(settings)
}

fn shown(setting: &Setting, given: &[(&str, &str)]) -> Option<String> {
    settings(setting, given).map(|settings| format!("{settings:?}"))
}

/// Whether a run that sets the setting to this value is one that does not set it.
fn is_as_unset(setting: &Setting, value: &str) -> bool {
    let variable = variable(setting);
    let set = shown(setting, &[(variable.as_str(), value)]);
    set.expect("the value is accepted") == shown(setting, &[]).unwrap()
}

/// Some of the values that the setting takes, if its schema knows them.
fn some_values(setting: &Setting) -> Vec<String> {
    let mut values = vec!["other.example".to_owned(), "x/y".to_owned()];
    visit(&(setting.schema)(&formats()), &mut |part| {
        let words = part.get("enum").and_then(Value::as_array);
        let words = words.into_iter().flatten().filter_map(Value::as_str);
        values.extend(words.map(str::to_owned));
        let bounds = ["minimum", "maximum"].into_iter();
        let bounds = bounds.filter_map(|bound| part.get(bound).and_then(Value::as_u64));
        values.extend(bounds.map(|bound| bound.to_string()));
    });
    values
}

/// A default that is one value is the one that changes nothing, and others change something.
fn check_value(setting: &Setting, value: &str) {
    assert!(is_as_unset(setting, value), "{} {value}", setting.name);
    let variable = variable(setting);
    let unset = shown(setting, &[]).unwrap();
    let differs = |value: &String| {
        shown(setting, &[(variable.as_str(), value)]).is_some_and(|set| set != unset)
    };
    let others = some_values(setting);
    assert!(others.iter().any(differs), "{}", setting.name);
}

/// A variable that applies without the setting is one that is read, with the same effect.
fn check_variable(setting: &Setting, name: &str) {
    let value = match setting.name {
        "api_key" => "pat.other.id.secret",
        _ => "other",
    };
    let access = |variable: &str| {
        let settings = settings(setting, &[(variable, value)]).unwrap();
        format!("{:?} {:?}", settings.harness, settings.account)
    };
    let set = access(&variable(setting));
    assert!(set.contains("other"), "{set}");
    assert_eq!(access(name), set, "{name}");
}

/// A value that is a part of a default may be given.
fn check_accepted(setting: &Setting, value: &str) {
    let variable = variable(setting);
    let set = settings(setting, &[(variable.as_str(), value)]);
    assert!(set.is_some(), "{} {value}", setting.name);
}

/// Where nothing applies, a run has nothing.
fn check_nothing(setting: &Setting, unset: &Settings) {
    let whole = format!("{unset:?}, ");
    let name = setting.name;
    let is_nothing = match name {
        "bearer_token" => {
            let credential = &unset.harness.as_ref().unwrap().credential;
            matches!(credential, HarnessCredential::ApiKey(_))
        }
        "pin" => wrong(online(&[("PLUGIN_ACTION", "pin")])) == ["pin"],
        "registry_username" | "registry_password" => unset.registry_login.is_none(),
        "ca_cert" => unset.network.ca_cert.is_none(),
        _ => ["None", "[]", "SameAs([])"]
            .iter()
            .any(|nothing| whole.contains(&format!(" {name}: {nothing}, "))),
    };
    assert!(is_nothing, "{name}: {whole}");
}

#[test]
fn every_default_is_what_a_run_without_the_setting_uses() {
    for setting in SETTINGS {
        let unset = settings(setting, &[]).unwrap();
        let (name, default) = (setting.name, setting.default);
        let parts = quoted(default);
        match (name, parts.as_slice()) {
            // Documented windows of some repositories stand beside that of all others.
            ("supported_releases", [size]) => {
                let size: u32 = size.parse().unwrap();
                assert_eq!(unset.supported_releases.general(), size);
                assert_eq!(default, format!("`{size}`"));
                check_accepted(setting, &size.to_string());
            }
            ("supported_days", [days]) => {
                let scanners = LIFECYCLES
                    .iter()
                    .filter(|row| matches!(row.rule, Rule::Days(_)));
                let repositories: Vec<&str> = scanners.map(|row| row.repositories).collect();
                assert_eq!(repositories, ["harness/*-job-runner"]);
                let scanner = unset.supported_days.get("harness/sto-job-runner");
                assert_eq!(*days, scanner.to_string());
                assert_eq!(default, format!("STO scanners `{scanner}`, else none"));
                assert_eq!(unset.supported_days.general(), 0);
                check_accepted(setting, days);
            }
            ("hub_endpoint", [address]) => {
                assert_eq!(unset.hub_endpoint, None);
                assert_eq!(Url::parse(address).unwrap(), Url::parse(HUB).unwrap());
                check_accepted(setting, address);
            }
            ("repositories", named) => {
                let patterns = unset.repositories.patterns.iter();
                let patterns: Vec<&str> = patterns.map(|pattern| pattern.as_str()).collect();
                assert_eq!(named, patterns);
                check_accepted(setting, &patterns.join(","));
                let with_defaults = default.ends_with(" and the defaults'");
                assert_eq!(unset.repositories.of_defaults, with_defaults);
            }
            ("fields", []) => {
                assert_eq!(default, "all");
                assert!(unset.fields.is_empty());
            }
            ("as_of", [key]) => {
                assert_eq!(default, format!("now; a snapshot's `{key}`"));
                assert_eq!(unset.as_of, None);
                let text = format!(
                    r#"{{"format":"harness-images/snapshot/v1","{key}":"2026-11-19T09:00:00Z","configs":[]}}"#
                );
                let facts = Facts::from_json(text.as_bytes()).unwrap();
                assert_eq!(facts.taken_at.to_string(), "2026-11-19T09:00:00Z");
            }
            ("account_id", [variable]) => {
                check_variable(setting, variable);
                assert_eq!(default, format!("`{variable}`, else read from the key"));
                assert_eq!(unset.account.as_deref(), KEY.split('.').nth(1));
            }
            (_, [variable, value]) => {
                assert_eq!(default, format!("`{variable}`, else `{value}`"));
                check_variable(setting, variable);
                check_value(setting, value);
            }
            (_, [value]) => {
                assert_eq!(default, format!("`{value}`"));
                if setting.secret {
                    check_variable(setting, value);
                } else {
                    check_value(setting, value);
                }
            }
            (_, []) => {
                assert_eq!(default, "", "{name}");
                check_nothing(setting, &unset);
            }
            (_, parts) => panic!("{name} has a default of parts that is not checked: {parts:?}"),
        }
    }
}

#[test]
fn any_leaves_out_the_verdicts_that_are_named() {
    let setting = SETTINGS.iter().find(|setting| setting.name == "fail_on");
    let (_, text) = setting
        .unwrap()
        .meaning
        .split_once("`any` for all verdicts but ")
        .unwrap();
    let any = online(&[("PLUGIN_FAIL_ON", "any")]).unwrap().fail_on;
    let left_out = Verdict::ALL
        .into_iter()
        .filter(|verdict| !any.verdicts.contains(verdict));
    let mut left_out: Vec<&str> = left_out.map(Verdict::as_str).collect();
    let mut named = quoted(text);
    left_out.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, left_out);
}

#[test]
fn auto_names_the_files_that_are_searched() {
    let setting = SETTINGS
        .iter()
        .find(|setting| setting.name == "files")
        .unwrap();
    let (_, text) = setting.meaning.split_once("`auto` (").unwrap();
    let (text, _) = text.split_once(')').unwrap();
    assert_eq!(
        online(&[("PLUGIN_FILES", "auto")]).unwrap().files,
        FilesSetting::Auto
    );
    // Both endings are searched; one is named.
    let short = |pattern: &str| {
        let folder = pattern
            .trim_end_matches("/*.yaml")
            .trim_end_matches("/*.yml");
        folder.replace(".yaml", ".yml")
    };
    let searched: BTreeSet<String> = AUTO.into_iter().map(short).collect();
    let named: BTreeSet<String> = quoted(text).into_iter().map(str::to_owned).collect();
    assert_eq!(named, searched);
}
