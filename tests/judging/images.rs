//! Image references: which parts they have, and which texts are none.

use harness_images::model::image::{ImageError, ImageRef};

use super::image;

#[test]
fn references_have_parts() {
    // text, registry, repository, tag, digest, namespace/name, prefix
    let digest = format!("sha256:{}", "a".repeat(64));
    let pinned = format!("harness/ci-addon:1.2.3@{digest}");
    let only_digest = format!("plugins/kaniko@{digest}");
    let cases = [
        ("redis", None, "redis", None, None, "redis", ""),
        ("redis:7", None, "redis", Some("7"), None, "redis", ""),
        (
            "harness/ci-addon:1.16.3",
            None,
            "harness/ci-addon",
            Some("1.16.3"),
            None,
            "harness/ci-addon",
            "",
        ),
        (
            "registry.example.com:5000/m/harness/drone-git:1.4.0-rootless",
            Some("registry.example.com:5000"),
            "m/harness/drone-git",
            Some("1.4.0-rootless"),
            None,
            "harness/drone-git",
            "m",
        ),
        (
            "public.ecr.aws/harness/harness/ci-addon",
            Some("public.ecr.aws"),
            "harness/harness/ci-addon",
            None,
            None,
            "harness/ci-addon",
            "harness",
        ),
        (
            "us-docker.pkg.dev/gar-prod-setup/harness-public/plugins/s3:1",
            Some("us-docker.pkg.dev"),
            "gar-prod-setup/harness-public/plugins/s3",
            Some("1"),
            None,
            "plugins/s3",
            "gar-prod-setup/harness-public",
        ),
        (
            "localhost/x:1",
            Some("localhost"),
            "x",
            Some("1"),
            None,
            "x",
            "",
        ),
        (
            "localhost:5000/x",
            Some("localhost:5000"),
            "x",
            None,
            None,
            "x",
            "",
        ),
        (
            "[::1]:5000/a/b:t",
            Some("[::1]:5000"),
            "a/b",
            Some("t"),
            None,
            "a/b",
            "",
        ),
        ("my-host/x", None, "my-host/x", None, None, "my-host/x", ""),
        ("MYHOST/x", Some("MYHOST"), "x", None, None, "x", ""),
        (
            "a/b__c.d-e---f/g_h:T_1.2-x",
            None,
            "a/b__c.d-e---f/g_h",
            Some("T_1.2-x"),
            None,
            "b__c.d-e---f/g_h",
            "a",
        ),
        (
            &pinned,
            None,
            "harness/ci-addon",
            Some("1.2.3"),
            Some(digest.as_str()),
            "harness/ci-addon",
            "",
        ),
        (
            &only_digest,
            None,
            "plugins/kaniko",
            None,
            Some(digest.as_str()),
            "plugins/kaniko",
            "",
        ),
    ];
    for (text, registry, repository, tag, digest, name, prefix) in cases {
        let read = image(text);
        let found = (
            read.registry(),
            read.repository(),
            read.tag(),
            read.digest(),
            read.name(),
            read.prefix(),
        );
        assert_eq!(
            found,
            (registry, repository, tag, digest, name, prefix),
            "{text}"
        );
        assert_eq!(read.to_string(), text);
        assert_eq!(
            image(&format!(" {text}\n")),
            read,
            "white space around {text}"
        );
    }
}

#[test]
fn other_texts_are_refused_by_part() {
    let long_tag = format!("a:{}", "t".repeat(129));
    let cases = [
        ("", ImageError::Empty),
        ("  \n", ImageError::Empty),
        ("a:", ImageError::Tag),
        ("a:b:c", ImageError::Tag),
        ("a:-x", ImageError::Tag),
        ("a:.x", ImageError::Tag),
        ("a:b c", ImageError::Tag),
        ("a:ä", ImageError::Tag),
        (&long_tag, ImageError::Tag),
        (":1.2.3", ImageError::Repository),
        ("harness/", ImageError::Repository),
        ("/ci-addon", ImageError::Repository),
        ("harness//ci", ImageError::Repository),
        ("harness/Ci", ImageError::Repository),
        ("harness/a___b", ImageError::Repository),
        ("harness/-a", ImageError::Repository),
        ("harness/a..b", ImageError::Repository),
        ("harness/a b", ImageError::Repository),
        ("https://registry.example.com/a:1", ImageError::Registry),
        ("registry.example.com:port/a", ImageError::Registry),
        ("registry.example.com:99999/a", ImageError::Registry),
        ("registry.example.com:+80/a", ImageError::Registry),
        ("-a.com/a", ImageError::Registry),
        ("a..com/a", ImageError::Registry),
        ("a@sha256:123", ImageError::Digest),
        ("a@", ImageError::Digest),
        ("a@md5:d41d8cd98f00b204e9800998ecf8427e", ImageError::Digest),
    ];
    for (text, error) in cases {
        assert_eq!(ImageRef::parse(text), Err(error), "{text}");
    }
    assert_eq!(
        ImageRef::parse(&"a".repeat(100_000)),
        Err(ImageError::TooLong)
    );
}

#[test]
fn mirrors_hold_the_same_image() {
    // image, default, whether it is the default's image
    let cases = [
        ("harness/ci-addon:1", "harness/ci-addon:2", true),
        (
            "registry.example.com:5000/harness/ci-addon:1",
            "harness/ci-addon:2",
            true,
        ),
        (
            "us-docker.pkg.dev/gar-prod-setup/harness-public/harness/ci-addon",
            "harness/ci-addon",
            true,
        ),
        (
            "public.ecr.aws/harness/harness/ci-addon",
            "harness/ci-addon",
            true,
        ),
        (
            "harness/ci-addon",
            "registry.corp/mirror/harness/ci-addon",
            true,
        ),
        ("harnesssecure/ci-addon", "harness/ci-addon", true),
        ("harnesssecure/kaniko", "plugins/kaniko", true),
        (
            "registry.corp/x/harnesssecure/kaniko",
            "plugins/kaniko",
            true,
        ),
        ("plugins/kaniko", "harnesssecure/kaniko", true),
        ("harnesssecure/kaniko-ecr", "plugins/kaniko", false),
        ("harness/ci-lite-engine", "harness/ci-addon", false),
        ("notharness/ci-addon", "harness/ci-addon", false),
        ("xharness/ci-addon", "harness/ci-addon", false),
        ("harness/my-ci-addon", "harness/ci-addon", false),
        ("harness/ci-addon/extra", "harness/ci-addon", false),
        ("ci-addon", "harness/ci-addon", false),
        ("plugins/ci-addon", "harness/ci-addon", false),
        ("acme/redis", "redis", true),
    ];
    for (text, default, same) in cases {
        assert_eq!(
            image(text).is_image_of(&image(default)),
            same,
            "{text} of {default}"
        );
    }
}
