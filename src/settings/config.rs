//! The setting `config`: a YAML or JSON file with settings, each as the text that a step would have.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use super::definition::Setting;
use super::named_file::{MAX_BYTES, read_file};
use super::problems::{Invalid, Origin, Problems};
use super::table;
use crate::text::visible;
use crate::yaml::{Node, Positions, documents};

/// The setting that names a config file, which no config file may hold.
pub(super) const CONFIG: &str = "config";

/// Most levels of lists and maps in the value of a setting.
const MAX_DEPTH: u32 = 4;

/// A setting of a config file.
pub(super) struct ConfigEntry {
    pub(super) setting: &'static Setting,
    /// Its value as a step would have it: a scalar as written, a list or map as JSON.
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// Reads a config file. What is wrong with it is noted with its line, and left out.
pub(super) fn read(path: &str, problems: &mut Problems) -> Vec<ConfigEntry> {
    let Some(text) = problems.check(CONFIG, Some(read_file(Path::new(path)))) else {
        return Vec::new();
    };
    let mut file = File {
        name: visible(path).into_owned(),
        positions: Positions::new(&text),
        problems,
    };
    let mut documents = documents(&text);
    let document = match documents.next() {
        None => return Vec::new(),
        Some(Ok(document)) => document,
        Some(Err(error)) => {
            file.add(
                error.position.line,
                CONFIG,
                format!("not valid YAML: {}", error.message),
            );
            return Vec::new();
        }
    };
    if documents.next().is_some() {
        file.add(1, CONFIG, "must be one document, without `---` inside");
    }
    let root = document.root();
    if !root.is_mapping() && !root.is_null() {
        file.add_at(root, CONFIG, "must be a map from settings to values");
    }
    let (mut seen, mut entries) = (BTreeSet::new(), Vec::new());
    for (key, value) in root.pairs() {
        match file.entry(key, value, &mut seen) {
            Ok(entry) => entries.extend(entry),
            Err((node, setting, message)) => file.add_at(node, setting, message),
        }
    }
    entries
}

/// Where something is wrong, with which setting, and what.
type Wrong<'d> = (Node<'d>, &'static str, Cow<'static, str>);

/// A config file that is being read.
struct File<'t> {
    /// Its path, fit to be printed.
    name: String,
    positions: Positions<'t>,
    problems: &'t mut Problems,
}

impl File<'_> {
    /// A setting, unless it is `null`.
    fn entry<'d>(
        &mut self,
        key: Node<'d>,
        value: Node<'d>,
        seen: &mut BTreeSet<&'d str>,
    ) -> Result<Option<ConfigEntry>, Wrong<'d>> {
        let wrong = |setting, message: &'static str| Err((key, setting, message.into()));
        let Some(name) = key.as_str() else {
            return wrong(CONFIG, "the name of a setting must be a plain word");
        };
        let Some(setting) = table::find(name) else {
            let near = table::misspelling(name, name).map(Cow::from);
            let message = near.unwrap_or("this is not the name of a setting".into());
            return Err((key, CONFIG, message));
        };
        if !seen.insert(name) {
            return wrong(setting.name, "given twice; keep one");
        }
        if setting.name == CONFIG {
            return wrong(CONFIG, "a config file must not name another one");
        }
        if setting.secret {
            let message = "a secret, which does not belong in a file; set it in the step";
            return wrong(setting.name, message);
        }
        let mut text = String::new();
        match value.as_str() {
            Some(_) if value.is_null() => return Ok(None),
            Some(scalar) => scalar.clone_into(&mut text),
            None => write_json(value, 1, &mut text)
                .map_err(|(node, message)| (node, setting.name, message.into()))?,
        }
        let keys = value.pairs().map(|(key, _)| key);
        let entries = value.items().chain(keys).map(|node| self.line(node));
        let origin = Origin {
            entries: entries.collect(),
            line: self.line(key),
            file: self.name.clone(),
        };
        Ok(Some(ConfigEntry {
            setting,
            text,
            origin,
        }))
    }

    fn line(&mut self, node: Node<'_>) -> u32 {
        self.positions.find(node.span().start).line
    }

    fn add_at(&mut self, node: Node<'_>, setting: &'static str, message: impl Into<String>) {
        let line = self.line(node);
        self.add(line, setting, message);
    }

    fn add(&mut self, line: u32, setting: &'static str, message: impl Into<String>) {
        let origin = Origin {
            file: self.name.clone(),
            line,
            entries: Vec::new(),
        };
        self.problems
            .add_from(Some(&origin), setting, Invalid::from(message.into()));
    }
}

/// Writes a value as JSON: entries in their order, scalars but null as the texts that they are.
/// What is reached through aliases is written each time, so the length is bounded.
fn write_json<'d>(
    node: Node<'d>,
    depth: u32,
    json: &mut String,
) -> Result<(), (Node<'d>, &'static str)> {
    if depth > MAX_DEPTH {
        return Err((node, "lists and maps are nested too deeply"));
    }
    if json.len() > MAX_BYTES {
        return Err((node, "longer than 1 MiB, which is the most"));
    }
    let deeper = depth.saturating_add(1);
    match node.as_str() {
        Some(_) if node.is_null() => json.push_str("null"),
        Some(scalar) => json.push_str(&serde_json::Value::from(scalar).to_string()),
        None if node.is_mapping() => {
            let mut seen = BTreeSet::new();
            let mut separator = '{';
            for (key, value) in node.pairs() {
                let name = match key.as_str() {
                    Some("<<") => return Err((key, "`<<` is not supported; write its keys here")),
                    Some(name) => name,
                    None => return Err((key, "a name must be a plain word")),
                };
                if !seen.insert(name) {
                    return Err((key, "a name is given twice; keep one"));
                }
                json.push(separator);
                json.push_str(&serde_json::Value::from(name).to_string());
                json.push(':');
                write_json(value, deeper, json)?;
                separator = ',';
            }
            json.push_str(if separator == '{' { "{}" } else { "}" });
        }
        None => {
            let mut separator = '[';
            for item in node.items() {
                json.push(separator);
                write_json(item, deeper, json)?;
                separator = ',';
            }
            json.push_str(if separator == '[' { "[]" } else { "]" });
        }
    }
    Ok(())
}
