//! Images found in files and pipelines, as a snapshot holds them: which are judged, and how.

use serde_json::{Value, json};

use support::step::{Ran, Step, shown};

/// Where a snapshot's images stand.
fn at(line: u32) -> Value {
    json!({"file": ".harness/build.yaml", "line": line, "column": 12})
}

fn snapshot(found: Value) -> Value {
    json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z", "account": "acme",
        "registry": "registry.corp:5000/mirror",
        "configs": [{
            "module": "ci", "infra": "K8",
            "default": {"addonTag": "harness/ci-addon:1.16.3", "cacheGCSTag": "plugins/cache:1.9.12"},
            "overrides": {},
        }],
        "repositories": [
            {"registry": "registry.corp:5000", "repository": "mirror/plugins/kaniko", "tags": ["1.6.0", "1.13.4"]},
            {"registry": "evil.example", "repository": "plugins/kaniko", "tags": ["9.9.9"]},
        ],
        "found": found,
        "not_literal": 3,
    })
}

/// Rows of files and pipelines.
fn rows(ran: &Ran) -> Vec<Value> {
    let is_found = |row: &Value| row["module"] == "file" || row["module"] == "pipeline";
    ran.rows().into_iter().filter(is_found).collect()
}

#[test]
fn an_image_is_judged_by_what_it_is_and_asked_for_where_the_settings_say() {
    let addon = Some("harness/ci-addon:1.16.3");
    let kaniko = Some("plugins/kaniko:1.13.4");
    let unsupported = Some("unsupported");
    // image as written, `repositories`, verdict (none if it is not judged), default
    let cases = [
        ("harness/ci-addon:1.12.0", "", unsupported, addon),
        ("harness/ci-addon:1.16.3", "", Some("current"), addon),
        (
            "harnesssecure/ci-addon:1.15.0",
            "",
            Some("supported"),
            addon,
        ),
        (
            "evil.example/harness/ci-addon:1.12.0",
            "",
            unsupported,
            addon,
        ),
        // A name alone says something only in the registry that the account pulls from.
        (
            "registry.corp:5000/mirror/ci-addon:1.12.0",
            "",
            unsupported,
            addon,
        ),
        ("evil.example/team/cache:1.0.0", "", None, None),
        ("team/cache:1.0.0", "", None, None),
        // Without a default: the newest tag of the list at `registry`, a lower bound.
        ("plugins/kaniko:1.6.0", "", unsupported, kaniko),
        ("evil.example/plugins/kaniko:1.6.0", "", unsupported, kaniko),
        ("alpine:3.20.1", "", None, None),
        ("alpine:3.20.1", "*", Some("unverified"), None),
        ("harness/ci-addon:1.12.0", "plugins/*", None, None),
        ("not an image", "", None, None),
        ("not an image", "*", Some("unverified"), None),
    ];
    for (image, repositories, verdict, default) in cases {
        let found = json!([{"image": image, "location": at(7)}]);
        let ran = Step::on_snapshot(&snapshot(found))
            .set("files", "auto")
            .set("repositories", repositories)
            .run()
            .ends(0);
        let rows = rows(&ran);
        let seen = rows.first().map(|row| row["verdict"].as_str().unwrap());
        assert_eq!(seen, verdict, "{image} with {repositories:?}");
        let seen = rows.first().and_then(|row| row["default"].as_str());
        assert_eq!(seen, default, "{image} with {repositories:?}");
        if let Some(row) = rows.first() {
            assert_eq!(row["source"], "file");
            assert_eq!(row["field"], ".harness/build.yaml:7");
            assert_eq!(row["location"], at(7));
            assert_eq!(row["image"], image);
        }
    }
}

