//! An image in use, in the published JSON.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::facts::ListKind;
use crate::model::location::{FileLocation, Location, PipelineLocation, Source};
use crate::model::row::{ListShown, ReleaseShown, Row};
use crate::model::verdict::EvidenceKind;

/// An image in use.
#[derive(Debug, Serialize)]
pub(crate) struct ImageV1<'a> {
    module: &'static str,
    infra: Option<&'static str>,
    field: &'a str,
    source: &'static str,
    image: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationV1<'a>>,
    default: Option<&'a str>,
    verdict: &'static str,
    judged: &'static str,
    release_unit: &'static str,
    releases_behind: Option<u64>,
    window: &'a [String],
    evidence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<ListV1<'a>>,
    newest_hotfix: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
    published: Option<Date>,
    deploy_by: Option<Date>,
    leaves_support_on: Option<Date>,
    reason: &'a str,
    advice: &'a str,
    ignored_until: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    releases: Vec<ReleaseV1<'a>>,
}

impl ImageV1<'_> {
    /// The same without `releases`, for places with little room.
    pub(crate) fn brief(self) -> Self {
        Self {
            releases: Vec::new(),
            ..self
        }
    }
}

impl<'a> From<&'a Row> for ImageV1<'a> {
    fn from(row: &'a Row) -> Self {
        let Row {
            module,
            infra,
            field,
            source,
            image,
            location,
            default,
            verdict,
            judged,
            release_unit,
            releases_behind,
            window,
            evidence,
            list,
            newest_hotfix,
            missing,
            published,
            deploy_by,
            leaves_support_on,
            reason,
            advice,
            ignored_until,
            releases,
        } = row;
        Self {
            module: module.as_str(),
            infra: infra.map(|infra| infra.as_str()),
            field,
            source: source_name(*source),
            image,
            location: location.as_ref().map(LocationV1::from),
            default: default.as_deref(),
            verdict: verdict.as_str(),
            judged: judged.as_str(),
            release_unit: release_unit.as_str(),
            releases_behind: *releases_behind,
            window,
            evidence: evidence_name(*evidence),
            list: list.as_ref().map(ListV1::from),
            newest_hotfix: newest_hotfix.as_deref(),
            missing: *missing,
            published: *published,
            deploy_by: *deploy_by,
            leaves_support_on: *leaves_support_on,
            reason,
            advice,
            ignored_until: *ignored_until,
            releases: releases.iter().map(ReleaseV1::from).collect(),
        }
    }
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Override => "override",
        Source::Default => "default",
        Source::Setting => "setting",
        Source::File => "file",
        Source::Pipeline => "pipeline",
    }
}

pub(super) fn evidence_name(evidence: EvidenceKind) -> &'static str {
    match evidence {
        EvidenceKind::Registry => "registry",
        EvidenceKind::History => "history",
        EvidenceKind::Numbering => "numbering",
        EvidenceKind::None => "none",
    }
}

/// Where an image stands.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum LocationV1<'a> {
    File {
        file: &'a str,
        line: u32,
        column: u32,
    },
    Pipeline {
        org: &'a str,
        project: &'a str,
        pipeline: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        input_set: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str>,
    },
}

impl<'a> From<&'a Location> for LocationV1<'a> {
    fn from(location: &'a Location) -> Self {
        match location {
            Location::File(FileLocation { file, line, column }) => Self::File {
                file,
                line: *line,
                column: *column,
            },
            Location::Pipeline(PipelineLocation {
                org,
                project,
                pipeline,
                input_set,
                template,
                line,
                column,
                url,
            }) => Self::Pipeline {
                org,
                project,
                pipeline,
                input_set: input_set.as_deref(),
                template: template.as_deref(),
                line: *line,
                column: *column,
                url: url.as_deref(),
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct ListV1<'a> {
    registry: &'a str,
    repository: &'a str,
    kind: ListKind,
}

impl<'a> From<&'a ListShown> for ListV1<'a> {
    fn from(list: &'a ListShown) -> Self {
        let ListShown {
            registry,
            repository,
            kind,
        } = list;
        Self {
            registry,
            repository,
            kind: *kind,
        }
    }
}

#[derive(Debug, Serialize)]
struct ReleaseV1<'a> {
    release: &'a str,
    newest: &'a str,
    published: Option<Date>,
    supported: bool,
}

impl<'a> From<&'a ReleaseShown> for ReleaseV1<'a> {
    fn from(release: &'a ReleaseShown) -> Self {
        let ReleaseShown {
            release,
            newest,
            published,
            supported,
        } = release;
        Self {
            release,
            newest,
            published: *published,
            supported: *supported,
        }
    }
}
