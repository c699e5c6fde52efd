//! The pipelines that build this project: no privilege, no secret in the open, no floating image,
//! and every file that they name is there.

use std::path::Path;

use serde_json::Value;

use crate::pipelines::examples::is_reference;
use crate::pipelines::runner::Runner;
use crate::pipelines::steps::{Step, steps, walk};
use crate::pipelines::{files, text, yaml};

fn pipelines() -> Vec<(Runner, String)> {
    let mut pipelines = vec![(Runner::Drone, ".drone.yml".to_owned())];
    pipelines.extend(
        files(".harness")
            .into_iter()
            .map(|file| (Runner::Harness, file)),
    );
    pipelines
}

#[test]
fn stages_are_test_build_manifest_release() {
    let names: Vec<Value> = yaml::documents(&text(".drone.yml"))
        .unwrap()
        .iter()
        .map(|pipeline| pipeline["name"].clone())
        .collect();
    assert_eq!(
        names,
        ["test", "linux-amd64", "linux-arm64", "manifest", "release"]
    );

    let documents = yaml::documents(&text(".harness/harness.yaml")).unwrap();
    let stages = documents[0]["pipeline"]["stages"].as_array().unwrap();
    let names: Vec<&Value> = stages
        .iter()
        .map(|stage| &stage["stage"]["identifier"])
        .collect();
    assert_eq!(names, ["test", "build", "manifest", "release"]);
    let matrix = &stages[1]["stage"]["strategy"]["matrix"]["arch"];
    assert_eq!(*matrix, serde_json::json!(["amd64", "arm64"]));
    assert_eq!(files(".harness").len(), 4);
}

#[test]
fn nothing_is_privileged_and_no_secret_is_in_the_open() {
    for (runner, file) in pipelines() {
        let documents = yaml::documents(&text(&file)).unwrap();
        for document in &documents {
            walk(document, &mut |map| {
                for (key, value) in map {
                    let is_secret = ["username", "password", "api_key", "token"];
                    if is_secret.contains(&key.as_str()) {
                        assert!(is_reference(runner, value), "{file}: {key}");
                    }
                    assert!(key != "privileged" && key != "volumes", "{file}: {key}");
                }
            });
        }
    }
}

/// Pull requests may come from anywhere: their steps get no secret and push nothing.
#[test]
fn pull_requests_get_no_secret() {
    let mut seen = 0;
    for pipeline in yaml::documents(&text(".drone.yml")).unwrap() {
        let events = |value: &Value| value["event"].as_array().cloned().unwrap_or_default();
        let of_pipeline = events(&pipeline["trigger"]);
        for step in pipeline["steps"].as_array().unwrap() {
            let mut of_step = events(&step["when"]);
            if of_step.is_empty() {
                of_step.clone_from(&of_pipeline);
            }
            if of_step.contains(&Value::from("pull_request")) {
                seen += 1;
                assert!(
                    !step.to_string().contains("from_secret"),
                    "{}",
                    step["name"]
                );
            }
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn images_and_files_are_named_exactly() {
    for (_, file) in pipelines() {
        for Step { image, settings } in steps(&text(&file)) {
            let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
            let version = tag.split('-').next().unwrap_or_default();
            let numbers: Vec<&str> = version.split('.').collect();
            assert!(
                numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok()),
                "{file}: {image}"
            );
            for key in ["dockerfile", "spec", "note"] {
                for arch in ["amd64", "arm64"] {
                    let Some(path) = settings[key].as_str() else {
                        continue;
                    };
                    let path = path.replace("<+matrix.arch>", arch);
                    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
                    assert!(here.is_file(), "{file}: {path}");
                }
            }
        }
        for command in ["docker/build", "docker/release", ".ci/supply-chain"] {
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(command)
                    .is_file()
            );
        }
    }
    assert!(text(".drone.yml").contains("docker/build arm64 --binary-only"));
    assert!(text(".harness/harness.yaml").contains("docker/build <+matrix.arch> --binary-only"));
}

/// One description of the checks, and every pipeline calls the same scripts.
#[test]
fn all_pipelines_run_the_same_checks() {
    let described = text(".ci/README.md");
    for check in [".ci/check", ".ci/supply-chain"] {
        assert!(described.contains(&format!("`{check}`")), "{check}");
        for pipeline in [".drone.yml", ".harness/harness.yaml", ".ci/run"] {
            assert!(text(pipeline).contains(check), "{pipeline}: {check}");
        }
    }
    // Nothing of them is written out a second time.
    for pipeline in [".drone.yml", ".harness/harness.yaml", ".ci/run"] {
        for command in ["cargo fmt", "cargo clippy", "cargo deny"] {
            assert!(!text(pipeline).contains(command), "{pipeline}: {command}");
        }
    }
    assert!(text(".ci/check").contains("cargo fmt --check"));
    assert!(!text(".ci/check").contains("apt-get"));
}

/// Renovate reads the versions of tools by this form.
#[test]
fn tools_are_pinned_where_renovate_looks() {
    let renovate: Value = serde_json::from_str(&text("renovate.json")).unwrap();
    assert!(renovate["customManagers"][1]["matchStrings"][0].is_string());
    let mut tools = Vec::new();
    for script in [".ci/supply-chain", "docker/build", "docker/release"] {
        for call in text(script).split("$(.ci/tool ").skip(1) {
            let (call, _) = call.split_once(')').unwrap();
            let (name, version) = call.split_once(' ').unwrap();
            let numbers: Vec<&str> = version.split('.').collect();
            assert!(
                numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok()),
                "{script}: {call}"
            );
            tools.push(name.to_owned());
        }
    }
    let expected = [
        "cargo-deny",
        "cargo-auditable",
        "cargo-cyclonedx",
        "rust-audit-info",
    ];
    assert_eq!(tools, expected);
}
