//! The patch: suggested changes on the files of the workspace, as they are now. Nothing is written
//! but the report.

use std::path::Path;

use crate::change::Suggestion;
use crate::gather::found::WORKSPACE;
use crate::model::module::Module;
use crate::model::warning::{Warning, WarningCode};
use crate::sources::files::read;
use crate::sources::patch::{Edit, NotReplaceable, unified_diff};
use crate::sources::{ImagesOfText, find};
use crate::text::counted;

/// Why a place is left out at which another text is by now.
const FILE_CHANGED: &str = "the file has changed since it was read";

/// A unified diff of the suggestions, sorted by file, and warnings about those that it leaves out.
pub(crate) fn patch(suggestions: &[Suggestion]) -> (String, Vec<Warning>) {
    let mut changed: Vec<(&str, String, Vec<Edit>)> = Vec::new();
    let mut warnings = Vec::new();
    for of_file in suggestions.chunk_by(|one, other| one.location.file == other.location.file) {
        let Some(first) = of_file.first() else {
            continue;
        };
        let path = first.location.file.as_str();
        match read(Path::new(WORKSPACE), path) {
            Ok(text) => {
                let found = find(&text);
                let mut edits = Vec::new();
                let mut running = 0_usize;
                for suggestion in of_file {
                    match edit(suggestion, &text, &found) {
                        Some(Ok(edit)) => edits.push(edit),
                        Some(Err(NotReplaceable::Running)) => running = running.saturating_add(1),
                        Some(Err(why)) => warnings.push(left_out(suggestion, &why.to_string())),
                        None => warnings.push(left_out(suggestion, FILE_CHANGED)),
                    }
                }
                warnings.extend(of_cluster(path, running));
                changed.push((path, text, edits));
            }
            Err(why) => {
                let is_there = Path::new(WORKSPACE).join(path).exists();
                let why = if is_there {
                    why
                } else {
                    "the workspace has no such file".to_owned()
                };
                let all = of_file.iter();
                warnings.extend(all.map(|suggestion| left_out(suggestion, &why)));
            }
        }
    }
    let files: Vec<(&str, &str, &[Edit])> = changed
        .iter()
        .map(|(path, text, edits)| (*path, text.as_str(), edits.as_slice()))
        .collect();
    (unified_diff(&files), warnings)
}

/// That so many images of a file are left out, because a cluster wrote it.
fn of_cluster(path: &str, count: usize) -> Option<Warning> {
    let images = counted(count, "image", "images");
    (count > 0).then(|| {
        Warning::general(
            WarningCode::PatchLeftOut,
            format!("the patch does not move {images} of {path}, which is the state of a cluster, not a manifest"),
        )
    })
}

/// The edit of a place; `None` if another text is there by now.
fn edit(
    suggestion: &Suggestion,
    text: &str,
    found: &ImagesOfText,
) -> Option<Result<Edit, NotReplaceable>> {
    let at = &suggestion.location;
    let image = found.images.iter().find(|image| {
        (image.position.line, image.position.column) == (at.line, at.column)
            && image.image == suggestion.from
    })?;
    Some(image.replace(text, &suggestion.to))
}

fn left_out(suggestion: &Suggestion, why: &str) -> Warning {
    let (from, to) = (&suggestion.from, &suggestion.to);
    Warning {
        module: Some(Module::File),
        field: Some(suggestion.location.to_string()),
        ..Warning::general(
            WarningCode::PatchLeftOut,
            format!("the patch does not move {from} to {to}: {why}"),
        )
    }
}
