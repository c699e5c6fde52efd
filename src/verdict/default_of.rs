//! The default of an image that no field has: that of the same image among those read, else the
//! newest published tag stands in for it.

use super::resolve;
use super::selection::selected;
use crate::model::facts::{Facts, Repository};
use crate::model::image::ImageRef;
use crate::model::policy::Identity;
use crate::model::tag::Tag;
use crate::settings::Settings;

/// The default of the same image among those read: of the same variant if there is one, then
/// the newest version.
pub(super) fn default_of(
    facts: &Facts,
    settings: &Settings,
    image: &ImageRef,
    is_same: impl Fn(&ImageRef) -> bool,
) -> Option<ImageRef> {
    let tag = image.tag().and_then(Tag::parse);
    selected(facts, settings)
        .into_iter()
        .flat_map(|config| config.default.values())
        .filter_map(|value| ImageRef::parse(value.as_text()?).ok())
        .filter(|default| is_same(default))
        .max_by(|one, other| {
            let rank = |default: &ImageRef| {
                let version = default.tag().and_then(Tag::parse);
                let same_text = default.tag() == image.tag();
                (
                    settings.same_as.identity(image, default) == Identity::Same,
                    version.map(|version| version.variant()) == tag.map(|tag| tag.variant()),
                    same_text,
                    version.is_some(),
                )
            };
            let version = |default: &'_ ImageRef| {
                default
                    .tag()
                    .and_then(Tag::parse)
                    .map(|tag| tag.as_str().to_owned())
            };
            rank(one).cmp(&rank(other)).then_with(|| {
                let (one, other) = (version(one), version(other));
                one.as_deref()
                    .and_then(Tag::parse)
                    .cmp(&other.as_deref().and_then(Tag::parse))
            })
        })
}

/// The newest published tag of the image's variant with as many numbers; date-like ones count
/// only for a date-like image. Publishers' lists come before any other. With it, whether newer ones may exist,
/// because the list is partial.
///
/// `published` is the publisher's name for the image, where it differs from the name under which it is asked for.
pub(super) fn newest_of(
    facts: &Facts,
    asked: &ImageRef,
    published: Option<&ImageRef>,
) -> Option<(ImageRef, bool)> {
    let name = published.unwrap_or(asked);
    let names: Vec<ImageRef> = [name.clone()].into_iter().chain(name.bundled()).collect();
    let complete: Vec<_> = names
        .iter()
        .filter_map(|name| Some((name, facts.complete_list_of(name)?)))
        .collect();
    let pulled = facts.repository_of(asked);
    let partial: Vec<_> = names
        .iter()
        .flat_map(|name| {
            [
                (name, facts.upstream_of(name)),
                (name, facts.repository_of(name)),
            ]
        })
        .chain([(name, pulled)])
        .filter_map(|(name, list)| Some((name, list?)))
        .collect();
    let newest = |lists: &[(&ImageRef, &Repository)]| {
        let newest = lists
            .iter()
            .filter_map(|(name, list)| Some((newest_in(list, asked, pulled)?, *name)));
        let (tag, name) = newest.max_by_key(|(tag, _)| *tag)?;
        name.with_tag(tag.as_str()).ok()
    };
    let of_publisher = newest(&complete).map(|newest| (newest, false));
    of_publisher.or_else(|| Some((newest(&partial)?, true)))
}

fn newest_in<'a>(
    list: &'a Repository,
    image: &ImageRef,
    pulled: Option<&Repository>,
) -> Option<Tag<'a>> {
    let own = resolve::version_of(image, pulled.or(Some(list)), [pulled, Some(list)], None)?;
    let count = own.numbers().count();
    let tags = list.tags.iter().filter_map(|entry| Tag::parse(&entry.name));
    let comparable = tags.filter(|tag| {
        tag.variant() == own.variant()
            && (own.is_date_like() || !tag.is_date_like())
            && tag.numbers().count() == count
    });
    comparable.max()
}

/// The names under which registries are asked for an image besides its own, to learn of its releases.
pub(super) fn further_names(asked: &ImageRef, published: Option<ImageRef>) -> Vec<ImageRef> {
    let bundled = published.as_ref().unwrap_or(asked).bundled();
    published.into_iter().chain(bundled).collect()
}
