//! The example account: some twenty fields, every verdict.

use harness_images::model::change::{Change, ChangeState, Operation};
use harness_images::model::module::{Infra, Module};
use harness_images::model::row::{Listed, ReleaseShown, Row, Source};
use harness_images::model::verdict::{EvidenceKind, Verdict};
use harness_images::report::Report;

use super::{day, pinned, releases, report, row, warning};

fn addon_releases() -> Vec<ReleaseShown> {
    releases(
        3,
        &[
            "1.18 1.18.0 2026-11-09",
            "1.17 1.17.3 2026-09-28",
            "1.16 1.16.9 2026-08-10",
            "1.15 1.15.2 2026-06-22",
            "1.14 1.14.4 2026-05-11",
        ],
    )
}

fn cache_releases() -> Vec<ReleaseShown> {
    let lines = [
        "1.9 1.9.8 2026-08-31",
        "1.8 1.8.4 2026-02-16",
        "1.7 1.7.1 2025-03-04",
    ];
    releases(3, &lines)
}

fn window(rows: &mut [ReleaseShown]) -> Vec<String> {
    let supported = rows.iter().filter(|release| release.supported);
    supported.map(|release| release.release.clone()).collect()
}

fn of(row: Row, mut releases: Vec<ReleaseShown>) -> Row {
    Row {
        window: window(&mut releases),
        releases,
        ..row
    }
}

/// The example account: some twenty fields, every verdict.
pub fn acme() -> Report {
    let mut report = report(rows(), &[Verdict::Unsupported]);
    report.registries = vec![
        "docker.io".into(),
        "registry.acme.example:5000/mirror".into(),
    ];
    report.warnings = vec![
        warning(
            "hotfix-available",
            Some("liteEngineTag"),
            "1.16.9 is the newest hotfix of release 1.16; in use is 1.16.4.",
        ),
        warning(
            "missing-image",
            Some("addonTag"),
            "docker.io does not list harness/ci-addon:1.14.1: builds will fail to pull it.",
        ),
        warning(
            "registry-unavailable",
            None,
            "registry.acme.example:5000 did not answer (connection refused); tags of 2 repositories are unknown.",
        ),
    ];
    report
}

/// The example account with a plan that resets and pins.
pub fn planned() -> Report {
    let mut report = acme();
    report.action = "reset";
    report.dry_run = true;
    report.changes = vec![
        Change {
            module: Module::Ci,
            infra: Some(Infra::K8),
            field: "addonTag".into(),
            op: Operation::Reset,
            from: Some("harness/ci-addon:1.14.1".into()),
            to: None,
            state: ChangeState::Planned,
            why: "Unsupported: four releases behind the default 1.18.0.".into(),
        },
        Change {
            module: Module::Dbops,
            infra: None,
            field: "mongoTag".into(),
            op: Operation::Pin,
            from: Some(
                "registry.acme.example:5000/mirror/plugins/drone-liquibase:1.15.2-4.31-mongo"
                    .into(),
            ),
            to: Some(
                "registry.acme.example:5000/mirror/plugins/drone-liquibase:1.18.0-4.33-mongo"
                    .into(),
            ),
            state: ChangeState::Planned,
            why: "Unsupported: three releases behind the default.".into(),
        },
    ];
    report
}

/// The example account's tags of the window.
pub fn listed() -> Report {
    let mut report = acme();
    report.action = "list";
    report.list = vec![
        Listed {
            image: "harness/ci-addon".into(),
            fields: vec!["ci.K8.addonTag".into(), "ci.K8.liteEngineTag".into()],
            tags: ["1.18.0", "1.17.3", "1.17.0", "1.16.9", "1.16.4"]
                .map(String::from)
                .into(),
            evidence: EvidenceKind::Registry,
            missing: false,
        },
        Listed {
            image: "harness/sto-plugin".into(),
            fields: vec!["ci.K8.securityTag".into()],
            tags: Vec::new(),
            evidence: EvidenceKind::None,
            missing: true,
        },
    ];
    report
}

