//! Results about images in files and pipelines: where they stand, and what they are known by from
//! run to run.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::model::location::{FileLocation, Location, PipelineLocation};
use crate::model::row::Row;
use crate::text::visible;

/// The base of all paths: the workspace, which GitHub takes for the root of the repository.
pub(super) const ROOT: &str = "%SRCROOT%";

/// Where an image stands, as a SARIF `location`.
pub(super) fn place(location: &Location) -> Value {
    match location {
        Location::File(at) => file(at),
        Location::Pipeline(at) => pipeline(at),
    }
}

fn file(at: &FileLocation) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": encode(&at.file), "uriBaseId": ROOT},
            "region": {"startLine": at.line.max(1), "startColumn": at.column.max(1)},
        },
    })
}

/// A pipeline is no file, but viewers know only files.
fn pipeline(at: &PipelineLocation) -> Value {
    let document = at.document();
    let mut region = json!({"startLine": at.line.unwrap_or(1).max(1)});
    if let (Some(column), Some(region)) = (at.column, region.as_object_mut()) {
        region.insert("startColumn".to_owned(), json!(column.max(1)));
    }
    let name = |name: &str| visible(name).into_owned();
    let mut logical = vec![json!({
        "name": name(&at.pipeline),
        "fullyQualifiedName": name(&document),
        "kind": "resource",
    })];
    if let Some(template) = &at.template {
        logical.push(json!({
            "name": name(template),
            "fullyQualifiedName": name(&format!("template {template}")),
            "kind": "resource",
        }));
    }
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": format!("harness/pipelines/{}", encode(&document))},
            "region": region,
        },
        "logicalLocations": logical,
    })
}

/// The place that a warning's `field` names: `path`, `path:line` or `path:line:column`.
pub(super) fn named_file(field: &str) -> FileLocation {
    let number = |text: &str| {
        let (before, number) = text.rsplit_once(':')?;
        Some((before.to_owned(), number.parse::<u32>().ok()?))
    };
    let last = number(field);
    let (file, line, column) = match last {
        Some((before, last)) => match number(&before) {
            Some((file, line)) => (file, line, last),
            None => (before, last, 1),
        },
        None => (field.to_owned(), 1, 1),
    };
    FileLocation { file, line, column }
}

/// What results are known by from run to run: verdict, document and image, and a number where
/// these are the same; no line, which moves.
#[derive(Default)]
pub(super) struct Identities<'a>(HashMap<(&'static str, String, &'a str), usize>);

impl<'a> Identities<'a> {
    /// The identity of the next row; rows come in the order of their lines.
    pub(super) fn next(&mut self, row: &'a Row, location: &Location) -> String {
        let (rule, document) = (row.verdict.as_str(), location.document());
        let identity = format!("{rule} {} {document} {}", row.module, row.image);
        let before = self.0.entry((rule, document, &row.image)).or_default();
        let occurrence = *before;
        *before = occurrence.saturating_add(1);
        format!("{identity} {occurrence}")
    }
}

/// A relative path as a URI: what is not a plain character of a path is percent-encoded.
fn encode(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_warnings_name_files() {
        for (field, file, line, column) in [
            (".drone.yml", ".drone.yml", 1, 1),
            ("a/b.yml:12", "a/b.yml", 12, 1),
            ("a/b.yml:12:5", "a/b.yml", 12, 5),
            ("a:b.yml", "a:b.yml", 1, 1),
            ("a.yml:99999999999", "a.yml:99999999999", 1, 1),
            ("", "", 1, 1),
        ] {
            let at = named_file(field);
            assert_eq!((at.file.as_str(), at.line, at.column), (file, line, column));
        }
    }

    #[test]
    fn paths_are_encoded() {
        for (path, expected) in [
            (".harness/build.yaml", ".harness/build.yaml"),
            ("a b/c#d?e.yml", "a%20b/c%23d%3Fe.yml"),
            ("javascript:alert(1)", "javascript%3Aalert%281%29"),
            ("ü/\u{202e}\n.yml", "%C3%BC/%E2%80%AE%0A.yml"),
            ("100%.yml", "100%25.yml"),
        ] {
            assert_eq!(encode(path), expected);
        }
    }
}
