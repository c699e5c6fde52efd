//! Suggested changes of images in files: which place moves to which image. What is suggested is
//! never sent anywhere; the report `.patch` shows it, for `git apply`.

use std::collections::BTreeSet;

use crate::model::facts::Repository;
use crate::model::image::ImageRef;
use crate::model::location::{FileLocation, Location};
use crate::model::policy::Policy;
use crate::model::row::{Row, Source};
use crate::model::warning::{Warning, WarningCode};
use crate::settings::Settings;
use crate::verdict::{InUse, is_missing, patch_target};

/// A new image for one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The place.
    pub location: FileLocation,
    /// The image as written.
    pub from: String,
    /// The image to write.
    pub to: String,
}

/// New images for every place of a file whose verdict is `unsupported` or `overdue` and that is not
/// ignored: the default's version in the image's own variant, or so many releases before it as `pin`
/// says. Where none is known that can be pulled, a warning says why.
pub fn suggest(
    used: &[InUse<'_>],
    settings: &Settings,
    policy: &Policy,
    rows: &[Row],
) -> (Vec<Suggestion>, Vec<Warning>) {
    let due: BTreeSet<&Location> = rows
        .iter()
        .filter(|row| row.source == Source::File && row.verdict.info().is_patched)
        .filter_map(|row| row.location.as_ref())
        .collect();
    let mut suggestions = Vec::new();
    let mut warnings = Vec::new();
    for image in used {
        let places: Vec<&FileLocation> = image
            .places
            .iter()
            .filter(|place| due.contains(&place.found.location))
            .filter_map(|place| match &place.found.location {
                Location::File(at) => Some(at),
                Location::Pipeline(_) => None,
            })
            .collect();
        if places.is_empty() {
            continue;
        }
        match newer(image, settings.patch_releases_back, policy) {
            Ok(to) => suggestions.extend(places.into_iter().map(|at| Suggestion {
                location: at.clone(),
                from: image.text.clone(),
                to: to.to_string(),
            })),
            Err(why) => {
                let message = format!("{} is left out of the patch: {why}", image.text);
                warnings.push(image.warning(WarningCode::PatchLeftOut, message));
            }
        }
    }
    suggestions.sort_by(|one, other| one.location.cmp(&other.location));
    (suggestions, warnings)
}

/// The image to write; the sentence says why there is none.
fn newer(image: &InUse<'_>, back: usize, policy: &Policy) -> Result<ImageRef, String> {
    let comparison = image
        .comparison()
        .ok_or("no newer version of it is known")?;
    let tag = patch_target(&comparison, policy, back).map_err(|error| error.to_string())?;
    let written = comparison.image;
    let by_tag = written.with_tag(&tag).map_err(|error| error.to_string())?;
    if is_missing(&by_tag, comparison.own) {
        return Err(format!("its registry does not hold {tag}"));
    }
    let digest = match written.digest() {
        Some(_) => Some(
            digest_of(comparison.own, &tag)
                .ok_or_else(|| format!("the digest of {tag} is not known"))?,
        ),
        None => None,
    };
    let is_tagged = written.tag().is_some() || digest.is_none();
    let mut text = written.without_tag().to_string();
    if is_tagged {
        text.push(':');
        text.push_str(&tag);
    }
    if let Some(digest) = digest {
        text.push('@');
        text.push_str(&digest);
    }
    ImageRef::parse(&text).map_err(|error| error.to_string())
}

fn digest_of(own: Option<&Repository>, tag: &str) -> Option<String> {
    let digest = own?.tags.get(tag)?.digest.as_ref()?;
    Some(digest.to_string())
}
