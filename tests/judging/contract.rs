//! The examples of the contract and the corners of its table of verdicts.

use harness_images::model::facts::{Coverage, Repository, TagList};
use harness_images::model::policy::{ByRepository, Pattern, Policy, ReleaseUnit};
use harness_images::model::verdict::EvidenceKind::{self, History, Numbering, Registry};
use harness_images::model::verdict::Verdict::{
    self, Ahead, Current, Custom, Floating, Overdue, Supported, Unsupported, Unverified,
};
use harness_images::verdict::{Judgement, NoRelease, latest_release, window_tags};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{dated_list, documented, image, judged, judged_with, repository};

const TODAY: &str = "2026-11-20";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn list(tags: &[&str]) -> Repository {
    dated_list("docker.io", "harness/ci-addon", tags)
}

fn verdict(judgement: &Judgement) -> (Verdict, Option<u64>) {
    (judgement.verdict, judgement.releases_behind)
}

#[test]
fn numbering_speaks_without_tags() {
    let patch = Policy {
        release_unit: ByRepository::all(ReleaseUnit::Patch),
        ..documented(TODAY)
    };
    let minor = documented(TODAY);
    let one = Policy {
        supported_releases: ByRepository::all(1),
        ..documented(TODAY)
    };
    let no_window = Policy {
        supported_releases: ByRepository::all(0),
        ..documented(TODAY)
    };
    // policy, default, image, verdict, behind
    let cases = [
        (&minor, "1.14.4", "1.14.4", Current, Some(0)),
        (&minor, "1.14.4", "1.14.1", Supported, Some(0)),
        (&minor, "1.14.4", "1.13.9", Supported, Some(1)),
        (&minor, "1.14.4", "1.12.0", Supported, Some(2)),
        (&minor, "1.14.4", "1.11.7", Unsupported, Some(3)),
        (&minor, "1.14.4", "1.15.0", Ahead, Some(0)),
        (&minor, "1.14.4", "1.14.5", Ahead, Some(0)),
        (&minor, "1.14.4", "2.0.0", Ahead, Some(0)),
        (&minor, "1.4.1", "1.2.5", Supported, Some(2)),
        (&minor, "2.1.0", "1.9.0", Unverified, None),
        (&minor, "2.2.0", "1.9.0", Unsupported, None),
        (
            &minor,
            "harness/drone-git:1.5.6-rootless",
            "registry.corp:5000/m/harness/drone-git:1.4.0-rootless",
            Supported,
            Some(1),
        ),
        (
            &minor,
            "plugins/drone-liquibase:1.18.0-4.33-mongo",
            "registry.corp/plugins/drone-liquibase:1.15.2-4.31-mongo",
            Unsupported,
            Some(3),
        ),
        (
            &minor,
            "plugins/drone-liquibase:1.18.0-4.33",
            "plugins/drone-liquibase:1.18.0-4.31",
            Current,
            Some(0),
        ),
        (&minor, "1.17.00", "1.17.0", Current, Some(0)),
        (&minor, "1.16.56.1", "1.16.56", Supported, Some(0)),
        (
            &minor,
            "1.14.4",
            "1.14.4@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            Current,
            Some(0),
        ),
        (
            &minor,
            "1.14.4",
            "harness/ci-lite-engine:1.14.4",
            Custom,
            None,
        ),
        (&minor, "1.14.4", "latest", Floating, None),
        (&minor, "1.14.4", "harness/ci-addon", Floating, None),
        (&minor, "1.14.4", "1.14", Floating, None),
        (
            &minor,
            "1.14.4",
            "harness/ci-addon@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            Floating,
            None,
        ),
        (
            &minor,
            "harness/sto-plugin:latest",
            "harness/sto-plugin:latest",
            Floating,
            None,
        ),
        (
            &minor,
            "harness/sto-plugin:latest",
            "harness/sto-plugin:1.0.0",
            Unverified,
            None,
        ),
        (
            &minor,
            "1.100000000000000000000000.0",
            "1.99999999999999999999999.9",
            Supported,
            Some(1),
        ),
        (
            &minor,
            "1.100000000000000000000000.0",
            "1.3.9",
            Unsupported,
            None,
        ),
        (
            &minor,
            "18446744073709551616.0.0",
            "1.3.9",
            Unverified,
            None,
        ),
        (
            &patch,
            "harness/drone-git:1.5.6",
            "harness/drone-git:1.5.4",
            Supported,
            Some(2),
        ),
        (
            &patch,
            "harness/drone-git:1.5.6",
            "harness/drone-git:1.5.3",
            Unsupported,
            Some(3),
        ),
        (
            &patch,
            "harness/drone-git:1.6.1",
            "harness/drone-git:1.5.9",
            Unverified,
            None,
        ),
        (
            &patch,
            "harness/drone-git:1.6.2",
            "harness/drone-git:1.5.9",
            Unsupported,
            None,
        ),
        (
            &patch,
            "harness/drone-git:1.6.2",
            "harness/drone-git:0.6.2",
            Unsupported,
            None,
        ),
        (&patch, "1.16.56.3", "1.16.56", Unsupported, Some(3)),
        (&patch, "1.16.56.2", "1.16.56", Supported, Some(2)),
        (&one, "1.14.4", "1.12.0", Unsupported, Some(2)),
        (&no_window, "1.14.4", "1.1.0", Supported, Some(13)),
        (&no_window, "9.0.0", "1.1.0", Supported, None),
    ];
    for (policy, default, text, expected, behind) in cases {
        let judgement = judged(text, default, None, policy);
        assert_eq!(
            verdict(&judgement),
            (expected, behind),
            "{text} below {default}: {}",
            judgement.reason
        );
        let is_comparable =
            !matches!(expected, Custom | Floating) && default != "harness/sto-plugin:latest";
        let evidence = if is_comparable {
            Numbering
        } else {
            EvidenceKind::None
        };
        assert_eq!(judgement.evidence, evidence, "{text} below {default}");
    }
    assert!(
        judged("1.9.0", "2.1.0", None, &minor)
            .reason
            .contains("at least 2")
    );
    assert!(
        judged("1.9.0", "2.2.0", None, &minor)
            .reason
            .contains("at least 3")
    );
}

