//! Every setting as each of the three runners hands it over.

use serde_json::{Value, json};

use super::super::SETTINGS;
use super::{KEY, read};

/// Who starts the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runner {
    Drone,
    Harness,
    Woodpecker,
}

impl Runner {
    const ALL: [Self; 3] = [Self::Drone, Self::Harness, Self::Woodpecker];

    /// The variable's text; `None` if there is no variable.
    fn variable(self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Null if self == Self::Harness => String::new(),
            Value::Null => return None,
            // Lists are joined unless there are maps in them; a null is an empty entry.
            Value::Array(list) if list.iter().any(Value::is_object) => self.json(value),
            Value::Array(list) => {
                let entries = list.iter().map(|entry| match entry {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                entries.collect::<Vec<_>>().join(",")
            }
            Value::Object(_) => self.json(value),
            // An unquoted day is a timestamp to Woodpecker, and arrives as JSON.
            Value::String(text) if self == Self::Woodpecker && is_day(text) => {
                format!("\"{text}T00:00:00Z\"")
            }
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
        })
    }

    fn json(self, value: &Value) -> String {
        match self {
            Self::Harness => serde_json::to_string_pretty(value).unwrap(),
            Self::Drone | Self::Woodpecker => value.to_string(),
        }
    }
}

fn is_day(text: &str) -> bool {
    super::super::scalars::looks_like_day(text)
}

/// A value of each setting as a pipeline has it, and the same as one plain text.
fn values() -> Vec<(&'static str, Value, &'static str)> {
    let windows = r#"{"*":3,"plugins/*":10}"#;
    let ignored = r#"[{"field":"addonTag","until":"2026-12-31"}]"#;
    vec![
        ("api_key", json!(KEY), KEY),
        ("bearer_token", json!(KEY), KEY),
        ("account_id", json!("acme"), "acme"),
        (
            "endpoint",
            json!("https://app.harness.io/gateway/"),
            "app.harness.io",
        ),
        ("modules", json!(["ci", null, "dbops"]), "ci,dbops"),
        ("infra", json!(["K8", "VM"]), "vm,k8"),
        ("fields", json!(["a", null, "ssca*"]), "a,ssca*"),
        ("images", json!(["a/b:1", null, "c/d:2"]), "a/b:1\nc/d:2"),
        ("files", json!(["a.yml", null, "b/**"]), "a.yml,b/**"),
        ("pipelines", json!(["o/p", null]), "o/p"),
        ("repositories", json!(["a/*", null]), "a/*"),
        (
            "same_as",
            json!({"reg.corp/ci/*": "harness/*"}),
            "reg.corp/ci/*=harness/*",
        ),
        (
            "supported_releases",
            json!({"*": 3, "plugins/*": 10}),
            windows,
        ),
        (
            "supported_days",
            json!({"a/*": 90, "b/*": 0}),
            "a/*=90,b/*=0",
        ),
        ("release_unit", json!({"a/b": "patch"}), "a/b=patch"),
        ("deploy_window_days", json!(7), "7"),
        (
            "fail_on",
            json!(["overdue", null, "missing"]),
            "overdue,missing",
        ),
        (
            "ignore",
            json!([{"field": "addonTag", "until": "2026-12-31"}]),
            ignored,
        ),
        ("action", json!("list"), "list"),
        (
            "pin",
            json!({"a": "latest-1", "b": "1.2.3"}),
            "a=latest-1,b=1.2.3",
        ),
        ("reset", json!(["a", null, "b"]), "a,b"),
        ("dry_run", json!(true), "true"),
        ("force", json!(false), "f"),
        ("backup", json!("b.json"), "b.json"),
        ("registry", json!(false), "off"),
        ("registry_username", json!("robot"), "robot"),
        ("registry_password", json!("a,b c"), "a,b c"),
        ("docker_config", json!({"auths": {}}), r#"{"auths": {}}"#),
        ("upstream", json!(false), "off"),
        ("mirror_to", json!("reg.corp/m"), "https://reg.corp/m/"),
        ("hub_endpoint", json!("hub.corp"), "https://hub.corp"),
        ("history", json!("h.jsonl"), "h.jsonl"),
        ("snapshot", json!("s.json"), "s.json"),
        ("record", json!("r.json"), "r.json"),
        ("as_of", json!("2026-11-20"), "2026-11-20T00:00:00Z"),
        ("reports", json!(["a.json", null, "b.md"]), "a.json\nb.md"),
        (
            "config",
            json!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/config/samples/good/empty-map.json"
            )),
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/config/samples/good/empty-map.json"
            ),
        ),
        ("timeout", json!(30), "30"),
        ("requests_per_minute", json!(60), "60"),
        ("concurrency", json!(4), "4"),
        ("ca_cert", json!(null), ""),
        ("skip_verify", json!(true), "1"),
        ("enable_proxy", json!(false), "False"),
        ("log_level", json!("debug"), "DEBUG"),
        ("log_format", json!("json"), "JSON"),
    ]
}

/// What a setting needs besides, then the setting itself.
fn settings_with(name: &str, value: Option<&str>) -> String {
    let key = format!("PLUGIN_{}", name.to_uppercase());
    let mut given = match name {
        "api_key" => vec![],
        "bearer_token" => vec![("PLUGIN_ACCOUNT_ID", "acme")],
        "registry_username" => vec![("PLUGIN_API_KEY", KEY), ("PLUGIN_REGISTRY_PASSWORD", "x")],
        "registry_password" => vec![("PLUGIN_API_KEY", KEY), ("PLUGIN_REGISTRY_USERNAME", "x")],
        "pin" => vec![("PLUGIN_API_KEY", KEY), ("PLUGIN_ACTION", "pin")],
        "reset" => vec![("PLUGIN_API_KEY", KEY), ("PLUGIN_ACTION", "reset")],
        _ => vec![("PLUGIN_API_KEY", KEY)],
    };
    given.extend(value.map(|value| (key.as_str(), value)));
    let read = read(&given).unwrap_or_else(|problems| panic!("{name} {value:?}: {problems}"));
    format!("{read:?}")
}

#[test]
fn every_setting_of_every_runner_is_read_alike() {
    let values = values();
    let names: Vec<&str> = values.iter().map(|(name, ..)| *name).collect();
    let all: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(names, all);
    for (name, value, plain) in values {
        let expected = settings_with(name, Some(plain));
        let is_verbatim = name == "registry_password";
        for runner in Runner::ALL {
            let text = runner.variable(&value);
            let found = settings_with(name, text.as_deref());
            assert_eq!(found, expected, "{runner:?} {name}");
            // A scalar that is one JSON string is that string.
            if let (Value::String(text), false) = (&value, is_verbatim) {
                let quoted = settings_with(name, Some(&format!(" {:?}\n", text)));
                assert_eq!(quoted, expected, "{runner:?} {name} in quotes");
            }
        }
    }
}

#[test]
fn lists_within_lists_are_refused_by_every_list() {
    let lists =
        "modules infra fields images files pipelines repositories fail_on reset reports ignore";
    for name in lists.split(' ') {
        let key = format!("PLUGIN_{}", name.to_uppercase());
        let nested = [("PLUGIN_API_KEY", KEY), (key.as_str(), r#"[["a"],"b"]"#)];
        let problems = read(&nested).unwrap_err();
        assert!(
            problems.iter().all(|problem| problem.setting == name),
            "{problems}"
        );
    }
}
