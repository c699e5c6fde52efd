//! For every setting, what help and README say, and the schema, agree with what is accepted.

use serde_json::Value;

use super::super::{SETTINGS, Setting, config_schema};
use super::{KEY, read};
use crate::model::verdict::Verdict;
use crate::report::formats;

/// Whether a setting is read without a problem; what else its value needs is set as well.
fn is_accepted(setting: &Setting, value: &str) -> bool {
    let key = format!("PLUGIN_{}", setting.name.to_uppercase());
    let mut given = vec![("PLUGIN_API_KEY", KEY), (key.as_str(), value)];
    match (setting.name, value) {
        ("action", "pin") => given.push(("PLUGIN_PIN", "latest")),
        ("api_key", _) => drop(given.remove(0)),
        _ => {}
    }
    match read(&given) {
        Ok(_) => true,
        Err(problems) => {
            let is_own = |name: &str| name == setting.name;
            assert!(
                problems.iter().all(|problem| is_own(problem.setting)),
                "{problems}"
            );
            false
        }
    }
}

/// What stands between backquotes.
pub(super) fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Visits every part of a schema.
pub(super) fn visit<'a>(
    schema: &'a Value,
    see: &mut impl FnMut(&'a serde_json::Map<String, Value>),
) {
    match schema {
        Value::Object(object) => {
            see(object);
            object.values().for_each(|value| visit(value, see));
        }
        Value::Array(values) => values.iter().for_each(|value| visit(value, see)),
        _ => {}
    }
}

#[test]
fn every_word_is_explained_and_accepted() {
    let formats = formats();
    let mut words = 0;
    for setting in SETTINGS {
        let schema = (setting.schema)(&formats);
        let texts = format!("{} {}", setting.default, setting.explained(&formats));
        let texts = quoted(&texts);
        let mut found = Vec::new();
        visit(&schema, &mut |part| {
            let listed = part.get("enum").and_then(Value::as_array);
            found.extend(listed.into_iter().flatten().filter_map(Value::as_str));
        });
        let is_flag = found.contains(&"true");
        for word in found {
            words += 1;
            assert!(is_accepted(setting, word), "{} {word}", setting.name);
            let is_verdict = Verdict::ALL.iter().any(|verdict| verdict.as_str() == word);
            let is_explained = is_flag || is_verdict || texts.contains(&word);
            assert!(is_explained, "{} does not explain {word}", setting.name);
        }
    }
    assert!(words > 50, "{words}");
}

#[test]
fn ranges_are_explained_and_kept() {
    let formats = formats();
    let mut ranges = Vec::new();
    for setting in SETTINGS {
        let schema = (setting.schema)(&formats);
        let mut range = None;
        visit(&schema, &mut |part| {
            let bound = |name: &str| part.get(name).and_then(Value::as_u64);
            range = range.or(bound("minimum").zip(bound("maximum")));
        });
        let Some((min, max)) = range else { continue };
        ranges.push((setting.name, min, max));
        for (number, expected) in [(min, true), (max, true), (max + 1, false)] {
            let accepted = is_accepted(setting, &number.to_string());
            assert_eq!(accepted, expected, "{} {number}", setting.name);
        }
        assert!(min == 0 || !is_accepted(setting, "0"), "{}", setting.name);
        for bad in [
            "-1",
            "+1",
            "1.0",
            "0x1",
            "1 0",
            "3s",
            "99999999999999999999",
        ] {
            assert!(!is_accepted(setting, bad), "{} {bad}", setting.name);
        }
        let bound = format!("{max} at most");
        assert!(
            setting.meaning.contains(&bound),
            "{}: {bound}",
            setting.name
        );
    }
    let expected = [
        ("supported_releases", 0, 1_000),
        ("supported_days", 0, 36_500),
        ("deploy_window_days", 0, 3_650),
        ("timeout", 1, 3_600),
        ("requests_per_minute", 1, 100_000),
        ("concurrency", 1, 256),
    ];
    assert_eq!(ranges, expected);
}

#[test]
fn the_schema_names_the_settings_that_may_stand_in_a_file() {
    let schema: Value = serde_json::from_str(&config_schema(&formats())).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for setting in SETTINGS {
        let is_in_files = !setting.secret && setting.name != "config";
        assert_eq!(
            properties.contains_key(setting.name),
            is_in_files,
            "{}",
            setting.name
        );
    }
    let in_files = SETTINGS.iter().filter(|setting| !setting.secret).count() - 1;
    assert_eq!(properties.len(), in_files);
    assert_eq!(schema["additionalProperties"], false);
}