#[test]
fn published_tags_count_releases() {
    let tags = list(&[
        "1.14.0",
        "1.14.4",
        "1.16.0",
        "1.16.2",
        "1.17.0",
        "1.18.0",
        "1.19.0",
        "latest",
        "rootless-1.15.0",
    ]);
    let policy = documented(TODAY);
    let cases = [
        ("1.18.0", Current, 0),
        ("1.17.0", Supported, 1),
        ("1.16.2", Supported, 2),
        ("1.16.0", Supported, 2),
        ("1.14.4", Unsupported, 3),
        ("1.2.0", Unsupported, 4),
        ("1.19.0", Ahead, 0),
    ];
    for (tag, expected, behind) in cases {
        let judgement = judged(tag, "1.18.0", Some(&tags), &policy);
        assert_eq!(verdict(&judgement), (expected, Some(behind)), "{tag}");
        assert_eq!(judgement.evidence, Registry, "{tag}");
        assert_eq!(judgement.window, ["1.18", "1.17", "1.16"], "{tag}");
        assert_eq!(judgement.is_missing, tag == "1.2.0", "{tag}");
    }
}

#[test]
fn hotfixes_are_the_newest_known_version_of_the_own_release() {
    let tags = list(&[
        "1.12.0",
        "1.12.9",
        "1.12.10-rc1",
        "1.13.0",
        "1.16.3",
        "1.16.9",
        "v1.13.2",
    ]);
    let cases = [
        ("1.12.0", Some("1.12.9"), true),
        ("1.12.9", Some("1.12.9"), false),
        ("1.13.0", Some("v1.13.2"), true),
        ("1.16.0", Some("1.16.3"), true),
        ("1.16.3", Some("1.16.3"), false),
        ("1.16.9", None, false),
        ("1.11.0", None, false),
    ];
    for (tag, newest, is_newer) in cases {
        let judgement = judged(tag, "1.16.3", Some(&tags), &documented(TODAY));
        assert_eq!(
            (
                judgement.newest_hotfix.as_deref(),
                judgement.hotfix_is_newer
            ),
            (newest, is_newer),
            "{tag}"
        );
    }
}

