//! Steps that judge a snapshot, without network and key.

use serde_json::{Value, json};

use support::step::{Ran, Step};

fn snapshot(configs: Value, repositories: Value) -> Value {
    json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z", "account": "acme",
        "configs": configs, "repositories": repositories,
    })
}

/// One field `addonTag`, default 1.16.3.
fn addon(value: &str) -> Value {
    snapshot(
        json!([{"module": "ci", "infra": "K8", "default": {"addonTag": "harness/ci-addon:1.16.3"}, "overrides": {"addonTag": value}}]),
        json!([]),
    )
}

#[test]
fn exit_status_follows_fail_on() {
    // override, fail_on, exit status
    let cases = [
        ("harness/ci-addon:1.12.0", "", 0),
        ("harness/ci-addon:1.12.0", "never", 0),
        ("harness/ci-addon:1.12.0", "unsupported", 3),
        ("harness/ci-addon:1.12.0", "overdue,unsupported", 3),
        ("harness/ci-addon:1.12.0", "[\"overdue\"]", 0),
        ("harness/ci-addon:1.12.0", "any", 3),
        ("harness/ci-addon:1.15.0", "any", 0),
        ("harness/ci-addon:1.16.3", "any", 0),
        ("harness/ci-addon:1.17.0", "any", 3),
        ("harness/ci-addon:latest", "any", 3),
        ("harness/ci-addon:latest", "floating", 3),
        ("acme/mine:1", "any", 3),
        ("acme/mine:1", "unsupported", 0),
        ("no image!", "unverified", 3),
    ];
    for (value, fail_on, status) in cases {
        let ran = Step::on_snapshot(&addon(value))
            .set("fail_on", fail_on)
            .run()
            .ends(status);
        assert_eq!(
            ran.outputs["FAILED"],
            (status == 3).to_string(),
            "{value} with {fail_on}"
        );
        assert_eq!(
            ran.report()["summary"]["failed"],
            status == 3,
            "{value} with {fail_on}"
        );
    }
}

#[test]
fn outputs_and_report_agree() {
    let text = include_str!("../../examples/acme.json");
    let step = Step::new()
        .write("acme.json", text)
        .set("snapshot", "acme.json")
        .set("modules", "ci, dbops")
        .set("infra", "vm,K8");
    let ran = step
        .set(
            "ignore",
            "[{\"field\": \"cacheS3Tag\", \"reason\": \"ours\", \"until\": \"2026-12-31\"}]",
        )
        .run()
        .ends(0);
    let report = ran.report();
    assert_eq!(report["schema"], "harness-images/report/v1");
    assert_eq!(
        (&report["as_of"], &report["account"], &report["action"]),
        (&json!("2026-11-20"), &json!("acme"), &json!("check"))
    );
    let mut policy = report["policy"].clone();
    let lifecycles = policy.as_object_mut().unwrap().remove("lifecycles");
    assert_eq!(lifecycles.unwrap().as_array().unwrap().len(), 4);
    assert_eq!(
        policy,
        json!({"supported_releases": 3, "supported_days": 0, "release_unit": "minor", "deploy_window_days": 30, "fail_on": []})
    );
    let summary = &report["summary"];
    assert_eq!(summary["images"], 32);
    let of = |verdict: &str| summary[verdict].as_u64().unwrap();
    let all: u64 = [
        "current",
        "supported",
        "overdue",
        "unsupported",
        "ahead",
        "floating",
        "unverified",
        "custom",
        "ignored",
    ]
    .into_iter()
    .map(of)
    .sum();
    assert_eq!(all, 32);
    assert_eq!((of("unsupported"), of("overdue"), of("ignored")), (3, 1, 1));
    assert_eq!(ran.outputs["STATUS"], "unsupported");
    assert_eq!(ran.outputs["UNSUPPORTED_COUNT"], "3");
    assert_eq!(
        ran.outputs["UNSUPPORTED_FIELDS"],
        "ci.K8.addonTag,ci.K8.sscaOrchestrationTag,dbops.mongoTag"
    );
    assert_eq!(ran.outputs["CHANGED_COUNT"], "0");
    let brief: Value = serde_json::from_str(&ran.outputs["REPORT"]).unwrap();
    assert_eq!(brief["summary"], *summary);
    for row in brief["images"].as_array().unwrap() {
        assert!(!matches!(
            row["verdict"].as_str().unwrap(),
            "current" | "supported"
        ));
    }
    let addon = &report["images"][0];
    assert_eq!(addon["field"], "addonTag");
    assert_eq!(
        (
            &addon["module"],
            &addon["infra"],
            &addon["source"],
            &addon["image"],
            &addon["default"]
        ),
        (
            &json!("ci"),
            &json!("K8"),
            &json!("override"),
            &json!("harness/ci-addon:1.14.21"),
            &json!("harness/ci-addon:1.18.27")
        )
    );
    assert_eq!(addon["window"], json!(["1.18", "1.17", "1.16"]));
    assert_eq!(
        (&addon["releases_behind"], &addon["evidence"]),
        (&json!(3), &json!("registry"))
    );
    let ignored = report["images"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["verdict"] == "ignored")
        .unwrap();
    assert_eq!(
        (&ignored["judged"], &ignored["ignored_until"]),
        (&json!("custom"), &json!("2026-12-31"))
    );
    assert!(ignored["reason"].as_str().unwrap().contains("ours"));
}

