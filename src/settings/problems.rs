//! What is wrong with the settings: everything at once, by name, never by value.

use std::fmt;

use super::table;
use crate::model::facts::Notice;

/// Most invalids about the entries of one setting; the rest is counted.
const MAX_PER_SETTING: usize = 20;

/// One thing that is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the setting, as in `api_key`.
    pub setting: &'static str,
    /// What is wrong and what is expected, on one line, without the value.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "setting `{}`: {}", self.setting, self.text)
    }
}

/// Everything that is wrong with the settings of a step. Prints as a heading and one line per
/// problem, in the order of the table of settings, then one line per hint; never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    /// What looks miswritten, or not as meant: often the cause of a problem.
    pub(super) hints: Vec<Notice>,
}

impl Problems {
    /// The problems, in the order of the table of settings.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether something is wrong with a setting.
    pub(super) fn concern(&self, setting: &str) -> bool {
        self.list.iter().any(|problem| problem.setting == setting)
    }

    /// Notes a problem.
    pub(super) fn add(&mut self, setting: &'static str, text: impl Into<String>) {
        let text = text.into();
        self.list.push(Problem { setting, text });
    }

    /// Reads a setting if it is given, and notes what is wrong with it.
    pub(super) fn check<T>(
        &mut self,
        setting: &'static str,
        value: Option<&str>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        match read(value?) {
            Ok(value) => Some(value),
            Err(invalid) => {
                for text in invalid.0 {
                    self.add(setting, text);
                }
                None
            }
        }
    }

    /// The settings and the hints if nothing is wrong, else the problems in the order of the
    /// table.
    pub(super) fn finish<T>(mut self, settings: T) -> Result<(T, Vec<Notice>), Self> {
        if self.list.is_empty() {
            return Ok((settings, self.hints));
        }
        let place = |problem: &Problem| table::position(problem.setting);
        self.list.sort_by_key(place);
        Err(self)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.list.len() {
            1 => f.write_str("1 problem with the settings; nothing was sent:")?,
            count => write!(f, "{count} problems with the settings; nothing was sent:")?,
        }
        for problem in &self.list {
            write!(f, "\n  {problem}")?;
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {}", hint.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// What is wrong with one value: at least one sentence, none of which holds the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) Vec<String>);

impl From<String> for Invalid {
    fn from(text: String) -> Self {
        Self(vec![text])
    }
}

impl From<&str> for Invalid {
    fn from(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }
}

/// Reads every entry of a list or map; invalids name the entry by its position.
pub(super) fn each<E, T>(
    entries: impl IntoIterator<Item = (usize, E)>,
    read: impl Fn(E) -> Result<T, String>,
) -> Result<Vec<T>, Invalid> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut more = 0_usize;
    for (position, entry) in entries {
        match read(entry) {
            Ok(value) => good.push(value),
            Err(_) if bad.len() >= MAX_PER_SETTING => more = more.saturating_add(1),
            Err(text) => bad.push(format!("entry {position}: {text}")),
        }
    }
    if more > 0 {
        bad.push(format!("{more} more entries are wrong as well"));
    }
    if bad.is_empty() {
        Ok(good)
    } else {
        Err(Invalid(bad))
    }
}