#[test]
fn one_month_to_deploy_the_first_newer_version() {
    let three = &[
        "1.16.0 2026-09-01",
        "1.16.1 2026-10-21",
        "1.16.3 2026-11-09",
    ];
    // tags, image, as of, verdict, deploy by
    let cases: [(&[&str], &str, &str, Verdict, Option<&str>); 8] = [
        (three, "1.16.0", TODAY, Supported, Some("2026-11-20")),
        (three, "1.16.0", "2026-11-21", Overdue, Some("2026-11-20")),
        (three, "1.16.1", "2026-11-21", Supported, Some("2026-12-09")),
        (
            &["1.16.0 2026-09-01", "1.16.3 2026-09-09"],
            "1.16.3",
            TODAY,
            Current,
            None,
        ),
        (
            &["1.16.0 2026-09-01", "1.16.1", "1.16.3 2026-09-09"],
            "1.16.0",
            TODAY,
            Supported,
            None,
        ),
        (
            &[
                "1.13.0 2020-01-01",
                "1.14.0 2020-02-01",
                "1.15.0 2020-03-01",
                "1.16.3 2020-04-01",
            ],
            "1.13.0",
            TODAY,
            Unsupported,
            Some("2020-03-02"),
        ),
        (
            &["1.16.0", "1.17.0 2020-01-01", "1.16.3 2026-11-01"],
            "1.16.0",
            TODAY,
            Supported,
            Some("2026-12-01"),
        ),
        (
            &[
                "1.16.0",
                "v1.16.1 2026-11-01",
                "1.16.1 2026-01-01",
                "1.16.3",
            ],
            "1.16.0",
            TODAY,
            Overdue,
            Some("2026-01-31"),
        ),
    ];
    for (tags, tag, as_of, expected, deploy_by) in cases {
        let judgement = judged(tag, "1.16.3", Some(&list(tags)), &documented(as_of));
        let found = (judgement.verdict, judgement.deploy_by);
        assert_eq!(
            found,
            (expected, deploy_by.map(date)),
            "{tag} among {tags:?} on {as_of}"
        );
    }
    let tags = list(&["1.16.0 2026-09-01", "1.16.3"]);
    let published = judged("1.16.0", "1.16.3", Some(&tags), &documented(TODAY)).published;
    assert_eq!(published, Some(date("2026-09-01")));
}

#[test]
fn images_of_ci_leave_support_on_release_days() {
    let cases = [
        ("harness/ci-addon", "1.18.0", TODAY, Some("2026-12-28")),
        ("harness/ci-addon", "1.17.0", TODAY, Some("2026-12-14")),
        ("harness/ci-addon", "1.16.0", TODAY, Some("2026-11-23")),
        (
            "harness/ci-addon",
            "1.16.0",
            "2026-11-23",
            Some("2026-12-14"),
        ),
        ("harness/ci-addon", "1.15.0", TODAY, None),
        (
            "harness/ci-lite-engine",
            "1.17.0",
            "2026-12-14",
            Some("2027-01-11"),
        ),
        (
            "harnesssecure/ci-addon",
            "1.17.0",
            TODAY,
            Some("2026-12-14"),
        ),
        ("harness/drone-git", "1.17.0", TODAY, None),
        ("plugins/ci-x", "1.17.0", TODAY, None),
    ];
    for (name, tag, as_of, leaves) in cases {
        let judgement = judged(
            &format!("{name}:{tag}"),
            &format!("{name}:1.18.0"),
            None,
            &documented(as_of),
        );
        assert_eq!(
            judgement.leaves_support_on,
            leaves.map(date),
            "{name}:{tag} on {as_of}"
        );
    }
}

