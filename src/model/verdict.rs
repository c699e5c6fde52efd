//! Verdicts and what they rest on. Everything that varies by verdict is a row of the one table here;
//! everything else reads it.

mod info;

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::location::Source;

pub use info::{
    AnnotationStyle, Attention, BySource, FAILURE, INFO, Severity, VerdictInfo, first_by_source,
    first_text,
};
use info::{SUCCESS, WARNING};

/// Makes the enum of verdicts from the rows of the table.
macro_rules! verdicts {
    ($($variant:ident { $($row:tt)+ })+) => {
        /// What is said about an image, worst first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the table says what each means")]
        pub enum Verdict { $($variant,)+ }

        const COUNT: usize = [$(stringify!($variant)),+].len();

        impl Verdict {
            /// All verdicts, worst first.
            pub const ALL: [Self; COUNT] = [$(Self::$variant),+];

            /// The verdict's row of the table.
            pub const fn info(self) -> &'static VerdictInfo {
                match self {
                    $(Self::$variant => const {
                        &VerdictInfo { $($row)+ }
                    },)+
                }
            }
        }
    };
}

verdicts! {
    Unsupported {
        name: "unsupported",
        sign: '✕',
        tone: "red",
        attention: Attention::Urgent,
        is_patched: true,
        severity: Severity::Error,
        annotation: WARNING,
        meaning: "The image is as many releases behind the default as the support window is wide, or more, or older than its publisher supports.",
        help: "Reset the override so that the default is in use again, or pin a release of the window.",
        next_step: &[
            (Some(Source::Override), "`action: reset` puts unsupported overrides back to the default; add `dry_run: true` to see the plan first."),
            (Some(Source::File), "A report that ends in `.patch` moves the unsupported images of files; `git apply` takes it over."),
            (None, "Use a supported tag wherever pipelines name the unsupported images."),
        ],
        advice: &[
            (Some(Source::Override), "reset it, or pin it to {target}"),
            (None, "move to {target}"),
        ],
    }
    Overdue {
        name: "overdue",
        sign: '!',
        tone: "orange",
        attention: Attention::Needed,
        is_patched: true,
        severity: Severity::Warning,
        annotation: WARNING,
        meaning: "The image is within the support window, but a newer version has been out for longer than the deploy window.",
        help: "Deploy a newer version: reset the override, or pin the newest release that you have tested.",
        next_step: &[
            (Some(Source::Override), "`action: pin` with `pin: latest` brings overrides up to date; add `dry_run: true` to see the plan first."),
            (Some(Source::File), "A report that ends in `.patch` moves the overdue images of files; `git apply` takes it over."),
            (None, "Use a newer tag wherever pipelines name the overdue images."),
        ],
        advice: &[(None, "deploy a newer release, up to {target}")],
    }
    Unverified {
        name: "unverified",
        sign: '?',
        tone: "yellow",
        attention: Attention::Needed,
        is_patched: false,
        severity: Severity::Warning,
        annotation: INFO,
        meaning: "There is not enough evidence to judge this image.",
        help: "Let the step read the registry's tags, or keep a history of defaults; then run it again.",
        next_step: &[(None, "Let the step read a registry (`registry`) or keep a `history`, so that every image can be judged.")],
        advice: &[(None, "check by hand, or give access to a registry or a history file")],
    }
    Custom {
        name: "custom",
        sign: '≠',
        tone: "violet",
        attention: Attention::Needed,
        is_patched: false,
        severity: Severity::Note,
        annotation: INFO,
        meaning: "The override names another image than the default does.",
        help: "Make sure that this image is kept up to date, or reset the override.",
        next_step: &[(None, "Check that your own images are kept up to date; `ignore` them with a date once that is settled.")],
        advice: &[
            (Some(Source::Override), "check by hand that it is maintained, or reset it"),
            (None, "check by hand that it is maintained"),
        ],
    }
    Floating {
        name: "floating",
        sign: '~',
        tone: "blue",
        attention: Attention::Needed,
        is_patched: false,
        severity: Severity::Note,
        annotation: INFO,
        meaning: "The tag is not a version, so what it stands for may change at any time.",
        help: "Pin a version, so that builds stay the same until you decide otherwise.",
        next_step: &[
            (Some(Source::Default), "Nothing needs to be done for defaults that float; a registry that lists digests shows which versions they are."),
            (None, "Pin a version where a tag is floating (`action: pin`)."),
        ],
        advice: &[(None, "pin a version, or give access to a registry that lists digests")],
    }
    Ahead {
        name: "ahead",
        sign: '↑',
        tone: "teal",
        attention: Attention::Mentioned,
        is_patched: false,
        severity: Severity::Note,
        annotation: INFO,
        meaning: "The image is newer than the default.",
        help: "Nothing needs to be done; reset the override once the default has caught up.",
        next_step: &[],
        advice: &[(None, "check that it was meant")],
    }
    Supported {
        name: "supported",
        sign: '✓',
        tone: "green",
        attention: Attention::None,
        is_patched: false,
        severity: Severity::None,
        annotation: SUCCESS,
        meaning: "The image is older than the default, but within the support window.",
        help: "Deploy the newer version before the date shown.",
        next_step: &[],
        advice: &[(None, "deploy {version} when it is scanned")],
    }
    Current {
        name: "current",
        sign: '=',
        tone: "moss",
        attention: Attention::None,
        is_patched: false,
        severity: Severity::None,
        annotation: SUCCESS,
        meaning: "The image is the default's version.",
        help: "Nothing needs to be done.",
        next_step: &[],
        advice: &[],
    }
    Ignored {
        name: "ignored",
        sign: '–',
        tone: "grey",
        attention: Attention::Excused,
        is_patched: false,
        severity: Severity::None,
        annotation: SUCCESS,
        meaning: "An entry of the setting `ignore` excuses the image for now; the verdict it would have had is kept.",
        help: "Look at the entry again before it runs out.",
        next_step: &[],
        advice: &[],
    }
}