#[test]
fn every_place_is_a_row_and_may_be_ignored_by_a_comment_or_by_a_setting() {
    let in_pipeline = json!({"org": "default", "project": "shop", "pipeline": "build"});
    let found = json!([
        {"image": "harness/ci-addon:1.12.0", "location": at(9)},
        {"image": "harness/ci-addon:1.12.0", "location": at(3)},
        {"image": "harness/ci-addon:1.12.0", "location": at(5), "ignored": {"until": "2026-11-20", "reason": "frozen"}},
        {"image": "harness/ci-addon:1.12.0", "location": at(6), "ignored": {"until": "2026-11-19"}},
        {"image": "harness/ci-addon:1.11.0", "location": {"file": ".harness/build.yaml", "line": 9, "column": 40}},
        {"image": "harness/ci-addon:1.12.0", "location": in_pipeline},
    ]);
    let ran = Step::on_snapshot(&snapshot(found.clone()))
        .set("files", "auto")
        .set("pipelines", "account")
        .set("ignore", ".harness/build.yaml:3")
        .set("fail_on", "unsupported")
        .run()
        .ends(3);
    let mut seen = shown(&rows(&ran), &["field", "verdict", "judged"]);
    seen.sort();
    assert_eq!(
        seen,
        [
            ".harness/build.yaml:3 ignored unsupported",
            ".harness/build.yaml:5 ignored unsupported",
            ".harness/build.yaml:6 unsupported unsupported",
            ".harness/build.yaml:9:12 unsupported unsupported",
            ".harness/build.yaml:9:40 unsupported unsupported",
            "default/shop/build unsupported unsupported",
        ]
    );
    let report = ran.report();
    let warnings = report["warnings"].as_array().unwrap();
    assert_eq!(
        shown(warnings, &["code", "field"]),
        [
            "files-of-snapshot -",
            "ignore-expired .harness/build.yaml:6",
            "not-literal -",
        ]
    );
    // The settings choose which of them count.
    let ran = Step::on_snapshot(&snapshot(found)).run().ends(0);
    assert!(rows(&ran).is_empty());
}

#[test]
fn an_image_that_its_registry_lacks_is_never_well() {
    let publisher = json!(["1.6.0", "1.10.0", "1.12.0", "1.13.4"]);
    // image, verdict, what to do besides
    let cases = [
        ("plugins/kaniko:1.13.9", "ahead", "use a tag that exists"),
        (
            "plugins/kaniko:1.12.5",
            "supported",
            "use a tag that exists",
        ),
        ("plugins/kaniko:1.7.0", "unsupported", "move to 1.13.4"),
        (
            "harness/ci-addon:1.16.3",
            "current",
            "use a tag that exists, or copy this one to the registry",
        ),
    ];
    for (image, verdict, advice) in cases {
        let mut snapshot = snapshot(json!([{"image": image, "location": at(7)}]));
        if image.starts_with("plugins/") {
            snapshot["registry"] = json!("docker.io");
        }
        snapshot["repositories"] = json!([
            {"registry": "docker.io", "repository": "plugins/kaniko", "tags": publisher},
            {"registry": "registry.corp:5000", "repository": "mirror/harness/ci-addon", "tags": ["1.15.0"]},
        ]);
        let ran = Step::on_snapshot(&snapshot)
            .set("fields", "cacheGCSTag")
            .set("files", "auto")
            .set("fail_on", "missing")
            .run()
            .ends(3);
        let expected = format!("{verdict} builds cannot pull it: {advice}");
        let seen = shown(&rows(&ran)[..1], &["verdict", "advice"]);
        assert_eq!(seen, [expected], "{image}");
        assert_eq!(ran.report()["summary"]["missing"], 1);
        ran.prints(&format!("{verdict}, missing"));
        ran.prints("\nNext: Use tags that exist");
    }
}

#[test]
fn a_selection_that_holds_no_image_names_the_settings_that_are_in_use() {
    let alpine = json!([
        {"image": "alpine:3.20.1", "location": at(7)},
        {"image": "evil.example/golang:1.22.1", "location": at(9)},
    ]);
    // what was found, settings, what the warning says, what is next
    let cases: [(&Value, &[(&str, &str)], &str, &str); 6] = [
        (
            &alpine,
            &[("modules", "none"), ("files", "auto")],
            "2 images were found, but none of a repository that `repositories` covers, so none was judged: \
             alpine, evil.example/golang",
            "Name the repositories of the images that were found in the setting `repositories`",
        ),
        (
            &json!([]),
            &[("modules", "none"), ("files", "auto")],
            "there was no image to judge: look at the setting `files`",
            "Look at the setting `files`: what it selects holds no image.",
        ),
        (
            &json!([]),
            &[
                ("modules", "none"),
                ("files", "auto"),
                ("pipelines", "account"),
            ],
            "there was no image to judge: look at the settings `files` and `pipelines`",
            "Look at the settings `files` and `pipelines`: what they select holds no image.",
        ),
        (
            &json!([]),
            &[("modules", "none"), ("files", "no.yml")],
            "`no.yml` in `files` matches no file",
            "Fix what the warning `no-match` names",
        ),
        (
            &alpine,
            &[("modules", "none")],
            "there was no image to judge: say with `modules`, `images`, `files` or `pipelines`",
            "Say with `modules`, `images`, `files` or `pipelines` which images are to be judged.",
        ),
        (
            &alpine,
            &[("fields", "none*")],
            "there was no image to judge: look at the settings `modules`, `infra` and `fields`",
            "Look at the settings `modules`, `infra` and `fields`: what they select holds no image.",
        ),
    ];
    for (found, settings, warning, next) in cases {
        let step = Step::on_snapshot(&snapshot(found.clone())).set_all(settings);
        let ran = step.run().ends(0);
        ran.has_warning("\"no-images\"");
        ran.has_warning(warning);
        let stdout = ran.stdout.replace("\n      ", " ");
        assert!(
            stdout.contains(&format!("\nNext: {next}")),
            "{settings:?} {stdout}"
        );
    }
}

