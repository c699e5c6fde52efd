//! Texts that break something somewhere, and reports made of them.

use harness_images::model::change::{Change, ChangeState, Operation};
use harness_images::model::module::{Infra, Module};
use harness_images::model::policy::{ByRepository, Pattern};
use harness_images::model::row::{Listed, ReleaseShown, Row};
use harness_images::model::verdict::{EvidenceKind, Verdict};
use harness_images::model::warning::Warning;
use harness_images::report::Report;

use super::{day, in_file, in_pipeline, pinned, report, warning};

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
    let texts = hostile_texts();
    let mut whole = hostile_with(&texts);
    whole.images.extend(hostile_places(&texts).images);
    with_counts(whole)
}

/// Counts the rows anew.
fn with_counts(whole: Report) -> Report {
    let Report { summary, .. } = report(whole.images.clone(), &[Verdict::Unsupported]);
    Report { summary, ..whole }
}

/// A report in which the texts are paths, parts of pipelines' names, and their addresses.
pub fn hostile_places(texts: &[String]) -> Report {
    let rows = texts.iter().enumerate().flat_map(|(number, text)| {
        let verdict = Verdict::ALL[number % Verdict::ALL.len()];
        let link = format!("https://harness.example/{text}");
        [
            in_file(text, 3, 7, text, verdict),
            in_pipeline([text, text, text], None, text, text),
            in_pipeline([text, text, text], Some(3), &link, text),
        ]
    });
    report(rows.collect(), &[Verdict::Unsupported])
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
            Verdict::ALL[number % Verdict::ALL.len()],
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
            ..warning("missing-image", None, text)
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
