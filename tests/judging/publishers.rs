//! Images without a default: by which lists of tags they are judged, where a mirror's and the
//! publisher's are known.

use harness_images::model::facts::Facts;
use harness_images::model::row::Row;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::partial::{dated, version};
use super::{badness, judged_all};

/// A list of tags of a repository, `host path`.
fn list(place: &str, tags: &[&str]) -> Value {
    let (registry, repository) = place.split_once(' ').unwrap();
    json!({"registry": registry, "repository": repository, "tags": tags})
}

fn snapshot(image: &str, base: &str, repositories: &[Value]) -> String {
    json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z",
        "registry": base,
        "repositories": repositories,
        "found": [{"image": image, "location": {"file": "d.yml", "line": 3, "column": 10}}],
    })
    .to_string()
}

/// The row of the image of a file.
fn row(facts: &Facts, more: &[(&str, &str)]) -> Row {
    let common = [("PLUGIN_MODULES", "none"), ("PLUGIN_FILES", "d.yml")];
    let mut judged = judged_all(facts, &[&common, more].concat());
    judged.rows.remove(0)
}

const PUBLISHED: [&str; 5] = ["1.6.0", "1.11.1", "1.12.0", "1.13.0", "1.13.4"];
const COPIED: [&str; 2] = ["1.6.0", "1.5.0"];

