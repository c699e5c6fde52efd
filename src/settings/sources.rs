//! Where images in use are found besides the modules: files of the workspace, pipelines of the account.

use std::fmt;

use serde_json::Value;

use crate::model::policy::Pattern;

use super::collections::{Numbered, list, word_alone};
use super::problems::{Invalid, each};
use super::scalars::name_pattern;
use super::schema;

/// Longest pattern of a path, in bytes.
const MAX_PATH: usize = 512;

/// Repositories of images that Harness publishes, as far as their names show.
const PUBLISHED: [&str; 3] = ["harness/*", "harnesssecure/*", "plugins/*"];

/// The setting `files`: in which files of the workspace images are found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FilesSetting {
    /// In none.
    #[default]
    Off,
    /// Where pipelines usually are: `.harness/**`, `.drone.yml`, `.woodpecker/**`, `.woodpecker.yml`.
    Auto,
    /// In these: paths relative to the workspace with `/` between their parts, without `.`, `..`
    /// and empty parts. `*` stands for anything within a part, `**` alone for any number of parts.
    Patterns(Vec<String>),
}

/// The setting `pipelines`: in which pipelines of the account images are found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PipelinesSetting {
    /// In none.
    #[default]
    Off,
    /// In all that the key may see.
    Account,
    /// In these.
    Patterns(Vec<PipelinePattern>),
}

/// An entry of the setting `pipelines`, by identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelinePattern {
    /// Identifier of the organisation.
    pub org: Pattern,
    /// Identifier of the project.
    pub project: Pattern,
    /// Identifier of the pipeline; `None` for all of the project.
    pub pipeline: Option<Pattern>,
}

impl fmt::Display for PipelinePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.org.as_str(), self.project.as_str())?;
        let pipeline = self.pipeline.as_ref();
        pipeline.map_or(Ok(()), |pipeline| write!(f, "/{}", pipeline.as_str()))
    }
}

/// The setting `repositories`: which images that are found in files and pipelines are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoriesSetting {
    /// Patterns of `namespace/name`, after `same_as` and prefixes of mirrors are taken off.
    pub patterns: Vec<Pattern>,
    /// Whether the repositories of the modules' defaults are meant as well.
    pub of_defaults: bool,
}

impl Default for RepositoriesSetting {
    fn default() -> Self {
        Self {
            patterns: PUBLISHED.map(Pattern::new).into(),
            of_defaults: true,
        }
    }
}

pub(super) fn files_schema() -> Value {
    // Relative, with `/` between its parts, none of which is `..`.
    let path = schema::pattern(r"^(?![/~])(?!.:/)(?!(.*/)?\.\.(/|$))[^\\]{1,512}$");
    schema::off_or_list("auto", path)
}

/// `off`, `auto`, or paths. YAML readers turn an unquoted `off` into `false`.
pub(super) fn files(text: &str) -> Result<FilesSetting, Invalid> {
    let words = [
        ("off", FilesSetting::Off),
        ("false", FilesSetting::Off),
        ("auto", FilesSetting::Auto),
    ];
    word_or_list(
        text,
        &words,
        "`off`, `auto` or a list of paths",
        |entries| each(entries, |entry| path_pattern(&entry)).map(FilesSetting::Patterns),
    )
}

pub(super) fn pipelines_schema() -> Value {
    let pipeline = r"^[A-Za-z0-9_$*]{1,128}(/[A-Za-z0-9_$*]{1,128}){1,2}$";
    schema::off_or_list("account", schema::pattern(pipeline))
}

/// `off`, `account`, or `org/project` and `org/project/pipeline`.
pub(super) fn pipelines(text: &str) -> Result<PipelinesSetting, Invalid> {
    let words = [
        ("off", PipelinesSetting::Off),
        ("false", PipelinesSetting::Off),
        ("account", PipelinesSetting::Account),
    ];
    let expected = "`off`, `account` or a list of `org/project`";
    word_or_list(text, &words, expected, |entries| {
        each(entries, |entry| pipeline_pattern(&entry)).map(PipelinesSetting::Patterns)
    })
}

/// Patterns of repositories; nothing named means the default.
pub(super) fn repositories(text: &str) -> Result<RepositoriesSetting, Invalid> {
    let patterns = each(list(text)?, |entry| {
        if entry.contains(['@', ':']) {
            return Err(
                "must be a repository such as `harness/*`, without registry and tag".into(),
            );
        }
        name_pattern(&entry)
    })?;
    if patterns.is_empty() {
        return Ok(RepositoriesSetting::default());
    }
    Ok(RepositoriesSetting {
        patterns,
        of_defaults: false,
    })
}

/// One of `words`, or what `read` makes of a list of other texts; nothing named means the first word.
fn word_or_list<T: Clone>(
    text: &str,
    words: &[(&str, T)],
    expected: &str,
    read: impl FnOnce(Vec<Numbered<String>>) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    let entries = list(text)?;
    let is_yes = |entry: &str| {
        ["on", "true"]
            .iter()
            .any(|yes| yes.eq_ignore_ascii_case(entry))
    };
    if let [(_, only)] = entries.as_slice()
        && is_yes(only)
    {
        return Err(format!("must be {expected}").into());
    }
    match word_alone(&entries, words) {
        Ok(Some(value)) => Ok(value.clone()),
        Ok(None) => read(entries),
        Err(word) => Err(format!("`{word}` stands alone; it must be {expected}").into()),
    }
}

/// A path within the workspace, without `.`, `..` and empty parts.
fn path_pattern(text: &str) -> Result<String, String> {
    if text.len() > MAX_PATH || text.contains(|c: char| c.is_control()) {
        return Err("must be a path of at most 512 bytes without control characters".to_owned());
    }
    if text.contains('\\') {
        return Err("its parts must be separated by `/`".to_owned());
    }
    let is_drive = |part: &str| part.len() == 2 && part.ends_with(':');
    if text.starts_with(['/', '~']) || text.split('/').next().is_some_and(is_drive) {
        return Err("must be relative to the workspace".to_owned());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.pop() {
                None => return Err("must not leave the workspace".to_owned()),
                Some(left) if left.contains('*') => {
                    return Err("`..` must not follow a `*`".to_owned());
                }
                Some(_) => {}
            },
            "**" => parts.push(part),
            part if part.contains("**") => {
                return Err("`**` must stand alone between `/`".to_owned());
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Err("must name files, such as `deploy/**/*.yaml`".to_owned());
    }
    Ok(parts.join("/"))
}

/// `org/project` or `org/project/pipeline`.
fn pipeline_pattern(text: &str) -> Result<PipelinePattern, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'*');
    let identifier = |text: &str| {
        let is_one = !text.is_empty() && text.len() <= 128 && text.bytes().all(allowed);
        is_one.then(|| Pattern::new(text))
    };
    let parts: Option<Vec<Pattern>> = text.split('/').map(identifier).collect();
    let mut parts = parts.unwrap_or_default().into_iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(org), Some(project), pipeline, None) => Ok(PipelinePattern {
            org,
            project,
            pipeline,
        }),
        _ => Err("must be identifiers: `org/project` or `org/project/pipeline`".to_owned()),
    }
}