#[test]
fn settings_select_from_a_snapshot() {
    let facts = snapshot(
        json!([
            {"module": "ci", "infra": "K8", "default": {"a": "x/a:1.1.0", "sscaOne": "x/b:1.1.0", "flag": true}, "overrides": {"b": "x/old:1.0.0", "a": null}},
            {"module": "ci", "infra": "VM", "default": {"a": "x/a:1.1.0"}, "overrides": {"a": ""}},
            {"module": "dbops", "default": {"a": "x/a:1.1.0"}},
            {"module": "iacm", "infra": "K8", "default": {}, "overrides": null},
        ]),
        json!([]),
    );
    let rows = |ran: &Ran| -> Vec<String> {
        let report = ran.report();
        let row = |row: &Value| {
            format!(
                "{}.{}.{}",
                row["module"].as_str().unwrap(),
                row["infra"].as_str().unwrap_or("-"),
                row["field"].as_str().unwrap()
            )
        };
        report["images"]
            .as_array()
            .unwrap()
            .iter()
            .map(row)
            .collect()
    };
    // settings, rows, warnings
    let cases: [(&[(&str, &str)], &[&str], &[&str]); 7] = [
        (
            &[],
            &["ci.K8.a", "ci.K8.b", "ci.K8.sscaOne"],
            &["override-without-default", "not-an-image"],
        ),
        (&[("infra", "VM")], &["ci.VM.a"], &[]),
        (
            &[
                ("modules", "dbops,ci"),
                ("infra", "vm\nk8"),
                ("fields", "a"),
            ],
            &["ci.K8.a", "ci.VM.a", "dbops.-.a"],
            &[],
        ),
        (&[("fields", "ssca*")], &["ci.K8.sscaOne"], &[]),
        (
            &[("fields", "ssca*,gone")],
            &["ci.K8.sscaOne"],
            &["unknown-field"],
        ),
        (&[("modules", "iacm")], &[], &["no-images"]),
        (
            &[("fields", "a"), ("images", "m.corp/x/a:1.0.9,y/z:1.2.3")],
            &["ci.K8.a", "image.-.m.corp/x/a:1.0.9", "image.-.y/z:1.2.3"],
            &[],
        ),
    ];
    for (settings, expected, warnings) in cases {
        let step = settings
            .iter()
            .fold(Step::on_snapshot(&facts), |step, (name, value)| {
                step.set(name, value)
            });
        let ran = step.run().ends(0);
        assert_eq!(rows(&ran), expected, "{settings:?}");
        assert_eq!(ran.warnings(), warnings, "{settings:?}");
        let status = ran.outputs["STATUS"].clone();
        assert_eq!(status == "none", expected.is_empty(), "{settings:?}");
    }
}

