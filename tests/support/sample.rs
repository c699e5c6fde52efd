//! Reports: an example account with every verdict, an empty one, and a hostile one.
mod acme;
mod hostile;
mod places;

pub use acme::{acme, listed, planned};
pub use hostile::{hostile, hostile_places, hostile_texts, hostile_with};
pub use places::{in_file, in_pipeline, places};

use harness_images::model::module::{Infra, Module};
use harness_images::model::no_images::NoImages;
use harness_images::model::policy::{ByRepository, ReleaseUnit};
use harness_images::model::row::{ReleaseShown, Row, Source};
use harness_images::model::verdict::{EvidenceKind, Verdict};
use harness_images::model::warning::{Warning, WarningCode};
use harness_images::report::{PolicyShown, Report};
use harness_images::verdict::summary;
use jiff::civil::Date;

/// A day as `2026-11-20`.
pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A report about `images` with counts that fit.
pub fn report(images: Vec<Row>, fail_on: &[Verdict]) -> Report {
    let fail_on = fail_on.into();
    Report {
        summary: summary(&images, &fail_on),
        version: "0.1.0",
        as_of: day("2026-11-20"),
        account: Some("acme".to_owned()),
        action: "check",
        dry_run: false,
        policy: PolicyShown {
            supported_releases: ByRepository::all(3),
            release_unit: ByRepository::all(ReleaseUnit::Minor),
            supported_days: ByRepository::all(0),
            lifecycles: harness_images::model::lifecycle::LIFECYCLES,
            deploy_window_days: 30,
            fail_on,
        },
        no_images: None,
        images,
        changes: Vec::new(),
        newly: None,
        list: Vec::new(),
        warnings: Vec::new(),
        errors: Vec::new(),
        registries: Vec::new(),
        patch: None,
        patch_file: None,
        mirror: None,
    }
}

/// A row of `ci` on Kubernetes that needs nothing.
pub fn row(field: &str, image: &str) -> Row {
    Row {
        module: Module::Ci,
        infra: Some(Infra::K8),
        field: field.to_owned(),
        source: Source::Default,
        image: image.to_owned(),
        location: None,
        default: Some(image.to_owned()),
        verdict: Verdict::Current,
        judged: Verdict::Current,
        release_unit: ReleaseUnit::Minor,
        releases_behind: Some(0),
        window: Vec::new(),
        evidence: EvidenceKind::Registry,
        list: None,
        newest_hotfix: None,
        missing: false,
        published: None,
        deploy_by: None,
        leaves_support_on: None,
        reason: "Harness' default is in use.".to_owned(),
        advice: String::new(),
        ignored_until: None,
        releases: Vec::new(),
    }
}

/// An override in place of a default, with its verdict.
pub fn pinned(
    field: &str,
    image: &str,
    default: &str,
    verdict: Verdict,
    behind: Option<u64>,
) -> Row {
    Row {
        source: Source::Override,
        default: Some(default.to_owned()),
        verdict,
        judged: verdict,
        releases_behind: behind,
        ..row(field, image)
    }
}

/// Releases as `1.16 1.16.3 2026-11-09`, newest first, the first `supported` of them supported.
pub fn releases(supported: usize, lines: &[&str]) -> Vec<ReleaseShown> {
    let release = |(number, line): (usize, &&str)| {
        let mut words = line.split(' ').map(str::to_owned);
        ReleaseShown {
            release: words.next().unwrap(),
            newest: words.next().unwrap(),
            published: words.next().map(|date| day(&date)),
            supported: number < supported,
        }
    };
    lines.iter().enumerate().map(release).collect()
}

/// An account without any images, whose run met an error.
pub fn failed() -> Report {
    let mut report = empty();
    report.errors = vec![
        "Harness refused the key (401) for module ci: check the setting `api_key`; correlation id 08919155-a6d6-4bd3-8401-6b86318c85ca.".into(),
    ];
    report
}

/// An account without any images.
pub fn empty() -> Report {
    let mut report = report(Vec::new(), &[]);
    report.account = None;
    let settings = vec!["modules", "infra", "fields"];
    report.no_images = Some(NoImages::Selected(settings));
    report
}

/// A warning, about a field of `ci` on Kubernetes or about none.
pub fn warning(code: &str, field: Option<&str>, message: &str) -> Warning {
    Warning {
        code: WarningCode::from_name(code).unwrap(),
        module: field.map(|_| Module::Ci),
        infra: field.map(|_| Infra::K8),
        field: field.map(str::to_owned),
        message: message.to_owned(),
    }
}
