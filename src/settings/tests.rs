//! What steps may write, and how it is read.

mod access;
mod collections;
mod defaults;
mod definitions;
mod doing;
mod judging;
mod properties;
mod runners;
mod secrecy;
mod sources;
mod spellings;
mod surroundings;
mod wrong;

use std::ffi::OsString;

use super::{Problems, Settings};
use crate::report::formats;

/// A key as Harness makes them; nobody's.
const KEY: &str = "pat.acme.6f1e.N0tAS3cret";

/// Settings of a step, by full variable name.
fn pairs(given: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    given
        .iter()
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

fn read(given: &[(&str, &str)]) -> Result<Settings, Problems> {
    Settings::from_pairs(pairs(given), &formats())
}

/// Settings of a step that judges a snapshot, so that no key is needed.
fn offline(given: &[(&str, &str)]) -> Result<Settings, Problems> {
    let mut all = vec![("PLUGIN_SNAPSHOT", "facts.json")];
    all.extend(given);
    read(&all)
}

/// Settings with a key.
fn online(given: &[(&str, &str)]) -> Result<Settings, Problems> {
    let mut all = vec![("PLUGIN_API_KEY", KEY)];
    all.extend(given);
    read(&all)
}

/// Holds each of the values to be refused, as one problem of the setting.
#[track_caller]
fn refuses(name: &str, values: &[&str]) {
    let key = format!("PLUGIN_{}", name.to_uppercase());
    for value in values {
        assert_eq!(wrong(offline(&[(&key, value)])), [name], "{value}");
    }
}

/// The settings that a step has wrong, one for each problem.
fn wrong(result: Result<Settings, Problems>) -> Vec<&'static str> {
    match result {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.setting).collect(),
    }
}