/// A workspace with a Drone pipeline and a Harness pipeline of four lines that matter.
fn in_workspace(step: Step) -> Step {
    let harness = "pipeline:\n  stages:\n  - stage:\n      spec:\n        execution:\n          steps:\n          - step:\n              type: Plugin\n              spec:\n                image: \"plugins/kaniko:1.6.0\" # pinned\n          - step:\n              type: Run\n              spec:\n                image: <+input>\n";
    let drone = "kind: pipeline\nsteps:\n- name: a\n  image: harness/ci-addon:1.12.0\n- name: b\n  image: evil.example/plugins/kaniko:1.6.0\n";
    step.write(".harness/build.yaml", harness)
        .write(".drone.yml", drone)
        .write(".harness/broken.yaml", "a: [1\nb: 2\n")
}

#[test]
fn files_of_the_workspace_are_judged_with_a_snapshot_and_without_an_account() {
    let fields = |ran: &Ran| {
        let mut rows = shown(&rows(ran), &["field", "verdict"]);
        rows.sort();
        rows
    };
    let snapshot = snapshot(json!([]));
    let ran = in_workspace(Step::on_snapshot(&snapshot))
        .set("files", "auto")
        .run()
        .ends(0);
    assert_eq!(
        fields(&ran),
        [
            ".drone.yml:4 unsupported",
            ".drone.yml:6 unsupported",
            ".harness/build.yaml:10 unsupported",
        ]
    );
    ran.has_warning("unreadable-file");
    ran.has_warning(".harness/broken.yaml");

    // Neither key nor account are needed, and nothing is asked.
    let ran = in_workspace(Step::new())
        .set("modules", "none")
        .set("files", ".drone.yml,.harness/**")
        .set("registry", "off")
        .run()
        .ends(0);
    let fields = fields(&ran);
    assert_eq!(fields.len(), 3, "{fields:?}");
    assert!(fields.iter().all(|field| field.ends_with(" unverified")));
}

/// Runs a step that finds one image in a file: the run, and its patch.
fn patched(step: Step, image: &str) -> (Ran, String) {
    let step = step.drone("d.yml", &[image]);
    let ran = step.set("reports", "report.json,fix.patch").run().ends(0);
    let patch = ran.read("fix.patch");
    (ran, patch)
}

#[test]
fn a_snapshot_with_images_of_files_says_that_the_workspace_was_not_read() {
    let found = json!([{"image": "plugins/kaniko:1.6.0", "location": {"file": "d.yml", "line": 3, "column": 10}}]);
    // What the snapshot holds, `files`, whether it is said, what the patch leaves out.
    let cases = [
        (
            found.clone(),
            "d.yml",
            true,
            "the workspace has no such file",
        ),
        (found.clone(), "other.yml", false, ""),
        (found, "off", false, ""),
        (json!([]), "d.yml", false, ""),
    ];
    for (found, files, is_said, left_out) in cases {
        let step = Step::on_snapshot(&snapshot(found)).set("files", files);
        let step = match files {
            "off" => step,
            _ => step.set("reports", "report.json,fix.patch"),
        };
        let ran = step.run().ends(0);
        let warnings = ran.report()["warnings"].to_string();
        assert_eq!(
            warnings.contains("files-of-snapshot"),
            is_said,
            "{files} {warnings}"
        );
        assert!(warnings.contains(left_out), "{files} {warnings}");
    }
}

