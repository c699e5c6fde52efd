//! The codes of warnings: stable names, how much they weigh, and what to do about each.

use std::fmt;

/// How much a warning weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something may go wrong, or the answer is weaker than it could be.
    Warning,
    /// Good to know.
    Note,
}

impl Level {
    /// The level's name in SARIF and in the README.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A code explained.
#[derive(Debug, Clone, Copy)]
pub struct CodeHelp {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do, in one or two sentences.
    pub help: &'static str,
}

const fn warning(code: &'static str, meaning: &'static str, help: &'static str) -> CodeHelp {
    CodeHelp {
        code,
        level: Level::Warning,
        meaning,
        help,
    }
}

const fn note(code: &'static str, meaning: &'static str, help: &'static str) -> CodeHelp {
    CodeHelp {
        code,
        level: Level::Note,
        meaning,
        help,
    }
}

/// All codes, those about images first.
pub const CODES: &[CodeHelp] = &[
    warning(
        "missing-image",
        "The registry does not list the image in use, so builds will fail to pull it.",
        "Pin a tag that exists, or push the missing image to the registry.",
    ),
    note(
        "hotfix-available",
        "The image's own release has a newer hotfix.",
        "Pin the hotfix; it changes less than the next release does.",
    ),
    note(
        "variant-differs",
        "The override is another variant than the default, for example rootless.",
        "Make sure that this is meant; otherwise pin the default's variant.",
    ),
    note(
        "override-without-default",
        "A field is overridden for which Harness has no default.",
        "Reset the override if nothing uses the field any more.",
    ),
    note(
        "not-an-image",
        "A field's value is no image reference, so it was not judged.",
        "Nothing needs to be done if the field is not meant to hold an image.",
    ),
    warning(
        "no-images",
        "Nothing was judged: the chosen modules, infrastructures and fields hold no image.",
        "Look at the settings `modules`, `infra` and `fields`.",
    ),
    warning(
        "not-in-snapshot",
        "The snapshot does not hold a module or infrastructure that was asked for.",
        "Record the snapshot with the same `modules` and `infra`, or ask for less.",
    ),
    note(
        "account-differs",
        "The setting `account_id` names another account than the one that the key was made for.",
        "Correct `account_id`, or leave it out: the key tells the account.",
    ),
    warning(
        "unknown-field",
        "A setting names a field that none of the chosen modules has.",
        "Correct the field's name; the message says which names are close.",
    ),
    warning(
        "missing-repository",
        "The registry does not hold a repository that the tags to mirror belong to.",
        "Mirror the repository, or name the registry that holds it in the setting `registry`.",
    ),
    note(
        "ignore-unused",
        "An entry of `ignore` names no field that was judged.",
        "Remove the entry or correct its name.",
    ),
    warning(
        "ignore-expired",
        "An entry of `ignore` is past its date and no longer applies.",
        "Fix the cause, or renew the exception with a later date.",
    ),
    warning(
        "registry-unavailable",
        "A registry could not be asked, so verdicts rest on weaker evidence.",
        "Check that the registry can be reached from the step and that its credentials are right.",
    ),
    warning(
        "registry-gone",
        "The registry answers that it, or what it offered, is no longer there.",
        "Name another registry in the setting `registry`.",
    ),
    warning(
        "registry-by-hand",
        "The account's connector does not name a registry that the step can ask.",
        "Name the registry in the setting `registry`.",
    ),
    warning(
        "docker-config-unreadable",
        "The setting `docker_config` could not be used, so registries were read without it.",
        "Give the text of a `config.json`, or its path.",
    ),
    warning(
        "docker-config-helper",
        "The setting `docker_config` leaves a login to a credential helper, which cannot be run here.",
        "Give the login itself, as `auth` in `docker_config` or as `registry_username` and `registry_password`.",
    ),
    note(
        "mirror-assumed",
        "An image in a registry of one's own is taken for a copy of the default's, because its path ends with the same name.",
        "Say in `same_as` which repositories are copies.",
    ),
    warning(
        "pair-differs",
        "`ci-addon` and `ci-lite-engine` are more than two releases apart; each release works with the two before it.",
        "Pin or reset both together.",
    ),
    warning(
        "anonymous-pulls",
        "The account's connector pulls from Docker Hub without a login, which Docker Hub limits by address.",
        "Give the connector `account.harnessImage` a login, or a registry of your own.",
    ),
    note(
        "age-unknown",
        "The age of an image decides about its support, and when it was published is unknown.",
        "Give access to a registry that tells dates, or judge by releases alone with `supported_days: 0`.",
    ),
    note(
        "incomplete-list",
        "A registry's list of tags ended early, so a tag that is not in it may still exist.",
        "Run the step again; if that does not help, look at the registry or the proxy in front of it.",
    ),
    warning(
        "history-unreadable",
        "The file of the setting `history`, or part of it, could not be read or written.",
        "Check the path and its permissions; lines that are torn may be removed.",
    ),
    warning(
        "skip-verify",
        "Certificates were not verified; responses may have been tampered with.",
        "Give the certificate authority in `ca_cert` and remove `skip_verify`.",
    ),
    warning(
        "certificates-unreadable",
        "A file or folder of certificates that the environment names could not be read.",
        "Check the path and its permissions, or remove the variable.",
    ),
    note(
        "misspelt-setting",
        "A setting is unknown, but close to one that exists.",
        "Correct the name; the message says which setting is close.",
    ),
    note(
        "pin-unused",
        "`pin` is set, but the action is another one, so nothing is pinned.",
        "Set `action: pin`, or leave `pin` out.",
    ),
    warning(
        "changed-meanwhile",
        "Another user changed the overrides while the step was running.",
        "Look at the overrides, and let only one step change them at a time.",
    ),
    warning(
        "clear-takes-both",
        "Clearing the overrides of `ci` takes those of K8 and VM together.",
        "Use `reset` to remove the overrides of one infrastructure only.",
    ),
    warning(
        "forced",
        "A change was made that is refused without `force`.",
        "Make sure that builds still run, and remove `force` from the step.",
    ),
    warning(
        "pins-another-image",
        "`pin` sets a field to another image than the default's.",
        "Make sure that this is meant, and that the image does what the default does.",
    ),
    warning(
        "not-pinned",
        "A relative `pin` left an override out that has nothing to count back from.",
        "Name the field in `pin` with a whole image, or reset it.",
    ),
    warning(
        "not-in-backup",
        "The backup does not hold what `restore` was to bring back.",
        "Choose with `modules` and `infra` what the backup holds, or name another `backup`.",
    ),
    warning(
        "not-restored",
        "The backup holds overrides that `restore` did not bring back.",
        "Add their module to `modules` and their infrastructure to `infra`.",
    ),
];

/// The words for a code; `None` for a code that is not in the table.
pub fn help(code: &str) -> Option<&'static CodeHelp> {
    CODES.iter().find(|row| row.code == code)
}

/// The table of codes for the README.
pub fn markdown() -> String {
    let mut table = String::from("| code | level | meaning | what to do |\n|---|---|---|---|\n");
    for row in CODES {
        let CodeHelp {
            code,
            level,
            meaning,
            help,
        } = row;
        table.push_str(&format!("| `{code}` | {level} | {meaning} | {help} |\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_unique() {
        for (number, row) in CODES.iter().enumerate() {
            assert!(row.code.chars().all(|c| c == '-' || c.is_ascii_lowercase()));
            assert!(CODES[..number].iter().all(|other| other.code != row.code));
            assert_eq!(help(row.code).map(|found| found.meaning), Some(row.meaning));
        }
    }
}
