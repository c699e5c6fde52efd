//! What is done: `action` with `pin`, `reset` and `dry_run`.

use crate::model::format::Requirement;
use crate::model::warning::WarningCode;
use crate::settings::problems::Problems;
use crate::settings::table::{Raw, Values};
use crate::settings::values::{Action, Pin, ReportFile, Reset};

/// Puts the action together. `pin` and `reset` are checked whatever the action, but used by theirs
/// only.
pub(super) fn action(raw: &Raw, values: &mut Values, problems: &mut Problems) -> Action {
    let is_for_patch = patch_releases_back(values).is_some();
    let pin = values.pin.take();
    let reset = values.reset.take().unwrap_or(Reset::Unsupported);
    let chosen = match values.action.take() {
        Some(Action::Reset(_)) => Some(Action::Reset(reset)),
        None if raw.action.is_none() => Some(Action::Check),
        chosen => chosen,
    };
    let action = match (chosen, pin) {
        (Some(Action::Pin(_)), Some(pin)) => Action::Pin(pin),
        (Some(action), Some(_)) => {
            if !is_for_patch {
                // As where `action: pin` was forgotten.
                let message = format!(
                    "`pin` is set, but `action` is `{}`, so nothing is pinned; set `action: pin`",
                    action.as_str()
                );
                problems.hint(WarningCode::PinUnused, message);
            }
            action
        }
        (Some(action), None) => action,
        // A misspelled action may have been meant as `pin`.
        (None, _) => Action::Check,
    };
    if matches!(action, Action::Pin(_)) && raw.pin.is_none() {
        let text = "missing, but `action` is `pin`; say which fields are set to what";
        problems.add("pin", text);
    }
    let writes = !matches!(action, Action::Check | Action::List);
    if writes && values.modules.as_ref().is_some_and(Vec::is_empty) {
        let text = format!(
            "`none`, but `action` is `{}`, which changes modules; name them",
            action.as_str()
        );
        problems.add("modules", text);
    }
    // A misspelled `dry_run` was meant to be set.
    let dry_run = values.dry_run == Some(true) || problems.concern("dry_run");
    if writes && raw.snapshot.is_some() && !dry_run {
        let text = "a snapshot cannot be changed; set `dry_run`, or leave `snapshot` out";
        problems.add("action", text);
    }
    action
}

/// What a relative `pin` says to a report `.patch`, if there is one; whatever the action.
pub(super) fn patch_releases_back(values: &Values) -> Option<usize> {
    let is_patch = |file: &ReportFile| file.format.requires == Requirement::Files;
    values
        .reports
        .as_ref()?
        .iter()
        .find(|file| is_patch(file))?;
    let Pin::All(relative) = values.pin.as_ref()? else {
        return None;
    };
    match relative.strip_prefix("latest-") {
        Some(back) => back.parse().ok(),
        None => Some(0),
    }
}
