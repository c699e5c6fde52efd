//! Images, manifest and the containerless runner's descriptor fit each other and the release.

use serde_json::Value;

use crate::pipelines::{text, yaml};

#[test]
fn images_hold_the_binary_and_licences_only() {
    let dockerfile = |arch| text(&format!("docker/Dockerfile.rootless.linux.{arch}"));
    let amd64 = dockerfile("amd64");
    assert_eq!(amd64.replace("amd64", "arm64"), dockerfile("arm64"));
    let instructions = |name: &str| -> Vec<&str> {
        let lines = amd64.lines();
        lines.filter_map(|line| line.strip_prefix(name)).collect()
    };
    assert_eq!(instructions("FROM "), ["scratch"]);
    assert_eq!(instructions("USER "), ["65532:65532"]);
    assert_eq!(instructions("ENTRYPOINT "), ["[\"/bin/harness-images\"]"]);
    assert_eq!(
        instructions("COPY "),
        [
            "release/linux/amd64/LICENSE release/linux/amd64/THIRD-PARTY-LICENSES /licenses/",
            "release/linux/amd64/harness-images /bin/harness-images",
        ]
    );
    for unwanted in ["RUN ", "ADD ", "CMD ", "WORKDIR ", "ENV "] {
        assert!(instructions(unwanted).is_empty(), "{unwanted}");
    }
}

#[test]
fn the_manifest_joins_what_the_builds_push() {
    let template = text("docker/manifest.rootless.tmpl");
    for pipeline in [".drone.yml", ".harness/harness.yaml"] {
        let pipeline = text(pipeline).replace("<+matrix.arch>", "amd64");
        for line in [
            "repo: harnesscommunity/harness-images",
            "auto_tag_suffix: linux-amd64-rootless",
        ] {
            assert!(pipeline.contains(line), "{line}");
        }
    }
    // The labels of the image come from docker/build, whoever builds it.
    assert!(text("docker/build").contains(">\"$out/image.env\""));
    for pipeline in [".drone.yml", ".harness/harness.yaml"] {
        let pipeline = text(pipeline).replace("<+matrix.arch>", "amd64");
        assert!(pipeline.contains("env_file: release/linux/amd64/image.env"));
    }
    for arch in ["amd64", "arm64"] {
        assert!(
            template.contains(&format!("linux-{arch}-rootless\n")),
            "{arch}"
        );
        assert!(
            template.contains(&format!("architecture: {arch}\n")),
            "{arch}"
        );
    }
}

/// What the template is on a release, without the conditions around it.
#[test]
fn the_manifest_is_yaml_once_it_is_filled_in() {
    let mut filled: String = text("docker/manifest.rootless.tmpl")
        .lines()
        .filter(|line| !line.starts_with("{{"))
        .map(|line| format!("{line}\n"))
        .collect();
    for (from, to) in [
        (
            "{{#if build.tag}}{{trimPrefix \"v\" build.tag}}-{{/if}}",
            "0.1.0-",
        ),
        ("{{this}}", "0.1"),
    ] {
        filled = filled.replace(from, to);
    }
    let expected = serde_json::json!([{
        "image": "harnesscommunity/harness-images:0.1.0-rootless",
        "tags": ["0.1-rootless"],
        "manifests": [
            {"image": "harnesscommunity/harness-images:0.1.0-linux-amd64-rootless",
             "platform": {"architecture": "amd64", "os": "linux"}},
            {"image": "harnesscommunity/harness-images:0.1.0-linux-arm64-rootless",
             "platform": {"architecture": "arm64", "os": "linux", "variant": "v8"}}
        ]
    }]);
    assert_eq!(Value::from(yaml::documents(&filled).unwrap()), expected);
}

#[test]
fn the_descriptor_asks_for_files_that_a_release_has() {
    let descriptor = yaml::documents(&text("plugin.yml")).unwrap();
    let source = descriptor[0]["run"]["binary"]["source"].as_str().unwrap();
    let releases = concat!(
        env!("CARGO_PKG_REPOSITORY"),
        "/releases/download/{{ release }}/"
    );
    assert!(source.starts_with(releases), "{source}");
    let asset = source
        .replace("{{ os }}", "linux")
        .replace("{{ arch }}", "$arch")
        .replace("{{ release }}", "v0.1.0");
    let name = asset.rsplit('/').next().unwrap();
    assert_eq!(name, "plugin-linux-$arch.zst");
    assert!(
        asset.ends_with("/releases/download/v0.1.0/plugin-linux-$arch.zst"),
        "{asset}"
    );
    let (stem, ending) = name.rsplit_once('.').unwrap();
    let release = text("docker/release");
    assert!(release.contains(&format!("asset=$assets/{stem}\n")));
    assert!(release.contains(&format!("-o \"$asset.{ending}\"")));
    assert!(release.contains("for arch in amd64 arm64; do"));
}

#[test]
fn the_changelog_tells_about_this_version() {
    let heading = concat!("\n## [", env!("CARGO_PKG_VERSION"), "]");
    assert!(text("CHANGELOG.md").contains(heading));
}
