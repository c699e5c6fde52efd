//! Where images are found besides the modules, and what goes with it.

use super::super::{FilesSetting, PipelinesSetting, Settings};
use super::{KEY, offline, pairs, read, refuses, wrong};
use crate::model::format::{Format, Requirement};
use crate::model::verdict::Verdict;
use crate::model::warning::WarningCode;

#[test]
fn files_and_their_patterns() {
    let paths = |paths: &[&str]| {
        FilesSetting::Patterns(paths.iter().map(|path| (*path).to_owned()).collect())
    };
    for (value, expected) in [
        ("", FilesSetting::Off),
        ("off", FilesSetting::Off),
        ("false", FilesSetting::Off),
        ("[]", FilesSetting::Off),
        ("AUTO", FilesSetting::Auto),
        (r#"["auto"]"#, FilesSetting::Auto),
        (
            "a.yml, deploy/**/*.yaml",
            paths(&["a.yml", "deploy/**/*.yaml"]),
        ),
        ("./a//b/./c.yml", paths(&["a/b/c.yml"])),
        ("a/../b.yml", paths(&["b.yml"])),
        ("**", paths(&["**"])),
        (
            r#"["with space.yml","a,b.yml"]"#,
            paths(&["with space.yml", "a,b.yml"]),
        ),
    ] {
        let settings = offline(&[("PLUGIN_FILES", value)]).unwrap();
        assert_eq!(settings.files, expected, "{value}");
    }
    refuses(
        "files",
        &[
            "on",
            "true",
            "auto,a.yml",
            "off,auto",
            "/etc/x.yml",
            "~/x.yml",
            "C:/x.yml",
            "../x.yml",
            "a/../../x.yml",
            "*/../x.yml",
            "**/../x.yml",
            "a\\b.yml",
            "a**/b.yml",
            ".",
            "a/..",
        ],
    );
    refuses("files", &[&"a".repeat(513)]);
}

#[test]
fn pipelines_and_their_patterns() {
    for (value, expected) in [
        ("off", PipelinesSetting::Off),
        ("False", PipelinesSetting::Off),
        ("Account", PipelinesSetting::Account),
    ] {
        let settings = offline(&[("PLUGIN_PIPELINES", value)]).unwrap();
        assert_eq!(settings.pipelines, expected, "{value}");
    }
    let settings = offline(&[("PLUGIN_PIPELINES", "default/*, o_1/p$/build_*")]).unwrap();
    let PipelinesSetting::Patterns(patterns) = settings.pipelines else {
        panic!("patterns");
    };
    let shown: Vec<String> = patterns
        .iter()
        .map(|pattern| {
            let pipeline = pattern.pipeline.as_ref().map_or("-", |name| name.as_str());
            format!(
                "{} {} {pipeline}",
                pattern.org.as_str(),
                pattern.project.as_str()
            )
        })
        .collect();
    assert_eq!(shown, ["default * -", "o_1 p$ build_*"]);
    refuses(
        "pipelines",
        &[
            "true",
            "account,a/b",
            "org",
            "a/b/c/d",
            "a//c",
            "a/b/",
            "a b/c",
            "a/b?",
        ],
    );
}

#[test]
fn repositories_that_are_judged() {
    for (value, expected, of_defaults) in [
        ("", vec!["harness/*", "harnesssecure/*", "plugins/*"], true),
        ("*", vec!["*"], false),
        ("acme/*,plugins/git", vec!["acme/*", "plugins/git"], false),
    ] {
        let settings = offline(&[("PLUGIN_REPOSITORIES", value)]).unwrap();
        let found = settings.repositories;
        let patterns: Vec<&str> = found.patterns.iter().map(|one| one.as_str()).collect();
        assert_eq!(
            (patterns, found.of_defaults),
            (expected, of_defaults),
            "{value}"
        );
    }
    refuses("repositories", &["a b", "harness/ci-addon:1", "a@b"]);
}

#[test]
fn without_modules_no_key_is_needed() {
    let none = ("PLUGIN_MODULES", "None");
    let settings = read(&[none]).unwrap();
    assert!(
        settings.modules.is_empty() && settings.harness.is_none() && settings.account.is_none()
    );
    // A key that is given all the same is used: the account's connector says where tags are read.
    let settings = read(&[none, ("PLUGIN_API_KEY", KEY)]).unwrap();
    assert!(settings.harness.is_some());
    let account = ("PLUGIN_PIPELINES", "account");
    assert_eq!(wrong(read(&[none, account])), ["api_key", "account_id"]);
    assert!(
        read(&[none, account, ("PLUGIN_API_KEY", KEY)])
            .unwrap()
            .harness
            .is_some()
    );
    assert_eq!(wrong(read(&[none, ("PLUGIN_API_KEY", "a b")])), ["api_key"]);
    assert_eq!(
        wrong(read(&[("PLUGIN_MODULES", "none,ci")])),
        ["api_key", "account_id", "modules"]
    );
    for (action, expected) in [
        ("check", vec![]),
        ("list", vec![]),
        ("pin", vec!["modules", "pin"]),
        ("reset", vec!["modules"]),
        ("clear", vec!["modules"]),
        ("restore", vec!["modules"]),
    ] {
        assert_eq!(
            wrong(read(&[none, ("PLUGIN_ACTION", action)])),
            expected,
            "{action}"
        );
    }
}

#[test]
fn missing_images_may_fail_the_step() {
    for (value, verdicts, missing) in [
        ("missing", vec![], true),
        ("Missing,unsupported", vec![Verdict::Unsupported], true),
        ("unsupported", vec![Verdict::Unsupported], false),
    ] {
        let fail_on = offline(&[("PLUGIN_FAIL_ON", value)]).unwrap().fail_on;
        assert_eq!(
            (&fail_on.verdicts, fail_on.missing),
            (&verdicts, missing),
            "{value}"
        );
        assert_eq!(fail_on.fails(Verdict::Current, true), missing);
        assert!(!fail_on.fails(Verdict::Ignored, true) && !fail_on.fails(Verdict::Current, false));
        let words = serde_json::to_value(&fail_on).unwrap();
        let mut expected: Vec<&str> = verdicts.iter().map(|verdict| verdict.as_str()).collect();
        expected.extend(missing.then_some("missing"));
        assert_eq!(words, serde_json::json!(expected));
    }
    refuses("fail_on", &["never,missing"]);
}

#[test]
fn a_mirror_is_for_lists() {
    let mirror = ("PLUGIN_MIRROR_TO", "reg.corp:5000/mirror/");
    let settings = offline(&[mirror, ("PLUGIN_ACTION", "list")]).unwrap();
    let base = settings.mirror_to.unwrap();
    assert_eq!(base.as_str(), "https://reg.corp:5000/mirror");
    assert!(settings.hints.is_empty());
    let hints = offline(&[mirror]).unwrap().hints;
    assert_eq!(hints[0].code, WarningCode::MirrorUnused);
    // With `registry: off` nothing says what the mirror is to hold.
    for (action, expected) in [("list", vec!["mirror_to"]), ("check", vec![])] {
        let off = ("PLUGIN_REGISTRY", "off");
        let found = wrong(offline(&[mirror, off, ("PLUGIN_ACTION", action)]));
        assert_eq!(found, expected, "{action}");
    }
    let bad = [
        "reg.corp/Mirror",
        "ftp://reg.corp",
        "user:pw@reg.corp",
        "off me",
    ];
    refuses("mirror_to", &bad);
}

#[test]
fn report_files_need_something_to_hold() {
    let format = |ending: &'static [&'static str], requires| Format {
        endings: ending,
        name: "",
        meaning: "",
        requires,
    };
    let formats = [
        format(&[".json"], Requirement::Nothing),
        format(&[".patch"], Requirement::Files),
        format(&[".sync.yml"], Requirement::MirrorPlan),
    ];
    let (list, mirror) = (("PLUGIN_ACTION", "list"), ("PLUGIN_MIRROR_TO", "reg.corp"));
    for (file, given, expected) in [
        ("a.json", vec![], vec![]),
        ("a.patch", vec![], vec!["reports"]),
        ("a.patch", vec![("PLUGIN_FILES", "auto")], vec![]),
        ("a.patch", vec![("PLUGIN_FILES", "/etc")], vec!["files"]),
        ("a.sync.yml", vec![("PLUGIN_ACTION", "lst")], vec!["action"]),
        ("a.sync.yml", vec![list], vec!["reports"]),
        ("a.sync.yml", vec![mirror], vec!["reports"]),
        ("a.sync.yml", vec![list, mirror], vec![]),
    ] {
        let mut all = vec![("PLUGIN_SNAPSHOT", "facts.json"), ("PLUGIN_REPORTS", file)];
        all.extend(&given);
        let found = wrong(Settings::from_pairs(pairs(&all), &formats));
        assert_eq!(found, expected, "{file} {given:?}");
    }
}