#[test]
fn images_find_their_default_or_the_newest_tag() {
    let facts = snapshot(
        json!([{"module": "ci", "infra": "K8", "overrides": {}, "default": {
            "addonTag": "harness/ci-addon:1.16.3", "addonTagRootless": "harness/ci-addon:rootless-1.16.2", "mongo": "plugins/x:1.9.0-4.33-mongo", "plain": "plugins/x:1.18.0-4.33"}}]),
        json!([
            {"registry": "docker.io", "repository": "library/redis", "tags": ["7.0.1", "7.2.0", "8.0.0-rc1", "2024.01.01", "7.9.0.1", "latest"]},
            {"registry": "m.corp", "repository": "tool", "tags": ["2021.12.16", "2026.1.1"]},
        ]),
    );
    // image, default, verdict
    let cases = [
        (
            "m.corp/harness/ci-addon:1.13.0",
            Some("harness/ci-addon:1.16.3"),
            "unsupported",
        ),
        (
            "harness/ci-addon:rootless-1.16.2",
            Some("harness/ci-addon:rootless-1.16.2"),
            "current",
        ),
        (
            "plugins/x:1.9.0-4.31-mongo",
            Some("plugins/x:1.9.0-4.33-mongo"),
            "current",
        ),
        (
            "plugins/x:1.9.0-4.31-other",
            Some("plugins/x:1.18.0-4.33"),
            "unsupported",
        ),
        ("redis:7.0.1", Some("redis:7.2.0"), "supported"),
        ("redis:7", None, "floating"),
        (
            "m.corp/tool:2021.12.16",
            Some("m.corp/tool:2026.1.1"),
            "unsupported",
        ),
        ("unknown/thing:1.2.3", None, "unverified"),
    ];
    for (image, default, verdict) in cases {
        let ran = Step::on_snapshot(&facts)
            .set("images", image)
            .set("fields", "addonTag")
            .set("supported_releases", "{\"*\": 1, \"redis\": 3}")
            .run();
        let report = ran.ends(0).report();
        let row = report["images"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["module"] == "image")
            .unwrap()
            .clone();
        assert_eq!(
            (row["default"].as_str(), row["verdict"].as_str().unwrap()),
            (default, verdict),
            "{image}: {}",
            row["reason"]
        );
        assert_eq!(
            (&row["source"], &row["field"]),
            (&json!("setting"), &json!(image))
        );
    }
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    let run = || {
        let ran = Step::new()
            .write("acme.json", include_str!("../../examples/acme.json"))
            .set("snapshot", "acme.json")
            .set(
                "reports",
                "report.json,r/report.xml,report.sarif,report.md,report.html",
            )
            .set("log_level", "info")
            .run()
            .ends(0);
        let read = |name: &str| std::fs::read(ran.path(name)).unwrap();
        let files = [
            "report.json",
            "r/report.xml",
            "report.sarif",
            "report.md",
            "report.html",
            "output.env",
        ]
        .map(read);
        (files, ran.stdout.clone(), ran.stderr.clone())
    };
    let (one, other) = (run(), run());
    assert_eq!(one, other);
    assert_eq!(one.2, "", "a good run logs nothing");
}

#[test]
fn ignores_run_out_and_are_counted() {
    let cases = [
        ("addonTag", "2026-11-20", "ignored", &[][..]),
        ("addonTag@2026-11-20", "2026-11-20", "ignored", &[]),
        (
            "addonTag@2026-11-20",
            "2026-11-21",
            "unsupported",
            &["ignore-expired"],
        ),
        ("addon*", "2026-11-20", "ignored", &[]),
        ("ci.K8.addonTag", "2026-11-20", "ignored", &[]),
        (
            "ci.VM.addonTag",
            "2026-11-20",
            "unsupported",
            &["ignore-unused"],
        ),
        ("other", "2026-11-20", "unsupported", &["ignore-unused"]),
    ];
    for (ignore, as_of, verdict, warnings) in cases {
        let step = Step::on_snapshot(&addon("harness/ci-addon:1.12.0"));
        let ran = step
            .set("ignore", ignore)
            .set("as_of", as_of)
            .set("fail_on", "any")
            .run();
        assert_eq!(
            ran.status,
            if verdict == "ignored" { 0 } else { 3 },
            "{ignore}"
        );
        assert_eq!(ran.verdicts(), [format!("addonTag {verdict}")], "{ignore}");
        assert_eq!(ran.report()["images"][0]["judged"], "unsupported");
        assert_eq!(ran.warnings(), warnings, "{ignore}");
    }
}

