//! What is wrong with the settings: everything at once, by name, never by value.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::facts::Notice;
use crate::model::warning::WarningCode;

/// Most messages about the entries of one setting; the rest is counted.
const MAX_PER_SETTING: usize = 20;

/// One thing that is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the setting, as in `api_key`.
    pub setting: &'static str,
    /// What is wrong and what is expected, on one line, without the value.
    pub text: String,
    /// Where, if the setting stands in a config file: `config.yml:12`.
    pub place: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => write!(f, "setting `{}`: {}", self.setting, self.text),
            Some(place) => write!(f, "{place}: {}: {}", self.setting, self.text),
        }
    }
}

/// Everything that is wrong with the settings of a step. Prints as a heading and one line per
/// problem, in the order of the table of settings, then one line per hint; never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    /// Where settings stand that are taken from a config file.
    pub(super) origins: BTreeMap<&'static str, Origin>,
    /// What looks misspelled, or not as meant: often the cause of a problem.
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
        let origin = self.origins.get(setting).cloned();
        self.add_from(origin.as_ref(), setting, Invalid::from(text.into()));
    }

    /// Notes what is probably not as meant; `message` holds no value.
    pub(super) fn hint(&mut self, code: WarningCode, message: String) {
        self.hints.push(Notice { code, message });
    }

    /// Notes what is wrong with a setting that stands in a config file, if it does.
    pub(super) fn add_from(
        &mut self,
        origin: Option<&Origin>,
        setting: &'static str,
        invalid: Invalid,
    ) {
        for Message { entry, text } in invalid.0 {
            let place = origin.map(|origin| origin.place(entry));
            self.list.push(Problem {
                setting,
                text,
                place,
            });
        }
    }

    /// The value of a setting that is given; what is wrong with it is noted.
    pub(super) fn check<T>(
        &mut self,
        setting: &'static str,
        read: Option<Result<T, Invalid>>,
    ) -> Option<T> {
        match read? {
            Ok(value) => Some(value),
            Err(invalid) => {
                let origin = self.origins.get(setting).cloned();
                self.add_from(origin.as_ref(), setting, invalid);
                None
            }
        }
    }

    /// The settings and the hints if nothing is wrong, else the problems in the order of the
    /// table, in which a setting has this `position`.
    pub(super) fn finish<T>(
        mut self,
        settings: T,
        position: impl Fn(&str) -> usize,
    ) -> Result<(T, Vec<Notice>), Self> {
        if self.list.is_empty() {
            return Ok((settings, self.hints));
        }
        self.list.sort_by_key(|problem| position(problem.setting));
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
pub(super) struct Invalid(Vec<Message>);

/// One sentence about a value, without the value.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    /// The entry of a list or map that it is about, from 1.
    entry: Option<usize>,
    text: String,
}

impl Invalid {
    /// Something is wrong with an entry of a list or map, which has this position, from 1.
    pub(super) fn entry(position: usize, text: &str) -> Self {
        Self(vec![Message {
            entry: Some(position),
            text: format!("entry {position}: {text}"),
        }])
    }

    /// The same with another text for each sentence.
    pub(super) fn map(self, write: impl Fn(String) -> String) -> Self {
        let messages = self.0.into_iter().map(|message| Message {
            text: write(message.text),
            ..message
        });
        Self(messages.collect())
    }
}

/// Where in a config file a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The file, fit to be printed.
    pub(super) file: String,
    /// The line of the setting's name, from 1.
    pub(super) line: u32,
    /// The lines of the entries of its list or map.
    pub(super) entries: Vec<u32>,
}

impl Origin {
    /// `config.yml:12`: the line of an entry, else that of the setting.
    fn place(&self, entry: Option<usize>) -> String {
        let index = entry.and_then(|position| position.checked_sub(1));
        let line = index.and_then(|index| self.entries.get(index));
        format!("{}:{}", self.file, line.unwrap_or(&self.line))
    }
}

impl From<String> for Invalid {
    fn from(text: String) -> Self {
        Self(vec![Message { entry: None, text }])
    }
}

impl From<&str> for Invalid {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
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
            Err(text) => bad.extend(Invalid::entry(position, &text).0),
        }
    }
    if more > 0 {
        bad.extend(Invalid::from(format!("{more} more entries are wrong as well")).0);
    }
    if bad.is_empty() {
        Ok(good)
    } else {
        Err(Invalid(bad))
    }
}
