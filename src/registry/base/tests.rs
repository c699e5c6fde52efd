//! Which addresses become which bases, and where images are looked up.

use super::*;

fn base(url: &str) -> RegistryBase {
    RegistryBase::from_url(&Url::parse(url).unwrap()).unwrap()
}

#[test]
fn addresses_become_bases() {
    let cases = [
        ("https://index.docker.io/v2/", "https docker.io"),
        ("https://index.docker.io/v1/", "https docker.io"),
        ("https://registry.hub.docker.com/v2/", "https docker.io"),
        ("https://registry-1.docker.io", "https docker.io"),
        ("https://hub.docker.com/", "https docker.io"),
        ("http://docker.io", "https docker.io"),
        ("https://harbor.corp/v2/", "https harbor.corp"),
        ("https://Harbor.Corp:443/", "https harbor.corp"),
        (
            "https://registry.corp:5000/mirror",
            "https registry.corp:5000/mirror",
        ),
        (
            "https://registry.corp:5000/v2/mirror/",
            "https registry.corp:5000/mirror",
        ),
        ("http://registry.corp/a//b/", "http registry.corp/a/b"),
        ("http://[::1]:5000/m", "http [::1]:5000/m"),
        (
            "https://us-docker.pkg.dev/gar-prod-setup/harness-public",
            "https us-docker.pkg.dev/gar-prod-setup/harness-public",
        ),
        (
            "https://app.harness.io/registry",
            "https app.harness.io/registry harness",
        ),
        (
            "https://art.corp/artifactory/api/docker/remote/v2/",
            "https art.corp/artifactory/api/docker/remote",
        ),
        ("https://nexus.corp/mirror/v1/", "https nexus.corp/mirror"),
    ];
    for (url, expected) in cases {
        let base = base(url);
        let harness = if base.is_harness() { " harness" } else { "" };
        assert_eq!(
            format!("{} {base}{harness}", base.scheme().as_str()),
            expected,
            "{url}"
        );
    }
    assert!(RegistryBase::from_url(&Url::parse("ftp://x.corp").unwrap()).is_none());
    assert!(RegistryBase::from_url(&Url::parse("unix:/run/x").unwrap()).is_none());
}

#[test]
fn images_are_looked_up_where_they_may_be() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "https://docker.io",
            "harness/ci-addon:1",
            &["https docker.io harness/ci-addon /v2/harness/ci-addon"],
        ),
        (
            "https://docker.io",
            "alpine",
            &["https docker.io library/alpine /v2/library/alpine"],
        ),
        (
            "https://x.corp",
            "index.docker.io/alpine:3",
            &["https docker.io library/alpine /v2/library/alpine"],
        ),
        (
            "https://x.corp",
            "alpine",
            &["https x.corp alpine /v2/alpine"],
        ),
        (
            "http://x.corp",
            "X.corp/harness/a:1",
            &["http x.corp harness/a /v2/harness/a"],
        ),
        (
            "http://x.corp",
            "y.corp/harness/a:1",
            &["https y.corp harness/a /v2/harness/a"],
        ),
        (
            "http://x.corp:81",
            "x.corp/harness/a:1",
            &["https x.corp harness/a /v2/harness/a"],
        ),
        (
            "https://x.corp/m",
            "harness/a:1",
            &[
                "https x.corp m/harness/a /v2/m/harness/a",
                "https x.corp harness/a /v2/harness/a",
            ],
        ),
        (
            "https://x.corp/m",
            "m/harness/a:1",
            &[
                "https x.corp m/harness/a /v2/m/harness/a",
                "https x.corp m/m/harness/a /v2/m/m/harness/a",
            ],
        ),
        (
            "https://x.corp/m",
            "x.corp/m/harness/a:1",
            &["https x.corp m/harness/a /v2/m/harness/a"],
        ),
        (
            "https://x.corp/m",
            "x.corp/harness/a:1",
            &["https x.corp harness/a /v2/harness/a"],
        ),
        (
            "https://h.corp/registry",
            "harness/a:1",
            &[
                "https h.corp registry/harness/a /v2/registry/harness/a",
                "https h.corp harness/a /v2/harness/a",
            ],
        ),
        (
            "https://h.corp/registry",
            "h.corp/registry/harness/a:1",
            &["https h.corp registry/harness/a /v2/registry/harness/a"],
        ),
        (
            "https://h.corp/api/v2",
            "harness/a:1",
            &[
                "https h.corp api/harness/a /api/v2/harness/a",
                "https h.corp api/harness/a /v2/api/harness/a",
                "https h.corp harness/a /v2/harness/a",
            ],
        ),
    ];
    for (url, image, expected) in cases {
        let places: Vec<String> = base(url)
            .places(&ImageRef::parse(image).unwrap())
            .iter()
            .map(|place| {
                let RepositoryPlace {
                    host,
                    scheme,
                    repository,
                    api,
                    ..
                } = place;
                format!("{} {host} {repository} {api}", scheme.as_str())
            })
            .collect();
        assert_eq!(places, *expected, "{image} at {url}");
    }
}