#[test]
fn a_clusters_state_is_one_row_a_container_and_never_patched() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let pod = |name: &str, image: &str, status: Value| {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
            "spec": {"containers": [{"name": "c", "image": image}]}, "status": status})
    };
    let running = json!({"containerStatuses": [{"name": "c", "imageID": format!("docker.io/plugins/kaniko@{digest}")}]});
    let dump = json!({"apiVersion": "v1", "kind": "List", "items": [
        pod("a", "plugins/kaniko:1.6.0", running.clone()),
        pod("b", "plugins/kaniko:latest", running),
    ]});
    let mut snapshot = snapshot(json!([]));
    snapshot["repositories"][0]["tags"] = json!([{"name": "1.6.0", "digest": digest}, "1.13.4"]);
    let ran = Step::on_snapshot(&snapshot)
        .write("pods.json", &serde_json::to_string_pretty(&dump).unwrap())
        .write(
            "pod.json",
            &pod("c", "plugins/kaniko:1.6.0", json!({})).to_string(),
        )
        .set("files", "pods.json,pod.json")
        .set("reports", "report.json,fix.patch")
        .run()
        .ends(0);
    let mut seen = shown(&rows(&ran), &["field", "image", "verdict"]);
    seen.sort();
    assert_eq!(
        seen,
        [
            "pod.json:1 plugins/kaniko:1.6.0 unsupported".to_owned(),
            "pods.json:13 plugins/kaniko:1.6.0 unsupported".to_owned(),
            format!("pods.json:36 plugins/kaniko:latest@{digest} unsupported"),
        ]
    );
    let patch = ran.read("fix.patch");
    assert!(
        patch.contains("+++ b/pod.json") && !patch.contains("pods.json"),
        "{patch}"
    );
    let left_out = "the patch does not move 1 image of pods.json, which is the state of a cluster, not a manifest";
    ran.has_warning(left_out);
}

#[test]
fn what_names_no_image_is_reported_by_its_cause_with_its_places() {
    let harness = "pipeline:
  stages:
  - stage:
      spec:
        execution:
          steps:
          - step: {type: Run, spec: {image: <+input>}}
          - step: {type: CustomIngest, spec: {imageTag: 2.0.0}}
          - step: {type: Security, spec: {settings: {runner_tag: 1.2.3}}}
          - step: {type: Run, spec: {image: plugins/kaniko:1.6.0 --x}}
          - step: {type: Run, spec: {image: 'http://a/b:1'}}
";
    let drone = format!(
        "kind: pipeline\nsteps:\n{}",
        "- image: alpine:${TAG}\n".repeat(6)
    );
    let mut empty = snapshot(json!([]));
    empty["not_literal"] = json!(0);
    let ran = Step::on_snapshot(&empty)
        .write("h.yml", harness)
        .write("i.yml", &drone)
        .set("files", "h.yml,i.yml")
        .set("record", "night.json")
        .run()
        .ends(0);
    for (code, message) in [
        (
            "not-literal",
            "7 images are written as expressions, whose values are known only when a pipeline runs, so they were not judged: h.yml:7, i.yml:3, i.yml:4, i.yml:5, i.yml:6 and 2 more",
        ),
        (
            "tag-only",
            "2 steps have only the tag of an image and a type that does not say of which repository, so they were not judged: h.yml:8, h.yml:9",
        ),
        (
            "malformed-image",
            "2 values are no image reference, though an image belongs there, so runners cannot pull it: h.yml:10, h.yml:11",
        ),
    ] {
        assert_eq!(ran.messages(code), [message]);
    }
    let codes = ["not-literal", "tag-only", "malformed-image"];
    let mut raised = ran.warnings();
    raised.retain(|code| code != "no-images");
    assert_eq!(raised, codes);
    // A snapshot keeps them.
    let tags = json!({"count": 2, "first": ["h.yml:8", "h.yml:9"]});
    assert_eq!(ran.json("night.json")["not_judged"]["tags"], tags);
}

#[test]
fn a_patch_moves_what_is_due_in_its_own_variant_and_says_what_it_leaves_out() {
    // image as written, image in the patch
    let cases = [
        ("harness/ci-addon:1.12.0", Some("harness/ci-addon:1.16.3")),
        (
            "registry.corp:5000/mirror/harness/ci-addon:1.12.0",
            Some("registry.corp:5000/mirror/harness/ci-addon:1.16.3"),
        ),
        ("plugins/kaniko:1.6.0", Some("plugins/kaniko:1.13.4")),
        // Its own variant, which the list does not have.
        ("plugins/kaniko:1.6.0-debug", None),
        ("harness/ci-addon:rootless-1.12.0", None),
        // Nothing is due.
        ("harness/ci-addon:1.16.3", None),
        ("harness/ci-addon:1.15.0", None),
        ("harness/ci-addon:latest", None),
    ];
    for (written, expected) in cases {
        let step = Step::on_snapshot(&snapshot(json!([])));
        let (ran, patch) = patched(step, &format!("'{written}' # x"));
        let added = patch.lines().find(|line| line.starts_with("+- "));
        let expected = expected.map(|image| format!("+- image: '{image}' # x"));
        assert_eq!(added, expected.as_deref(), "{written}\n{patch}");
        let is_due = rows(&ran)[0]["verdict"] == "unsupported";
        let is_left_out = !ran.messages("patch-left-out").is_empty();
        assert_eq!(is_left_out, is_due && expected.is_none(), "{written}");
    }
}

