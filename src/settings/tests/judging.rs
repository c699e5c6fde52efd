//! What is looked at, and how it is judged.

use super::super::{Action, RegistrySetting};
use super::{offline, online, refuses};
use crate::model::module::{Infra, Module};
use crate::model::policy::{FailOn, ReleaseUnit};
use crate::model::verdict::Verdict;

#[test]
fn defaults() {
    let settings = online(&[]).unwrap();
    assert_eq!(settings.modules, [Module::Ci]);
    assert_eq!(settings.infra, [Infra::K8]);
    assert_eq!(settings.supported_releases.general(), 3);
    assert_eq!(settings.release_unit.general(), ReleaseUnit::Minor);
    assert_eq!(settings.deploy_window_days, 30);
    assert_eq!(settings.action, Action::Check);
    assert_eq!(settings.registry, RegistrySetting::Auto);
    assert_eq!(settings.backup.to_str(), Some("harness-images-backup.json"));
    assert_eq!(settings.hub_endpoint, None);
    assert_eq!((settings.timeout.as_secs(), settings.concurrency), (60, 16));
    assert!(settings.fields.is_empty() && settings.images.is_empty());
    assert!(settings.fail_on == FailOn::default() && settings.ignore.is_empty());
    assert!(settings.reports.is_empty() && settings.hints.is_empty());
    assert!(!settings.dry_run && !settings.force);
}

#[test]
fn modules_and_infra() {
    let given = [
        ("PLUGIN_MODULES", "IDP,dbops,ci,CI"),
        ("PLUGIN_INFRA", "vm\nk8"),
    ];
    let settings = offline(&given).unwrap();
    assert_eq!(settings.modules, [Module::Ci, Module::Dbops, Module::Idp]);
    assert_eq!(settings.infra, [Infra::K8, Infra::Vm]);
    let problems = offline(&[("PLUGIN_MODULES", "ci,image"), ("PLUGIN_INFRA", "K9")]);
    let text = problems.unwrap_err().to_string();
    assert!(
        text.contains("setting `modules`: entry 2: must be `ci`, `dbops`, `iacm`, `idp` or `none`"),
        "{text}"
    );
    assert!(
        text.contains("setting `infra`: entry 1: must be `K8` or `VM`"),
        "{text}"
    );
}

#[test]
fn images_are_named_by_position() {
    let digest = format!("harness/ci-addon@sha256:{}", "a".repeat(64));
    let good = format!("harness/ci-addon:1.2.3,{digest}, [::1]:5000/a/b:1,harness/ci-addon:1.2.3");
    let settings = offline(&[("PLUGIN_IMAGES", &good)]).unwrap();
    let images: Vec<String> = settings.images.iter().map(ToString::to_string).collect();
    assert_eq!(
        images,
        ["harness/ci-addon:1.2.3", &digest, "[::1]:5000/a/b:1"]
    );
    let bad = offline(&[(
        "PLUGIN_IMAGES",
        "harness/a:1,Harness/A b:1,harness/c:1,harness/d:",
    )]);
    let text = bad.unwrap_err().to_string();
    assert_eq!(text.matches("setting `images`: entry").count(), 2, "{text}");
    assert!(
        text.contains("entry 2: ") && text.contains("entry 4: "),
        "{text}"
    );
}

