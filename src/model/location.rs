//! Where an image in use comes from, and where it stands in a file or pipeline.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where the image in use comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The account has pinned it.
    Override,
    /// Harness' default is in use.
    Default,
    /// The setting `images` names it.
    Setting,
    /// A file of the workspace holds it.
    File,
    /// A pipeline of the account holds it.
    Pipeline,
}

impl Source {
    /// Whether the image is that of a field, which can be pinned and reset.
    pub fn is_field(self) -> bool {
        match self {
            Self::Override | Self::Default => true,
            Self::Setting | Self::File | Self::Pipeline => false,
        }
    }
}

/// Where an image was found. Its text is the `field` of a report's row: `path:line` or
/// `org/project/pipeline:line`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Location {
    /// In a file of the workspace.
    File(FileLocation),
    /// In a pipeline of the account.
    Pipeline(PipelineLocation),
}

/// The first character of a value in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileLocation {
    /// Path relative to the workspace, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A value in a pipeline, or in a template that it uses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PipelineLocation {
    /// Identifier of the organization.
    pub org: String,
    /// Identifier of the project.
    pub project: String,
    /// Identifier of the pipeline.
    pub pipeline: String,
    /// Identifier of the input set of the pipeline that holds the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_set: Option<String>,
    /// The template from which the image comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Line of the YAML as written, from 1; `None` where only the resolved text has the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in characters, from 1; known where the line is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Address of the pipeline in Harness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Location {
    /// What holds the image.
    pub fn source(&self) -> Source {
        match self {
            Self::File(_) => Source::File,
            Self::Pipeline(_) => Source::Pipeline,
        }
    }

    /// The file or pipeline, without line: `path` or `org/project/pipeline`, with `/input-set` where
    /// one holds the image.
    pub fn document(&self) -> String {
        match self {
            Self::File(at) => at.file.clone(),
            Self::Pipeline(at) => at.document(),
        }
    }

    /// The template from which the image comes, if one.
    pub fn template(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Pipeline(at) => at.template.as_deref(),
        }
    }

    /// Line, from 1, if known.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::File(at) => Some(at.line),
            Self::Pipeline(at) => at.line,
        }
    }

    /// Column in characters, from 1, if known.
    pub fn column(&self) -> Option<u32> {
        match self {
            Self::File(at) => Some(at.column),
            Self::Pipeline(at) => at.column,
        }
    }

    /// The text with `:column`, for lines that hold several images.
    pub fn with_column(&self) -> String {
        match self.column() {
            Some(column) => format!("{self}:{column}"),
            None => self.to_string(),
        }
    }
}

impl PipelineLocation {
    /// `org/project/pipeline`, with `/input-set` where one holds the image.
    pub fn document(&self) -> String {
        let mut document = format!("{}/{}/{}", self.org, self.project, self.pipeline);
        if let Some(input_set) = &self.input_set {
            document.push('/');
            document.push_str(input_set);
        }
        document
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(at) => at.fmt(f),
            Self::Pipeline(at) => {
                f.write_str(&self.document())?;
                at.line.map_or(Ok(()), |line| write!(f, ":{line}"))
            }
        }
    }
}

impl fmt::Display for FileLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// An image as it is written in a file or pipeline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    /// The image as written.
    pub image: String,
    /// Where it stands.
    pub location: Location,
    /// The comment that excuses this place, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignored: Option<PlaceIgnore>,
}

/// A comment `# harness-images: ignore [until DATE] [reason]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceIgnore {
    /// Last day on which it applies; `None` means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Why, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl PlaceIgnore {
    /// Whether it still applies on a day, UTC.
    pub fn applies_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(line: u32, column: u32) -> Location {
        Location::File(FileLocation {
            file: ".harness/build.yaml".to_owned(),
            line,
            column,
        })
    }

    fn in_pipeline(line: Option<u32>, column: Option<u32>) -> Location {
        Location::Pipeline(PipelineLocation {
            org: "default".to_owned(),
            project: "shop".to_owned(),
            pipeline: "build".to_owned(),
            input_set: None,
            template: None,
            line,
            column,
            url: None,
        })
    }

    #[test]
    fn locations_are_written_as_fields_and_as_json() {
        let cases = [
            (
                in_file(12, 16),
                ".harness/build.yaml:12",
                ".harness/build.yaml:12:16",
                r#"{"file":".harness/build.yaml","line":12,"column":16}"#,
            ),
            (
                in_pipeline(Some(3), Some(9)),
                "default/shop/build:3",
                "default/shop/build:3:9",
                r#"{"org":"default","project":"shop","pipeline":"build","line":3,"column":9}"#,
            ),
            (
                in_pipeline(None, None),
                "default/shop/build",
                "default/shop/build",
                r#"{"org":"default","project":"shop","pipeline":"build"}"#,
            ),
        ];
        for (location, field, with_column, json) in cases {
            assert_eq!(location.to_string(), field);
            assert_eq!(location.with_column(), with_column);
            assert_eq!(serde_json::to_string(&location).unwrap(), json);
            assert_eq!(serde_json::from_str::<Location>(json).unwrap(), location);
        }
    }

    #[test]
    fn an_ignore_holds_through_its_last_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let cases = [
            (None, "2099-01-01", true),
            (Some("2026-12-31"), "2026-12-31", true),
            (Some("2026-12-31"), "2027-01-01", false),
        ];
        for (until, as_of, applies) in cases {
            let ignore = PlaceIgnore {
                until: until.map(day),
                reason: None,
            };
            assert_eq!(ignore.applies_on(day(as_of)), applies, "{until:?} {as_of}");
        }
    }
}