#[test]
fn missing_images_hotfixes_and_variants_are_warnings() {
    let facts = |value: &str| {
        snapshot(
            json!([{"module": "ci", "infra": "K8", "default": {"a": "harness/x:1.16.3"}, "overrides": {"a": value}}]),
            json!([
                {"repository": "harness/x", "tags": ["1.15.0", "1.15.2", "1.16.3", "1.16.3-debug", null, {"name": "1.14.0", "published": "2026-01-01"}]},
                {"registry": "mirror.corp/m", "repository": "harness/x", "tags": ["1.15.0"]},
                {"registry": "cut.corp", "repository": "harness/x", "tags": ["1.15.0"], "incomplete": "it was cut"},
                {"registry": "gone.corp", "repository": "harness/x", "unavailable": "no answer"},
            ]),
        )
    };
    let cases = [
        ("harness/x:1.16.3", &[][..]),
        ("harness/x:1.16.2", &["missing-image", "hotfix-available"]),
        ("harness/x:1.15.0", &["hotfix-available"]),
        ("harness/x:1.16.3-debug", &["variant-differs"]),
        ("mirror.corp/m/harness/x:1.15.0", &["hotfix-available"]),
        ("mirror.corp/m/harness/x:1.15.2", &["missing-image"]),
        ("cut.corp/harness/x:1.15.2", &["incomplete-list"]),
        ("gone.corp/harness/x:1.15.2", &["registry-unavailable"]),
        ("other.corp/harness/x:1.15.2", &[]),
    ];
    for (value, warnings) in cases {
        let ran = Step::on_snapshot(&facts(value)).run().ends(0);
        assert_eq!(ran.warnings(), warnings, "{value}");
    }
    let off = Step::on_snapshot(&facts("harness/x:1.16.2"))
        .set("registry", "off")
        .run()
        .ends(0);
    assert_eq!(
        (off.warnings(), &off.report()["images"][0]["evidence"]),
        (vec!["hotfix-available".to_owned()], &json!("numbering"))
    );
    let base = Step::on_snapshot(&facts("harness/x:1.15.2"))
        .set("registry", "mirror.corp/m")
        .run()
        .ends(0);
    assert_eq!(base.warnings(), ["missing-image"]);
}

#[test]
fn bad_snapshots_end_with_1_and_tell_why() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let unknown_deep = format!(
        "{{\"format\":\"harness-images/snapshot/v1\",\"taken_at\":\"2026-11-20\",\"more\":{deep}}}"
    );
    let cases = [
        ("", "no snapshot"),
        ("{}", "no snapshot"),
        ("[1, 2]", "no snapshot"),
        (&deep, "no snapshot"),
        (
            "{\"format\":\"harness-images/snapshot/v2\",\"taken_at\":\"2026-11-20\"}",
            "format",
        ),
        (
            "{\"format\":\"harness-images/snapshot/v1\",\"taken_at\":\"yesterday\"}",
            "taken_at",
        ),
        (
            "{\"format\":\"harness-images/snapshot/v1\",\"taken_at\":\"2026-11-20\",\"configs\":[{\"module\":\"cd\"}]}",
            "cd",
        ),
        (
            r#"{"format":"harness-images/snapshot/v1","taken_at":"2026-11-20","configs":[{"module":"ci","infra":"VM"},{"module":"ci","infra":"VM"}]}"#,
            "its `configs` hold ci VM twice",
        ),
    ];
    for (text, why) in cases {
        let ran = Step::new()
            .write("s.json", text)
            .set("snapshot", "s.json")
            .run()
            .ends(1);
        ran.has_error(why);
        assert_eq!(ran.outputs["FAILED"], "true");
    }
    // Small machines have the name of the terminals' device, but no terminals behind it.
    let terminal = match std::fs::File::open("/dev/ptmx") {
        Ok(_) => "a terminal",
        Err(_) => "/dev/ptmx",
    };
    // The last two never end.
    for (path, why) in [
        ("nowhere.json", "nowhere.json"),
        ("/dev/zero", "larger"),
        ("/dev/ptmx", terminal),
    ] {
        let ran = Step::new().set("snapshot", path).run().ends(1);
        ran.has_error(why);
    }
    Step::new()
        .write("s.json", &unknown_deep)
        .set("snapshot", "s.json")
        .run()
        .ends(0);
}

