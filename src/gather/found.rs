//! Images in files of the workspace and in pipelines of the account, as facts with their places.

use std::path::Path;

use tokio::time::Instant;

use crate::harness::pipelines::{self, Messages};
use crate::harness::{Harness, InputImages, PipelineText, PipelinesRead};
use crate::model::facts::{Facts, NotJudged, Notice, Places};
use crate::model::location::{Found, Location, PipelineLocation};
use crate::model::warning::WarningCode;
use crate::settings::{FilesSetting, PipelinesSetting, Settings};
use crate::sources::files::{AUTO, LeftOut, scan};
use crate::sources::glob::PathPattern;
use crate::sources::pipelines::{PipelineImage, PipelineImages};
use crate::sources::{self, MAX_IMAGES, TemplateRef, Unknown};
use crate::text::counted;
use crate::yaml::Position;

/// The folder that files are relative to: runners start a step in it.
pub(crate) const WORKSPACE: &str = ".";

/// The paths that the setting names.
fn paths(setting: &FilesSetting) -> Vec<&str> {
    match setting {
        FilesSetting::Off => Vec::new(),
        FilesSetting::Auto => AUTO.to_vec(),
        FilesSetting::Patterns(patterns) => patterns.iter().map(String::as_str).collect(),
    }
}

/// Leaves what the settings select of the images that a snapshot holds, as they do live.
pub(crate) fn select(facts: &mut Facts, settings: &Settings) {
    let paths = paths(&settings.files);
    let paths: Vec<PathPattern> = paths.into_iter().filter_map(PathPattern::parse).collect();
    facts.found.retain(|found| match &found.location {
        Location::File(at) => paths.iter().any(|pattern| pattern.matches(&at.file)),
        Location::Pipeline(at) => is_selected(&settings.pipelines, at),
    });
}

/// Whether a pipeline is selected; one of its input sets is, if it is itself.
fn is_selected(setting: &PipelinesSetting, at: &PipelineLocation) -> bool {
    match setting {
        PipelinesSetting::Off => false,
        PipelinesSetting::Account => true,
        PipelinesSetting::Patterns(_) => {
            // Snapshots once had the input set behind the pipeline's name.
            let pipeline = at.pipeline.split_once('/').map(|(pipeline, _)| pipeline);
            let pipeline = pipeline.unwrap_or(&at.pipeline);
            pipelines::is_selected(setting, &at.org, &at.project, pipeline)
        }
    }
}

/// Adds the images of the files that the setting selects.
pub(crate) fn add_files(setting: &FilesSetting, facts: &mut Facts) {
    let patterns = paths(setting);
    if patterns.is_empty() {
        return;
    }
    let scan = scan(Path::new(WORKSPACE), &patterns);
    for file in scan.files {
        let place = |position: Position| format!("{}:{}", file.path, position.line);
        for unknown in &file.found.not_literal {
            places_of(&mut facts.not_judged, unknown.reason).add(place(unknown.position));
        }
        facts.found.extend(file.images());
    }
    let notices = scan.left_out.iter().map(|left_out| Notice {
        code: match left_out {
            LeftOut::Comment { .. } => WarningCode::CommentUseless,
            LeftOut::Document { .. } | LeftOut::File { .. } => WarningCode::UnreadableFile,
            LeftOut::Outside { .. } | LeftOut::NoMatch { .. } => WarningCode::NoMatch,
            LeftOut::Bound { .. } => WarningCode::FilesIncomplete,
        },
        message: left_out.to_string(),
    });
    facts.notices.extend(notices);
}

/// Where images are noted that are not known for a reason.
fn places_of(not_judged: &mut NotJudged, reason: Unknown) -> &mut Places {
    match reason {
        Unknown::Expression => &mut not_judged.expressions,
        Unknown::Repository => &mut not_judged.tags,
        Unknown::Malformed => &mut not_judged.malformed,
    }
}

