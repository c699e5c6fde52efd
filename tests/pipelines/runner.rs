//! How each runner makes variables of the settings of a step.

use serde_json::Value;

use crate::pipelines::yaml;

/// Who starts the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Drone,
    Harness,
    Woodpecker,
}

/// All of them, in the order of the test's table.
pub(super) const RUNNERS: [Runner; 3] = [Runner::Drone, Runner::Harness, Runner::Woodpecker];

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
            // Set for every plugin, whether it is used or not.
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
        match value {
            Value::Null if self == Self::Harness => Some(String::new()),
            Value::Null => None,
            Value::Object(map) if self != Self::Harness && map.contains_key("from_secret") => {
                Some(SECRET.to_owned())
            }
            Value::Array(list) if !list.iter().any(|entry| self.is_complex(entry)) => {
                let entries: Vec<String> = list.iter().map(|entry| self.scalar(entry)).collect();
                Some(entries.join(","))
            }
            complex if self.is_complex(complex) => Some(self.json(complex)),
            scalar => Some(self.scalar(scalar)),
        }
    }

    /// Whether a value becomes JSON, and with it the list that holds it.
    fn is_complex(self, value: &Value) -> bool {
        match value {
            Value::Object(_) => self == Self::Woodpecker || yaml::timestamp(value).is_none(),
            Value::Array(_) => true,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }

    fn json(self, value: &Value) -> String {
        let value = self.within_json(value);
        match self {
            Self::Harness => serde_json::to_string_pretty(&value),
            Self::Drone | Self::Woodpecker => serde_json::to_string(&value),
        }
        .expect("a value is JSON")
    }

    /// A value as it stands inside JSON: only Woodpecker finds the secrets there.
    fn within_json(self, value: &Value) -> Value {
        if let Some(date) = yaml::timestamp(value) {
            return match self {
                Self::Woodpecker => Value::from(format!("{date}T00:00:00Z")),
                Self::Drone | Self::Harness => Value::from(date),
            };
        }
        match value {
            Value::Object(map) if self == Self::Woodpecker && map.contains_key("from_secret") => {
                Value::from(SECRET)
            }
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), self.within_json(value)))
                .collect(),
            Value::Array(list) => list.iter().map(|value| self.within_json(value)).collect(),
            Value::String(text) if self == Self::Harness => Value::from(resolved(text)),
            scalar => scalar.clone(),
        }
    }

    fn scalar(self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) if self == Self::Harness => resolved(text),
            Value::String(text) => text.clone(),
            other => yaml::timestamp(other).map_or_else(|| other.to_string(), str::to_owned),
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

/// YAML of one setting, and its variable under Drone, Harness and Woodpecker; `None` where it is left out.
type Spellings = (&'static str, [Option<&'static str>; 3]);

#[test]
fn settings_are_read_as_each_runner_writes_them() {
    let same = |value| [Some(value); 3];
    let cases: [Spellings; 14] = [
        ("a: x", same("x")),
        ("a: true", same("true")),
        ("a: 42", same("42")),
        ("a:", [None, Some(""), None]),
        ("a: [x, 1, true]", same("x,1,true")),
        ("a: [x, null, y]", same("x,,y")),
        ("a: []", same("")),
        (
            "a: {k: 1}",
            [
                Some("{\"k\":1}"),
                Some("{\n  \"k\": 1\n}"),
                Some("{\"k\":1}"),
            ],
        ),
        (
            "a: [x, [y]]",
            [
                Some("[\"x\",[\"y\"]]"),
                Some("[\n  \"x\",\n  [\n    \"y\"\n  ]\n]"),
                Some("[\"x\",[\"y\"]]"),
            ],
        ),
        (
            "a: [{k: v}]",
            [
                Some("[{\"k\":\"v\"}]"),
                Some("[\n  {\n    \"k\": \"v\"\n  }\n]"),
                Some("[{\"k\":\"v\"}]"),
            ],
        ),
        (
            "a: 2026-11-20",
            [
                Some("2026-11-20"),
                Some("2026-11-20"),
                Some("\"2026-11-20T00:00:00Z\""),
            ],
        ),
        (
            "a: [x, 2026-11-20]",
            [
                Some("x,2026-11-20"),
                Some("x,2026-11-20"),
                Some("[\"x\",\"2026-11-20T00:00:00Z\"]"),
            ],
        ),
        ("a: '2026-11-20'", same("2026-11-20")),
        (
            "a: <+input>.default(\"\")",
            [
                Some("<+input>.default(\"\")"),
                Some(""),
                Some("<+input>.default(\"\")"),
            ],
        ),
    ];
    for (text, expected) in cases {
        let settings = yaml::documents(text).unwrap().remove(0);
        for (runner, expected) in RUNNERS.into_iter().zip(expected) {
            let variables = runner.variables(&settings);
            let found = variables.iter().find(|(key, _)| key == "PLUGIN_A");
            let found = found.map(|(_, value)| value.as_str());
            assert_eq!(found, expected, "{runner:?}: {text}");
        }
    }
}

#[test]
fn keys_and_secrets_are_read_as_each_runner_writes_them() {
    let literal = "{\"k\":{\"from_secret\":\"s\"}}";
    let found = format!("{{\"k\":\"{SECRET}\"}}");
    let text = "c-d: 1\nkey: {from_secret: s}\nmap: {k: {from_secret: s}}";
    let settings = yaml::documents(text).unwrap().remove(0);
    for (runner, dashed, map) in [
        (Runner::Drone, "PLUGIN_C-D", literal),
        (Runner::Woodpecker, "PLUGIN_C_D", found.as_str()),
    ] {
        let mut variables = runner.variables(&settings);
        variables.sort();
        let expected = [(dashed, "1"), ("PLUGIN_KEY", SECRET), ("PLUGIN_MAP", map)];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(variables, expected, "{runner:?}");
    }
}

#[test]
fn expressions_are_resolved() {
    let expressions = [
        ("a-<+matrix.x>.xml", "a-Xk29sQdTRu6wVbHc1nE4zA.xml"),
        ("<+secrets.getValue(\"a_<+matrix.x>\")>", SECRET),
        ("<+input>.default(\"\")", ""),
    ];
    for (text, expected) in expressions {
        assert_eq!(resolved(text), expected);
    }
}