#[test]
fn files_that_cannot_be_written_end_with_1_and_lose_nothing_else() {
    for (name, value) in [
        ("reports", "/proc/nowhere/report.json"),
        ("record", "/proc/nowhere/snapshot.json"),
    ] {
        let ran = Step::on_snapshot(&addon("harness/ci-addon:1.12.0"))
            .set(name, value)
            .run()
            .ends(1);
        assert!(
            ran.stdout.contains("unsupported") && ran.stdout.contains("/proc/nowhere"),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.outputs["UNSUPPORTED_COUNT"], "1");
    }
    let ran = Step::on_snapshot(&addon("harness/ci-addon:1.12.0"))
        .env("DRONE_OUTPUT", "/proc/nowhere/out")
        .run()
        .ends(1);
    assert!(ran.stderr.contains("/proc/nowhere/out"), "{}", ran.stderr);
    assert_eq!(ran.verdicts(), ["addonTag unsupported"]);
}

#[test]
fn arguments_are_few() {
    let version = Step::new().argument("--version").run().ends(0);
    assert_eq!(
        version.stdout,
        format!("harness-images {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = Step::new().argument("--help").run().ends(0);
    assert!(
        help.stdout.contains("supported_releases") && help.stdout.contains("fail_on"),
        "{}",
        help.stdout
    );
    let other = Step::new().argument("check").run().ends(2);
    assert!(other.stderr.contains("PLUGIN_"), "{}", other.stderr);
}

#[test]
fn all_problems_with_the_settings_are_told_at_once() {
    let ran = Step::new()
        .secret("timeout", "canary-in-the-wrong-setting")
        .set("dry_run", "yes")
        .set("modules", "cd")
        .set("fail_on", "sometimes")
        .run()
        .ends(2);
    for name in ["timeout", "dry_run", "modules", "fail_on", "api_key"] {
        assert!(
            ran.stderr.contains(&format!("`{name}`")),
            "{name}: {}",
            ran.stderr
        );
    }
    assert!(ran.outputs.is_empty() && ran.stdout.is_empty());
}

#[test]
fn without_a_default_images_still_float_resolve_and_go_missing() {
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    let facts = snapshot(
        json!([{"module": "ci", "infra": "K8", "default": {}, "overrides": {"c": "plugins/kaniko:1.7.0", "b": "plugins/kaniko:latest"}}]),
        json!([{"repository": "plugins/kaniko", "tags": [
            "1.9.0", {"name": "1.10.0", "digest": digest("a")}, {"name": "stable", "digest": digest("a")}, "1.11.0"]}]),
    );
    let images = format!("plugins/kaniko:stable,plugins/kaniko@{}", digest("a"));
    let ran = Step::on_snapshot(&facts)
        .set("images", &images)
        .run()
        .ends(0);
    let verdicts: Vec<String> = ran.verdicts();
    assert_eq!(verdicts[..2], ["b floating", "c unverified"]);
    assert!(
        verdicts[2].ends_with(" supported") && verdicts[3].ends_with(" supported"),
        "{verdicts:?}"
    );
    let codes = ran.warnings();
    let count = |code: &str| codes.iter().filter(|found| *found == code).count();
    assert_eq!(
        (count("missing-image"), count("override-without-default")),
        (2, 2),
        "{codes:?}"
    );
}

#[test]
fn what_a_snapshot_lacks_is_told() {
    let ran = Step::on_snapshot(&addon("harness/ci-addon:1.16.3"))
        .set("modules", "ci,idp")
        .set("infra", "K8,VM")
        .set("fields", "nothing")
        .run()
        .ends(0);
    let lacking = "not-in-snapshot";
    assert_eq!(ran.warnings(), [lacking, lacking, lacking, "no-images"]);
}

#[test]
fn a_history_helps_to_judge_a_snapshot() {
    let seen = |image: &str| {
        format!(
            "{{\"module\":\"ci\",\"infra\":\"K8\",\"field\":\"addonTag\",\"image\":\"harness/ci-addon:{image}\",\"first_seen\":\"2026-01-05\"}}\n"
        )
    };
    let history = [seen("1.12.0"), seen("1.14.0")].concat();
    let ran = Step::on_snapshot(&addon("harness/ci-addon:1.12.0"))
        .write("history.jsonl", &history)
        .set("history", "history.jsonl")
        .run()
        .ends(0);
    let report = ran.report();
    let row = &report["images"][0];
    assert_eq!(
        (&row["evidence"], &row["releases_behind"]),
        (&json!("history"), &json!(2))
    );
    assert_eq!(
        (&row["verdict"], &row["deploy_by"]),
        (&json!("overdue"), &json!("2026-02-04"))
    );
}

#[test]
fn patterns_select_from_the_images_that_a_snapshot_holds_as_they_do_live() {
    let files = [
        ".drone.yml",
        ".harness/a.yaml",
        ".harness/deep/b.yml",
        "deploy/pod.yaml",
        "deploy/eu/pod.yaml",
    ];
    let in_files = files.map(|file| {
        json!({"image": "plugins/kaniko:1.6.0", "location": {"file": file, "line": 4, "column": 10}})
    });
    let pipelines = [
        "o/shop/build",
        "o/shop/lint",
        "o/tools/build/nightly",
        "p/shop/build",
    ];
    let in_pipelines = pipelines.map(|name| {
        let parts: Vec<&str> = name.splitn(3, '/').collect();
        let [org, project, pipeline] = parts.try_into().unwrap();
        json!({"image": "plugins/kaniko:1.6.0", "location": {"org": org, "project": project, "pipeline": pipeline, "line": 4, "column": 10}})
    });
    let found = [in_files.as_slice(), in_pipelines.as_slice()].concat();
    let facts = json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z", "found": found,
    });
    let every_pipeline = pipelines.to_vec();
    let cases: [(&str, &str, Vec<&str>); 15] = [
        ("off", "off", vec![]),
        ("auto", "off", files[..3].to_vec()),
        (".harness/*", "off", vec![".harness/a.yaml"]),
        (".harness/**", "off", files[1..3].to_vec()),
        ("**/pod.yaml", "off", files[3..].to_vec()),
        (
            "./deploy/*/*.yaml,.drone.yml",
            "off",
            vec![files[0], files[4]],
        ),
        ("deploy", "off", vec![]),
        ("off", "account", every_pipeline.clone()),
        ("off", "o/*", pipelines[..3].to_vec()),
        (
            "off",
            "*/shop",
            vec!["o/shop/build", "o/shop/lint", "p/shop/build"],
        ),
        (
            "off",
            "*/*/build",
            vec!["o/shop/build", "o/tools/build/nightly", "p/shop/build"],
        ),
        (
            "off",
            "o/shop/l*,p/shop",
            vec!["o/shop/lint", "p/shop/build"],
        ),
        ("off", "O/shop", vec![]),
        (
            ".drone.yml",
            "o/tools",
            vec![files[0], "o/tools/build/nightly"],
        ),
        ("**", "*/*", [files.as_slice(), &pipelines].concat()),
    ];
    let fields = |ran: &Ran| {
        let report = ran.report();
        let rows = report["images"].as_array().unwrap();
        let fields = rows.iter().map(|row| row["field"].as_str().unwrap());
        let mut fields: Vec<String> = fields
            .map(|field| field.trim_end_matches(":4").to_owned())
            .collect();
        fields.sort();
        fields
    };
    for (files_setting, pipelines_setting, expected) in cases {
        let step = |step: Step| {
            let step = step.set("modules", "none").set("registry", "off");
            step.set("files", files_setting)
        };
        let ran = step(Step::on_snapshot(&facts))
            .set("pipelines", pipelines_setting)
            .run()
            .ends(0);
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(
            fields(&ran),
            expected,
            "{files_setting} {pipelines_setting}"
        );
        if pipelines_setting == "off" && files_setting != "off" {
            let mut live = step(Step::new());
            for file in files {
                let path = live.path(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                live = live.write(
                    file,
                    "kind: pipeline\nsteps:\n- name: a\n  image: plugins/kaniko:1.6.0\n",
                );
            }
            assert_eq!(fields(&live.run().ends(0)), expected, "{files_setting}");
        }
    }
}
