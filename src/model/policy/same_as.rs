//! Which repositories of a mirror hold which of the publisher's.

use super::pattern::Pattern;
use crate::model::image::{ImageRef, canonical_registry};

/// Repositories of a mirror and the publisher's that they hold, the setting `same_as`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SameAs(Vec<(Pattern, String)>);

impl SameAs {
    /// Patterns of `registry/path`, and what each stands for; the `*` of the one becomes the `*` of the other.
    pub fn new(pairs: impl IntoIterator<Item = (Pattern, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The publisher's repository of an image that a pattern covers, the longest pattern first.
    pub fn publisher_of(&self, image: &ImageRef) -> Option<String> {
        let name = image.without_tag().to_string();
        let covering = self.0.iter().filter(|(pattern, _)| pattern.matches(&name));
        let (pattern, publisher) = covering.max_by_key(|(pattern, _)| pattern.as_str().len())?;
        let covered = pattern
            .as_str()
            .split_once('*')
            .and_then(|(before, after)| name.strip_prefix(before)?.strip_suffix(after));
        Some(match covered {
            Some(covered) => publisher.replacen('*', covered, 1),
            None => publisher.clone(),
        })
    }

    /// The registries that the patterns and what they stand for name, canonical.
    pub fn hosts(&self) -> impl Iterator<Item = String> {
        let texts = self.0.iter();
        let texts = texts.flat_map(|(pattern, publisher)| [pattern.as_str(), publisher]);
        texts.filter_map(|text| {
            let (host, _) = text.split_once('/')?;
            let image = ImageRef::parse(&format!("{host}/x")).ok()?;
            image.registry().map(canonical_registry)
        })
    }

    /// The repository, at or below `base` (a host with a path), that stands for the publisher's
    /// image; of several the one whose publisher's pattern is longest.
    pub fn mirrored(&self, image: &ImageRef, base: &str) -> Option<String> {
        let name = image.without_tag().to_string();
        let below = |pattern: &Pattern| {
            let rest = pattern.as_str().strip_prefix(base);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let covering = self.0.iter().filter_map(|(pattern, publisher)| {
            let covered = match publisher.split_once('*') {
                Some((before, after)) => name.strip_prefix(before)?.strip_suffix(after)?,
                None if *publisher == name => "",
                None => return None,
            };
            below(pattern).then(|| (publisher.len(), pattern.as_str().replacen('*', covered, 1)))
        });
        let (_, mirrored) = covering.max_by_key(|(length, _)| *length)?;
        Some(mirrored)
    }

    /// The image under the publisher's name, if a pattern covers it.
    pub fn published(&self, image: &ImageRef) -> Option<ImageRef> {
        let publisher = self.publisher_of(image)?;
        let text = image.to_string();
        let version = text.strip_prefix(&image.without_tag().to_string())?;
        ImageRef::parse(&format!("{publisher}{version}")).ok()
    }

    /// Whether an image in use is the default's.
    pub fn identity(&self, image: &ImageRef, default: &ImageRef) -> Identity {
        match self.published(image) {
            Some(image) if image.is_image_of(default) => Identity::Same,
            Some(_) => Identity::Other,
            None if image.is_image_of(default) => Identity::Same,
            None if image.may_mirror(default) => Identity::Assumed,
            None => Identity::Other,
        }
    }
}

/// Whether an image in use is the default's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// By its path, or by `same_as`.
    Same,
    /// It is in a registry of the account's own, and only the last part of its path says so.
    Assumed,
    /// Another image.
    Other,
}
