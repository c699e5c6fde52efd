//! SARIF 2.1.0 for code scanning: a rule per verdict and per warning code, a result for every
//! image that deserves attention and for every warning.

mod places;

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::model::location::Location;
use crate::model::module::full_name;
use crate::model::module::{Infra, Module};
use crate::model::row::Row;
use crate::model::verdict::{Severity, Verdict};
use crate::model::warning::{Warning, WarningCode};
use crate::report::Report;
use crate::report::places::{link, position};
use crate::text::visible;
use places::Identities;

/// Most results: GitHub refuses a file with more.
const MAX_RESULTS: usize = 25_000;

/// The report as SARIF, indented, with a closing newline.
///
/// # Errors
/// Only if a value cannot be JSON, which no [`Report`] holds.
pub fn sarif(report: &Report) -> Result<String, serde_json::Error> {
    let mut rows = report.worst_first();
    rows.retain(|row| row.verdict.info().severity != Severity::None);
    rows.sort_by_cached_key(|row| (row.verdict, position(row)));
    let all = rows.len().saturating_add(report.warnings.len());
    let left_out = all.saturating_sub(MAX_RESULTS);
    let mut notifications: Vec<Value> = report
        .errors
        .iter()
        .map(|error| json!({"level": "error", "message": {"text": visible(error)}}))
        .collect();
    if left_out > 0 {
        let text = format!("{left_out} more results are in the JSON report.");
        notifications.push(json!({"level": "note", "message": {"text": text}}));
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        runs: [Run {
            column_kind: "unicodeCodePoints",
            invocations: json!([{
                "executionSuccessful": report.errors.is_empty(),
                "toolExecutionNotifications": notifications,
            }]),
            original_uri_base_ids: json!({
                places::ROOT: {"description": {"text": "The workspace of the step."}},
            }),
            results: Results {
                places: (report.located().into_iter())
                    .filter_map(|row| {
                        Some(((row.module, row.field.as_str()), row.location.as_ref()?))
                    })
                    .collect(),
                rows,
                warnings: &report.warnings,
            },
            tool: json!({"driver": {
                "name": "harness-images",
                "version": report.version,
                "semanticVersion": report.version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules(),
            }}),
        }],
        version: "2.1.0",
    };
    let mut text = serde_json::to_string_pretty(&log)?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    column_kind: &'static str,
    invocations: Value,
    original_uri_base_ids: Value,
    results: Results<'a>,
    tool: Value,
}

/// The results, each made when it is written: all at once would take ten times the room of their
/// text.
struct Results<'a> {
    rows: Vec<&'a Row>,
    warnings: &'a [Warning],
    /// Where rows stand, by module and field: warnings name only these.
    places: HashMap<(Module, &'a str), &'a Location>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut identities = Identities::default();
        let about_images = self.rows.iter().map(|row| image(row, &mut identities));
        let all = about_images.chain(self.warnings.iter().map(|one| warning(one, &self.places)));
        serializer.collect_seq(all.take(MAX_RESULTS))
    }
}

/// All rules: verdicts worst first, then codes; so an index stays the same from run to run.
fn rules() -> Vec<Value> {
    let verdicts = Verdict::ALL.into_iter().map(|verdict| {
        let row = verdict.info();
        let level = row.severity.as_str();
        rule(row.name, "Image", level, row.meaning, row.help)
    });
    let codes = WarningCode::ALL.iter().map(|code| {
        let (level, meaning, help) = (code.level().as_str(), code.meaning(), code.help());
        rule(code.as_str(), "Warning", level, meaning, help)
    });
    verdicts.chain(codes).collect()
}

/// A rule. Its name, for people, must differ from its identifier: `kind` is added to it.
fn rule(id: &str, kind: &str, level: &str, meaning: &str, help: &str) -> Value {
    json!({
        "id": id,
        "name": pascal_case(id) + kind,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": format!("{meaning} {help}")},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level, "enabled": level != "none"},
        "properties": {"tags": ["harness", "container-images"]},
    })
}

/// `hotfix-available` as `HotfixAvailable`.
fn pascal_case(id: &str) -> String {
    let words = id.split('-').flat_map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters)
    });
    words.collect()
}

