//! Tags: which are versions, their variants and their order.

use harness_images::model::image::ImageRef;
use harness_images::model::policy::ReleaseUnit;
use harness_images::model::tag::Tag;
use serde::Deserialize;

use super::{documented, image, judged, repository};

#[test]
fn versions_have_prefix_numbers_embedded_version_and_suffix() {
    let cases = [
        ("1.18.27", "", "1.18.27", None, ""),
        ("1.17.00", "", "1.17.00", None, ""),
        ("1.16.56.1", "", "1.16.56.1", None, ""),
        ("v1.0.4", "", "1.0.4", None, ""),
        ("rootless-1.18.27", "rootless-", "1.18.27", None, ""),
        ("rootless-v1.18.27", "rootless-", "1.18.27", None, ""),
        ("linux-amd64-1.16.12", "linux-amd64-", "1.16.12", None, ""),
        (
            "windows-1809-amd64-1.16.12",
            "windows-1809-amd64-",
            "1.16.12",
            None,
            "",
        ),
        ("ci-1.14.7", "ci-", "1.14.7", None, ""),
        ("1.7.20-rootless", "", "1.7.20", None, "-rootless"),
        ("1.3.0-rootless-linux", "", "1.3.0", None, "-rootless-linux"),
        (
            "1.16.6-windows-ltsc2022-amd64-rootless",
            "",
            "1.16.6",
            None,
            "-windows-ltsc2022-amd64-rootless",
        ),
        ("1.24.1-4.33", "", "1.24.1", Some("4.33"), ""),
        ("1.24.1-4.33-mongo", "", "1.24.1", Some("4.33"), "-mongo"),
        (
            "1.3.0-11.11.2-spanner",
            "",
            "1.3.0",
            Some("11.11.2"),
            "-spanner",
        ),
        ("1.18.0-4.33-1.2.3", "", "1.18.0", Some("4.33"), "-1.2.3"),
        ("1.0.0-4.33.x", "", "1.0.0", None, "-4.33.x"),
        ("0.156.0-386", "", "0.156.0", None, "-386"),
        ("1.17.0-rc.1", "", "1.17.0", None, "-rc.1"),
        ("1.0.7-sec-fix-1", "", "1.0.7", None, "-sec-fix-1"),
        ("1.5.9_debug", "", "1.5.9", None, "_debug"),
        ("2021.12.16", "", "2021.12.16", None, ""),
        ("1.2.3-v4", "", "1.2.3", None, "-v4"),
        ("25.05.85905.minimal", "", "25.05.85905", None, ".minimal"),
        ("1.2.3.4.x-y", "", "1.2.3.4", None, ".x-y"),
        (
            "99999999999999999999999999999999999.0.1",
            "",
            "99999999999999999999999999999999999.0.1",
            None,
            "",
        ),
    ];
    for (text, prefix, numbers, embedded, suffix) in cases {
        let tag = Tag::parse(text).unwrap_or_else(|| panic!("{text} is a version"));
        let variant = tag.variant();
        let found = (
            variant.prefix,
            tag.numbers().as_str(),
            tag.embedded().map(|numbers| numbers.as_str()),
            variant.suffix,
        );
        assert_eq!(found, (prefix, numbers, embedded, suffix), "{text}");
        assert_eq!(tag.to_string(), text);
    }
}

#[test]
fn everything_else_is_floating() {
    let cases = [
        "",
        "latest",
        "dev",
        "latest-mongo",
        "latest-fips",
        "linux-amd64",
        "1.18",
        "20",
        "20230811",
        "release-97",
        "releaseBuild-30",
        "v18739-debug",
        "1.10debugfix",
        "v1",
        "1.2.3-",
        "1.2.3_",
        "1.2.3.",
        "1..2.3",
        ".1.2.3",
        "-1.2.3",
        "4.33-1.18.0",
        "20-1.2.3",
        "1.2.3rc1",
        "v.1.2.3",
        "vv1.2.3",
        "1.2",
        "1.2-3",
        "rootless--",
        "ä-1.2.3",
        "1.2.3-ä",
        "1.2.3 ",
    ];
    for text in cases {
        assert!(Tag::parse(text).is_none(), "{text} is floating");
    }
}

