//! What organizations, projects and pipelines are called, and which of them are meant.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::model::policy::Pattern;
use crate::settings::{PipelinePattern, PipelinesSetting};

/// Longest identifier, in bytes; Harness' own limit.
const MAX_IDENTIFIER: usize = 128;

/// An identifier as Harness makes them: letters, digits, `_`, `$`, `-` and `.`. Anything else that a
/// server sends is none, so an identifier never chooses a path, and never breaks a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(Arc<str>);

impl Identifier {
    /// The identifier; `None` if the text is none.
    pub fn new(text: &str) -> Option<Self> {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-' | b'.');
        let is_identifier = (1..=MAX_IDENTIFIER).contains(&text.len())
            && text.bytes().all(is_allowed)
            && text.bytes().any(|byte| byte != b'.');
        is_identifier.then(|| Self(text.into()))
    }

    /// The identifier as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A project; shown as `org/project`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId {
    /// Its organization.
    pub org: Identifier,
    /// The project within it.
    pub project: Identifier,
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.org, self.project)
    }
}

/// A pipeline; shown as `org/project/pipeline`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PipelineId {
    /// Its project.
    pub project: ProjectId,
    /// The pipeline within it.
    pub pipeline: Identifier,
}

impl fmt::Display for PipelineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.project, self.pipeline)
    }
}

/// Which pipelines are meant.
#[derive(Debug)]
pub(super) struct Selection<'s> {
    entries: Cow<'s, [PipelinePattern]>,
    /// Numbers of the entries that match something, or of which that is not known.
    met: BTreeSet<usize>,
}

impl<'s> Selection<'s> {
    /// What the setting selects.
    pub(super) fn of(setting: &'s PipelinesSetting) -> Self {
        let entries = match setting {
            PipelinesSetting::Off => Cow::Borrowed([].as_slice()),
            PipelinesSetting::Account => Cow::Owned(vec![PipelinePattern {
                org: Pattern::new("*"),
                project: Pattern::new("*"),
                pipeline: None,
            }]),
            PipelinesSetting::Patterns(entries) => Cow::Borrowed(entries.as_slice()),
        };
        // No entry that a person wrote.
        let met = match setting {
            PipelinesSetting::Account => BTreeSet::from([0]),
            PipelinesSetting::Off | PipelinesSetting::Patterns(_) => BTreeSet::new(),
        };
        Self { entries, met }
    }

    /// Notes that a pipeline was listed: the entries that mean it match something.
    pub(super) fn meet(&mut self, id: &PipelineId) {
        self.note(|entry| is_meant(entry, id));
    }

    /// Notes that a project could not be listed, or, without one, that some of them could not.
    pub(super) fn give_up(&mut self, project: Option<&ProjectId>) {
        self.note(|entry| project.is_none_or(|id| is_in(entry, id)));
    }

    /// The entries that match nothing, as they are written.
    pub(super) fn unmet(&self) -> impl Iterator<Item = String> + use<'_> {
        let entries = self.entries.iter().enumerate();
        let unmet = entries.filter(|(number, _)| !self.met.contains(number));
        unmet.map(|(_, entry)| entry.to_string())
    }

    fn note(&mut self, is_met: impl Fn(&PipelinePattern) -> bool) {
        let entries = self.entries.iter().enumerate();
        let met = entries.filter(|(_, entry)| is_met(entry));
        self.met.extend(met.map(|(number, _)| number));
    }

    /// Whether anything of the project is meant.
    pub(super) fn has_project(&self, id: &ProjectId) -> bool {
        self.entries.iter().any(|entry| is_in(entry, id))
    }

    /// Whether the pipeline is meant.
    pub(super) fn has(&self, id: &PipelineId) -> bool {
        self.entries.iter().any(|entry| is_meant(entry, id))
    }

    /// The projects to look into if every entry names one in full: then none need to be listed.
    pub(super) fn projects(&self) -> Option<Vec<ProjectId>> {
        let named = self.entries.iter().map(|entry| {
            Some(ProjectId {
                org: literal(&entry.org)?,
                project: literal(&entry.project)?,
            })
        });
        named.collect()
    }

    /// The pipelines of a project that are meant if every entry for it names one in full: then none
    /// need to be listed.
    pub(super) fn pipelines(&self, project: &ProjectId) -> Option<Vec<PipelineId>> {
        let entries = self.entries.iter().filter(|entry| is_in(entry, project));
        let named = entries.map(|entry| {
            Some(PipelineId {
                project: project.clone(),
                pipeline: literal(entry.pipeline.as_ref()?)?,
            })
        });
        named.collect()
    }
}

