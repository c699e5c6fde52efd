//! The rules that a user may set: windows and release units, by repository.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::model::image::{ImageRef, canonical_registry};
use crate::model::verdict::Verdict;

/// What counts as one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseUnit {
    /// `x.y`; `z` is a hotfix. The reading of "CI Build Image Updates".
    Minor,
    /// Every version is a release.
    Patch,
}

/// The size of a support window as a number of releases in memory, of which there are fewer.
pub(crate) fn at_most(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

impl ReleaseUnit {
    /// The unit's name in settings and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

/// The rules that images are judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How many releases are supported, the latest among them; 0 means that there is no window.
    pub supported_releases: ByRepository<u32>,
    /// Age in days after which an image is unsupported where a newer version exists; 0 is none.
    pub supported_days: ByRepository<u32>,
    /// What counts as one release.
    pub release_unit: ByRepository<ReleaseUnit>,
    /// How long a published version may be left undeployed, in days.
    pub deploy_window_days: u32,
    /// Repositories of mirrors whose paths differ from the publisher's.
    pub same_as: SameAs,
    /// The day from which all dates are counted, UTC.
    pub as_of: Date,
}

/// Repositories of a mirror and the publisher's that they hold, the setting `same_as`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SameAs(Vec<(Pattern, String)>);

impl SameAs {
    /// Patterns of `registry/path`, and what each stands for; the `*` of the one becomes the `*` of the other.
    pub fn new(pairs: impl IntoIterator<Item = (Pattern, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The publisher's repository of an image that a pattern covers, the longest pattern first.
    pub fn publisher_of(&self, image: &ImageRef) -> Option<String> {
        let name = image.without_tag().to_string();
        let covering = self.0.iter().filter(|(pattern, _)| pattern.matches(&name));
        let (pattern, publisher) = covering.max_by_key(|(pattern, _)| pattern.0.len())?;
        let covered = pattern
            .0
            .split_once('*')
            .and_then(|(before, after)| name.strip_prefix(before)?.strip_suffix(after));
        Some(match covered {
            Some(covered) => publisher.replacen('*', covered, 1),
            None => publisher.clone(),
        })
    }

    /// The registries that the patterns name, canonical.
    pub fn hosts(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|(pattern, _)| {
            let (host, _) = pattern.as_str().split_once('/')?;
            let image = ImageRef::parse(&format!("{host}/x")).ok()?;
            image.registry().map(canonical_registry)
        })
    }

    /// The repository, at or below `base` (a host with a path), that stands for the publisher's
    /// image; of several the one whose publisher's pattern is longest.
    pub fn mirrored(&self, image: &ImageRef, base: &str) -> Option<String> {
        let name = image.without_tag().to_string();
        let below = |pattern: &Pattern| {
            let rest = pattern.0.strip_prefix(base);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let covering = self.0.iter().filter_map(|(pattern, publisher)| {
            let covered = match publisher.split_once('*') {
                Some((before, after)) => name.strip_prefix(before)?.strip_suffix(after)?,
                None if *publisher == name => "",
                None => return None,
            };
            below(pattern).then(|| (publisher.len(), pattern.0.replacen('*', covered, 1)))
        });
        let (_, mirrored) = covering.max_by_key(|(length, _)| *length)?;
        Some(mirrored)
    }

    /// The image under the publisher's name, if a pattern covers it.
    pub fn published(&self, image: &ImageRef) -> Option<ImageRef> {
        let publisher = self.publisher_of(image)?;
        let text = image.to_string();
        let version = text.strip_prefix(&image.without_tag().to_string())?;
        ImageRef::parse(&format!("{publisher}{version}")).ok()
    }

    /// Whether an image in use is the default's.
    pub fn identity(&self, image: &ImageRef, default: &ImageRef) -> Identity {
        match self.published(image) {
            Some(image) if image.is_image_of(default) => Identity::Same,
            Some(_) => Identity::Other,
            None if image.is_image_of(default) => Identity::Same,
            None if image.may_mirror(default) => Identity::Assumed,
            None => Identity::Other,
        }
    }
}

/// Whether an image in use is the default's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// By its path, or by `same_as`.
    Same,
    /// It is in a registry of the account's own, and only the last part of its path says so.
    Assumed,
    /// Another image.
    Other,
}

/// A text in which every `*` stands for any number of characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern as it is written.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the pattern covers the whole of `text`; the case counts.
    pub fn matches(&self, text: &str) -> bool {
        let mut pieces = self.0.split('*');
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else {
            return false;
        };
        let Some(last) = pieces.next_back() else {
            return rest.is_empty();
        };
        for piece in pieces {
            match rest.split_once(piece) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

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

    /// The same values, with others for what no pattern covers but a document speaks of.
    pub fn documented(self, rows: impl IntoIterator<Item = (Pattern, T)>) -> Self {
        Self {
            documented: rows.into_iter().collect(),
            ..self
        }
    }

    /// The value for a repository: that of the longest pattern which covers it.
    pub fn get(&self, repository: &str) -> T {
        let covers = |pattern: &Pattern| pattern.matches(repository);
        let given = self.patterns.iter().filter(|(pattern, _)| covers(pattern));
        let documented = self
            .documented
            .iter()
            .filter(|(pattern, _)| covers(pattern));
        given
            .max_by_key(|(pattern, _)| pattern.0.len())
            .map(|(_, value)| *value)
            .or_else(|| {
                let longest = documented.max_by_key(|(pattern, _)| pattern.0.len());
                longest.map(|(_, value)| *value)
            })
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
                .map(|(pattern, value)| (Pattern::new(write(&pattern.0)), *value))
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

/// What fails a step: the setting `fail_on`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailOn {
    /// Verdicts, worst first, each once; never [`Verdict::Ignored`].
    pub verdicts: Vec<Verdict>,
    /// Whether an image that its registry lacks fails the step, whatever its verdict.
    pub missing: bool,
}

impl FailOn {
    /// The word in the setting for an image that its registry lacks.
    pub const MISSING: &'static str = "missing";

    /// Whether an image with this verdict fails the step; one that is ignored never does.
    pub fn fails(&self, verdict: Verdict, is_missing: bool) -> bool {
        let lacks = self.missing && is_missing && verdict != Verdict::Ignored;
        lacks || self.verdicts.contains(&verdict)
    }

    /// The words of the setting: verdicts, worst first, then `missing`.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let verdicts = self.verdicts.iter().map(|verdict| verdict.as_str());
        verdicts.chain(self.missing.then_some(Self::MISSING))
    }
}

impl From<&[Verdict]> for FailOn {
    fn from(verdicts: &[Verdict]) -> Self {
        Self {
            verdicts: verdicts.to_vec(),
            missing: false,
        }
    }
}

/// The list of its words.
impl Serialize for FailOn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

/// An entry of the setting `ignore`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// `field`, `module.field` or `module.infra.field`; `*` matches within a name.
    pub field: Pattern,
    /// Why, for the reader of the report.
    pub reason: Option<String>,
    /// Last day on which the entry applies.
    pub until: Option<Date>,
}

impl Ignore {
    /// Whether the entry still applies on `day`.
    pub fn applies_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}
