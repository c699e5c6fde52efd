//! The login of the registry, and whether a mirror is named for something.

use crate::model::warning::WarningCode;
use crate::settings::problems::Problems;
use crate::settings::table::{Raw, Values};
use crate::settings::values::{Action, RegistryLogin, RegistrySetting};

/// Notes that `mirror_to` is set for nothing: only `action: list` uses it, and only where a registry
/// says what the mirror is to hold.
pub(super) fn check_mirror(raw: &Raw, values: &Values, action: &Action, problems: &mut Problems) {
    if raw.mirror_to.is_none() {
        return;
    }
    if *action == Action::List {
        if values.registry == Some(RegistrySetting::Off) {
            let text = "needs a registry that says what is to be copied, but `registry` is `off`";
            problems.add("mirror_to", text);
        }
    // A misspelled action may have been meant as `list`.
    } else if !problems.concern("action") {
        let message = format!(
            "`mirror_to` is set, but `action` is `{}`, so no copy is planned; set `action: list`",
            action.as_str()
        );
        problems.hint(WarningCode::MirrorUnused, message);
    }
}

/// User and password, which go together.
pub(super) fn login(
    raw: &Raw,
    values: &mut Values,
    problems: &mut Problems,
) -> Option<RegistryLogin> {
    let (username, password) = ("registry_username", "registry_password");
    let (one, missing) = match (&raw.registry_username, &raw.registry_password) {
        (Some(_), None) => (username, password),
        (None, Some(_)) => (password, username),
        (None, None) | (Some(_), Some(_)) => {
            return Some(RegistryLogin {
                username: values.registry_username.take()?,
                password: values.registry_password.take()?,
            });
        }
    };
    problems.add(
        missing,
        format!("missing, but `{one}` is set; they go together"),
    );
    None
}