#[test]
fn floating_tags_and_digests_resolve_by_equal_digest() {
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    let mut tags = TagList::new();
    for (name, digit) in [
        ("latest", "a"),
        ("1.5.1", "a"),
        ("1.5.1-linux-amd64", "a"),
        ("latest-mongo", "b"),
        ("1.4.0-mongo", "b"),
        ("1.5.1-mongo", "c"),
        ("dev", "d"),
        ("1.2.0", "e"),
        ("old", "e"),
    ] {
        tags.push(name, Some(digest(digit)), None);
    }
    let list = repository("docker.io", "plugins/x", tags);
    let by_digest = format!("plugins/x@{}", digest("e"));
    let unknown_digest = format!("plugins/x@{}", digest("0"));
    let cases = [
        ("plugins/x:latest", "plugins/x:1.5.1", Current, false),
        ("plugins/x:latest", "plugins/x:latest", Current, false),
        ("plugins/x:1.5.1", "plugins/x:latest", Current, false),
        ("plugins/x:old", "plugins/x:latest", Unsupported, false),
        ("plugins/x", "plugins/x:1.5.1", Current, false),
        (
            "plugins/x:latest-mongo",
            "plugins/x:1.5.1-mongo",
            Unsupported,
            false,
        ),
        ("plugins/x:dev", "plugins/x:1.5.1", Floating, false),
        ("plugins/x:1.5.1", "plugins/x:dev", Unverified, false),
        ("plugins/x:dev", "plugins/x:dev", Floating, false),
        (&by_digest, "plugins/x:1.5.1", Unsupported, false),
        (&unknown_digest, "plugins/x:1.5.1", Floating, false),
        ("plugins/x:gone", "plugins/x:1.5.1", Floating, true),
    ];
    let policy = Policy {
        supported_releases: ByRepository::all(1),
        ..documented(TODAY)
    };
    for (text, default, expected, is_missing) in cases {
        let judgement = judged(text, default, Some(&list), &policy);
        assert_eq!(
            (judgement.verdict, judgement.is_missing),
            (expected, is_missing),
            "{text} below {default}: {}",
            judgement.reason
        );
    }
    let judgement = judged(
        "plugins/x:latest-mongo",
        "plugins/x:1.5.1-mongo",
        Some(&list),
        &documented(TODAY),
    );
    assert_eq!(verdict(&judgement), (Supported, Some(1)));
}

#[test]
fn variants_are_never_mixed() {
    let tags = list(&[
        "1.4.0-rootless",
        "1.5.0-rootless",
        "1.5.6-rootless",
        "1.4.5",
        "1.5.1",
        "1.5.6",
        "1.5.6-rc1",
    ]);
    let default = "1.5.6-rootless";
    let plain = judged("1.4.5", default, Some(&tags), &documented(TODAY));
    assert_eq!(
        (plain.verdict, plain.variant_differs, plain.releases_behind),
        (Supported, true, Some(1))
    );
    assert_eq!(
        plain
            .releases
            .iter()
            .map(|release| release.newest.as_str())
            .collect::<Vec<_>>(),
        ["1.5.6", "1.4.5"]
    );
    let rootless = judged("1.4.0-rootless", default, Some(&tags), &documented(TODAY));
    assert_eq!(
        (rootless.variant_differs, rootless.releases_behind),
        (false, Some(1))
    );
    let newest: Vec<&str> = rootless
        .releases
        .iter()
        .map(|release| release.newest.as_str())
        .collect();
    assert_eq!(newest, ["1.5.6-rootless", "1.4.0-rootless"]);
    // No tag of the variant is published: the numbers speak.
    let debug = judged("1.1.0-debug", default, Some(&tags), &documented(TODAY));
    assert_eq!(
        (debug.verdict, debug.evidence, debug.is_missing),
        (Unsupported, Numbering, true)
    );
}

#[test]
fn windows_and_units_may_differ_by_repository() {
    let policy = Policy {
        supported_releases: ByRepository::by_pattern(
            3,
            [
                (Pattern::new("*"), 3),
                (Pattern::new("plugins/*"), 10),
                (Pattern::new("plugins/kaniko*"), 1),
            ],
        ),
        release_unit: ByRepository::by_pattern(
            ReleaseUnit::Minor,
            [
                (Pattern::new("plugins/drone-liquibase"), ReleaseUnit::Minor),
                (Pattern::new("*"), ReleaseUnit::Patch),
            ],
        ),
        ..documented(TODAY)
    };
    let cases = [
        (
            "harness/drone-git:1.5.3",
            "harness/drone-git:1.5.6",
            Unsupported,
        ),
        ("plugins/s3:1.5.3", "plugins/s3:1.5.12", Supported),
        ("plugins/s3:1.5.3", "plugins/s3:1.5.13", Unsupported),
        (
            "plugins/kaniko-ecr:1.5.3",
            "plugins/kaniko-ecr:1.5.4",
            Unsupported,
        ),
        (
            "plugins/drone-liquibase:1.5.0-4.33",
            "plugins/drone-liquibase:1.14.0-4.33",
            Supported,
        ),
        (
            "registry.corp/m/plugins/s3:1.5.3",
            "plugins/s3:1.5.12",
            Supported,
        ),
    ];
    for (text, default, expected) in cases {
        assert_eq!(
            judged(text, default, None, &policy).verdict,
            expected,
            "{text} below {default}"
        );
    }
}

