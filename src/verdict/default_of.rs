//! The default of an image that no field has: that of the same image among those read, else the
//! newest published tag stands in for it.

use super::comparison::version_of;
use super::selection::selected;
use crate::model::facts::Facts;
use crate::model::image::ImageRef;
use crate::model::policy::{Identity, SameAs};
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
/// only for a date-like image. With it, whether newer ones may exist, because the list is partial.
pub(super) fn newest_of(
    facts: &Facts,
    image: &ImageRef,
    same_as: &SameAs,
) -> Option<(ImageRef, bool)> {
    let at_publisher = same_as.published(image);
    let publisher = at_publisher.as_ref().unwrap_or(image);
    let upstream = facts.upstream_of(publisher).filter(|list| list.has_tags());
    let pulled = facts.repository_of(image);
    let list = upstream.or(pulled)?;
    let own = version_of(image, pulled.or(Some(list)))?;
    let count = own.numbers().count();
    let newest = list
        .tags
        .iter()
        .filter_map(|entry| Tag::parse(&entry.name))
        .filter(|tag| {
            tag.variant() == own.variant()
                && (own.is_date_like() || !tag.is_date_like())
                && tag.numbers().count() == count
        })
        .max()?;
    let newest = publisher.with_tag(newest.as_str()).ok()?;
    Some((newest, !list.is_complete()))
}
