//! How far back a list must be read, as tables.

use super::*;

fn need(image: &'static str, default: &'static str) -> Need<'static> {
    Need {
        image: Some(image),
        default: Some(default),
        digest: None,
        present: vec![],
        releases: 3,
        unit: ReleaseUnit::Minor,
        extent: Extent::Verdict,
    }
}

fn versions(release: &str, count: usize) -> Vec<String> {
    (0..count)
        .rev()
        .map(|patch| format!("{release}.{patch}"))
        .collect()
}

fn list(groups: &[Vec<String>]) -> TagList {
    groups.iter().flatten().map(String::as_str).collect()
}

#[test]
fn a_list_reaches_far_enough_when_a_run_of_older_versions_ends_it() {
    let one = |tag: &str| vec![tag.to_owned()];
    let recent = [
        versions("1.18", 3),
        versions("1.17", 3),
        versions("1.16", 3),
    ];
    let with = |more: &[Vec<String>]| list(&[recent.as_slice(), more].concat());
    let minor = need("1.18.2", "1.18.2");
    let window = Need {
        extent: Extent::Window,
        ..minor.clone()
    };
    let presence = Need {
        extent: Extent::Presence,
        ..minor.clone()
    };
    let newest = need("1.18.99", "1.18.99");
    let older = need("1.15.2", "1.18.2");
    let cases: Vec<(&str, TagList, &Need, bool)> = vec![
        ("nothing read", list(&[]), &minor, false),
        ("too few", with(&[]), &minor, false),
        (
            "three releases and a run",
            with(&[versions("1.15", 2)]),
            &minor,
            true,
        ),
        (
            "a long run in one release",
            list(&[versions("1.18", 100)]),
            &newest,
            false,
        ),
        (
            "the window's own tags are no run",
            with(&[versions("1.15", 2)]),
            &window,
            false,
        ),
        (
            "behind the window",
            with(&[versions("1.15", 10)]),
            &window,
            true,
        ),
        (
            "not yet past the image",
            with(&[versions("1.15", 10)]),
            &older,
            false,
        ),
        (
            "past the image",
            with(&[versions("1.15", 3), versions("1.14", 10)]),
            &older,
            true,
        ),
        (
            "a late hotfix breaks the run",
            with(&[versions("1.14", 9), one("1.17.9"), versions("1.14", 9)]),
            &older,
            false,
        ),
        (
            "other variants do not count",
            with(&[versions("rootless-1.14", 20)]),
            &older,
            false,
        ),
        (
            "floating tags are passed over",
            with(&[versions("1.15", 2), one("latest"), one("dev")]),
            &minor,
            true,
        ),
        ("presence is asked by name", list(&[]), &presence, true),
    ];
    for (name, tags, need, expected) in cases {
        let reached = Reached {
            tags,
            ..Reached::default()
        };
        assert_eq!(need.is_met(&reached), expected, "{name}");
    }
}

#[test]
fn a_floating_tag_is_followed_to_its_version() {
    let at = |day: &str| Some(format!("{day}T00:00:00Z").parse().unwrap());
    let need = need("latest", "1.18.0");
    let mut reached = Reached::default();
    reached
        .tags
        .push("1.18.0", Some("sha256:new".into()), at("2026-11-01"));
    assert!(!need.is_met(&reached), "not seen");
    reached
        .named
        .push("latest", Some("sha256:old".into()), at("2026-10-01"));
    assert!(!need.is_met(&reached), "seen, but not its version");
    let begun = reached.tags.clone();
    let older: Vec<String> = (0..20)
        .map(|number| format!("1.{}.0", 17 - number / 2))
        .collect();
    for tag in &older {
        let digest = if tag == "1.8.0" {
            "sha256:old"
        } else {
            "sha256:other"
        };
        reached
            .tags
            .push(tag, Some(digest.into()), at("2026-09-01"));
    }
    assert!(!need.is_met(&reached), "its version, but no run behind it");
    for patch in 0..20 {
        reached
            .tags
            .push(&format!("1.1.{patch}"), None, at("2026-09-01"));
    }
    assert!(need.is_met(&reached), "its version and a run");
    reached.tags = begun;
    for tag in &older {
        reached.tags.push(tag, None, at("2026-09-01"));
    }
    assert!(!need.is_met(&reached), "may still come");
    reached.tags.push("1.7.0", None, at("2026-08-01"));
    assert!(need.is_met(&reached), "too old to come");
    reached = Reached {
        absent: vec!["latest".to_owned()],
        tags: reached.tags,
        ..Reached::default()
    };
    assert!(need.is_met(&reached), "there is no such tag");
}
