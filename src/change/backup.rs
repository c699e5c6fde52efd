//! The backup: the overrides before a change, as a snapshot.

use std::path::{Path, PathBuf};

use crate::files::write_whole;
use crate::model::facts;
use crate::model::facts::{Facts, SnapshotError};
use crate::settings::{Action, Settings};

/// Where the overrides are kept before a change. `restore` keeps the file it reads from.
pub fn backup_path(settings: &Settings) -> PathBuf {
    match settings.action {
        Action::Restore => beside(&settings.backup, "-before-restore"),
        Action::Check | Action::List | Action::Pin(_) | Action::Reset(_) | Action::Clear => {
            settings.backup.clone()
        }
    }
}

/// Writes the backup. A file that is there already is kept beside it, as `…-previous`, unless it
/// holds the same: a run that is repeated after a failure must not lose the state before it.
///
/// # Errors
/// [`SnapshotError`] if a file cannot be written.
pub fn back_up(facts: &Facts, path: &Path) -> Result<(), SnapshotError> {
    if path.is_file() && !facts::read(path).is_ok_and(|former| former.configs == facts.configs) {
        let former = std::fs::read(path)?;
        write_whole(&beside(path, "-previous"), &former)?;
    }
    facts::write(facts, path)
}

/// The same name with an addition before its ending.
fn beside(path: &Path, addition: &str) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(addition);
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
