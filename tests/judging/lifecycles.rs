//! How long images are supported, by vendor's promise: releases, age, month of the version.

use harness_images::model::facts::{Facts, Repository};
use harness_images::model::lifecycle::{LIFECYCLES, Rule, delegate_dates, rule_for};
use harness_images::model::policy::{ByRepository, Policy};
use harness_images::model::tag::Tag;
use harness_images::model::verdict::Verdict::{
    Ahead, Current, Floating, Supported, Unsupported, Unverified,
};
use harness_images::verdict::{Judgement, policy};
use jiff::civil::Date;
use proptest::prelude::*;

use super::{badness, dated_list, documented, judged, judged_all, judged_with, settings};

/// The rules where nothing is set.
fn default_policy(as_of: &str) -> Policy {
    let settings = settings(&[("PLUGIN_SNAPSHOT", "x"), ("PLUGIN_AS_OF", as_of)]);
    policy(&settings, &Facts::default())
}

fn list(path: &str, tags: &[(&str, &str)]) -> Repository {
    let entries: Vec<String> = tags
        .iter()
        .map(|(tag, day)| format!("{tag} {day}"))
        .collect();
    dated_list("docker.io", path, &entries)
}

#[test]
fn each_row_names_its_document() {
    for row in LIFECYCLES {
        assert!(
            row.url.starts_with("https://developer.harness.io/"),
            "{row:?}"
        );
        assert!(row.read_on.parse::<Date>().is_ok() && !row.document.is_empty());
    }
    let cases = [
        ("harness/ci-addon", Some(Rule::Releases(3))),
        ("plugins/harness_terraform", Some(Rule::Releases(5))),
        ("harness/semgrep-job-runner", Some(Rule::Days(90))),
        (
            "harness/delegate",
            Some(Rule::VersionMonth {
                support: 6,
                life: 8,
            }),
        ),
        ("plugins/kaniko", None),
        ("harness/drone-git", None),
    ];
    for (name, rule) in cases {
        assert_eq!(rule_for(name), rule, "{name}");
    }
}

