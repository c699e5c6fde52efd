//! Steps that judge a snapshot, without network and key.

use harness_images::model::verdict::Verdict;
use serde_json::{Value, json};

use support::step::{Ran, Step, shown};

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
        let failed = status == 3;
        let context = format!("{value} with {fail_on}");
        assert_eq!(ran.outputs["FAILED"], failed.to_string(), "{context}");
        assert_eq!(ran.report()["summary"]["failed"], failed, "{context}");
    }
}

#[test]
fn outputs_and_report_agree() {
    let ignore = r#"[{"field": "cacheS3Tag", "reason": "ours", "until": "2026-12-31"}]"#;
    let ran = Step::new()
        .write("acme.json", include_str!("../../examples/acme.json"))
        .set("snapshot", "acme.json")
        .set("modules", "ci, dbops")
        .set("infra", "vm,K8")
        .set("ignore", ignore)
        .run()
        .ends(0);
    let report = ran.report();
    assert_eq!(report["schema"], "harness-images/report/v1");
    for (key, value) in [
        ("as_of", "2026-11-20"),
        ("account", "acme"),
        ("action", "check"),
    ] {
        assert_eq!(report[key], value, "{key}");
    }
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
    let all: u64 = Verdict::ALL
        .map(|verdict| of(verdict.as_str()))
        .iter()
        .sum();
    assert_eq!(all, 32);
    assert_eq!((of("unsupported"), of("overdue"), of("ignored")), (3, 1, 1));
    let fields = "ci.K8.addonTag,ci.K8.sscaOrchestrationTag,dbops.mongoTag";
    for (key, value) in [
        ("STATUS", "unsupported"),
        ("UNSUPPORTED_COUNT", "3"),
        ("UNSUPPORTED_FIELDS", fields),
        ("CHANGED_COUNT", "0"),
    ] {
        assert_eq!(ran.outputs[key], value, "{key}");
    }
    let brief: Value = serde_json::from_str(&ran.outputs["REPORT"]).unwrap();
    assert_eq!(brief["summary"], *summary);
    for row in brief["images"].as_array().unwrap() {
        assert!(row["verdict"] != "current" && row["verdict"] != "supported");
    }
    let rows = ran.rows();
    let addon = [
        ("module", json!("ci")),
        ("infra", json!("K8")),
        ("field", json!("addonTag")),
        ("source", json!("override")),
        ("image", json!("harness/ci-addon:1.14.21")),
        ("default", json!("harness/ci-addon:1.18.27")),
        ("window", json!(["1.18", "1.17", "1.16"])),
        ("releases_behind", json!(3)),
        ("evidence", json!("registry")),
    ];
    for (key, value) in addon {
        assert_eq!(rows[0][key], value, "{key}");
    }
    let ignored = rows.iter().find(|row| row["verdict"] == "ignored").unwrap();
    assert_eq!(ignored["judged"], "custom");
    assert_eq!(ignored["ignored_until"], "2026-12-31");
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
    // settings, rows, warnings
    let cases: [(&[(&str, &str)], &[&str], &[&str]); 7] = [
        (
            &[],
            &["ci K8 a", "ci K8 b", "ci K8 sscaOne"],
            &["override-without-default", "not-an-image"],
        ),
        (&[("infra", "VM")], &["ci VM a"], &[]),
        (
            &[
                ("modules", "dbops,ci"),
                ("infra", "vm\nk8"),
                ("fields", "a"),
            ],
            &["ci K8 a", "ci VM a", "dbops - a"],
            &[],
        ),
        (&[("fields", "ssca*")], &["ci K8 sscaOne"], &[]),
        (
            &[("fields", "ssca*,gone")],
            &["ci K8 sscaOne"],
            &["unknown-field"],
        ),
        (&[("modules", "iacm")], &[], &["no-images"]),
        (
            &[("fields", "a"), ("images", "m.corp/x/a:1.0.9,y/z:1.2.3")],
            &["ci K8 a", "image - m.corp/x/a:1.0.9", "image - y/z:1.2.3"],
            &[],
        ),
    ];
    for (settings, expected, warnings) in cases {
        let ran = Step::on_snapshot(&facts).set_all(settings).run().ends(0);
        let rows = shown(&ran.rows(), &["module", "infra", "field"]);
        assert_eq!(rows, expected, "{settings:?}");
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
    let cases = "
        m.corp/harness/ci-addon:1.13.0 harness/ci-addon:1.16.3 unsupported
        harness/ci-addon:rootless-1.16.2 harness/ci-addon:rootless-1.16.2 current
        plugins/x:1.9.0-4.31-mongo plugins/x:1.9.0-4.33-mongo current
        plugins/x:1.9.0-4.31-other plugins/x:1.18.0-4.33 unsupported
        redis:7.0.1 redis:7.2.0 supported
        redis:7 - floating
        m.corp/tool:2021.12.16 m.corp/tool:2026.1.1 unsupported
        unknown/thing:1.2.3 - unverified
    ";
    for case in cases.trim().lines().map(str::trim) {
        let image = case.split(' ').next().unwrap();
        let ran = Step::on_snapshot(&facts)
            .set("images", image)
            .set("fields", "addonTag")
            .set("supported_releases", "{\"*\": 1, \"redis\": 3}")
            .run();
        let mut rows = ran.ends(0).rows();
        rows.retain(|row| row["module"] == "image");
        let seen = shown(&rows, &["field", "default", "verdict"]);
        assert_eq!(seen, [case], "{}", rows[0]["reason"]);
        assert_eq!(rows[0]["source"], "setting");
    }
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    let names = "report.json,r/report.xml,report.sarif,report.md,report.html";
    let run = || {
        let ran = Step::new()
            .write("acme.json", include_str!("../../examples/acme.json"))
            .set("snapshot", "acme.json")
            .set("reports", names)
            .set("log_level", "info")
            .run()
            .ends(0);
        let files: Vec<String> = names.split(',').map(|name| ran.read(name)).collect();
        (files, ran.read("output.env"), ran.stdout, ran.stderr)
    };
    let (one, other) = (run(), run());
    assert_eq!(one, other);
    assert_eq!(one.3, "", "a good run logs nothing");
}

#[test]
fn ignores_run_out_and_are_counted() {
    let (unused, expired) = (&["ignore-unused"][..], &["ignore-expired"][..]);
    let cases = [
        ("addonTag", "2026-11-20", "ignored", &[][..]),
        ("addonTag@2026-11-20", "2026-11-20", "ignored", &[]),
        ("addonTag@2026-11-20", "2026-11-21", "unsupported", expired),
        ("addon*", "2026-11-20", "ignored", &[]),
        ("ci.K8.addonTag", "2026-11-20", "ignored", &[]),
        ("ci.VM.addonTag", "2026-11-20", "unsupported", unused),
        ("other", "2026-11-20", "unsupported", unused),
    ];
    for (ignore, as_of, verdict, warnings) in cases {
        let step = Step::on_snapshot(&addon("harness/ci-addon:1.12.0"));
        let ran = step
            .set("ignore", ignore)
            .set("as_of", as_of)
            .set("fail_on", "any")
            .run();
        let ran = ran.ends(if verdict == "ignored" { 0 } else { 3 });
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
    assert_eq!(off.warnings(), ["hotfix-available"]);
    assert_eq!(off.rows()[0]["evidence"], "numbering");
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
        ran.prints("unsupported");
        ran.prints("/proc/nowhere");
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
    help.prints("supported_releases");
    help.prints("fail_on");
    let other = Step::new().argument("check").run().ends(2);
    assert!(other.stderr.contains("PLUGIN_"), "{}", other.stderr);
}

#[test]
fn all_problems_with_the_settings_are_reported_at_once() {
    let ran = Step::new()
        .secret("timeout", "canary-in-the-wrong-setting")
        .set("dry_run", "yes")
        .set("modules", "cd")
        .set("fail_on", "sometimes")
        .run()
        .ends(2);
    for name in ["timeout", "dry_run", "modules", "fail_on", "api_key"] {
        let named = format!("`{name}`");
        assert!(ran.stderr.contains(&named), "{name}: {}", ran.stderr);
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
    assert!(verdicts[2].ends_with(" supported"), "{verdicts:?}");
    assert!(verdicts[3].ends_with(" supported"), "{verdicts:?}");
    for code in ["missing-image", "override-without-default"] {
        assert_eq!(ran.messages(code).len(), 2, "{:?}", ran.warnings());
    }
}

#[test]
fn what_a_snapshot_lacks_is_reported() {
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
    let row = shown(
        &ran.rows(),
        &["evidence", "releases_behind", "verdict", "deploy_by"],
    );
    assert_eq!(row, ["history 2 overdue 2026-02-04"]);
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
        let mut fields = shown(&ran.rows(), &["field"]);
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
        let mut expected: Vec<String> = expected.iter().map(|at| format!("{at}:4")).collect();
        expected.sort_unstable();
        let context = format!("{files_setting} {pipelines_setting}");
        assert_eq!(fields(&ran), expected, "{context}");
        if pipelines_setting == "off" && files_setting != "off" {
            let text = "kind: pipeline\nsteps:\n- name: a\n  image: plugins/kaniko:1.6.0\n";
            let live = files
                .iter()
                .fold(step(Step::new()), |step, file| step.write(file, text));
            assert_eq!(fields(&live.run().ends(0)), expected, "{files_setting}");
        }
    }
}
