//! What each verdict means and what to do about it, in words for people.

use crate::model::verdict::Verdict;

/// A verdict explained.
#[derive(Debug, Clone, Copy)]
pub struct VerdictHelp {
    /// The verdict.
    pub verdict: Verdict,
    /// One character that stands for it where colour alone would not do.
    pub sign: char,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do, in one or two sentences.
    pub help: &'static str,
}

/// All verdicts, worst first, in the order of [`Verdict::ALL`].
pub const VERDICTS: [VerdictHelp; 9] = [
    VerdictHelp {
        verdict: Verdict::Unsupported,
        sign: '✕',
        meaning: "The image is as many releases behind the default as the support window is wide, or more.",
        help: "Reset the override so that the default is in use again, or pin a release of the window.",
    },
    VerdictHelp {
        verdict: Verdict::Overdue,
        sign: '!',
        meaning: "The image is within the support window, but a newer version has been out for longer than the deploy window.",
        help: "Deploy a newer version: reset the override, or pin the newest release that you have tested.",
    },
    VerdictHelp {
        verdict: Verdict::Unverified,
        sign: '?',
        meaning: "There is not enough evidence to judge this image.",
        help: "Let the step read the registry's tags, or keep a history of defaults; then run it again.",
    },
    VerdictHelp {
        verdict: Verdict::Custom,
        sign: '≠',
        meaning: "The override names another image than the default does.",
        help: "Make sure that this image is kept up to date, or reset the override.",
    },
    VerdictHelp {
        verdict: Verdict::Floating,
        sign: '~',
        meaning: "The tag is not a version, so what it stands for may change at any time.",
        help: "Pin a version, so that builds stay the same until you decide otherwise.",
    },
    VerdictHelp {
        verdict: Verdict::Ahead,
        sign: '↑',
        meaning: "The image is newer than the default.",
        help: "Nothing needs to be done; reset the override once the default has caught up.",
    },
    VerdictHelp {
        verdict: Verdict::Supported,
        sign: '✓',
        meaning: "The image is older than the default, but within the support window.",
        help: "Deploy the newer version before the date shown.",
    },
    VerdictHelp {
        verdict: Verdict::Current,
        sign: '=',
        meaning: "The image is the default's version.",
        help: "Nothing needs to be done.",
    },
    VerdictHelp {
        verdict: Verdict::Ignored,
        sign: '–',
        meaning: "An entry of the setting `ignore` excuses the image for now; the verdict it would have had is kept.",
        help: "Look at the entry again before it runs out.",
    },
];

/// The words for a verdict.
pub fn help(verdict: Verdict) -> &'static VerdictHelp {
    let [
        unsupported,
        overdue,
        unverified,
        custom,
        floating,
        ahead,
        supported,
        current,
        ignored,
    ] = &VERDICTS;
    match verdict {
        Verdict::Unsupported => unsupported,
        Verdict::Overdue => overdue,
        Verdict::Unverified => unverified,
        Verdict::Custom => custom,
        Verdict::Floating => floating,
        Verdict::Ahead => ahead,
        Verdict::Supported => supported,
        Verdict::Current => current,
        Verdict::Ignored => ignored,
    }
}

/// The table of verdicts for the README.
pub fn markdown() -> String {
    let mut table = String::from("| verdict | meaning | what to do |\n|---|---|---|\n");
    for VerdictHelp {
        verdict,
        meaning,
        help,
        ..
    } in VERDICTS
    {
        table.push_str(&format!("| `{verdict}` | {meaning} | {help} |\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_explained_in_its_place() {
        for (verdict, row) in Verdict::ALL.into_iter().zip(VERDICTS) {
            assert_eq!(row.verdict, verdict);
            assert_eq!(help(verdict).verdict, verdict);
        }
    }
}