#[test]
fn a_patch_moves_to_newer_and_supported_versions_only() {
    // `pin`, image, tag in the patch and in the advice, or why there is none
    let cases = [
        ("latest", "1.10.6", Ok("1.13.4")),
        ("latest-1", "1.10.6", Ok("1.12.0")),
        ("latest-2", "1.10.6", Ok("1.11.1")),
        (
            "latest-3",
            "1.6.0",
            Err("`latest-3` is 1.10.6, which is unsupported itself"),
        ),
        (
            "latest-3",
            "1.10.6",
            Err("`latest-3` is 1.10.6, which is not newer"),
        ),
        (
            "latest-4",
            "1.10.6",
            Err("`latest-4` is 1.6.0, which is not newer"),
        ),
        (
            "latest-5",
            "1.10.6",
            Err("only 5 releases are known from what was read"),
        ),
    ];
    for (pin, image, expected) in cases {
        let mut snapshot = snapshot(json!([]));
        snapshot["repositories"] = json!([{"registry": "docker.io", "repository": "plugins/kaniko",
            "tags": ["1.6.0", "1.10.6", "1.11.1", "1.12.0", "1.13.0", "1.13.4"]}]);
        snapshot["registry"] = json!("docker.io");
        let step = Step::on_snapshot(&snapshot).set("pin", pin);
        let (ran, patch) = patched(step, &format!("plugins/kaniko:{image}"));
        let added = expected.map(|tag| format!("+- image: plugins/kaniko:{tag}\n"));
        match &added {
            Ok(line) => assert!(patch.contains(line), "{pin}\n{patch}"),
            Err(why) => {
                assert_eq!(patch, "", "{pin}");
                ran.has_warning(why);
            }
        }
        let advice = format!("move to {}", expected.unwrap_or("1.13.4"));
        assert_eq!(rows(&ran)[0]["advice"], advice, "{pin}");
    }
}

#[test]
fn a_patch_goes_back_as_many_releases_as_pin_says() {
    // `pin`, tag in the patch; the list at `registry` is taken for the publisher's
    for (pin, tag) in [
        ("latest", "1.13.4"),
        ("latest-1", "1.12.2"),
        ("latest-2", "1.11.0"),
    ] {
        let mut snapshot = snapshot(json!([]));
        snapshot["repositories"][0]["tags"] =
            json!(["1.6.0", "1.11.0", "1.12.0", "1.12.2", "1.13.4"]);
        let step = Step::on_snapshot(&snapshot)
            .set("upstream", "registry")
            .set("pin", pin);
        let (ran, patch) = patched(step, "plugins/kaniko:1.6.0");
        assert!(
            patch.contains(&format!("+- image: plugins/kaniko:{tag}\n")),
            "{pin}\n{patch}"
        );
        assert!(ran.messages("pin-unused").is_empty(), "{pin}");
    }
}

#[test]
fn a_digest_moves_with_its_tag_where_the_new_one_is_known() {
    let digest = |c: &str| format!("sha256:{}", c.repeat(64));
    let tags = |with: Option<String>| json!(["1.6.0", {"name": "1.13.4", "digest": with}]);
    for (new, expected) in [(Some(digest("b")), true), (None, false)] {
        let mut snapshot = snapshot(json!([]));
        snapshot["repositories"][0]["tags"] = tags(new.clone());
        let step = Step::on_snapshot(&snapshot);
        let image = format!("plugins/kaniko:1.6.0@{}", digest("a"));
        let (_, patch) = patched(step, &image);
        let line = format!("+- image: plugins/kaniko:1.13.4@{}", digest("b"));
        assert_eq!(patch.contains(&line), expected, "{patch}");
        assert_eq!(patch.is_empty(), !expected, "{patch}");
    }
}
