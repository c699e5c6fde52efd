//! The published JSON `harness-images/report/v1`: keys are only ever added. Types of its own, so
//! that what is inside may change; every part is made from the inside without leaving a field out
//! by accident.

mod image;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{PolicyShown, Report};
use crate::model::change::{Change, Operation};
use crate::model::concern::Newly;
use crate::model::lifecycle::Lifecycle;
use crate::model::mirror::Mirror;
use crate::model::policy::{ByRepository, ReleaseUnit};
use crate::model::row::{Listed, Summary};
use crate::model::warning::Warning;
pub(super) use image::ImageV1;
use image::evidence_name;

/// Value of `schema`.
pub const SCHEMA: &str = "harness-images/report/v1";

/// The report.
#[derive(Debug, Serialize)]
pub(super) struct ReportV1<'a> {
    schema: &'static str,
    version: &'a str,
    as_of: Date,
    account: Option<&'a str>,
    action: &'a str,
    dry_run: bool,
    policy: PolicyV1<'a>,
    summary: SummaryV1,
    images: Vec<ImageV1<'a>>,
    changes: Vec<ChangeV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newly: Option<&'a [Newly]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<ListedV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mirror: Option<&'a Mirror>,
    warnings: Vec<WarningV1<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    registries: &'a [String],
}

impl<'a> From<&'a Report> for ReportV1<'a> {
    fn from(report: &'a Report) -> Self {
        let Report {
            version,
            as_of,
            account,
            action,
            dry_run,
            policy,
            summary,
            images,
            // A warning says it.
            no_images: _,
            changes,
            newly,
            list,
            mirror,
            warnings,
            errors,
            registries,
            // A format of its own.
            patch: _,
            patch_file: _,
        } = report;
        Self {
            schema: SCHEMA,
            version,
            as_of: *as_of,
            account: account.as_deref(),
            action,
            dry_run: *dry_run,
            policy: policy.into(),
            summary: summary.into(),
            images: images.iter().map(ImageV1::from).collect(),
            changes: changes.iter().map(ChangeV1::from).collect(),
            newly: newly.as_deref(),
            list: list.iter().map(ListedV1::from).collect(),
            mirror: mirror.as_ref(),
            warnings: warnings.iter().map(WarningV1::from).collect(),
            errors,
            registries,
        }
    }
}

#[derive(Debug, Serialize)]
struct PolicyV1<'a> {
    supported_releases: &'a ByRepository<u32>,
    release_unit: &'a ByRepository<ReleaseUnit>,
    supported_days: &'a ByRepository<u32>,
    lifecycles: &'a [Lifecycle],
    deploy_window_days: u32,
    fail_on: Vec<&'static str>,
}

impl<'a> From<&'a PolicyShown> for PolicyV1<'a> {
    fn from(policy: &'a PolicyShown) -> Self {
        let PolicyShown {
            supported_releases,
            release_unit,
            supported_days,
            lifecycles,
            deploy_window_days,
            fail_on,
        } = policy;
        Self {
            supported_releases,
            release_unit,
            supported_days,
            lifecycles,
            deploy_window_days: *deploy_window_days,
            fail_on: fail_on.words().collect(),
        }
    }
}

/// Counts; every verdict has a key.
#[derive(Debug, Serialize)]
pub(super) struct SummaryV1 {
    images: usize,
    #[serde(flatten)]
    counts: BTreeMap<&'static str, usize>,
    missing: usize,
    failed: bool,
}

impl From<&Summary> for SummaryV1 {
    fn from(summary: &Summary) -> Self {
        let Summary {
            images,
            counts,
            missing,
            failed,
        } = summary;
        Self {
            images: *images,
            counts: counts.clone(),
            missing: *missing,
            failed: *failed,
        }
    }
}

#[derive(Debug, Serialize)]
struct ChangeV1<'a> {
    module: &'static str,
    infra: Option<&'static str>,
    field: &'a str,
    op: Operation,
    from: Option<&'a str>,
    to: Option<&'a str>,
    state: &'static str,
    why: &'a str,
}

impl<'a> From<&'a Change> for ChangeV1<'a> {
    fn from(change: &'a Change) -> Self {
        let Change {
            module,
            infra,
            field,
            op,
            from,
            to,
            state,
            why,
        } = change;
        Self {
            module: module.as_str(),
            infra: infra.map(|infra| infra.as_str()),
            field,
            op: *op,
            from: from.as_deref(),
            to: to.as_deref(),
            state: state.as_str(),
            why,
        }
    }
}

/// Tags to mirror and scan.
#[derive(Debug, Serialize)]
pub(super) struct ListedV1<'a> {
    image: &'a str,
    fields: &'a [String],
    tags: &'a [String],
    evidence: &'static str,
    missing: bool,
}

impl<'a> From<&'a Listed> for ListedV1<'a> {
    fn from(listed: &'a Listed) -> Self {
        let Listed {
            image,
            fields,
            tags,
            evidence,
            missing,
        } = listed;
        Self {
            image,
            fields,
            tags,
            evidence: evidence_name(*evidence),
            missing: *missing,
        }
    }
}

#[derive(Debug, Serialize)]
struct WarningV1<'a> {
    code: &'static str,
    module: Option<&'static str>,
    infra: Option<&'static str>,
    field: Option<&'a str>,
    message: &'a str,
}

impl<'a> From<&'a Warning> for WarningV1<'a> {
    fn from(warning: &'a Warning) -> Self {
        let Warning {
            code,
            module,
            infra,
            field,
            message,
        } = warning;
        Self {
            code: code.as_str(),
            module: module.map(|module| module.as_str()),
            infra: infra.map(|infra| infra.as_str()),
            field: field.as_deref(),
            message,
        }
    }
}
