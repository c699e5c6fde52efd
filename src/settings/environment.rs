//! The step's environment besides its settings: fallbacks, certificates, proxies, outputs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// Variables that are no settings, by name.
#[derive(Default)]
pub(super) struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// Adds a variable; of two with the same name the last one counts.
    pub(super) fn insert(&mut self, name: String, value: OsString) {
        self.0.insert(name, value);
    }

    /// A variable's trimmed text; `None` if it is unset, blank or no Unicode.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.to_str()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether a variable is set to something that is no Unicode.
    pub(super) fn is_garbled(&self, name: &str) -> bool {
        self.0
            .get(name)
            .is_some_and(|value| value.to_str().is_none())
    }

    /// A variable as a path; `None` if it is unset or blank.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        match self.text(name) {
            Some(text) => Some(PathBuf::from(text)),
            None if self.is_garbled(name) => self.0.get(name).map(PathBuf::from),
            None => None,
        }
    }
}
