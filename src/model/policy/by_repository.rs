//! Values that differ by repository.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pattern::Pattern;

/// A value for all repositories, or one for each pattern of `namespace/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByRepository<T> {
    general: T,
    patterns: BTreeMap<Pattern, T>,
    /// What documents say, for what no pattern covers.
    documented: Vec<(Pattern, T)>,
}

impl<T: Copy> ByRepository<T> {
    /// The same value for every repository.
    pub fn all(general: T) -> Self {
        Self {
            general,
            patterns: BTreeMap::new(),
            documented: Vec::new(),
        }
    }

    /// Values by pattern; what no pattern covers gets `general`.
    pub fn by_pattern(general: T, patterns: impl IntoIterator<Item = (Pattern, T)>) -> Self {
        Self {
            general,
            patterns: patterns.into_iter().collect(),
            documented: Vec::new(),
        }
    }

    /// The same values, with documented ones for repositories that no pattern covers.
    pub fn documented(self, rows: impl IntoIterator<Item = (Pattern, T)>) -> Self {
        Self {
            documented: rows.into_iter().collect(),
            ..self
        }
    }

    /// The value for a repository: that of the longest pattern which covers it.
    pub fn get(&self, repository: &str) -> T {
        let documented = self
            .documented
            .iter()
            .map(|(pattern, value)| (pattern, *value));
        longest(self.patterns(), repository)
            .or_else(|| longest(documented, repository))
            .unwrap_or(self.general)
    }

    /// The value for what no pattern covers.
    pub fn general(&self) -> T {
        self.general
    }

    /// The same values for patterns that are written differently.
    pub(crate) fn rewritten(&self, write: impl Fn(&str) -> String) -> Self {
        Self {
            general: self.general,
            patterns: self
                .patterns
                .iter()
                .map(|(pattern, value)| (Pattern::new(write(pattern.as_str())), *value))
                .collect(),
            documented: self.documented.clone(),
        }
    }

    /// Patterns and their values, in order of the patterns.
    pub fn patterns(&self) -> impl Iterator<Item = (&Pattern, T)> {
        self.patterns
            .iter()
            .map(|(pattern, value)| (pattern, *value))
    }
}

/// The value of the longest pattern that covers a repository.
fn longest<'p, T>(patterns: impl Iterator<Item = (&'p Pattern, T)>, repository: &str) -> Option<T> {
    let covering = patterns.filter(|(pattern, _)| pattern.matches(repository));
    let (_, value) = covering.max_by_key(|(pattern, _)| pattern.as_str().len())?;
    Some(value)
}

/// A number where one value serves for all, otherwise a map as in the settings.
impl<T: Copy + Serialize> Serialize for ByRepository<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.patterns.is_empty() {
            return self.general.serialize(serializer);
        }
        let mut map: BTreeMap<&str, &T> = self
            .patterns
            .iter()
            .map(|(pattern, value)| (pattern.as_str(), value))
            .collect();
        map.entry("*").or_insert(&self.general);
        map.serialize(serializer)
    }
}