#[test]
fn history_counts_where_it_reaches_back() {
    let seen = |tags: &[&str]| -> Vec<(String, Date)> {
        tags.iter()
            .map(|entry| {
                let (tag, day) = entry.split_once(' ').unwrap();
                (tag.to_owned(), date(day))
            })
            .collect()
    };
    let long = seen(&[
        "1.14.4 2026-01-01",
        "1.16.2 2026-05-01",
        "1.17.0 2026-08-01",
        "1.18.0 2026-11-01",
    ]);
    let short = seen(&["1.17.0 2026-11-01", "1.18.0 2026-11-15"]);
    let only_default = seen(&["1.18.0 2026-11-15"]);
    let cases: [(&[(String, Date)], &str, Verdict, Option<u64>, EvidenceKind); 7] = [
        (&long, "1.14.4", Unsupported, Some(3), History),
        (&long, "1.16.2", Overdue, Some(2), History),
        (&long, "1.17.0", Supported, Some(1), History),
        (&long, "1.12.0", Unsupported, None, History),
        (&short, "1.17.0", Supported, Some(1), History),
        (&short, "1.12.0", Unsupported, Some(6), Numbering),
        (&only_default, "1.17.0", Supported, Some(1), Numbering),
    ];
    for (history, tag, expected, behind, evidence) in cases {
        let judgement = judged_with(tag, "1.18.0", None, None, history, &documented(TODAY));
        let found = (
            judgement.verdict,
            judgement.releases_behind,
            judgement.evidence,
        );
        assert_eq!(
            found,
            (expected, behind, evidence),
            "{tag} by {history:?}: {}",
            judgement.reason
        );
    }
    // Tags without dates get them from the history.
    let tags = list(&["1.16.2", "1.17.0", "1.18.0"]);
    let judgement = judged_with(
        "1.16.2",
        "1.18.0",
        Some(&tags),
        Some(&tags),
        &long,
        &documented(TODAY),
    );
    assert_eq!(
        (judgement.verdict, judgement.deploy_by),
        (Overdue, Some(date("2026-08-31")))
    );
}

#[test]
fn weak_lists_never_make_a_verdict_better() {
    let reason = || "the server cut it".to_owned();
    let weak = |coverage| Repository {
        coverage,
        ..list(&["1.17.0", "1.18.0"])
    };
    // coverage, image, verdict, behind, evidence, missing
    let cases = [
        (
            Coverage::Complete,
            "1.15.0",
            Supported,
            Some(2),
            Registry,
            true,
        ),
        (
            Coverage::Newest,
            "1.15.0",
            Supported,
            Some(2),
            Registry,
            false,
        ),
        (
            Coverage::Incomplete(reason()),
            "1.15.0",
            Unsupported,
            Some(3),
            Numbering,
            false,
        ),
        (
            Coverage::Incomplete(reason()),
            "1.16.0",
            Supported,
            Some(2),
            Numbering,
            false,
        ),
        (
            Coverage::Unavailable(reason()),
            "1.15.0",
            Unsupported,
            Some(3),
            Numbering,
            false,
        ),
        (
            Coverage::Missing,
            "1.15.0",
            Unsupported,
            Some(3),
            Numbering,
            true,
        ),
    ];
    for (coverage, tag, expected, behind, evidence, is_missing) in cases {
        let list = weak(coverage);
        let judgement = judged(tag, "1.18.0", Some(&list), &documented(TODAY));
        let found = (
            judgement.verdict,
            judgement.releases_behind,
            judgement.evidence,
            judgement.is_missing,
        );
        assert_eq!(
            found,
            (expected, behind, evidence, is_missing),
            "{tag} by {:?}",
            list.coverage
        );
    }
    let named = Repository {
        absent: vec!["1.15.0".to_owned()],
        ..weak(Coverage::Newest)
    };
    assert!(judged("1.15.0", "1.18.0", Some(&named), &documented(TODAY)).is_missing);
}

