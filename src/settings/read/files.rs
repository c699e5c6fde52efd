//! Whether the files that settings name get along: with each other, and with what they are to hold.

use std::path::{Path, PathBuf};

use crate::model::format::Requirement;
use crate::settings::problems::Problems;
use crate::settings::sources::FilesSetting;
use crate::settings::table::Settings;
use crate::settings::values::Action;

/// Notes report files that would have nothing to hold.
pub(super) fn check_contents(settings: &Settings, problems: &mut Problems) {
    let mirrors = settings.action == Action::List && settings.mirror_to.is_some();
    for report in &settings.reports {
        let (is_met, expected, others) = match report.format.requires {
            Requirement::Nothing => continue,
            Requirement::Files => (settings.files != FilesSetting::Off, "`files`", ["files"; 2]),
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