#[test]
fn windows_and_units_by_repository() {
    for value in [
        r#"{"*":5,"plugins/*":"10"}"#,
        "*=5,plugins/*=10",
        "plugins/*=10\n*=5",
    ] {
        let settings = offline(&[("PLUGIN_SUPPORTED_RELEASES", value)]).unwrap();
        let window = |repository| settings.supported_releases.get(repository);
        assert_eq!(
            (window("harness/ci-addon"), window("plugins/kaniko")),
            (5, 10),
            "{value}"
        );
    }
    let units = [("PLUGIN_RELEASE_UNIT", r#"{"plugins/drone-git":"Patch"}"#)];
    let units = offline(&units).unwrap().release_unit;
    assert_eq!(units.get("plugins/drone-git"), ReleaseUnit::Patch);
    assert_eq!(units.get("harness/ci-addon"), ReleaseUnit::Minor);
    let one = offline(&[("PLUGIN_RELEASE_UNIT", "patch")]).unwrap();
    assert_eq!(one.release_unit.general(), ReleaseUnit::Patch);
    let bad = ["*=three", "1,2", r#"{"*":null}"#, r#"{"a b":1}"#];
    refuses("supported_releases", &bad);
    refuses("release_unit", &["major", "*=major"]);
}

#[test]
fn verdicts_that_fail() {
    use Verdict::{Ahead, Custom, Floating, Overdue, Supported, Unsupported, Unverified};
    let any = vec![Unsupported, Overdue, Unverified, Custom, Floating, Ahead];
    let with_supported = [any.clone(), vec![Supported]].concat();
    for (value, expected) in [
        ("never", vec![]),
        ("NEVER", vec![]),
        ("[]", vec![]),
        ("any", any),
        ("any,supported", with_supported),
        ("overdue,Unsupported,overdue", vec![Unsupported, Overdue]),
    ] {
        let settings = offline(&[("PLUGIN_FAIL_ON", value)]).unwrap();
        assert_eq!(settings.fail_on.verdicts, expected, "{value}");
    }
    refuses(
        "fail_on",
        &[
            "ignored",
            "never,unsupported",
            "any,never",
            "bad",
            "unsupported overdue",
        ],
    );
}

#[test]
fn ignores() {
    let image = format!("harness/ci-addon@sha256:{}", "a".repeat(64));
    let dated = format!("{image}@2026-12-31");
    for (value, field, reason, until) in [
        ("addonTag", "addonTag", None, None),
        ("addonTag@2026-12-31", "addonTag", None, Some("2026-12-31")),
        (r#"["ssca*@2026-12-31"]"#, "ssca*", None, Some("2026-12-31")),
        (&image, image.as_str(), None, None),
        (&dated, &image, None, Some("2026-12-31")),
        (
            r#"[{"field":"ci.K8.addonTag"}]"#,
            "ci.K8.addonTag",
            None,
            None,
        ),
        (
            "[\n {\"field\": \"addonTag\", \"reason\": \"waits for X\",\n  \"until\": \"2026-12-31T00:00:00Z\"}\n]",
            "addonTag",
            Some("waits for X"),
            Some("2026-12-31"),
        ),
        (
            r#"{"field":"addonTag","reason":null,"until":""}"#,
            "addonTag",
            None,
            None,
        ),
    ] {
        let settings = offline(&[("PLUGIN_IGNORE", value)]).unwrap();
        let [ignore] = settings.ignore.as_slice() else {
            panic!("{value}");
        };
        assert_eq!(ignore.field.as_str(), field, "{value}");
        assert_eq!(ignore.reason.as_deref(), reason, "{value}");
        let last = ignore.until.map(|day| day.to_string());
        assert_eq!(last.as_deref(), until, "{value}");
    }
    let mixed = r#"[{"field":"a"},"b@2026-12-31",null,"c"]"#;
    assert_eq!(
        offline(&[("PLUGIN_IGNORE", mixed)]).unwrap().ignore.len(),
        3
    );
    refuses(
        "ignore",
        &[
            "addonTag@2026-02-30",
            "addonTag@tomorrow",
            "@2026-12-31",
            "two words",
            "[{}]",
            r#"[{"field":""}]"#,
            r#"[{"field":"a","untill":"2026-12-31"}]"#,
            r#"[{"field":"a","until":"soon"}]"#,
            r#"[{"field":"a","reason":["x"]}]"#,
            r#"[["a"]]"#,
            r#"[{"field":"a"}"#,
        ],
    );
}
