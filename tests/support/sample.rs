//! Reports to tell: an example account with every verdict, an empty one, and a hostile one.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use harness_images::facts::{Infra, Module};
use harness_images::report::{
    Change, ChangeState, Listed, Operation, PolicyShown, ReleaseShown, Report, Row, SCHEMA, Source,
    Summary, Warning,
};
use harness_images::support::{ByRepository, EvidenceKind, Pattern, ReleaseUnit, Verdict};
use jiff::civil::Date;

/// A day as `2026-11-20`.
pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A report about `images` with counts that fit.
pub fn report(images: Vec<Row>, fail_on: &[Verdict]) -> Report {
    let count = |verdict| images.iter().filter(|row| row.verdict == verdict).count();
    let summary = Summary {
        images: images.len(),
        counts: Verdict::ALL.map(|v| (v.as_str(), count(v))).into(),
        failed: fail_on.iter().any(|verdict| count(*verdict) > 0),
    };
    Report {
        schema: SCHEMA,
        version: "0.1.0",
        as_of: day("2026-11-20"),
        account: Some("acme".to_owned()),
        action: "check",
        dry_run: false,
        policy: PolicyShown {
            supported_releases: ByRepository::all(3),
            release_unit: ByRepository::all(ReleaseUnit::Minor),
            deploy_window_days: 30,
            fail_on: fail_on.to_vec(),
        },
        summary,
        images,
        changes: Vec::new(),
        list: Vec::new(),
        warnings: Vec::new(),
        errors: Vec::new(),
        registries: Vec::new(),
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
        default: Some(image.to_owned()),
        verdict: Verdict::Current,
        judged: Verdict::Current,
        release_unit: ReleaseUnit::Minor,
        releases_behind: Some(0),
        window: Vec::new(),
        evidence: EvidenceKind::Registry,
        newest_hotfix: None,
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

fn warning(code: &str, field: Option<&str>, message: &str) -> Warning {
    Warning {
        code: code.to_owned(),
        module: field.map(|_| Module::Ci),
        infra: field.map(|_| Infra::K8),
        field: field.map(str::to_owned),
        message: message.to_owned(),
    }
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
            advice: "Make sure that somebody keeps it up to date.".into(),
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

/// Names and sentences that nobody should have, and that break something somewhere.
pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "<script>alert(1)</script>",
        "]]>",
        "--><!--",
        "</style></title></svg><img src=x onerror=alert(1)>",
        "double\" single' back` slash\\",
        "\"",
        "'",
        "\\",
        "# comment",
        "$HOME ${PATH} $(id) \\$X",
        "two\nlines\r\nthree\ttabs",
        "REPORT=stolen\nSTATUS=current",
        "\u{202e}gnp.exe",
        "nul\u{0}escape\u{1b}[31mred\u{7f}\u{85}",
        "\u{feff}\u{200b}\u{2028}\u{2029}\u{ffff}\u{fffe}",
        "|a|b|`c`|\\|",
        "@everyone #12 [link](https://evil.example) ![x](y) *b* _i_",
        "&amp;&#60;&lt;",
        "{{7*7}} ${{ secrets.X }} <+secrets.getValue(\"x\")>",
        "日本語のタグ🎉 Grüße",
        "javascript:alert(1)",
        "=cmd|' /C calc'!A0",
        " ",
        "",
    ]
    .map(String::from)
    .into();
    texts.push("x".repeat(10_000));
    texts.push("a b,c/".repeat(1_700));
    texts.push("|`<&\u{202e}".repeat(2_000));
    texts
}

/// A report in which every text from outside is hostile, and every verdict occurs.
pub fn hostile() -> Report {
    hostile_with(&hostile_texts())
}

/// A report with a row, a change, a warning… for each of the texts.
pub fn hostile_with(texts: &[String]) -> Report {
    let rows = texts.iter().enumerate().map(|(number, text)| Row {
        reason: text.clone(),
        advice: text.clone(),
        newest_hotfix: Some(text.clone()),
        window: vec![text.clone()],
        published: Some(day("2026-01-01")),
        deploy_by: Some(day("2026-12-01")),
        leaves_support_on: Some(day("2026-12-14")),
        releases: vec![ReleaseShown {
            release: text.clone(),
            newest: text.clone(),
            published: (number % 2 == 0).then(|| day("2025-01-01")),
            supported: number % 3 == 0,
        }],
        ..pinned(
            text,
            text,
            text,
            Verdict::ALL[number % 9],
            Some(number as u64 % 3),
        )
    });
    let mut report = report(rows.collect(), &[Verdict::Unsupported]);
    let all = texts.to_vec();
    report.account = all.first().cloned();
    report.action = "pin";
    report.registries = all.clone();
    report.errors = all.clone();
    report.policy.supported_releases =
        ByRepository::by_pattern(3, all.iter().map(|text| (Pattern::new(text.clone()), 1)));
    for text in texts {
        report.changes.push(Change {
            module: Module::Ci,
            infra: Some(Infra::Vm),
            field: text.clone(),
            op: Operation::Pin,
            from: Some(text.clone()),
            to: Some(text.clone()),
            state: ChangeState::RolledBack,
            why: text.clone(),
        });
        report.warnings.push(Warning {
            field: Some(text.clone()),
            ..warning(text, None, text)
        });
        report.list.push(Listed {
            image: text.clone(),
            fields: vec![text.clone()],
            tags: vec![text.clone()],
            evidence: EvidenceKind::Registry,
            missing: false,
        });
    }
    report
}