/// What the pipelines of the account hold.
#[derive(Debug, Default)]
pub(super) struct InPipelines {
    found: Vec<Found>,
    not_judged: NotJudged,
    notices: Vec<Notice>,
    /// Texts that are no YAML.
    unreadable: Messages,
    useless_comments: Messages,
    is_cut: bool,
    /// Why nothing further could be read.
    pub(super) error: Option<String>,
}

/// Reads the pipelines that the setting selects, each text only until its images are found.
pub(super) async fn read_pipelines(
    harness: &Harness<'_>,
    settings: &Settings,
    end: Instant,
) -> InPipelines {
    let mut all = InPipelines::default();
    let read = |text: PipelineText<'_>| {
        let images = sources::pipelines::find(text.written, text.resolved);
        let mut reasons = images.not_literal.iter().map(|(_, reason)| *reason);
        let has_inputs = reasons.any(|reason| reason == Unknown::Expression);
        let is_yaml = images.errors.is_empty();
        all.add(&text, images);
        match (has_inputs, text.input_set) {
            (true, None) => InputImages::Some,
            _ if is_yaml => InputImages::None,
            _ => InputImages::Unreadable,
        }
    };
    let PipelinesRead { notices, error, .. } =
        harness.pipelines(&settings.pipelines, end, read).await;
    all.notices.extend(notices);
    all.error = error;
    all
}

impl InPipelines {
    fn add(&mut self, text: &PipelineText<'_>, images: PipelineImages) {
        let at = PipelineLocation {
            org: text.id.project.org.to_string(),
            project: text.id.project.project.to_string(),
            pipeline: text.id.pipeline.to_string(),
            input_set: text.input_set.map(ToString::to_string),
            template: None,
            line: None,
            column: None,
            url: Some(text.url.to_string()),
        };
        let place = |position: Option<Position>| {
            let line = position.map(|position| position.line);
            let at = PipelineLocation { line, ..at.clone() };
            Location::Pipeline(at).to_string()
        };
        for (position, reason) in &images.not_literal {
            places_of(&mut self.not_judged, *reason).add(place(*position));
        }
        let document = Location::Pipeline(at.clone()).document();
        if let Some(error) = images.errors.first() {
            let message = format!("the pipeline {document} is no YAML, at {error}");
            self.unreadable.add(message);
        }
        for problem in &images.useless_comments {
            self.useless_comments.add(format!("{document}, {problem}"));
        }
        let room = MAX_IMAGES.saturating_sub(self.found.len());
        self.is_cut |= images.is_cut || images.images.len() > room;
        let images = images.images.into_iter().take(room);
        self.found
            .extend(images.map(|image| in_pipeline(&at, image)));
    }

    /// Adds what was found, in the order of the places.
    pub(super) fn add_to(self, facts: &mut Facts) {
        facts.found.extend(self.found);
        facts.not_judged.extend(self.not_judged);
        facts.notices.extend(self.notices);
        let kinds = [
            (
                WarningCode::PipelineUnreadable,
                self.unreadable,
                ("more pipeline is", "more pipelines are", "no YAML"),
            ),
            (
                WarningCode::CommentUseless,
                self.useless_comments,
                ("more comment has", "more comments have", "no effect"),
            ),
        ];
        for (code, messages, (one, more, what)) in kinds {
            facts.notices.extend(
                messages.notices(code, |rest| format!("{} {what}", counted(rest, one, more))),
            );
        }
        if self.is_cut {
            facts.notices.push(Notice {
                code: WarningCode::PipelinesIncomplete,
                message: format!(
                    "the pipelines hold more than {MAX_IMAGES} images, of which the rest was left out; narrow `pipelines`"
                ),
            });
        }
    }
}

fn in_pipeline(at: &PipelineLocation, image: PipelineImage) -> Found {
    let position = image.position;
    Found {
        location: Location::Pipeline(PipelineLocation {
            template: image.template.map(name_of),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            ..at.clone()
        }),
        ignored: image.ignore,
        image: image.image,
    }
}

/// A template as people name it: `account.build@1.2`.
fn name_of(template: TemplateRef) -> String {
    match template.version {
        Some(version) => format!("{}@{version}", template.name),
        None => template.name,
    }
}