#[test]
fn a_digest_is_missing_where_its_repository_says_so() {
    let digest = |digit: char| format!("sha256:{}", digit.to_string().repeat(64));
    let reason = || "cut".to_owned();
    let absent = [digest('a')];
    // Coverage, the image's version, whether it is missing.
    let cases = [
        (Coverage::Complete, format!("@{}", digest('a')), true),
        (Coverage::Complete, format!("@{}", digest('b')), false),
        (Coverage::Newest, format!("@{}", digest('a')), true),
        (
            Coverage::Incomplete(reason()),
            format!("@{}", digest('a')),
            true,
        ),
        // The digest is what is pulled, whatever tag stands beside it.
        (Coverage::Complete, format!(":1.18.0@{}", digest('a')), true),
        (Coverage::Complete, format!(":9.9.9@{}", digest('b')), false),
        (
            Coverage::Unavailable(reason()),
            format!("@{}", digest('a')),
            false,
        ),
        (Coverage::Missing, format!("@{}", digest('b')), true),
    ];
    for (coverage, version, expected) in cases {
        let list = Repository {
            absent: absent.to_vec(),
            coverage,
            ..repository(
                "docker.io",
                "harness/ci-addon",
                ["1.18.0"].into_iter().collect(),
            )
        };
        let judgement = judged(
            &format!("harness/ci-addon{version}"),
            "1.18.0",
            Some(&list),
            &documented(TODAY),
        );
        assert_eq!(
            judgement.is_missing, expected,
            "{version} by {:?}",
            list.coverage
        );
    }
}

#[test]
fn releases_come_from_the_default_and_absence_from_the_own_repository() {
    let hub = list(&["1.14.0", "1.15.0", "1.16.0", "1.17.0", "1.18.0"]);
    let mirror = list(&["1.15.0", "1.18.0"]);
    let empty = list(&[]);
    let text = "registry.corp/m/harness/ci-addon:1.15.0";
    let judge = |tag: &str, own, published| {
        judged_with(
            &text.replace("1.15.0", tag),
            "1.18.0",
            own,
            published,
            &[],
            &documented(TODAY),
        )
    };
    let both = judge("1.15.0", Some(&mirror), Some(&hub));
    assert_eq!((both.verdict, both.is_missing), (Unsupported, false));
    let not_mirrored = judge("1.16.0", Some(&mirror), Some(&hub));
    assert_eq!(
        (not_mirrored.verdict, not_mirrored.is_missing),
        (Supported, true)
    );
    let only_mirror = judge("1.15.0", Some(&mirror), Some(&empty));
    assert_eq!(
        (only_mirror.verdict, only_mirror.releases_behind),
        (Supported, Some(1))
    );
    let only_hub = judge("1.16.0", None, Some(&hub));
    assert_eq!((only_hub.verdict, only_hub.is_missing), (Supported, false));
}

#[test]
fn latest_releases_are_counted_back() {
    let tags = list(&[
        "1.14.4",
        "1.16.0",
        "1.16.2",
        "1.17.0",
        "1.18.0",
        "1.18.4",
        "1.19.0",
        "1.17.9-rootless",
    ]);
    let incomplete = Repository {
        coverage: Coverage::Incomplete("cut".to_owned()),
        ..tags.clone()
    };
    let (used, default) = (
        image("m.corp/harness/ci-addon:1.14.4"),
        image("harness/ci-addon:1.18.2"),
    );
    let case = |published| harness_images::verdict::Comparison {
        image: &used,
        default: &default,
        own: None,
        published,
        history: &[],
        default_is_bound: false,
        source: harness_images::model::row::Source::Override,
    };
    let policy = documented(TODAY);
    let latest = |list, back| latest_release(&case(list), &policy, back);
    assert_eq!(latest(Some(&tags), 0).as_deref(), Ok("1.18.2"));
    assert_eq!(latest(Some(&tags), 1).as_deref(), Ok("1.17.0"));
    assert_eq!(latest(Some(&tags), 2).as_deref(), Ok("1.16.2"));
    assert_eq!(latest(Some(&tags), 3).as_deref(), Ok("1.14.4"));
    assert_eq!(latest(Some(&tags), 4), Err(NoRelease::TooFew(4)));
    // Nothing fits between 1.17 and 1.18, but a release may be missing below 1.16.
    assert_eq!(latest(Some(&incomplete), 1).as_deref(), Ok("1.17.0"));
    assert_eq!(latest(Some(&incomplete), 3), Err(NoRelease::Partial));
    assert_eq!(latest(None, 1), Err(NoRelease::NoEvidence));
    assert_eq!(latest(None, 0).as_deref(), Ok("1.18.2"));
    let seen = |tag: &str| (tag.to_owned(), date("2026-01-01"));
    for (history, expected) in [
        (vec![seen("1.17.3")], Ok("1.17.3")),
        (vec![seen("1.18.0")], Err(NoRelease::NoEvidence)),
        (
            vec![seen("1.18.0"), seen("1.16.0"), seen("1.19.0")],
            Ok("1.16.0"),
        ),
    ] {
        let case = harness_images::verdict::Comparison {
            history: &history,
            ..case(None)
        };
        let found = latest_release(&case, &policy, 1);
        assert_eq!(found.as_deref(), expected.as_ref().copied(), "{history:?}");
    }
    let (window, evidence) = window_tags(&case(Some(&tags)), &policy);
    assert_eq!(window, ["1.18.2", "1.18.0", "1.17.0", "1.16.2", "1.16.0"]);
    assert_eq!(evidence, Registry);
}