fn image<'a>(row: &'a Row, identities: &mut Identities<'a>) -> Value {
    let name = row.display_name();
    let (image, verdict, why) = (&row.image, row.verdict, row.explanation());
    let text = format!("{name} uses {image}: {verdict}. {why}");
    let mut result = result(
        row.verdict.as_str(),
        row.verdict.info().severity.as_str(),
        &text,
        Some(row.module),
        row.infra,
        Some(&row.field),
    );
    if let Some(result) = result.as_object_mut() {
        let properties = json!({
            "image": visible(&row.image),
            "default": row.default.as_deref().map(visible),
            "releasesBehind": row.releases_behind,
            "deployBy": row.deploy_by,
            "leavesSupportOn": row.leaves_support_on,
        });
        result.insert("properties".to_owned(), properties);
        if let Some(location) = &row.location {
            result.insert("locations".to_owned(), json!([places::place(location)]));
            let identity = identities.next(row, location);
            result.insert("partialFingerprints".to_owned(), fingerprints(&identity));
        }
        if let Some(url) = link(row) {
            result.insert("hostedViewerUri".to_owned(), json!(url));
        }
    }
    result
}

fn warning(warning: &Warning, places: &HashMap<(Module, &str), &Location>) -> Value {
    let mut result = result(
        warning.code.as_str(),
        warning.code.level().as_str(),
        &warning.message,
        warning.module,
        warning.infra,
        warning.field.as_deref(),
    );
    if let (Some(module), Some(field)) = (warning.module, &warning.field) {
        let known = places.get(&(module, field.as_str()));
        let place = known.map(|location| places::place(location));
        let place = place.or_else(|| {
            let at = || Location::File(places::named_file(field));
            (module == Module::File).then(|| places::place(&at()))
        });
        if let (Some(place), Some(result)) = (place, result.as_object_mut()) {
            result.insert("locations".to_owned(), json!([place]));
        }
    }
    result
}

fn result(
    rule: &str,
    level: &str,
    text: &str,
    module: Option<Module>,
    infra: Option<Infra>,
    field: Option<&str>,
) -> Value {
    let name = match (module, field) {
        (Some(Module::File | Module::Pipeline), Some(field)) => field.to_owned(),
        (Some(module), Some(field)) => full_name(module, infra, field),
        (Some(module), None) => module.to_string(),
        (None, field) => field.unwrap_or("harness-images").to_owned(),
    };
    // Of a warning about no field, only its text identifies what it is about.
    let identity = match field {
        Some(_) => format!("{rule} {name}"),
        None => format!("{rule} {name} {text}"),
    };
    let shown = visible(&name);
    let mut result = json!({
        "ruleId": visible(rule),
        "level": level,
        "message": {"text": visible(text)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": address(module, infra)},
                "region": {"startLine": 1},
            },
            "logicalLocations": [{
                "name": visible(field.unwrap_or(&name)),
                "fullyQualifiedName": shown,
                "kind": "member",
            }],
        }],
        "partialFingerprints": fingerprints(&identity),
    });
    if let (Some(result), Some(index)) = (result.as_object_mut(), rule_index(rule)) {
        result.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}

/// What viewers know a result by from run to run.
fn fingerprints(identity: &str) -> Value {
    let fingerprint = format!("{:016x}", hash(identity));
    json!({
        "harnessImages/v1": fingerprint,
        "primaryLocationLineHash": format!("{fingerprint}:1"),
    })
}

/// Where a rule stands in [`rules`]; `None` for a code that is not in the table.
fn rule_index(rule: &str) -> Option<usize> {
    let verdicts = Verdict::ALL.into_iter().map(Verdict::as_str);
    let codes = WarningCode::ALL.iter().map(|code| code.as_str());
    verdicts.chain(codes).position(|id| id == rule)
}

/// A place for viewers that know only files: there is none, so it names the API's document, or
/// nothing more than Harness for what is about the run as a whole.
fn address(module: Option<Module>, infra: Option<Infra>) -> String {
    let mut address = String::from("harness");
    if let Some(module) = module {
        address.push_str("/execution-config/");
        address.push_str(module.as_str());
    }
    if let Some(infra) = infra {
        address.push('/');
        address.push_str(infra.as_str());
    }
    address
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