#[test]
fn order_is_by_version_then_embedded_version_then_words() {
    let ascending = [
        "0.0.1",
        "0.1.0-beta",
        "0.1.0",
        "1.9.0-4.27",
        "1.9.0-4.33",
        "1.16.9",
        "1.16.10-rc.2",
        "1.16.10-rc.10",
        "1.16.10",
        "1.16.10.1",
        "1.17.00",
        "1.17.1",
        "20.18.6",
        "2021.12.16",
        "18446744073709551616.0.0",
        "18446744073709551617.0.0",
        "99999999999999999999999999999999999.0.1",
    ];
    for (at, older) in ascending.iter().enumerate() {
        for newer in &ascending[at + 1..] {
            let (older, newer) = (Tag::parse(older).unwrap(), Tag::parse(newer).unwrap());
            assert!(older < newer, "{older} is before {newer}");
            assert!(newer > older, "{newer} is behind {older}");
        }
    }
    let equal = [
        ("1.17.00", "1.17.0"),
        ("1.17.0", "1.17.0.0"),
        ("01.002.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("1.2.3-4.33", "1.2.3"),
    ];
    for (one, other) in equal {
        assert_eq!(
            Tag::parse(one).unwrap().numbers(),
            Tag::parse(other).unwrap().numbers(),
            "{one} and {other}"
        );
    }
}

#[derive(Deserialize)]
struct TagCase {
    id: String,
    cur: String,
    tags: Vec<String>,
    expected: String,
}

/// Which tag is the newest of its kind: judged as an image of which no default is known, so
/// that the newest published tag stands in for it.
#[test]
fn newest_of_its_kind() {
    let cases: Vec<TagCase> = serde_json::from_str(include_str!("../data/tag_cases.json")).unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let snapshot = serde_json::json!({
            "format": "harness-images/snapshot/v1",
            "taken_at": "2026-11-20T09:00:00Z",
            "repositories": [{"registry": "docker.io", "repository": "acme/tool", "tags": case.tags}],
        });
        let mut facts =
            harness_images::model::facts::Facts::from_json(snapshot.to_string().as_bytes())
                .unwrap();
        facts.registry = Some("docker.io".to_owned());
        let settings = super::settings(&[
            ("PLUGIN_IMAGES", &format!("acme/tool:{}", case.cur)),
            ("PLUGIN_SNAPSHOT", "none"),
        ]);
        let found = harness_images::verdict::in_use(&facts, &settings);
        let default = found[0].default().and_then(ImageRef::tag);
        assert_eq!(default, Some(case.expected.as_str()), "{}", case.id);

        // And with that tag as Harness' default, the present one is older, by the same list.
        let list = repository(
            "docker.io",
            "acme/tool",
            case.tags.iter().map(String::as_str).collect(),
        );
        let mut policy = documented("2026-11-20");
        policy.release_unit = harness_images::model::policy::ByRepository::all(ReleaseUnit::Patch);
        let default = image("acme/tool")
            .with_tag(&case.expected)
            .unwrap()
            .to_string();
        let judgement = judged(
            &format!("acme/tool:{}", case.cur),
            &default,
            Some(&list),
            &policy,
        );
        assert!(
            judgement.releases_behind > Some(0),
            "{}: {judgement:?}",
            case.id
        );
        assert_eq!(
            judgement.window[0],
            Tag::parse(&case.expected).unwrap().numbers().as_str(),
            "{}",
            case.id
        );
    }
}

#[test]
fn small_questions_about_tags() {
    // tag, like a date, plain, variant as it is shown
    let cases = [
        ("1.2.3", false, true, "plain"),
        ("v1.2.3-4.33", false, true, "plain"),
        ("999.1.2", false, true, "plain"),
        ("0999.1.2", false, true, "plain"),
        ("1000.1.2", true, true, "plain"),
        ("2021.12.16-slim", true, false, "*-slim"),
        ("rootless-1.2.3", false, false, "rootless-*"),
        ("linux-1.2.3-slim", false, false, "linux-*-slim"),
    ];
    for (text, date_like, plain, variant) in cases {
        let tag = Tag::parse(text).unwrap();
        let found = (tag.is_date_like(), tag.variant().is_plain());
        assert_eq!(found, (date_like, plain), "{text}");
        assert_eq!(tag.variant().to_string(), variant, "{text}");
        assert_eq!(tag, Tag::parse(text).unwrap());
        assert_eq!(
            format!("{0} {0:?}", tag.numbers()),
            [tag.numbers().as_str(); 2].join(" ")
        );
    }
    assert_ne!(
        Tag::parse("1.17.0"),
        Tag::parse("1.17.00"),
        "texts differ, though versions are equal"
    );
    let canonical = |text| Tag::parse(text).unwrap().numbers().canonical();
    assert_eq!(
        (canonical("1.17.00"), canonical("007.0.010.0")),
        ("1.17.0".to_owned(), "7.0.10.0".to_owned())
    );
}
