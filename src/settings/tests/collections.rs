//! The spellings of lists and maps, and their bounds.

use std::collections::BTreeSet;

use super::super::{Action, Pin};
use super::{offline, online, refuses, wrong};
use crate::model::module::{Infra, Module};

#[test]
fn lists() {
    for value in [
        "addonTag,ssca*",
        " addonTag , ssca* ,",
        "addonTag\nssca*\n",
        "addonTag\r\n\r\nssca*",
        r#"["addonTag","ssca*"]"#,
        "[\n  \"addonTag\",\n  null,\n  \"ssca*\"\n]",
    ] {
        let settings = offline(&[("PLUGIN_FIELDS", value)]).unwrap();
        let fields: Vec<&str> = settings.fields.iter().map(|field| field.as_str()).collect();
        assert_eq!(fields, ["addonTag", "ssca*"], "{value:?}");
    }
    for value in ["[]", ",", "[null]", "[\"\"]", "\n"] {
        let settings = offline(&[("PLUGIN_FIELDS", value)]).unwrap();
        assert!(settings.fields.is_empty(), "{value:?}");
    }
    for value in [
        r#"["a","#,
        r#"["a",[]]"#,
        r#"[{"a":1}]"#,
        "[a]",
        "[1",
        "[a],b",
        "[",
        "a,[1",
        r#""a","b""#,
    ] {
        let wrong: BTreeSet<&str> = wrong(offline(&[("PLUGIN_FIELDS", value)]))
            .into_iter()
            .collect();
        assert_eq!(wrong, BTreeSet::from(["fields"]), "{value}");
    }
    // A registry's IPv6 address is no JSON.
    let value = "[::1]:5000/harness/a:1, [fe80::1]/harness/b:2";
    let images = offline(&[("PLUGIN_IMAGES", value)]).unwrap().images;
    assert_eq!(images.len(), 2);
}

#[test]
fn maps() {
    for value in [
        r#"{"addonTag":"latest-1","gitCloneTag":"1.5.4"}"#,
        "{\n  \"addonTag\": \"latest-1\",\n  \"gitCloneTag\": \" 1.5.4 \"\n}\n",
        "addonTag=latest-1,gitCloneTag=1.5.4",
        " addonTag = latest-1 \n gitCloneTag = 1.5.4 \n",
    ] {
        let given = [("PLUGIN_ACTION", "pin"), ("PLUGIN_PIN", value)];
        let Action::Pin(Pin::Fields(fields)) = online(&given).unwrap().action else {
            panic!("{value}");
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        let expected = [("addonTag", "latest-1"), ("gitCloneTag", "1.5.4")];
        assert_eq!(fields, expected, "{value}");
    }
    refuses(
        "pin",
        &[
            "{",
            "{}",
            "[]",
            r#"{"a":1} x"#,
            r#"{"a":null}"#,
            r#"{"a":{}}"#,
            r#"{"a":1.10}"#,
            r#"{"":"1.2.3"}"#,
            r#"{"a":"1.2.3","a":"1.2.4"}"#,
            "a=1.2.3,b",
            "a=",
            "=1.2.3",
            "a=1.2.3\na=1.2.4",
        ],
    );
}

#[test]
fn lists_and_values_have_bounds() {
    let many = |count: usize| vec!["addonTag"; count].join(",");
    assert!(offline(&[("PLUGIN_FIELDS", &many(1_000))]).is_ok());
    let array = format!("[{}1]", "1,".repeat(1_000));
    refuses("fields", &[&many(1_001), &array]);
    let long = "a".repeat(1024 * 1024 + 1);
    refuses("backup", &[&long]);
    assert!(offline(&[("PLUGIN_OTHERS", &long)]).is_ok());
    let bad = vec!["Not/An/Image"; 100].join(",");
    assert_eq!(wrong(offline(&[("PLUGIN_IMAGES", &bad)])).len(), 21);
}

#[test]
fn blank_entries_are_none() {
    for value in ["a,,b", ",a,b,", r#"["a","",null,"b"]"#, r#"["a"," ","b"]"#] {
        let settings = offline(&[("PLUGIN_FIELDS", value), ("PLUGIN_IGNORE", value)]).unwrap();
        assert_eq!(
            (settings.fields.len(), settings.ignore.len()),
            (2, 2),
            "{value}"
        );
    }
    // A list of nothing is as if it were not set: never a run that judges nothing.
    for value in ["[]", "[ ]", ",", r#"[""]"#, "[null]"] {
        let settings = offline(&[("PLUGIN_INFRA", value), ("PLUGIN_MODULES", value)]).unwrap();
        assert_eq!(settings.infra, [Infra::K8], "{value}");
        assert_eq!(settings.modules, [Module::Ci], "{value}");
    }
    let map = "*=3,,plugins/*=4,";
    let settings = offline(&[("PLUGIN_SUPPORTED_RELEASES", map)]).unwrap();
    assert_eq!(settings.supported_releases.get("plugins/kaniko"), 4);
}
