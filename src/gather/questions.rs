//! Which images registries are asked about, and how much must be known about each.

use std::collections::BTreeSet;

use crate::change::Target;
use crate::model::facts::{Facts, upstream_image};
use crate::model::image::ImageRef;
use crate::model::policy::{Identity, Pattern, Policy};
use crate::model::row::Source;
use crate::model::tag::Tag;
use crate::registry::{Extent, Question};
use crate::settings::{Action, Pin, Settings};
use crate::verdict::{InUse, names};

/// The same questions about the images that `upstream` publishes under the defaults' names, or
/// under their own where there is no default.
pub(super) fn at_upstream<'q>(
    questions: &[Question<'q>],
    settings: &Settings,
    upstream: &str,
) -> Vec<(ImageRef, Question<'q>)> {
    let mut published = Vec::new();
    for question in questions {
        let at_publisher = settings.same_as.published(question.image);
        let image = match question.default {
            Some(default) if question.is_same => default,
            Some(_) => continue,
            None => at_publisher.as_ref().unwrap_or(question.image),
        };
        if let Some(image) = upstream_image(image, upstream) {
            published.push((
                image,
                Question {
                    default: None,
                    ..*question
                },
            ));
        }
    }
    published
}

/// What must be known about an image in use, under each of its names. Of a default that is in use only
/// its presence matters, unless it floats.
pub(super) fn questions<'a>(
    image: &'a InUse<'_>,
    settings: &Settings,
    policy: &Policy,
) -> Vec<Question<'a>> {
    let names = image.names();
    names
        .map(|name| question(image, name, settings, policy))
        .collect()
}

fn question<'a>(
    image: &'a InUse<'_>,
    used: &'a ImageRef,
    settings: &Settings,
    policy: &Policy,
) -> Question<'a> {
    let name = image.default().unwrap_or(used).name();
    let is_version = used.tag().is_some_and(|tag| Tag::parse(tag).is_some());
    let counts_releases = matches!(settings.action, Action::List | Action::Pin(_));
    let extent = if counts_releases {
        Extent::Window
    } else if image.source == Source::Default && is_version {
        Extent::Presence
    } else {
        Extent::Verdict
    };
    Question {
        image: used,
        default: image.default(),
        is_same: image
            .default()
            .is_some_and(|default| policy.same_as.identity(used, default) != Identity::Other),
        releases: match policy.supported_releases.get(name) {
            0 => 0,
            size => size.max(releases_needed(settings)),
        },
        unit: policy.release_unit.get(name),
        extent,
    }
}

pub(super) fn of_target<'a>(image: &'a ImageRef, policy: &Policy) -> Question<'a> {
    Question {
        image,
        default: None,
        is_same: false,
        releases: policy.supported_releases.get(image.name()),
        unit: policy.release_unit.get(image.name()),
        extent: Extent::Presence,
    }
}

/// Images that `pin` or the backup bring into use, as far as they are known before releases are.
pub(super) fn targets(
    used: &[InUse<'_>],
    settings: &Settings,
    backup: Option<&Facts>,
) -> BTreeSet<ImageRef> {
    match &settings.action {
        Action::Pin(Pin::Fields(values)) => values
            .iter()
            .flat_map(|(field, value)| pinned(used, &Pattern::new(field.as_str()), value))
            .collect(),
        Action::Restore => backup
            .into_iter()
            .flat_map(|backup| &backup.configs)
            .flat_map(|config| config.overrides.values())
            .filter_map(|value| ImageRef::parse(value.as_text()?).ok())
            .collect(),
        Action::Check
        | Action::List
        | Action::Pin(Pin::All(_))
        | Action::Reset(_)
        | Action::Clear => BTreeSet::new(),
    }
}

/// What one value of `pin` brings into use: the image, or the tag in the repository of each field.
fn pinned(used: &[InUse<'_>], field: &Pattern, value: &str) -> Vec<ImageRef> {
    match Target::parse(value) {
        Ok(Target::Image(image)) => vec![image],
        Ok(Target::Tag(tag)) => used
            .iter()
            .filter(|image| names(field, image.module, image.infra, &image.field))
            .filter_map(|image| image.image().or(image.default())?.with_tag(&tag).ok())
            .collect(),
        Ok(Target::Latest(_)) | Err(_) => Vec::new(),
    }
}

/// How many releases must be known, so that `latest-N` can be counted back.
fn releases_needed(settings: &Settings) -> u32 {
    let back = |value: &str| match Target::parse(value) {
        Ok(Target::Latest(back)) => u32::try_from(back).unwrap_or(u32::MAX).saturating_add(1),
        Ok(Target::Image(_) | Target::Tag(_)) | Err(_) => 0,
    };
    match &settings.action {
        Action::Pin(Pin::All(value)) => back(value),
        Action::Pin(Pin::Fields(values)) => values
            .values()
            .map(|value| back(value))
            .max()
            .unwrap_or_default(),
        Action::Check | Action::List | Action::Reset(_) | Action::Clear | Action::Restore => 0,
    }
}