#[test]
fn settings_overrule_documents() {
    // Setting, value; windows of CI, IaCM, delegate, another; days of a scanner, of another.
    let cases = [
        (vec![], [3, 5, 0, 3], [90, 0]),
        (vec![("supported_releases", "4")], [4, 4, 0, 4], [90, 0]),
        (
            vec![("supported_releases", r#"{"*":0}"#)],
            [0, 0, 0, 0],
            [90, 0],
        ),
        (
            vec![("supported_releases", "harness/*=2")],
            [2, 5, 2, 3],
            [90, 0],
        ),
        (
            vec![("supported_releases", "plugins/*=9")],
            [3, 9, 0, 9],
            [90, 0],
        ),
        (vec![("supported_days", "60")], [3, 5, 0, 3], [60, 60]),
        (vec![("supported_days", "0")], [3, 5, 0, 3], [0, 0]),
        (
            vec![("supported_days", "plugins/*=30")],
            [3, 5, 0, 3],
            [90, 30],
        ),
        (
            vec![("supported_days", r#"{"harness/*":7,"*":8}"#)],
            [3, 5, 0, 3],
            [7, 8],
        ),
    ];
    for (pairs, windows, days) in cases {
        let mut all = vec![("PLUGIN_SNAPSHOT".to_owned(), "x")];
        all.extend(
            pairs
                .iter()
                .map(|(name, value)| (format!("PLUGIN_{}", name.to_uppercase()), *value)),
        );
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        let settings = settings(&all);
        let found = [
            "harness/ci-addon",
            "plugins/harness_terraform",
            "harness/delegate",
            "plugins/kaniko",
        ]
        .map(|name| settings.supported_releases.get(name));
        assert_eq!(found, windows, "{pairs:?}");
        let found = ["harness/semgrep-job-runner", "plugins/kaniko"]
            .map(|name| settings.supported_days.get(name));
        assert_eq!(found, days, "{pairs:?}");
    }
}

#[test]
fn scanners_by_their_age() {
    let tags = |published| [("1.2.0", published), ("1.3.0", "2026-11-01")];
    // Published, the image's tag, verdict, whether the age is unknown.
    let cases = [
        ("2026-08-23", "1.2.0", Supported, false),   // 89 days
        ("2026-08-22", "1.2.0", Supported, false),   // 90 days
        ("2026-08-21", "1.2.0", Unsupported, false), // 91 days
        ("", "1.2.0", Supported, true),
        ("2020-01-01", "1.3.0", Current, false),
        ("2020-01-01", "1.4.0", Ahead, false),
    ];
    for (published, tag, expected, age_unknown) in cases {
        let list = list("harness/semgrep-job-runner", &tags(published));
        let found = judged(
            &format!("harness/semgrep-job-runner:{tag}"),
            "harness/semgrep-job-runner:1.3.0",
            Some(&list),
            &default_policy("2026-11-20"),
        );
        assert_eq!(
            (found.verdict, found.age_unknown),
            (expected, age_unknown),
            "{published} {tag}: {}",
            found.reason
        );
        let says_age = found.reason.contains("only 90 days are supported");
        assert_eq!(says_age, expected == Unsupported, "{}", found.reason);
    }
    // A newest image that is old is still the newest.
    let old = list("harness/semgrep-job-runner", &[("1.3.0", "2020-01-01")]);
    let name = "harness/semgrep-job-runner:1.3.0";
    let found = judged(name, name, Some(&old), &default_policy("2026-11-20"));
    assert_eq!(found.verdict, Current);
}

#[test]
fn ages_across_month_ends_and_leap_days() {
    // Published, last supported day, first day after.
    let cases = [
        ("2026-11-30", "2027-02-28", "2027-03-01"),
        ("2026-12-01", "2027-03-01", "2027-03-02"),
        ("2027-12-01", "2028-02-29", "2028-03-01"),
        ("2027-12-02", "2028-03-01", "2028-03-02"),
        ("2028-02-29", "2028-05-29", "2028-05-30"),
        ("2026-08-31", "2026-11-29", "2026-11-30"),
        ("2026-10-03", "2027-01-01", "2027-01-02"),
    ];
    for (published, last, after) in cases {
        let tags = [("1.2.0", published), ("1.3.0", after)];
        let list = list("harness/a-job-runner", &tags);
        for (as_of, expected) in [(last, Supported), (after, Unsupported)] {
            let found = judged(
                "harness/a-job-runner:1.2.0",
                "harness/a-job-runner:1.3.0",
                Some(&list),
                &default_policy(as_of),
            );
            assert_eq!(
                found.verdict, expected,
                "{published} {as_of}: {}",
                found.reason
            );
        }
    }
}

#[test]
fn an_age_is_counted_from_the_earliest_known_date() {
    let own = list("harness/a-job-runner", &[("1.2.0", "2026-11-01")]);
    let published = list(
        "harness/a-job-runner",
        &[("1.2.0", "2026-01-01"), ("1.3.0", "2026-11-01")],
    );
    let found = judged_with(
        "harness/a-job-runner:1.2.0",
        "harness/a-job-runner:1.3.0",
        Some(&own),
        Some(&published),
        &[],
        &default_policy("2026-11-20"),
    );
    assert_eq!(found.verdict, Unsupported, "{}", found.reason);
}

#[test]
fn iacm_images_have_five_versions() {
    let cases = [("0.14.0", Supported), ("0.13.0", Unsupported)];
    for (tag, expected) in cases {
        let found = judged(
            &format!("plugins/harness_terraform:{tag}"),
            "plugins/harness_terraform:0.18.0",
            None,
            &default_policy("2026-11-20"),
        );
        assert_eq!(found.verdict, expected, "{tag}: {}", found.reason);
    }
}

#[test]
fn delegates_by_the_month_in_their_version() {
    // Version (of a published month any build will do); ends of support and life.
    let cases = [
        ("23.11.81406", "2024-04-30", "2024-06-30"),
        ("23.12.82000", "2024-05-31", "2024-07-31"),
        ("24.01.81811", "2024-06-30", "2024-08-31"),
        ("24.02.82203", "2024-08-31", "2024-10-31"),
        ("24.02.82406", "2024-07-31", "2024-09-30"),
        ("24.03.82600", "2024-08-31", "2024-10-31"),
        ("24.04.82901", "2024-09-30", "2024-11-30"),
        ("24.05.83001", "2024-10-31", "2024-12-31"),
        ("24.06.83304", "2024-11-30", "2025-01-31"),
        ("24.07.84503", "2024-12-31", "2025-02-28"),
        ("24.08.83704", "2025-01-31", "2025-03-31"),
        ("24.09.83900", "2025-03-31", "2025-05-31"),
        ("24.10.84106", "2025-03-31", "2025-05-31"),
        ("24.10.84107", "2025-04-30", "2025-06-30"),
        ("24.11.84309", "2025-04-30", "2025-06-30"),
        ("24.12.84702", "2025-05-31", "2025-07-31"),
        ("24.12.84704", "2025-06-30", "2025-08-31"),
        ("25.01.85000", "2025-06-30", "2025-08-31"),
        ("25.02.85300", "2025-07-31", "2025-09-30"),
        ("25.03.85504", "2025-08-31", "2025-10-31"),
        ("25.04.85701", "2025-09-30", "2025-11-30"),
        ("25.05.85905", "2025-10-31", "2025-12-31"),
        ("25.05.85905.minimal", "2025-10-31", "2025-12-31"),
        ("25.06.86200", "2025-11-30", "2026-01-31"),
        ("25.07.86408", "2025-12-31", "2026-02-28"),
        ("25.08.86600", "2026-01-31", "2026-03-31"),
        // By the rule: month ends, a turn of the year, leap years.
        ("25.09.86700", "2026-03-31", "2026-05-31"),
        ("26.02.88000", "2026-08-31", "2026-10-31"),
        ("26.08.90000", "2027-02-28", "2027-04-30"),
        ("27.06.91000", "2027-12-31", "2028-02-29"),
        ("27.08.92000.minimal", "2028-02-29", "2028-04-30"),
    ];
    let rule = rule_for("harness/delegate").unwrap();
    for (version, support, life) in cases {
        let dates = delegate_dates(rule, Tag::parse(version).unwrap()).unwrap();
        let found = (
            dates.end_of_support.to_string(),
            dates.end_of_life.to_string(),
        );
        assert_eq!(found, (support.to_owned(), life.to_owned()), "{version}");
    }
    for version in ["26.13.1", "26.00.1", "1.2.3", "2026.05.1", "26.5.1"] {
        assert_eq!(
            delegate_dates(rule, Tag::parse(version).unwrap()),
            None,
            "{version}"
        );
    }
    assert_eq!(
        delegate_dates(Rule::Releases(3), Tag::parse("26.02.1").unwrap()),
        None
    );
}

#[test]
fn verdicts_of_delegates() {
    let of = |tag: &str, default: &str, as_of: &str| -> Judgement {
        judged(
            &format!("harness/delegate:{tag}"),
            &format!("harness/delegate:{default}"),
            None,
            &default_policy(as_of),
        )
    };
    // Tag, default, as of, verdict, words of the reason.
    let cases = [
        (
            "26.05.88000",
            "26.11.90000",
            "2026-11-30",
            Supported,
            "its support ends on 2026-11-30",
        ),
        (
            "26.05.88000",
            "26.11.90000",
            "2026-12-01",
            Unsupported,
            "its support ended on 2026-11-30",
        ),
        (
            "26.05.88000",
            "26.11.90000",
            "2027-02-01",
            Unsupported,
            "its life on 2027-01-31",
        ),
        (
            "26.05.88000.minimal",
            "26.11.90000",
            "2026-12-01",
            Unsupported,
            "2026-11-30",
        ),
        ("26.05.88000", "26.05.88000", "2027-06-01", Current, ""),
        ("26.05.88000", "latest", "2026-11-30", Unverified, ""),
        (
            "26.05.88000",
            "latest",
            "2026-12-01",
            Unsupported,
            "its support ended on 2026-11-30",
        ),
        ("latest", "latest", "2026-12-01", Floating, ""),
    ];
    for (tag, default, as_of, expected, words) in cases {
        let found = of(tag, default, as_of);
        assert_eq!(found.verdict, expected, "{tag} {as_of}: {}", found.reason);
        assert!(
            found.reason.contains(words),
            "{tag} {as_of}: {}",
            found.reason
        );
    }
}

#[test]
fn a_delegate_needs_no_list_to_be_past_its_end() {
    for (as_of, expected) in [("2026-11-30", Unverified), ("2026-12-01", Unsupported)] {
        let delegate = "reg.corp/m/harness/delegate:26.05.88000.minimal";
        let pairs = [("PLUGIN_IMAGES", delegate), ("PLUGIN_AS_OF", as_of)];
        let row = &judged_all(&Facts::default(), &pairs).rows[0];
        assert_eq!(row.verdict, expected, "{}", row.reason);
    }
}

#[test]
fn an_unknown_age_is_a_warning() {
    let json = r#"{"format":"harness-images/snapshot/v1","taken_at":"2026-11-20T00:00:00Z","configs":[],"repositories":[
        {"registry":"docker.io","repository":"harness/a-job-runner","tags":["1.2.0","1.3.0"]}],"registry":"docker.io"}"#;
    let facts = Facts::from_json(json.as_bytes()).unwrap();
    for (days, expected) in [("90", 1), ("0", 0)] {
        let image = ("PLUGIN_IMAGES", "harness/a-job-runner:1.2.0");
        let judged = judged_all(&facts, &[image, ("PLUGIN_SUPPORTED_DAYS", days)]);
        let codes = judged.warnings.iter().map(|warning| warning.code.as_str());
        let unknown = codes.filter(|code| *code == "age-unknown");
        assert_eq!(unknown.count(), expected, "{days}");
    }
}

proptest! {
    #[test]
    fn a_wider_window_or_a_longer_age_never_worsens_a_verdict(
        y in 0_u8..8, default in 4_u8..9, month in 1_u8..12, dated in prop::bool::ANY, listed in prop::bool::ANY,
        size in 1_u32..6, wider in 0_u32..6, days in 1_u32..400, longer in 0_u32..400, name in 0_usize..4,
    ) {
        let name = ["harness/a-job-runner", "plugins/harness_terraform", "harness/ci-addon", "harness/delegate"][name];
        let published = if dated { format!("2026-{month:02}-15") } else { String::new() };
        let tag = format!("26.{y:02}.0");
        let tags = [(tag.as_str(), published.as_str()), ("26.04.0", ""), ("26.08.0", "2026-11-01")];
        let tags = list(name, &tags);
        let verdict = |size, days| {
            let policy = Policy {
                supported_releases: ByRepository::all(size),
                supported_days: ByRepository::all(days),
                ..documented("2026-11-20")
            };
            let default = format!("{name}:26.{default:02}.0");
            let image = format!("{name}:{tag}");
            badness(judged(&image, &default, listed.then_some(&tags), &policy).verdict)
        };
        let before = verdict(size, days);
        prop_assert!(verdict(size + wider, days) <= before);
        prop_assert!(verdict(0, days) <= before);
        prop_assert!(verdict(size, days + longer) <= before);
        prop_assert!(verdict(size, 0) <= before);
    }
}
