//! The one table of codes. A new code is a row here; everything else reads the table.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a warning weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something may go wrong, or the answer is weaker than it could be.
    Warning,
    /// Good to know.
    Note,
}

impl Level {
    /// The level's name in SARIF and in the docs.
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

/// Makes the enum of codes from rows of level, variant, name, meaning and help.
macro_rules! codes {
    ($($level:ident $variant:ident $name:literal: $meaning:literal, $help:literal;)+) => {
        /// What kind of thing a warning is about: a stable kebab-case code, listed in the docs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WarningCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl WarningCode {
            /// All codes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code's name in reports and snapshots.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How much it weighs.
            pub fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)+ }
            }

            /// What it means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// What to do, in one or two sentences.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)+ }
            }
        }
    };
}

// Those about images first.
codes! {
    Warning MissingImage "missing-image":
        "The registry does not list the image in use, so builds will fail to pull it.",
        "Pin a tag that exists, or push the missing image to the registry.";
    Note HotfixAvailable "hotfix-available":
        "The image's own release has a newer hotfix.",
        "Pin the hotfix; it changes less than the next release does.";
    Note VariantDiffers "variant-differs":
        "The override is another variant than the default, for example rootless.",
        "Make sure that this is meant; otherwise pin the default's variant.";
    Note OverrideWithoutDefault "override-without-default":
        "A field is overridden for which Harness has no default.",
        "Reset the override if nothing uses the field any more.";
    Note NotAnImage "not-an-image":
        "A field's value is no image reference, so it was not judged.",
        "Nothing needs to be done if the field is not meant to hold an image.";
    Warning NoImages "no-images":
        "Nothing was judged: what the settings select holds no image, or none of a repository that is judged.",
        "Look at the settings that the message names.";
    Warning NotInSnapshot "not-in-snapshot":
        "The snapshot does not hold a module or infrastructure that was asked for.",
        "Record the snapshot with the same `modules` and `infra`, or ask for less.";
    Note FilesOfSnapshot "files-of-snapshot":
        "The snapshot holds images of files, which were judged instead of those in the files of the workspace.",
        "Record the snapshot without `files` where the files of the workspace are to be judged.";
    Note UnknownWarning "unknown-warning":
        "The snapshot holds a warning of another version of the program, whose code this one does not know.",
        "Read the message, which names the code; nothing of it is lost.";
    Note AccountDiffers "account-differs":
        "The setting `account_id` names another account than the one that the key was made for.",
        "Correct `account_id`, or leave it out: the key names the account.";
    Warning UnknownField "unknown-field":
        "A setting names a field that none of the chosen modules has.",
        "Correct the field's name; the message says which names are close.";
    Warning MissingRepository "missing-repository":
        "The registry does not hold a repository that the tags to mirror belong to.",
        "Mirror the repository, or name the registry that holds it in the setting `registry`.";
    Note IgnoreUnused "ignore-unused":
        "An entry of `ignore` names no field that was judged.",
        "Remove the entry or correct its name.";
    Warning IgnoreExpired "ignore-expired":
        "An entry of `ignore` is past its date and no longer applies.",
        "Fix the cause, or renew the exception with a later date.";
    Warning CommentUseless "comment-useless":
        "A comment `# harness-images: …` in a file or pipeline has no effect.",
        "Write it on the line of the image, or alone on the line above it, and outside of scripts.";
    Warning RegistryUnavailable "registry-unavailable":
        "A registry could not be asked, so verdicts rest on weaker evidence.",
        "Check that the registry can be reached from the step and that its credentials are right.";
    Warning RegistryGone "registry-gone":
        "The registry answers that it, or what it offered, is no longer there.",
        "Name another registry in the setting `registry`.";
    Warning RegistryUnresolved "registry-unresolved":
        "The account's connector does not name a registry that the step can ask.",
        "Name the registry in the setting `registry`.";
    Warning LoginUnused "login-unused":
        "A login was not sent to a registry, or sent once and refused; the registry was asked without.",
        "Correct the login, or write the registry with its scheme in the setting `registry`.";
    Warning DockerConfigUnreadable "docker-config-unreadable":
        "The setting `docker_config` could not be used, so registries were read without it.",
        "Give the text of a `config.json`, or its path.";
    Warning DockerConfigHelper "docker-config-helper":
        "The setting `docker_config` leaves a login to a credential helper, which cannot be run here.",
        "Give the login itself, as `auth` in `docker_config` or as `registry_username` and `registry_password`.";
    Note MirrorAssumed "mirror-assumed":
        "An image in a registry of one's own is taken for a copy of the default's, because its path ends with the same name.",
        "Say in `same_as` which repositories are copies.";
    Warning PairDiffers "pair-differs":
        "`ci-addon` and `ci-lite-engine` are more than two releases apart; each release works with the two before it.",
        "Pin or reset both together.";
    Warning AnonymousPulls "anonymous-pulls":
        "The account's connector pulls from Docker Hub without a login, which Docker Hub limits by address.",
        "Give the connector `account.harnessImage` a login, or a registry of your own.";
    Note AgeUnknown "age-unknown":
        "The age of an image decides about its support, and when it was published is unknown.",
        "Give access to a registry that lists dates, or judge by releases alone with `supported_days: 0`.";
    Note IncompleteList "incomplete-list":
        "A registry's list of tags ended early, so a tag that is not in it may still exist.",
        "Run the step again; if that does not help, look at the registry or the proxy in front of it.";
    Note NotLiteral "not-literal":
        "Images are written as expressions, so what they stand for is known only when a pipeline runs; they are counted, not judged.",
        "Nothing needs to be done; write an image out in full where it is to be judged.";
    Note TagOnly "tag-only":
        "A step names only the tag of an image, and its type does not say of which repository; it was counted, not judged.",
        "Name the image in `images` where it is to be judged.";
    Warning MalformedImage "malformed-image":
        "Where an image belongs in a file or pipeline stands a text that is no image reference.",
        "Correct the references at the places that the message names.";
    Warning UnreadableFile "unreadable-file":
        "A file in which images were to be found, or a document of it, could not be read: it is no YAML or JSON, longer than 10 MiB, or nested too deep. Its other documents were judged.",
        "Correct the file at the line that the message names, or leave it out of the setting `files`.";
    Warning NoMatch "no-match":
        "An entry of `files` or `pipelines` matches nothing that the step may read.",
        "Correct the entry, or remove it.";
    Warning FilesIncomplete "files-incomplete":
        "A bound on the files of the workspace was reached, so not every image in them was judged.",
        "Name fewer files in the setting `files`; the message says which bound was reached.";
    Warning PipelinesIncomplete "pipelines-incomplete":
        "Not every pipeline could be read in time, so the images of some were not judged.",
        "Raise `timeout`, or name fewer pipelines in the setting `pipelines`.";
    Warning PipelineUnreadable "pipeline-unreadable":
        "A pipeline or template could not be read, so its images were not judged.",
        "Give the key the permissions *Pipelines: view* and *Templates: view*, or correct the pipeline that the message names.";
    Warning ProjectUnreadable "project-unreadable":
        "The key may not read a project, so the images of its pipelines were not judged.",
        "Give the key the permission *Pipelines: view* in the project, or leave the project out of `pipelines`.";
    Note PipelineCached "pipeline-cached":
        "A remote pipeline was read from Harness' cache, which may be older than its repository.",
        "Open the pipeline in Harness to refresh the cache if the message names an old copy.";
    Note NotSeen "not-seen":
        "With nothing but a key, parts of the account could not be seen.",
        "Give the key the permissions, or the step the settings, that the message names.";
    Note PatchLeftOut "patch-left-out":
        "An image could not be moved in the suggested patch, for example because the digest of its new tag is unknown.",
        "Change the image by hand; the message says why it was left out.";
    Warning HistoryUnreadable "history-unreadable":
        "The file of the setting `history`, or part of it, could not be read or written.",
        "Check the path and its permissions; lines that are torn may be removed.";
    Warning SkipVerify "skip-verify":
        "Certificates were not verified; responses may have been tampered with.",
        "Give the certificate authority in `ca_cert` and remove `skip_verify`.";
    Warning CertificatesUnreadable "certificates-unreadable":
        "A file or folder of certificates that the environment names could not be read.",
        "Check the path and its permissions, or remove the variable.";
    Note MisspelledSetting "misspelled-setting":
        "A setting is unknown, but close to one that exists.",
        "Correct the name; the message says which setting is close.";
    Note PinUnused "pin-unused":
        "`pin` is set, but the action is another one, so nothing is pinned.",
        "Set `action: pin`, or leave `pin` out.";
    Warning MirrorUnreadable "mirror-unreadable":
        "A repository at `mirror_to` could not be read, so it is not known what it lacks.",
        "Give a login that may read it in `docker_config`, or let the mirror answer.";
    Warning MirrorUncertain "mirror-uncertain":
        "Some images could not be compared with the mirror, or cannot be copied by digest.",
        "Look at the notes of the report's `mirror`; they name what was not said by which side.";
    Note MirrorUnused "mirror-unused":
        "`mirror_to` is set, but the action is another one, so no copy is planned.",
        "Set `action: list`, or leave `mirror_to` out.";
    Warning ChangedMeanwhile "changed-meanwhile":
        "Another user changed the overrides while the step was running.",
        "Look at the overrides, and let only one step change them at a time.";
    Warning ClearTakesBoth "clear-takes-both":
        "Clearing the overrides of `ci` takes those of K8 and VM together.",
        "Use `reset` to remove the overrides of one infrastructure only.";
    Warning Forced "forced":
        "A change was made that is refused without `force`.",
        "Make sure that builds still run, and remove `force` from the step.";
    Warning PinsAnotherImage "pins-another-image":
        "`pin` sets a field to another image than the default's.",
        "Make sure that this is meant, and that the image does what the default does.";
    Warning NotPinned "not-pinned":
        "A relative `pin` left an override out that has nothing to count back from.",
        "Name the field in `pin` with a whole image, or reset it.";
    Warning NotInBackup "not-in-backup":
        "The backup does not hold what `restore` was to bring back.",
        "Choose with `modules` and `infra` what the backup holds, or name another `backup`.";
    Warning NotRestored "not-restored":
        "The backup holds overrides that `restore` did not bring back.",
        "Add their module to `modules` and their infrastructure to `infra`.";
}

