//! From environment pairs to one text per setting, whichever runner spelt them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use serde::Deserialize;

use super::environment::Environment;
use super::misspelling;
use super::problems::Problems;
use super::table;

/// Most bytes of one setting's value.
pub(super) const LARGEST: usize = 1024 * 1024;

/// Most hints about misspelt settings.
const MOST_HINTS: usize = 20;

/// Every setting as text, trimmed and never blank. Holds secrets: no `Debug`.
#[derive(Default, Deserialize)]
#[cfg_attr(test, serde(deny_unknown_fields))]
pub(super) struct Raw {
    pub(super) api_key: Option<String>,
    pub(super) bearer_token: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) modules: Option<String>,
    pub(super) infra: Option<String>,
    pub(super) fields: Option<String>,
    pub(super) images: Option<String>,
    pub(super) files: Option<String>,
    pub(super) pipelines: Option<String>,
    pub(super) repositories: Option<String>,
    pub(super) same_as: Option<String>,
    pub(super) supported_releases: Option<String>,
    pub(super) supported_days: Option<String>,
    pub(super) release_unit: Option<String>,
    pub(super) deploy_window_days: Option<String>,
    pub(super) fail_on: Option<String>,
    pub(super) ignore: Option<String>,
    pub(super) action: Option<String>,
    pub(super) pin: Option<String>,
    pub(super) reset: Option<String>,
    pub(super) dry_run: Option<String>,
    pub(super) force: Option<String>,
    pub(super) backup: Option<String>,
    pub(super) registry: Option<String>,
    pub(super) registry_username: Option<String>,
    pub(super) registry_password: Option<String>,
    pub(super) docker_config: Option<String>,
    pub(super) upstream: Option<String>,
    pub(super) mirror_to: Option<String>,
    pub(super) hub_endpoint: Option<String>,
    pub(super) history: Option<String>,
    pub(super) snapshot: Option<String>,
    pub(super) record: Option<String>,
    pub(super) as_of: Option<String>,
    pub(super) reports: Option<String>,
    pub(super) timeout: Option<String>,
    pub(super) requests_per_minute: Option<String>,
    pub(super) concurrency: Option<String>,
    pub(super) ca_cert: Option<String>,
    pub(super) skip_verify: Option<String>,
    pub(super) enable_proxy: Option<String>,
    pub(super) log_level: Option<String>,
    pub(super) log_format: Option<String>,
}

/// Sorts the pairs into settings and the rest of the environment. What is wrong with the pairs
/// themselves is noted, and so are names that look misspelt.
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
            if !is_blank(&value) && problems.hints.len() < MOST_HINTS {
                let hint = misspelling::hint(&key, &name);
                problems.hints.extend(hint);
            }
            continue;
        };
        match text(&value, setting.name) {
            Ok(None) => {}
            Ok(Some(text)) => match given.get(setting.name) {
                Some(other) if *other != text => problems.add(
                    setting.name,
                    "given twice, spelt differently and with different values; keep one",
                ),
                Some(_) => {}
                None => {
                    given.insert(setting.name, text);
                }
            },
            Err(complaint) => problems.add(setting.name, complaint),
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

/// Any text at all may be a password, quotes included.
const VERBATIM: &str = "registry_password";

/// A value's trimmed text, if there is one. Some runners write a text as JSON, in quotes.
fn text(value: &OsStr, name: &str) -> Result<Option<String>, String> {
    if value.len() > LARGEST {
        return Err("longer than 1 MiB, which is the most".to_owned());
    }
    let text = value.to_str().ok_or("not valid UTF-8 text")?.trim();
    let quoted = text.starts_with('"') && name != VERBATIM;
    let inner = quoted.then(|| serde_json::from_str::<String>(text).ok());
    let text = match inner.flatten() {
        Some(inner) => inner.trim().to_owned(),
        None => text.to_owned(),
    };
    Ok((!text.is_empty()).then_some(text))
}

fn is_blank(value: &OsStr) -> bool {
    value.to_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_and_struct_name_the_same_settings() {
        // The message about an unknown field lists the struct's fields in order.
        let unknown = [("zzz".to_owned(), "x".to_owned())];
        let message = envy::from_iter::<_, Raw>(unknown)
            .err()
            .unwrap()
            .to_string();
        let fields: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let names: Vec<&str> = table::SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(fields, names, "{message}");
    }
}
