//! Hints for names that are no settings but look like one.

use super::table::SETTINGS;
use crate::text::nearest;

/// Variables that Harness sets for every plugin.
const OF_RUNNERS: [&str; 2] = ["pipeline", "artifact_file"];

/// Longest name that is compared; no setting's name is nearly as long.
const MAX_NAME: usize = 40;

/// A hint that a variable looks like a setting.
pub(super) fn hint(variable: &str, name: &str) -> Option<String> {
    message(variable, name).filter(|_| !OF_RUNNERS.contains(&name))
}

/// A sentence if the normalised `name` is close to a setting's; `variable` is how it was written.
pub(super) fn message(variable: &str, name: &str) -> Option<String> {
    let printable = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.len() > MAX_NAME || !variable.bytes().all(printable) {
        return None;
    }
    let names = SETTINGS.iter().map(|setting| setting.name);
    let setting = *nearest(name, names, 2).first()?;
    let is_near = setting.len() >= 6 || !nearest(name, [setting], 1).is_empty();
    is_near.then(|| format!("`{variable}` is not a setting; did you mean `{setting}`?"))
}