/// Names that a code had in earlier versions.
const FORMER_NAMES: [(&str, WarningCode); 2] = [
    ("misspelt-setting", WarningCode::MisspelledSetting),
    ("registry-by-hand", WarningCode::RegistryUnresolved),
];

impl WarningCode {
    /// The code of that name, present or former.
    pub fn from_name(name: &str) -> Option<Self> {
        let present = Self::ALL.iter().find(|code| code.as_str() == name).copied();
        let former = || FORMER_NAMES.iter().find(|(former, _)| *former == name);
        present.or_else(|| Some(former()?.1))
    }

    /// The table of codes for the docs.
    pub fn markdown() -> String {
        let mut table =
            String::from("| code | level | meaning | what to do |\n|---|---|---|---|\n");
        for code in Self::ALL {
            let (level, meaning, help) = (code.level(), code.meaning(), code.help());
            table.push_str(&format!("| `{code}` | {level} | {meaning} | {help} |\n"));
        }
        table
    }
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for WarningCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_unique() {
        for (number, code) in WarningCode::ALL.iter().enumerate() {
            let name = code.as_str();
            assert!(name.chars().all(|c| c == '-' || c.is_ascii_lowercase()));
            assert!(
                WarningCode::ALL[..number]
                    .iter()
                    .all(|other| other.as_str() != name)
            );
            assert_eq!(WarningCode::from_name(name), Some(*code));
            assert!(!code.meaning().is_empty() && !code.help().is_empty());
        }
        for (former, code) in FORMER_NAMES {
            assert_eq!(WarningCode::from_name(former), Some(code));
            assert!(WarningCode::ALL.iter().all(|code| code.as_str() != former));
        }
        assert_eq!(WarningCode::from_name("nonsense"), None);
    }
}
