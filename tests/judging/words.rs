//! The sentences of a judgement, to the letter: they are what a person acts on.

use harness_images::model::policy::{ByRepository, Policy};
use harness_images::model::row::Source;
use harness_images::verdict::{Comparison, Judgement, judge};

use super::{dated_list, documented, image};

fn judgement(text: &str, default: &str, tags: &[&str], size: u32, source: Source) -> Judgement {
    let list = dated_list("docker.io", "a/b", tags);
    let list = (!tags.is_empty()).then_some(&list);
    let (image, default) = (image(text), image(default));
    let policy = Policy {
        supported_releases: ByRepository::all(size),
        ..documented("2026-11-20")
    };
    let case = Comparison {
        image: &image,
        default: &default,
        own: list,
        published: list,
        history: &[],
        default_is_bound: false,
        source,
    };
    judge(&case, &policy)
}

#[test]
fn reasons_and_advice() {
    use Source::{Default, Override, Setting};
    let old = [
        "1.16.0 2026-01-01",
        "1.17.0 2026-02-01",
        "1.18.0 2026-03-01",
    ];
    let all = ["1.14.0", "1.15.0", "1.16.0", "1.17.0", "1.18.0"];
    // image, default, tags, window, source, reason, advice
    let cases: &[(&str, &str, &[&str], u32, Source, &str, &str)] = &[
        (
            "a/b:1.18.0",
            "a/b:1.18.0",
            &[],
            3,
            Default,
            "1.18.0 is the default's version",
            "",
        ),
        (
            "a/b:1.19.0",
            "a/b:1.18.0",
            &[],
            3,
            Override,
            "1.19.0 is newer than the default 1.18.0",
            "check that it was meant",
        ),
        (
            "a/b:1.18.0",
            "a/b:1.18.2",
            &[],
            3,
            Override,
            "1.18.0 is of the default's release, 1.18.2; the latest 3 are supported",
            "deploy 1.18.2 when it is scanned",
        ),
        (
            "a/b:1.17.0",
            "a/b:1.18.0",
            &[],
            3,
            Override,
            "1.17.0 is 1 release behind the default 1.18.0, by the numbering alone; the latest 3 are supported",
            "deploy 1.18.0 when it is scanned",
        ),
        (
            "a/b:1.16.0",
            "a/b:1.18.0",
            &all,
            3,
            Override,
            "1.16.0 is 2 releases behind the default 1.18.0; the latest 3 are supported (1.18, 1.17, 1.16)",
            "deploy 1.18.0 when it is scanned",
        ),
        (
            "a/b:1.14.0",
            "a/b:1.18.0",
            &all,
            3,
            Override,
            "1.14.0 is 4 releases behind the default 1.18.0; the latest 3 are supported (1.18, 1.17, 1.16)",
            "reset it, or pin it to 1.18.0",
        ),
        (
            "a/b:1.14.0",
            "a/b:1.18.0",
            &all,
            3,
            Setting,
            "1.14.0 is 4 releases behind the default 1.18.0; the latest 3 are supported (1.18, 1.17, 1.16)",
            "move to 1.18.0",
        ),
        (
            "a/b:1.17.0",
            "a/b:1.18.0",
            &all,
            1,
            Override,
            "1.17.0 is 1 release behind the default 1.18.0; only the latest release is supported",
            "reset it, or pin it to 1.18.0",
        ),
        (
            "a/b:1.14.0",
            "a/b:1.18.0",
            &all,
            0,
            Override,
            "1.14.0 is 4 releases behind the default 1.18.0; no window is set",
            "deploy 1.18.0 when it is scanned",
        ),
        (
            "a/b:1.16.0",
            "a/b:1.18.0",
            &old,
            3,
            Override,
            "1.16.0 is 2 releases behind the default 1.18.0; 1.17.0 was to be deployed by 2026-03-03",
            "deploy a newer release, up to 1.18.0",
        ),
        (
            "a/b:1.9.0",
            "a/b:2.0.0",
            &[],
            3,
            Override,
            "1.9.0 is at least 1 release behind the default 2.0.0, by the numbering alone; the latest 3 are supported, but how many lie between is unknown",
            "check by hand, or give access to a registry or a history file",
        ),
        (
            "a/b:1.9.0",
            "a/b:2.5.0",
            &[],
            3,
            Override,
            "1.9.0 is at least 6 releases behind the default 2.5.0, by the numbering alone; the latest 3 are supported",
            "reset it, or pin it to 2.5.0",
        ),
        (
            "c/d:1.9.0",
            "a/b:2.5.0",
            &[],
            3,
            Override,
            "another image than the default's, a/b",
            "check by hand that it is maintained, or reset it",
        ),
        (
            "c/d:1.9.0",
            "a/b:2.5.0",
            &[],
            3,
            Setting,
            "another image than the default's, a/b",
            "check by hand that it is maintained",
        ),
        (
            "a/b:dev",
            "a/b:2.5.0",
            &[],
            3,
            Override,
            "`dev` is no version, and no version with its digest is known",
            "pin a version, or give access to a registry that lists digests",
        ),
        (
            "a/b",
            "a/b:2.5.0",
            &[],
            3,
            Override,
            "no tag is given, so `latest` is pulled, and no version with its digest is known",
            "pin a version, or give access to a registry that lists digests",
        ),
        (
            "a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "a/b:2.5.0",
            &[],
            3,
            Override,
            "no version tag with this digest is known",
            "pin a version, or give access to a registry that lists digests",
        ),
        (
            "a/b:1.2.3",
            "a/b:latest",
            &[],
            3,
            Override,
            "the default, latest, is no version, and no version with its digest is known",
            "check by hand, or give access to a registry or a history file",
        ),
    ];
    for (text, default, tags, size, source, reason, advice) in cases {
        let judgement = judgement(text, default, tags, *size, *source);
        assert_eq!(
            (judgement.reason.as_str(), judgement.advice.as_str()),
            (*reason, *advice),
            "{text} below {default}"
        );
    }
}

#[test]
fn patterns_cover_whole_names() {
    let cases = [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "abc", true),
        ("a", "a", true),
        ("a", "ab", false),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c", "abc", true),
        ("a*c", "ac", true),
        ("a*c", "ab", false),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("a*bb*b", "abbb", true),
        ("a*bb*b", "abb", false),
        ("ab*ba", "aba", false),
        ("*a*a*", "aXa", true),
        ("*a*a*", "a", false),
        ("**", "x", true),
        ("A*", "abc", false),
    ];
    for (pattern, text, covers) in cases {
        let pattern = harness_images::model::policy::Pattern::new(pattern);
        assert_eq!(pattern.matches(text), covers, "{pattern:?} and {text}");
    }
}
