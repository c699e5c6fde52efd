//! Lists that may lack releases: a mirror's, a cache's. They are lower bounds.

use harness_images::model::facts::{Facts, ListKind, Repository};
use harness_images::model::policy::{Identity, Pattern, Policy, SameAs};
use harness_images::model::verdict::EvidenceKind::{self, History, Numbering, Registry};
use harness_images::model::verdict::Verdict::{
    self, Current, Floating, Overdue, Supported, Unsupported, Unverified,
};
use harness_images::verdict::{Judgement, policy};
use jiff::civil::Date;
use proptest::prelude::*;

use super::{badness, dated_list, documented, image, judged_all, judged_with, settings};

const TODAY: &str = "2026-11-20";

fn list(registry: &str, tags: &[impl AsRef<str>]) -> Repository {
    dated_list(registry, "harness/ci-addon", tags)
}

/// An override of a mirror, judged with the lists of the mirror and of the default's repository.
fn judged(
    tag: &str,
    default: &str,
    own: Option<&Repository>,
    published: Option<&Repository>,
    history: &[&str],
    policy: &Policy,
) -> Judgement {
    let seen: Date = TODAY.parse().unwrap();
    let history = history.iter().map(|tag| ((*tag).to_owned(), seen));
    let history: Vec<(String, Date)> = history.collect();
    let text = format!("m.corp/harness/ci-addon:{tag}");
    judged_with(&text, default, own, published, &history, policy)
}

#[test]
fn whose_list_is_complete() {
    use ListKind::{Complete, Partial};
    let cases = [
        ("docker.io", "harness/ci-addon", None, Complete),
        ("docker.io", "acme/x", None, Complete),
        (
            "us-docker.pkg.dev",
            "gar-prod-setup/harness-public/harness/ci-addon",
            None,
            Complete,
        ),
        ("us-docker.pkg.dev", "acme/harness/ci-addon", None, Partial),
        ("public.ecr.aws", "harness/harness/ci-addon", None, Complete),
        ("public.ecr.aws", "harnessy/ci-addon", None, Partial),
        ("m.corp", "harness/ci-addon", None, Partial),
        ("m.corp", "harness/ci-addon", Some("docker.io"), Partial),
        ("m.corp", "harness/ci-addon", Some("m.corp"), Complete),
        ("m.corp", "m/harness/ci-addon", Some("m.corp/m"), Complete),
        ("m.corp", "n/harness/ci-addon", Some("m.corp/m"), Partial),
        ("M.corp", "x", Some("m.corp"), Partial),
    ];
    for (registry, path, upstream, kind) in cases {
        let context = format!("{registry}/{path} {upstream:?}");
        assert_eq!(ListKind::of(registry, path, upstream), kind, "{context}");
    }
}

#[test]
fn what_a_partial_list_decides() {
    // default, image, the mirror's tags, history, verdict, behind, evidence
    let cases: [(
        &str,
        &str,
        &[&str],
        &[&str],
        Verdict,
        Option<u64>,
        EvidenceKind,
    ); 12] = [
        // Override and default alone: the numbers say more than the list.
        (
            "1.18.27",
            "1.14.21",
            &["1.14.21", "1.18.27"],
            &[],
            Unsupported,
            Some(4),
            Numbering,
        ),
        (
            "1.18.27",
            "1.17.3",
            &["1.17.3", "1.18.27"],
            &[],
            Supported,
            Some(1),
            Numbering,
        ),
        (
            "1.18.27",
            "1.18.27",
            &["1.18.27"],
            &[],
            Current,
            Some(0),
            Registry,
        ),
        // The bound fills the window where the numbers say nothing.
        (
            "2.0.0",
            "1.9.0",
            &["1.9.0", "1.10.0", "1.11.0", "2.0.0"],
            &[],
            Unsupported,
            None,
            Registry,
        ),
        (
            "2.1.0",
            "1.9.0",
            &["1.9.0", "2.1.0"],
            &[],
            Unverified,
            None,
            Numbering,
        ),
        // A skipped number: the numbering counts it, and no list that may lack it says otherwise.
        (
            "1.16.0",
            "1.13.0",
            &["1.13.0", "1.14.0", "1.16.0"],
            &[],
            Unsupported,
            Some(3),
            Numbering,
        ),
        // A history that reaches back counts.
        (
            "2.1.0",
            "1.9.0",
            &["1.9.0", "2.1.0"],
            &["1.9.0", "2.0.0"],
            Supported,
            Some(2),
            History,
        ),
        (
            "2.1.0",
            "1.9.0",
            &["1.9.0", "1.10.0", "1.11.0", "2.1.0"],
            &["1.9.0"],
            Unsupported,
            None,
            Registry,
        ),
        (
            "2.1.0",
            "1.9.0",
            &["1.9.0", "2.1.0"],
            &["2.0.0"],
            Unverified,
            None,
            Numbering,
        ),
        // Of newer versions the earliest day counts, whatever is undated or later.
        (
            "1.18.0",
            "1.16.0",
            &["1.16.0", "1.17.0", "1.18.0 2026-10-01"],
            &[],
            Overdue,
            Some(2),
            Numbering,
        ),
        (
            "1.18.0",
            "1.16.0",
            &["1.16.1 2026-11-19", "1.18.0 2026-10-01"],
            &[],
            Overdue,
            Some(2),
            Numbering,
        ),
        (
            "1.18.0",
            "1.16.0",
            &["1.16.0", "1.17.0", "1.18.0 2026-11-01"],
            &[],
            Supported,
            Some(2),
            Numbering,
        ),
    ];
    for (default, tag, tags, history, verdict, behind, evidence) in cases {
        let own = list("m.corp", tags);
        for published in [None, Some(&own)] {
            let judgement = judged(
                tag,
                default,
                Some(&own),
                published,
                history,
                &documented(TODAY),
            );
            assert_eq!(
                (
                    judgement.verdict,
                    judgement.releases_behind,
                    judgement.evidence
                ),
                (verdict, behind, evidence),
                "{default} {tag} {tags:?} {history:?}: {}",
                judgement.reason
            );
        }
    }
}