/// Whether an entry means a pipeline.
fn is_meant(entry: &PipelinePattern, id: &PipelineId) -> bool {
    let is_named = |pattern: &Pattern| pattern.matches(id.pipeline.as_str());
    is_in(entry, &id.project) && entry.pipeline.as_ref().is_none_or(is_named)
}

/// Whether the setting selects what is known by the identifiers of a pipeline.
pub(crate) fn is_selected(
    setting: &PipelinesSetting,
    org: &str,
    project: &str,
    pipeline: &str,
) -> bool {
    let id = || {
        Some(PipelineId {
            project: ProjectId {
                org: Identifier::new(org)?,
                project: Identifier::new(project)?,
            },
            pipeline: Identifier::new(pipeline)?,
        })
    };
    id().is_some_and(|id| Selection::of(setting).has(&id))
}

fn is_in(entry: &PipelinePattern, id: &ProjectId) -> bool {
    entry.org.matches(id.org.as_str()) && entry.project.matches(id.project.as_str())
}

/// The one identifier that a pattern stands for.
fn literal(pattern: &Pattern) -> Option<Identifier> {
    Identifier::new(pattern.as_str())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The setting with these entries.
    pub(in crate::harness::pipelines) fn setting(entries: &[&str]) -> PipelinesSetting {
        let entry = |text: &&str| {
            let mut parts = text.split('/').map(Pattern::new);
            PipelinePattern {
                org: parts.next().unwrap(),
                project: parts.next().unwrap(),
                pipeline: parts.next(),
            }
        };
        PipelinesSetting::Patterns(entries.iter().map(entry).collect())
    }

    #[test]
    fn only_what_harness_makes_is_an_identifier() {
        for text in [
            "a",
            "Build_1",
            "_x$",
            "my-pipeline",
            "v1.2",
            &"x".repeat(128),
        ] {
            assert_eq!(Identifier::new(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            ".",
            "..",
            "a/b",
            "../x",
            "a%2Fb",
            "a\nb",
            "a b",
            "a?x=1",
            "a#b",
            "a\\b",
            "ä",
            "\u{202e}a",
            "*",
            &"x".repeat(129),
        ] {
            assert_eq!(Identifier::new(text), None, "{text}");
        }
    }

    #[test]
    fn entries_select_what_they_name() {
        let id = |text: &str| Identifier::new(text).unwrap();
        // Entries, the pipeline, whether it is meant, and whether projects and pipelines are listed.
        let cases: [(&[&str], &str, bool, bool, bool); 7] = [
            (&["*/*"], "o/p/x", true, true, true),
            (&["o/p"], "o/p/x", true, false, true),
            (&["o/p/x"], "o/p/x", true, false, false),
            (&["o/p/y"], "o/p/x", false, false, false),
            (&["o/q*/x", "o/p/*ld"], "o/p/build", true, true, true),
            (&["o/p/x", "o/p/y*"], "o/p/x", true, false, true),
            (&["o/other", "o/p/x"], "o/p/x", true, false, false),
        ];
        for (entries, pipeline, is_meant, lists_projects, lists_pipelines) in cases {
            let setting = setting(entries);
            let selection = Selection::of(&setting);
            let mut parts = pipeline.split('/').map(id);
            let pipeline = PipelineId {
                project: ProjectId {
                    org: parts.next().unwrap(),
                    project: parts.next().unwrap(),
                },
                pipeline: parts.next().unwrap(),
            };
            assert!(selection.has_project(&pipeline.project), "{pipeline}");
            assert_eq!(selection.has(&pipeline), is_meant, "{pipeline}");
            assert_eq!(selection.projects().is_none(), lists_projects, "{pipeline}");
            let named = selection.pipelines(&pipeline.project);
            assert_eq!(named.is_none(), lists_pipelines, "{pipeline}");
        }
    }
}