#[test]
fn a_publishers_list_comes_before_a_mirrors() {
    let mirror = || list("reg.corp ci/kaniko", &COPIED);
    let hub = || list("docker.io plugins/kaniko", &PUBLISHED);
    let public = |path: &str| list(path, &PUBLISHED);
    let rootless = |place: &str, newest: &str| list(place, &["1.6.0-rootless", newest]);
    let same_as = r#"{"reg.corp/ci/*":"plugins/*"}"#;
    // image, `same_as`, `registry`, lists, verdict and default
    let cases = [
        (
            "plugins/kaniko:1.6.0",
            "",
            "docker.io",
            vec![mirror(), hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![mirror(), hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "reg.corp/ci",
            vec![mirror(), hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "plugins/kaniko:1.6.0",
            "",
            "reg.corp/m",
            vec![list("reg.corp m/plugins/kaniko", &COPIED), hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        // The mirror's registry did not answer.
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        // A host that `same_as` names, and a path that it does not.
        (
            "reg.corp/m/plugins/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        // Public registries of Harness are publishers as well.
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![
                mirror(),
                public("us-docker.pkg.dev gar-prod-setup/harness-public/plugins/kaniko"),
            ],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![mirror(), public("public.ecr.aws harness/plugins/kaniko")],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        // Others are not, and other repositories of a publisher say nothing.
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![mirror(), public("us-docker.pkg.dev acme/plugins/kaniko")],
            "unverified",
            Some("plugins/kaniko:1.6.0"),
        ),
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "docker.io",
            vec![mirror(), public("docker.io harness/kaniko")],
            "unverified",
            Some("plugins/kaniko:1.6.0"),
        ),
        // Of two mirrors the newest tag bounds.
        (
            "reg.corp/ci/kaniko:1.6.0",
            same_as,
            "reg.corp/m",
            vec![
                mirror(),
                list("reg.corp m/plugins/kaniko", &["1.6.0", "1.13.4"]),
            ],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        // What the publisher calls otherwise in bundles.
        (
            "harnesssecure/drone-git:1.6.0-rootless",
            "",
            "docker.io",
            vec![rootless("docker.io harness/drone-git", "1.9.2-rootless")],
            "supported",
            Some("harness/drone-git:1.9.2-rootless"),
        ),
        (
            "harnesssecure/kaniko:1.6.0",
            "",
            "docker.io",
            vec![list("docker.io harnesssecure/kaniko", &COPIED), hub()],
            "unsupported",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "harness/kaniko:1.6.0",
            "",
            "docker.io",
            vec![hub()],
            "unverified",
            None,
        ),
        // A variant that the publisher does not have.
        (
            "reg.corp/ci/kaniko:1.6.0-corp",
            same_as,
            "docker.io",
            vec![
                list("reg.corp ci/kaniko", &["1.6.0-corp", "1.7.0-corp"]),
                hub(),
            ],
            "unverified",
            Some("plugins/kaniko:1.7.0-corp"),
        ),
        // A publisher's current image needs no copy to be one.
        (
            "reg.corp/ci/kaniko:1.13.4",
            same_as,
            "docker.io",
            vec![mirror(), hub()],
            "current",
            Some("plugins/kaniko:1.13.4"),
        ),
    ];
    for (image, same_as, base, lists, verdict, default) in cases {
        let facts = Facts::from_json(snapshot(image, base, &lists).as_bytes()).unwrap();
        let pairs = [("PLUGIN_REPOSITORIES", "*"), ("PLUGIN_SAME_AS", same_as)];
        let row = row(&facts, &pairs);
        let context = format!("{image} {same_as} {base} {lists:?}: {}", row.reason);
        assert_eq!(row.verdict.as_str(), verdict, "{context}");
        assert_eq!(row.default.as_deref(), default, "{context}");
    }
}

/// The row of an image of a file, where nothing but a mirror's list is known.
fn at_mirror(image: &str, tags: &[String], more: &[(&str, &str)]) -> Row {
    let tags: Vec<Value> = tags
        .iter()
        .map(|entry| match entry.split_once(' ') {
            Some((name, day)) => json!({"name": name, "published": format!("{day}T12:00:00Z")}),
            None => json!(entry),
        })
        .collect();
    let list = json!({"registry": "reg.corp", "repository": "m/plugins/kaniko", "tags": tags});
    let facts = Facts::from_json(snapshot(image, "reg.corp/m", &[list]).as_bytes()).unwrap();
    row(&facts, more)
}

#[test]
fn behind_the_newest_tag_of_a_partial_list_nothing_is_counted() {
    // image, tags, verdict, reason
    let cases: [(&str, &[&str], &str, &str); 5] = [
        (
            "plugins/kaniko:1.6.0",
            &["1.6.0", "1.5.0"],
            "unverified",
            "1.6.0 is the newest tag in the partial list of reg.corp/m/plugins/kaniko; newer ones may exist",
        ),
        (
            "plugins/kaniko:1.5.0",
            &["1.6.0", "1.5.0"],
            "unverified",
            "1.5.0 is at least 1 release behind 1.6.0, by the numbering alone (1.6.0 is the newest tag in the partial list of reg.corp/m/plugins/kaniko, which shows 1); newer ones may exist",
        ),
        (
            "plugins/kaniko:1.6.0",
            &["1.6.1", "1.6.0"],
            "unverified",
            "1.6.0 is of the same release as 1.6.1 (1.6.1 is the newest tag in the partial list of reg.corp/m/plugins/kaniko, which shows 0); newer ones may exist",
        ),
        (
            "plugins/kaniko:1.7.0",
            &["1.6.0", "1.5.0"],
            "unverified",
            "1.7.0 is newer than 1.6.0, the newest tag in the partial list of reg.corp/m/plugins/kaniko; newer ones may exist",
        ),
        (
            "plugins/kaniko:1.3.0",
            &["1.6.0", "1.5.0"],
            "unsupported",
            "1.3.0 is at least 3 releases behind 1.6.0, by the numbering alone (1.6.0 is the newest tag in the partial list of reg.corp/m/plugins/kaniko, which shows 2); the latest 3 are supported",
        ),
    ];
    for (image, tags, verdict, reason) in cases {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let row = at_mirror(image, &tags, &[]);
        let seen = (
            row.verdict.as_str(),
            row.reason.as_str(),
            row.releases_behind,
        );
        assert_eq!(seen, (verdict, reason, None), "{image} {tags:?}");
    }
}

proptest! {
    #[test]
    fn a_tag_more_in_a_partial_list_never_makes_a_verdict_milder(
        tag in version(), size in 0_u32..5, patch in prop::bool::ANY,
        tags in prop::collection::vec(dated(), 0..8), more in dated(), days in prop::sample::select(vec!["0", "60", "200"]),
    ) {
        let size = size.to_string();
        let unit = if patch { "patch" } else { "minor" };
        let rules = [
            ("PLUGIN_SUPPORTED_RELEASES", size.as_str()),
            ("PLUGIN_RELEASE_UNIT", unit),
            ("PLUGIN_SUPPORTED_DAYS", days),
        ];
        let image = format!("plugins/kaniko:{tag}");
        let before = at_mirror(&image, &tags, &rules);
        let after = at_mirror(&image, &[tags.as_slice(), &[more]].concat(), &rules);
        prop_assert!(
            badness(after.verdict) >= badness(before.verdict),
            "{} ({}) became {} ({})", before.verdict, before.reason, after.verdict, after.reason
        );
    }
}
