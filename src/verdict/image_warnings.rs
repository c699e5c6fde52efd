//! What is to be warned of about one image in use, besides its verdict.

use super::in_use::InUse;
use super::judgement::Judgement;
use crate::model::facts::{Coverage, Repository};
use crate::model::row::Source;
use crate::model::warning::{Warning, WarningCode};

/// An image as it is pulled: without tag and digest it is `latest`.
fn pulled(image: &InUse<'_>) -> String {
    let parsed = image.image.as_ref();
    let is_bare = parsed.is_some_and(|image| image.tag().is_none() && image.digest().is_none());
    let tag = if is_bare { ":latest" } else { "" };
    format!("{}{tag}", image.text)
}

/// Everything to warn of about one image in use.
pub(super) fn about(image: &InUse<'_>, judgement: &Judgement) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message| warnings.push(image.warning(code, message));
    let text = &image.text;
    let default = image.default_text.as_deref().unwrap_or_default();
    if image.source == Source::Override && image.default_text.is_none() {
        warn(
            WarningCode::OverrideWithoutDefault,
            "Harness has no default for this field: the override may be a leftover".to_owned(),
        );
    }
    if judgement.is_missing {
        warn(WarningCode::MissingImage, missing(image));
    }
    if let Some(hotfix) = &judgement.newest_hotfix
        && judgement.hotfix_is_newer
    {
        let message = format!("{hotfix} is a newer version of the same release as {text}");
        warn(WarningCode::HotfixAvailable, message);
    }
    if judgement.mirror_assumed {
        warn(
            WarningCode::MirrorAssumed,
            format!(
                "{text} is taken for a copy of {default}, because its path ends with the same name; say so in `same_as`"
            ),
        );
    }
    if judgement.age_unknown {
        let message = format!("when {text} was published is unknown, so its age was not judged");
        warn(WarningCode::AgeUnknown, message);
    }
    if judgement.variant_differs {
        let message = format!("{text} is of another variant than the default {default}");
        warn(WarningCode::VariantDiffers, message);
    }
    warnings
}

fn missing(image: &InUse<'_>) -> String {
    let place = image.own.map_or("", |own| own.registry.as_str());
    let is_empty = |own: &Repository| own.tags.is_empty() && own.coverage == Coverage::Complete;
    let emptiness = if image.own.is_some_and(is_empty) {
        "; the repository is there without a single tag, as in a mirror that was never filled"
    } else {
        ""
    };
    let pulled = pulled(image);
    format!("{pulled} does not exist at {place}: builds that pull it will fail{emptiness}")
}
