//! Files that settings name, and where the runner wants results.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::collections::list;
use super::environment::Environment;
use super::form::{Context, Form};
use super::problems::{Invalid, Problems, each};
use super::raw::MAX_BYTES;
use super::schema;
use super::spelling::one_of;
use super::{Action, FilesSetting, ReportFile, Runner, Settings};
use crate::files::read_at_most;
use crate::model::format::{Format, Requirement};

/// Variables that say which run this is, for annotations.
const IDENTIFIERS: [&str; 16] = [
    "DRONE_STAGE_TYPE",
    "HARNESS_ACCOUNT_ID",
    "HARNESS_BUILD_ID",
    "HARNESS_EXECUTION_ID",
    "HARNESS_INFRA",
    "HARNESS_ORG_ID",
    "HARNESS_PIPELINE_ID",
    "HARNESS_PLAN_EXECUTION_ID",
    "HARNESS_PROJECT_ID",
    "HARNESS_STAGE_EXECUTION_ID",
    "HARNESS_STAGE_ID",
    "HARNESS_STAGE_UUID",
    "HARNESS_STEP_EXECUTION_ID",
    "HARNESS_STEP_GROUP_ID",
    "HARNESS_STEP_ID",
    "HARNESS_STEP_UUID",
];

/// Report files; the formats are the program's.
pub(super) struct Reports;

impl Form for Reports {
    type Value = Vec<ReportFile>;

    fn read(text: &str, context: &Context<'_>) -> Result<Vec<ReportFile>, Invalid> {
        reports(context.formats, text)
    }

    fn schema(context: &Context<'_>) -> Value {
        let endings: Vec<String> = Format::endings(context.formats).map(any_case).collect();
        schema::list(schema::pattern(&format!(r"({})\s*$", endings.join("|"))))
    }
}

/// A pattern for an ending in any case.
fn any_case(ending: &str) -> String {
    let letter = |c: char| match c {
        'a'..='z' => format!("[{c}{}]", c.to_ascii_uppercase()),
        _ => format!(r"\{c}"),
    };
    ending.chars().map(letter).collect()
}

/// Report files, each in the format that its ending chooses.
fn reports(formats: &[Format], text: &str) -> Result<Vec<ReportFile>, Invalid> {
    let read = |entry: String| match Format::of_name(formats, &entry) {
        Some(format) => Ok(ReportFile {
            path: PathBuf::from(entry),
            format,
        }),
        None => {
            let endings = one_of(Format::endings(formats));
            Err(format!("must be a file that ends in {endings}"))
        }
    };
    each(list(text)?, read)
}

/// Notes report files that would have nothing to hold.
pub(super) fn check_requirements(settings: &Settings, problems: &mut Problems) {
    let lists = settings.action == Action::List;
    let mirrors = lists && settings.mirror_to.is_some();
    for report in &settings.reports {
        let (is_met, expected, others) = match report.format.requires {
            Requirement::Nothing => continue,
            Requirement::Files => (settings.files != FilesSetting::Off, "`files`", ["files"; 2]),
            Requirement::List => (lists, "`action: list`", ["action"; 2]),
            Requirement::MirrorPlan => (
                mirrors,
                "`action: list` and `mirror_to`",
                ["action", "mirror_to"],
            ),
        };
        // What is wrong with those settings is reported already.
        if !is_met && !others.iter().any(|other| problems.concern(other)) {
            let ending = report.format.endings.first().copied().unwrap_or_default();
            problems.add(
                "reports",
                format!("a file that ends in `{ending}` needs {expected}"),
            );
        }
    }
}

/// Notes files that would be written over each other.
pub(super) fn check_files(settings: &Settings, problems: &mut Problems) {
    let mut written: Vec<(&'static str, &Path)> = vec![("backup", &settings.backup)];
    written.extend(settings.history.as_deref().map(|path| ("history", path)));
    written.extend(settings.record.as_deref().map(|path| ("record", path)));
    for report in &settings.reports {
        written.push(("reports", &report.path));
    }
    // A backup is a snapshot and may be judged as one; what is judged is not overwritten.
    let snapshot = settings.snapshot.as_deref();
    let snapshot = snapshot.map(|path| ("snapshot", path));
    let config = settings.config.as_deref().map(|path| ("config", path));
    for (at, (setting, path)) in written.iter().enumerate() {
        let others = written.iter().take(at);
        let other = others
            .chain(snapshot.iter().filter(|_| *setting != "backup"))
            .chain(config.iter())
            .find(|(_, other)| is_same(other, path));
        match other {
            Some((other, _)) if other == setting => {
                problems.add(setting, "it names the same file twice");
            }
            Some((other, _)) => {
                let text = format!("it names the same file as `{other}`; choose another");
                problems.add(setting, text);
            }
            None => {}
        }
    }
}

/// Whether two paths are written the same, a `./` here and there aside.
fn is_same(a: &Path, b: &Path) -> bool {
    let plain = |path: &Path| -> PathBuf {
        let dot = std::path::Component::CurDir;
        path.components().filter(|part| *part != dot).collect()
    };
    plain(a) == plain(b)
}

/// Reads a text file that a setting names; what cannot end or has no bound is refused.
pub(super) fn read_file(path: &Path) -> Result<String, Invalid> {
    let unreadable = |error: std::io::Error| {
        Invalid::from(match error.kind() {
            ErrorKind::NotFound => "cannot be read: no such file".to_owned(),
            ErrorKind::InvalidData => "cannot be read: not UTF-8 text".to_owned(),
            kind => format!("cannot be read: {kind}"),
        })
    };
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err("cannot be read: not a file".into());
    }
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = read_at_most(path, most)
        .map_err(unreadable)?
        .ok_or("its file is longer than 1 MiB, which is the most")?;
    String::from_utf8(bytes).map_err(|_| unreadable(ErrorKind::InvalidData.into()))
}

/// Where the runner wants results.
pub(super) fn runner(environment: &Environment) -> Runner {
    let identifier = |name: &str| {
        let text = environment.text(name)?;
        let usable = text.len() <= 256 && !text.chars().any(char::is_control);
        usable.then(|| (name.to_owned(), text.to_owned()))
    };
    Runner {
        output: environment
            .path("DRONE_OUTPUT")
            .or_else(|| environment.path("HARNESS_OUTPUT_FILE")),
        card: environment.path("DRONE_CARD_PATH"),
        annotations: environment.path("HARNESS_ANNOTATIONS_FILE"),
        identifiers: IDENTIFIERS
            .into_iter()
            .filter_map(identifier)
            .collect::<BTreeMap<_, _>>(),
    }
}