fn rows() -> Vec<Row> {
    use Verdict::*;
    let mut rows = vec![
        of(
            Row {
                published: Some(day("2026-05-11")),
                reason: "Release 1.14 is 4 behind the default's 1.18; 3 releases are supported.".into(),
                advice: "Reset the override, or pin at least release 1.16.".into(),
                ..pinned("addonTag", "harness/ci-addon:1.14.1", "harness/ci-addon:1.18.0", Unsupported, Some(4))
            },
            addon_releases(),
        ),
        of(
            Row {
                published: Some(day("2026-08-24")),
                newest_hotfix: Some("1.16.9".into()),
                deploy_by: Some(day("2026-10-28")),
                leaves_support_on: Some(day("2026-11-23")),
                reason: "Release 1.16 is supported, but 1.17.0 has been out since 2026-09-28.".into(),
                advice: "Pin 1.18.0 or reset the override; it has been due since 2026-10-28.".into(),
                ..pinned("liteEngineTag", "harness/ci-lite-engine:1.16.4", "harness/ci-lite-engine:1.18.0", Overdue, Some(2))
            },
            addon_releases(),
        ),
        of(
            Row {
                published: Some(day("2026-09-28")),
                deploy_by: Some(day("2026-12-09")),
                leaves_support_on: Some(day("2026-12-14")),
                reason: "Release 1.17 is 1 behind the default's 1.18; 3 releases are supported.".into(),
                advice: "Deploy 1.18.0 by 2026-12-09.".into(),
                ..pinned("addonTagRootless", "harness/ci-addon:rootless-1.17.0", "harness/ci-addon:rootless-1.18.0", Supported, Some(1))
            },
            addon_releases(),
        ),
        Row {
            evidence: EvidenceKind::None,
            reason: "The tag `latest` is not a version, and no version has its digest.".into(),
            advice: "Pin a version.".into(),
            releases_behind: None,
            verdict: Floating,
            judged: Floating,
            ..row("securityTag", "harness/sto-plugin:latest")
        },
        Row {
            evidence: EvidenceKind::None,
            reason: "The override names another image than the default does.".into(),
            advice: "Make sure that a person keeps it up to date.".into(),
            ..pinned("s3UploadTag", "registry.acme.example:5000/platform/tools/s3-upload-with-a-long-name:2026.11.3", "plugins/s3:1.5.3", Custom, None)
        },
        of(
            Row {
                ignored_until: Some(day("2026-12-31")),
                judged: Unsupported,
                reason: "Release 1.2 is 4 behind the default's 1.6. Ignored: waits for the new cluster.".into(),
                ..pinned("gitCloneTag", "harness/drone-git:1.2.4-rootless", "harness/drone-git:1.6.9-rootless", Ignored, Some(4))
            },
            releases(3, &["1.6 1.6.9-rootless", "1.5 1.5.8-rootless", "1.4 1.4.12-rootless", "1.3 1.3.9-rootless", "1.2 1.2.8-rootless"]),
        ),
        of(
            Row {
                evidence: EvidenceKind::Numbering,
                reason: "2.1.0 is another major version: at least two releases behind, which alone decides nothing.".into(),
                advice: "Let the step read the registry's tags.".into(),
                ..pinned("sscaOrchestrationTag", "harness/ssca-plugin:1.9.0", "harness/ssca-plugin:2.1.0", Unverified, None)
            },
            releases(3, &["2.1 2.1.0"]),
        ),
        of(
            Row {
                published: Some(day("2026-11-18")),
                reason: "1.12.0 is newer than the default 1.11.1.".into(),
                ..pinned("buildAndPushGARTag", "plugins/kaniko-gar:1.12.0", "plugins/kaniko-gar:1.11.1", Ahead, None)
            },
            releases(3, &["1.11 1.11.1 2026-10-05", "1.10 1.10.1 2026-03-02"]),
        ),
    ];
    for (field, image) in [
        ("artifactoryUploadTag", "plugins/artifactory:1.7.6"),
        ("buildAndPushACRTag", "plugins/kaniko-acr:1.11.2"),
        (
            "buildAndPushBuildxDockerRegistryTag",
            "plugins/buildx:1.3.3",
        ),
        ("buildAndPushDockerRegistryTag", "plugins/kaniko:1.10.6"),
        ("buildAndPushECRTag", "plugins/kaniko-ecr:1.11.0"),
        ("cacheGCSTag", "plugins/cache:1.9.8"),
        ("cacheProxyImage", "harness/harness-cache-server:1.7.4"),
        ("cacheS3Tag", "plugins/cache:1.9.8"),
        ("gcsUploadTag", "plugins/gcs:1.6.3"),
        (
            "liteEngineTagRootless",
            "harness/ci-lite-engine:rootless-1.18.0",
        ),
        (
            "sscaArtifactVerificationTag",
            "harness/ssca-artifact-signing-plugin:0.39.0",
        ),
    ] {
        rows.push(match field {
            "cacheGCSTag" | "cacheS3Tag" => of(row(field, image), cache_releases()),
            _ => row(field, image),
        });
    }
    rows.push(Row {
        module: Module::Dbops,
        infra: None,
        reason: "Release 1.15 is 3 behind the default's 1.18; 3 releases are supported.".into(),
        advice: "Reset the override, or pin at least release 1.16.".into(),
        ..of(
            pinned(
                "mongoTag",
                "registry.acme.example:5000/mirror/plugins/drone-liquibase:1.15.2-4.31-mongo",
                "plugins/drone-liquibase:1.18.0-4.33-mongo",
                Unsupported,
                Some(3),
            ),
            releases(
                3,
                &[
                    "1.18 1.18.0-4.33-mongo",
                    "1.17 1.17.4-4.33-mongo",
                    "1.16 1.16.1-4.33-mongo",
                    "1.15 1.15.2-4.31-mongo",
                ],
            ),
        )
    });
    let reference = "harness/ci-addon:1.17.3";
    rows.push(of(
        Row {
            module: Module::Image,
            infra: None,
            source: Source::Setting,
            published: Some(day("2026-10-12")),
            deploy_by: Some(day("2026-12-09")),
            leaves_support_on: Some(day("2026-12-14")),
            reason: "Release 1.17 is 1 behind the default's 1.18; 3 releases are supported.".into(),
            ..pinned(
                reference,
                reference,
                "harness/ci-addon:1.18.0",
                Supported,
                Some(1),
            )
        },
        addon_releases(),
    ));
    rows
}
