//! From environment pairs to one text per setting, whichever runner wrote them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::config::{self, CONFIG, ConfigEntry};
use super::definition::Setting;
use super::environment::Environment;
use super::named_file::MAX_BYTES;
use super::problems::Problems;
use super::table::{self, Raw};
use crate::model::warning::WarningCode;

/// Variables that Harness sets for every plugin.
const OF_RUNNERS: [&str; 2] = ["pipeline", "artifact_file"];

/// Most hints about misspelled settings.
const MAX_HINTS: usize = 20;

/// Sorts the pairs into settings and the rest of the environment, and adds what a config file sets
/// besides. What is wrong with the pairs
/// themselves is noted, and so are names that look misspelled.
pub(super) fn gather(
    pairs: impl IntoIterator<Item = (OsString, OsString)>,
    problems: &mut Problems,
) -> (Raw, Environment) {
    let mut given: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut environment = Environment::default();
    for (key, value) in pairs {
        let Ok(key) = key.into_string() else {
            continue;
        };
        let Some(name) = setting_name(&key) else {
            environment.insert(key, value);
            continue;
        };
        let Some(setting) = table::find(&name) else {
            if !value.to_string_lossy().trim().is_empty()
                && problems.hints.len() < MAX_HINTS
                && !OF_RUNNERS.contains(&name.as_str())
                && let Some(hint) = table::misspelling(&key, &name)
            {
                problems.hint(WarningCode::MisspelledSetting, hint);
            }
            continue;
        };
        match text(&value, setting) {
            Ok(None) => {}
            Ok(Some(text)) => match given.get(setting.name) {
                Some(other) if *other != text => problems.add(
                    setting.name,
                    "given twice, written differently and with different values; keep one",
                ),
                Some(_) => {}
                None => {
                    given.insert(setting.name, text);
                }
            },
            Err(invalid) => problems.add(setting.name, invalid),
        }
    }
    let config = given.get(CONFIG).cloned();
    let entries = config.map(|path| config::read(&path, problems));
    for ConfigEntry {
        setting,
        text,
        origin,
    } in entries.unwrap_or_default()
    {
        // The environment wins.
        if given.contains_key(setting.name) {
            continue;
        }
        if let Some(text) = normalised(&text, setting) {
            given.insert(setting.name, text);
            problems.origins.insert(setting.name, origin);
        }
    }
    problems.hints.sort();
    problems.hints.dedup();
    let pairs = given
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    // All fields are optional texts, each given once: nothing can fail here.
    let raw = envy::from_iter(pairs).unwrap_or_default();
    (raw, environment)
}

/// The setting that a variable names: `PLUGIN_` in any case, then a name in which runners keep
/// or replace `-` and `.`.
fn setting_name(key: &str) -> Option<String> {
    let (prefix, name) = key.split_at_checked("PLUGIN_".len())?;
    prefix
        .eq_ignore_ascii_case("PLUGIN_")
        .then(|| name.to_ascii_lowercase().replace(['-', '.'], "_"))
}

/// A value's text, if there is one.
fn text(value: &OsStr, setting: &Setting) -> Result<Option<String>, String> {
    if value.len() > MAX_BYTES {
        return Err("longer than 1 MiB, which is the most".to_owned());
    }
    let text = value.to_str().ok_or("not valid UTF-8 text")?;
    Ok(normalised(text, setting))
}

/// The trimmed text, if there is one, without the quotes of a JSON string.
fn normalised(text: &str, setting: &Setting) -> Option<String> {
    let text = text.trim();
    let quoted = text.starts_with('"') && !setting.verbatim;
    let inner = quoted.then(|| serde_json::from_str::<String>(text).ok());
    let text = match inner.flatten() {
        Some(inner) => inner.trim().to_owned(),
        None => text.to_owned(),
    };
    (!text.is_empty()).then_some(text)
}
