//! The login of the registry, and whether a mirror is named for something.

use crate::model::facts::Notice;
use crate::model::warning::WarningCode;
use crate::settings::problems::Problems;
use crate::settings::table::{Raw, Values};
use crate::settings::values::{Action, RegistryLogin, RegistrySetting};

/// Notes that `mirror_to` is set for nothing: only `action: list` uses it, and only where a registry
/// says what the mirror is to hold.
pub(super) fn check_mirror(raw: &Raw, values: &Values, action: &Action, problems: &mut Problems) {
    let is_unused = raw.mirror_to.is_some() && *action != Action::List;
    if raw.mirror_to.is_some() && !is_unused && values.registry == Some(RegistrySetting::Off) {
        let text = "needs a registry that says what is to be copied, but `registry` is `off`";
        problems.add("mirror_to", text);
    }
    // A misspelled action may have been meant as `list`.
    if is_unused && !problems.concern("action") {
        problems.hints.push(Notice {
            code: WarningCode::MirrorUnused,
            message: format!(
                "`mirror_to` is set, but `action` is `{}`, so no copy is planned; set `action: list`",
                action.as_str()
            ),
        });
    }
}

/// User and password, which go together.
pub(super) fn login(
    raw: &Raw,
    values: &mut Values,
    problems: &mut Problems,
) -> Option<RegistryLogin> {
    match (&raw.registry_username, &raw.registry_password) {
        (None, None) | (Some(_), Some(_)) => {}
        (Some(_), None) => {
            let text = "missing, but `registry_username` is set; they go together";
            problems.add("registry_password", text);
        }
        (None, Some(_)) => {
            let text = "missing, but `registry_password` is set; they go together";
            problems.add("registry_username", text);
        }
    }
    let login = values.registry_username.take();
    let login = login.zip(values.registry_password.take());
    login.map(|(username, password)| RegistryLogin { username, password })
}
