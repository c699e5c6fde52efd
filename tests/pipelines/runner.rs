//! How each runner makes variables of the settings of a step.

use serde_json::Value;

/// Who starts the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Drone,
    Harness,
    Woodpecker,
}

/// What stands in for every expression but secrets.
const ACCOUNT: &str = "Xk29sQdTRu6wVbHc1nE4zA";

/// What stands in for a secret: a key of that account.
pub(super) const SECRET: &str = "pat.Xk29sQdTRu6wVbHc1nE4zA.5f2c.canary";

impl Runner {
    /// The variables of a step with these settings.
    pub(super) fn variables(self, settings: &Value) -> Vec<(String, String)> {
        let mut variables: Vec<(String, String)> = settings
            .as_object()
            .expect("settings are a map")
            .iter()
            .filter_map(|(key, value)| Some((self.name(key), self.spelling(value)?)))
            .collect();
        if self == Self::Harness {
            // Set for every plugin, wanted or not.
            for (name, value) in [
                ("PLUGIN_PIPELINE", "{\"Id\": \"x\"}"),
                ("PLUGIN_ARTIFACT_FILE", "/addon/tmp/artifact"),
                ("HARNESS_ACCOUNT_ID", ACCOUNT),
            ] {
                variables.push((name.to_owned(), value.to_owned()));
            }
        }
        variables
    }

    fn name(self, key: &str) -> String {
        let key = key.to_uppercase();
        match self {
            Self::Woodpecker => format!("PLUGIN_{}", key.replace(['-', '.'], "_")),
            Self::Drone | Self::Harness => format!("PLUGIN_{key}"),
        }
    }

    /// `None` if the variable is left out.
    fn spelling(self, value: &Value) -> Option<String> {
        let json = |value: &Value| match self {
            Self::Harness => serde_json::to_string_pretty(value),
            Self::Drone | Self::Woodpecker => serde_json::to_string(value),
        };
        match value {
            Value::Null if self == Self::Harness => Some(String::new()),
            Value::Null => None,
            Value::Object(map) if self != Self::Harness && map.contains_key("from_secret") => {
                Some(SECRET.to_owned())
            }
            Value::Array(list) if list.iter().any(Value::is_object) => json(value).ok(),
            Value::Array(list) => Some(
                list.iter()
                    .map(|entry| self.scalar(entry))
                    .collect::<Vec<_>>()
                    .join(","),
            ),
            Value::Object(_) => json(value).ok(),
            scalar => Some(self.scalar(scalar)),
        }
    }

    fn scalar(self, value: &Value) -> String {
        match value {
            Value::String(text) if self == Self::Harness => resolved(text),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// A text after Harness has put values in the place of its expressions.
fn resolved(text: &str) -> String {
    if text.starts_with("<+input>") {
        return String::new();
    }
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut expression = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, depth) {
            ('<', _) if characters.peek() == Some(&'+') => depth += 1,
            ('>', 1) => {
                depth = 0;
                let is_secret = expression.contains("secrets.getValue");
                out.push_str(if is_secret { SECRET } else { ACCOUNT });
                expression.clear();
            }
            ('>', _) if depth > 1 => depth -= 1,
            (_, 0) => out.push(character),
            _ => expression.push(character),
        }
    }
    assert_eq!(depth, 0, "an expression does not end in {text}");
    out
}

#[test]
fn settings_are_spelt_as_each_runner_spells_them() {
    let settings = serde_json::json!({
        "a_b": "x", "c-d": true, "none": null, "list": ["x", 1, true],
        "map": {"k": 1}, "maps": [{"k": "v"}], "key": {"from_secret": "s"}
    });
    let pretty = "{\n  \"k\": 1\n}";
    let cases = [
        (Runner::Drone, "PLUGIN_C-D", None, "{\"k\":1}"),
        (Runner::Woodpecker, "PLUGIN_C_D", None, "{\"k\":1}"),
        (Runner::Harness, "PLUGIN_C-D", Some(""), pretty),
    ];
    for (runner, dashed, none, map) in cases {
        let variables = runner.variables(&settings);
        let get = |name: &str| {
            let found = variables.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(get("PLUGIN_A_B"), Some("x"), "{runner:?}");
        assert_eq!(get(dashed), Some("true"), "{runner:?}");
        assert_eq!(get("PLUGIN_NONE"), none, "{runner:?}");
        assert_eq!(get("PLUGIN_LIST"), Some("x,1,true"), "{runner:?}");
        assert_eq!(get("PLUGIN_MAP"), Some(map), "{runner:?}");
    }
    let expressions = [
        ("a-<+matrix.x>.xml", "a-Xk29sQdTRu6wVbHc1nE4zA.xml"),
        ("<+secrets.getValue(\"a_<+matrix.x>\")>", SECRET),
        ("<+input>.default(\"\")", ""),
    ];
    for (text, expected) in expressions {
        assert_eq!(resolved(text), expected);
    }
}