#[test]
fn releases_of_the_window_are_marked() {
    let tags = list(&["1.13.0", "1.14.4", "1.16.2", "1.17.0", "1.18.0"]);
    let default = "1.18.0";
    let judgement = judged("1.14.4", default, Some(&tags), &documented(TODAY));
    let shown: Vec<(&str, bool)> = judgement
        .releases
        .iter()
        .map(|release| (release.release.as_str(), release.supported))
        .collect();
    let expected = [
        ("1.18", true),
        ("1.17", true),
        ("1.16", true),
        ("1.14", false),
        ("1.13", false),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn many_releases_are_shown_up_to_twelve_with_the_own_one() {
    let names: Vec<String> = (0..40).map(|y| format!("1.{y}.0")).collect();
    let tags = list(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let shown = |tag: &str| -> Vec<String> {
        let judgement = judged(tag, "1.39.0", Some(&tags), &documented(TODAY));
        judgement
            .releases
            .into_iter()
            .map(|release| release.release)
            .collect()
    };
    let newest: Vec<String> = (29..40).rev().map(|y| format!("1.{y}")).collect();
    assert_eq!(shown("1.38.0"), newest);
    assert_eq!(
        shown("1.5.0"),
        [newest.as_slice(), &["1.5".to_owned()]].concat()
    );
    assert_eq!(
        shown("1.5.9"),
        [newest.as_slice(), &["1.5".to_owned()]].concat()
    );
}

#[test]
fn a_floating_image_keeps_its_day_and_a_default_resolves_where_it_is_known() {
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    let published: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let mut tags = TagList::new();
    for (name, digit) in [("latest", "a"), ("1.5.0", "a"), ("dev", "b")] {
        tags.push(name, Some(digest(digit)), Some(published));
    }
    let full = repository("m.corp", "plugins/x", tags);
    let judgement = judged(
        "plugins/x:dev",
        "plugins/x:1.5.0",
        Some(&full),
        &documented(TODAY),
    );
    assert_eq!(
        (judgement.verdict, judgement.published),
        (Floating, Some(date("2026-11-01")))
    );
    let empty = repository("docker.io", "plugins/x", TagList::new());
    let judge = |text: &str, default: &str| {
        judged_with(
            text,
            default,
            Some(&full),
            Some(&empty),
            &[],
            &documented(TODAY),
        )
        .verdict
    };
    assert_eq!(
        judge("m.corp/plugins/x:1.4.0", "plugins/x:latest"),
        Unverified,
        "what a mirror keeps as `latest` may be an old copy"
    );
    assert_eq!(judge("m.corp/plugins/x:1.4.0", "plugins/x:dev"), Unverified);
}

#[test]
fn a_weak_list_may_know_more_than_the_numbers() {
    let incomplete = Repository {
        coverage: Coverage::Incomplete("cut".to_owned()),
        ..list(&["1.16.56", "1.16.56.1", "1.16.56.2", "1.16.57"])
    };
    let policy = Policy {
        supported_releases: ByRepository::all(5),
        release_unit: ByRepository::all(ReleaseUnit::Patch),
        ..documented(TODAY)
    };
    let judgement = judged("1.16.56", "1.16.57", Some(&incomplete), &policy);
    assert_eq!(verdict(&judgement), (Unverified, None));
    assert!(
        judgement.reason.contains("at least 3"),
        "{}",
        judgement.reason
    );
}