impl Verdict {
    /// The verdict's name in settings, reports and outputs.
    pub fn as_str(self) -> &'static str {
        self.info().name
    }

    /// The verdict of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == name)
    }

    /// Whether support has ended.
    pub fn is_out_of_support(self) -> bool {
        self.info().attention == Attention::Urgent
    }

    /// Whether nothing needs to be done: what `fail_on: any` leaves out.
    pub fn is_good(self) -> bool {
        self.info().attention > Attention::Mentioned
    }

    /// The table of verdicts for the docs.
    pub fn markdown() -> String {
        let mut table = String::from("| verdict | meaning | what to do |\n|---|---|---|\n");
        for verdict in Self::ALL {
            let VerdictInfo { meaning, help, .. } = verdict.info();
            table.push_str(&format!("| `{verdict}` | {meaning} | {help} |\n"));
        }
        table
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// Tags that a registry lists.
    Registry,
    /// Defaults that earlier runs saw.
    History,
    /// The numbers of the versions alone.
    Numbering,
    /// Nothing.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_differ_and_are_complete() {
        for (number, verdict) in Verdict::ALL.iter().enumerate() {
            let info = verdict.info();
            assert_eq!(Verdict::from_name(info.name), Some(*verdict));
            for other in &Verdict::ALL[..number] {
                assert_ne!(other.info().name, info.name);
                assert_ne!(other.info().sign, info.sign);
            }
            assert!(
                !info.meaning.is_empty() && !info.help.is_empty(),
                "{verdict}"
            );
            let needs_a_step = info.attention <= Attention::Needed;
            assert_eq!(needs_a_step, !info.next_step.is_empty(), "{verdict}");
            // Where attention is needed, every source has a text that says what to do.
            for texts in [info.next_step, info.advice] {
                let is_for_all = texts.last().is_none_or(|(source, _)| source.is_none());
                assert!(is_for_all, "{verdict}");
            }
        }
        assert_eq!(Verdict::from_name("Unsupported"), None);
    }
}