#[test]
fn the_reason_gives_both_figures_and_the_row_names_the_list() {
    let own = list("m.corp", &["1.17.0", "1.18.0"]);
    let judgement = judged(
        "1.16.0",
        "1.18.0",
        Some(&own),
        None,
        &[],
        &documented(TODAY),
    );
    assert_eq!(
        judgement.reason,
        "1.16.0 is 2 releases behind the default 1.18.0, by the numbering alone \
         (the partial list of m.corp/harness/ci-addon shows 2); the latest 3 are supported"
    );
    let shown = judgement.list.unwrap();
    assert_eq!(shown.kind, ListKind::Partial);
    assert_eq!(
        (shown.registry.as_str(), shown.repository.as_str()),
        ("m.corp", "harness/ci-addon")
    );
}

#[test]
fn a_complete_list_counts_beside_a_partial_one() {
    let all = ["1.14.0", "1.16.0", "1.17.0", "1.18.0"];
    let publisher = list("docker.io", &all);
    let mirror = list("m.corp", &["1.14.0", "1.15.0", "1.18.0"]);
    let judgement = judged(
        "1.16.0",
        "1.18.0",
        Some(&mirror),
        Some(&publisher),
        &[],
        &documented(TODAY),
    );
    assert_eq!(judgement.releases_behind, Some(2));
    assert_eq!(judgement.list.unwrap().registry, "docker.io");
}

#[test]
fn the_newest_tag_of_a_mirror_is_not_called_current() {
    let snapshot = |registry: &str, upstream: Option<&str>| {
        serde_json::json!({
            "format": "harness-images/snapshot/v1",
            "taken_at": "2026-11-20T09:00:00Z",
            "upstream": upstream,
            "repositories": [
                {"registry": registry, "repository": "plugins/kaniko", "tags": ["1.5.0", "1.6.0"]},
                {"registry": registry, "repository": "plugins/other", "tags": ["1.5.0", "1.6.0"]},
                {"registry": "docker.io", "repository": "plugins/kaniko", "tags": ["1.6.0", "1.9.0", "1.10.0", "1.11.0"]}
            ]
        })
    };
    // registry, upstream, image, verdict
    let cases = [
        ("m.corp", None, "m.corp/plugins/kaniko:1.6.0", Unsupported),
        ("m.corp", None, "m.corp/plugins/other:1.6.0", Unverified),
        ("m.corp", None, "plugins/kaniko:1.11.0", Current),
        (
            "m.corp",
            Some("m.corp"),
            "m.corp/plugins/kaniko:1.6.0",
            Current,
        ),
        (
            "m.corp",
            Some("docker.io"),
            "m.corp/plugins/kaniko:1.6.0",
            Unsupported,
        ),
        (
            "m.corp",
            Some("docker.io"),
            "m.corp/plugins/kaniko:latest",
            Floating,
        ),
    ];
    for (registry, upstream, text, expected) in cases {
        let json = snapshot(registry, upstream).to_string();
        let mut facts = Facts::from_json(json.as_bytes()).unwrap();
        facts.registry = Some("docker.io".to_owned());
        facts.classify();
        let judged = judged_all(&facts, &[("PLUGIN_IMAGES", text)]);
        assert_eq!(
            judged.rows[0].verdict, expected,
            "{upstream:?} {text}: {}",
            judged.rows[0].reason
        );
    }
}

