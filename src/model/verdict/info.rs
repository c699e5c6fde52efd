//! What a row of the table of verdicts consists of.

use crate::model::location::Source;

/// Texts by source of the image: the first that fits is used; `None` fits every source.
pub type BySource = &'static [(Option<Source>, &'static str)];

/// The text for the images of one verdict, of which `is_present` says where they come from; empty if none is for them.
pub fn first_text(texts: BySource, is_present: impl Fn(Source) -> bool) -> &'static str {
    first_by_source(texts, is_present).map_or("", |(_, text)| text)
}

/// The same, with the source that it is for.
pub fn first_by_source(
    texts: BySource,
    is_present: impl Fn(Source) -> bool,
) -> Option<(Option<Source>, &'static str)> {
    let fits = |source: &Option<Source>| source.is_none_or(&is_present);
    texts.iter().find(|(source, _)| fits(source)).copied()
}

/// How much a verdict asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attention {
    /// Support has ended, so something must be done: the answer names the verdict, `reset` removes
    /// such overrides, and nothing is moved to such an image.
    Urgent,
    /// Something should be done.
    Needed,
    /// Nothing needs to be done, but the answer names the verdict, and `fail_on: any` includes it.
    Mentioned,
    /// All is well.
    None,
    /// The image is excused: it never fails a step, and counts neither as good nor as bad.
    Excused,
}

/// How much a result weighs in SARIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// `error`
    Error,
    /// `warning`
    Warning,
    /// `note`
    Note,
    /// `none`: not a result.
    None,
}

impl Severity {
    /// The level's name in SARIF.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::None => "none",
        }
    }
}

/// What an annotation of Harness looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnotationStyle {
    /// `error`, `warning`, `info` or `success`.
    pub name: &'static str,
    /// From 1, the lowest, to 10.
    pub priority: u8,
}

/// A step that has failed.
pub const FAILURE: AnnotationStyle = AnnotationStyle {
    name: "error",
    priority: 10,
};
pub(super) const WARNING: AnnotationStyle = AnnotationStyle {
    name: "warning",
    priority: 7,
};
/// Good to know.
pub const INFO: AnnotationStyle = AnnotationStyle {
    name: "info",
    priority: 4,
};
pub(super) const SUCCESS: AnnotationStyle = AnnotationStyle {
    name: "success",
    priority: 2,
};

/// Everything that varies by verdict.
#[derive(Debug, Clone, Copy)]
pub struct VerdictInfo {
    /// Its name in settings, reports and outputs.
    pub name: &'static str,
    /// One character that stands for it where colour alone would not do.
    pub sign: char,
    /// Its colour on the page, of those that the style sheet has as `tone-…`.
    pub tone: &'static str,
    /// Whether something needs to be done.
    pub attention: Attention,
    /// Whether a patch moves images of files that have it to a newer version.
    pub is_patched: bool,
    /// Its level in SARIF.
    pub severity: Severity,
    /// The annotation of a build whose worst verdict it is, unless the step fails.
    pub annotation: AnnotationStyle,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do, in one or two sentences.
    pub help: &'static str,
    /// What to do next where it is the worst verdict; empty if nothing.
    pub next_step: BySource,
    /// What to do about one image. `{target}` stands for the default, `{version}` for its version;
    /// where that is unknown, a text with `{version}` is left out.
    pub advice: BySource,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_that_fits_counts() {
        let texts: BySource = &[(Some(Source::Override), "reset"), (None, "move")];
        let only = |present: Source| move |source: Source| source == present;
        assert_eq!(first_text(texts, only(Source::Override)), "reset");
        assert_eq!(first_text(texts, only(Source::File)), "move");
        assert_eq!(first_text(&texts[..1], only(Source::File)), "");
    }
}