#[test]
fn whose_image_a_repository_holds() {
    let same_as = SameAs::new([
        (Pattern::new("reg.corp/ci/*"), "harness/*".to_owned()),
        (
            Pattern::new("reg.corp/ci/git"),
            "harness/drone-git".to_owned(),
        ),
        (
            Pattern::new("reg.corp/other/ci-addon"),
            "acme/ci-addon".to_owned(),
        ),
    ]);
    use Identity::{Assumed, Other, Same};
    let cases = [
        ("harness/ci-addon:1.0.0", "harness/ci-addon:1.1.0", Same),
        (
            "reg.corp/m/harness/ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Same,
        ),
        (
            "harnesssecure/ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Same,
        ),
        ("reg.corp/ci/ci-addon:1.0.0", "harness/ci-addon:1.1.0", Same),
        (
            "reg.corp/ci/git@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "harness/drone-git:1.1.0",
            Same,
        ),
        (
            "reg.corp/ci/ci-addon:1.0.0",
            "harness/drone-git:1.1.0",
            Other,
        ),
        (
            "reg.corp/other/ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Other,
        ),
        ("reg.corp/ci-addon:1.0.0", "harness/ci-addon:1.1.0", Assumed),
        ("reg.corp/x/y/ci-addon", "harness/ci-addon:1.1.0", Assumed),
        (
            "reg.corp/harness-ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Assumed,
        ),
        (
            "reg.corp/plugins-ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Other,
        ),
        (
            "reg.corp/my-ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Other,
        ),
        (
            "docker.io/acme/ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Other,
        ),
        (
            "index.docker.io/ci-addon:1.0.0",
            "harness/ci-addon:1.1.0",
            Other,
        ),
        ("acme/ci-addon:1.0.0", "harness/ci-addon:1.1.0", Other),
        ("ci-addon:1.0.0", "harness/ci-addon:1.1.0", Other),
    ];
    for (text, default, expected) in cases {
        assert_eq!(
            same_as.identity(&image(text), &image(default)),
            expected,
            "{text} {default}"
        );
    }
}

pub(super) fn version() -> impl Strategy<Value = String> {
    (0_u8..3, 0_u8..6, 0_u8..4).prop_map(|(x, y, z)| format!("{x}.{y}.{z}"))
}

pub(super) fn dated() -> impl Strategy<Value = String> {
    (version(), prop::option::of(1_u8..12)).prop_map(|(version, month)| match month {
        Some(month) => format!("{version} 2026-{month:02}-15"),
        None => version,
    })
}

proptest! {
    #[test]
    fn a_partial_list_never_makes_a_verdict_milder(
        tag in version(), default in version(), size in 0_u32..5, patch in prop::bool::ANY,
        own in prop::collection::vec(dated(), 0..8), published in prop::collection::vec(dated(), 0..8),
        history in prop::collection::vec(version(), 0..4), more in dated(), days in prop::sample::select(vec!["0", "60", "200"]),
    ) {
        let settings = settings(&[
            ("PLUGIN_SNAPSHOT", "x"),
            ("PLUGIN_SUPPORTED_RELEASES", &size.to_string()),
            ("PLUGIN_RELEASE_UNIT", if patch { "patch" } else { "minor" }),
            ("PLUGIN_SUPPORTED_DAYS", days),
            ("PLUGIN_AS_OF", TODAY),
        ]);
        let policy = policy(&settings, &Facts::default());
        let history: Vec<&str> = history.iter().map(String::as_str).collect();
        let verdict = |own: Option<&Repository>, published: Option<&Repository>| {
            judged(&tag, &default, own, published, &history, &policy).verdict
        };
        let own_list = list("m.corp", &own);
        let other_list = list("n.corp", &published);
        let longer: Vec<String> = own.iter().cloned().chain([more]).collect();
        let longer = list("m.corp", &longer);
        let none = verdict(None, None);
        let one = verdict(Some(&own_list), None);
        let both = verdict(Some(&own_list), Some(&other_list));
        let more = verdict(Some(&longer), Some(&other_list));
        for (before, after) in [(none, one), (one, both), (both, more), (none, verdict(None, Some(&other_list)))] {
            prop_assert!(badness(after) >= badness(before), "{} became {}", before, after);
        }
        // The same tags, of which fewer have a date.
        let undated = |every: usize| {
            let tags = own.iter().enumerate().map(|(at, entry)| match at % every {
                0 => entry.split(' ').next().unwrap_or_default().to_owned(),
                _ => entry.clone(),
            });
            list("m.corp", &tags.collect::<Vec<_>>())
        };
        let (no_date, half) = (undated(1), undated(2));
        let dates = [&no_date, &half, &own_list].map(|list| verdict(Some(list), Some(&other_list)));
        prop_assert!(dates.is_sorted_by_key(|verdict| badness(*verdict)), "{:?}", dates);
        let complete = list("docker.io", &published);
        let with = verdict(Some(&own_list), Some(&complete));
        prop_assert!(badness(verdict(Some(&longer), Some(&complete))) >= badness(with));
    }
}
