//! Which repository of a mirror holds which of the publisher's.

use std::fmt;

use crate::model::facts::{Facts, Repository, places};
use crate::model::image::ImageRef;
use crate::model::policy::SameAs;

/// A repository by its canonical host, with port, and its full path there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) registry: String,
    pub(super) repository: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)
    }
}

impl Address {
    fn new((registry, repository): (String, String)) -> Self {
        Self {
            registry,
            repository,
        }
    }

    fn of(list: &Repository) -> Self {
        Self::new((list.registry.clone(), list.repository.clone()))
    }

    /// Whether a list is that of the repository.
    pub(super) fn is_of(&self, list: &Repository) -> bool {
        list.registry == self.registry && list.repository == self.repository
    }

    /// The list of the repository among others.
    pub(super) fn list<'l>(&self, lists: &'l [Repository]) -> Option<&'l Repository> {
        lists.iter().find(|list| self.is_of(list))
    }

    /// Host and path written behind one another.
    fn parse(text: &str) -> Option<Self> {
        let (registry, repository) = text.split_once('/')?;
        Some(Self::new((registry.to_owned(), repository.to_owned())))
    }
}

/// The image under the publisher's name: as `same_as` maps it, else without the mirror's address
/// before it, else as its default is named if only the registry differs.
pub(super) fn published(
    image: &ImageRef,
    default: Option<&ImageRef>,
    same_as: &SameAs,
    mirror: &str,
) -> ImageRef {
    if let Some(published) = same_as.published(image) {
        return published;
    }
    let text = image.to_string();
    let below = text
        .strip_prefix(mirror)
        .and_then(|rest| rest.strip_prefix('/'));
    if let Some(Ok(inner)) = below.map(ImageRef::parse) {
        return inner;
    }
    let is_elsewhere = image.registry().is_some();
    let default = default.filter(|default| is_elsewhere && image.is_image_of(default));
    let version = text.strip_prefix(&image.without_tag().to_string());
    match (default, version) {
        (Some(default), Some(version)) => {
            ImageRef::parse(&format!("{}{version}", default.without_tag()))
                .unwrap_or_else(|_| image.clone())
        }
        _ => image.clone(),
    }
}

/// Where an image is copied from: where its tags were read.
pub(super) fn source(image: &ImageRef, facts: &Facts) -> Option<Address> {
    if image.registry().is_none() {
        let upstream = facts.upstream_of(image).filter(|list| list.has_tags());
        if let Some(list) = upstream.or_else(|| facts.repository_of(image)) {
            return Some(Address::of(list));
        }
    }
    let base = facts.upstream.as_deref().or(facts.registry.as_deref());
    places(image, base).into_iter().next().map(Address::new)
}

/// Where the mirror holds an image: as `same_as` maps it, read backwards, else by
/// `namespace/name` below the mirror's path.
pub(super) fn target(image: &ImageRef, same_as: &SameAs, mirror: &str) -> Option<Address> {
    let mapped = same_as.mirrored(image, mirror);
    Address::parse(&mapped.unwrap_or_else(|| format!("{mirror}/{}", image.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::policy::Pattern;

    #[test]
    fn names_are_mapped_both_ways() {
        let same_as = SameAs::new(
            [
                ("r.corp/m/ci/*", "harness/*"),
                ("r.corp/m/one", "plugins/one"),
                ("other.corp/x/*", "plugins/*"),
            ]
            .map(|(pattern, publisher)| (Pattern::new(pattern), publisher.to_owned())),
        );
        // An image in use, its default, the image at the publisher, the repository at the mirror.
        let cases = [
            ("harness/a:1.0", None, "harness/a:1.0", "r.corp/m/ci/a"),
            ("r.corp/m/ci/a:1.0", None, "harness/a:1.0", "r.corp/m/ci/a"),
            (
                "r.corp/m/plugins/b:1.0",
                None,
                "plugins/b:1.0",
                "r.corp/m/plugins/b",
            ),
            ("plugins/one:1", None, "plugins/one:1", "r.corp/m/one"),
            ("plugins/b:1", None, "plugins/b:1", "r.corp/m/plugins/b"),
            (
                "other.corp/x/b:2",
                None,
                "plugins/b:2",
                "r.corp/m/plugins/b",
            ),
            (
                "gar.corp/p/plugins/c:1",
                Some("plugins/c:2"),
                "plugins/c:1",
                "r.corp/m/plugins/c",
            ),
            (
                "gar.corp/p/own/c:1",
                Some("plugins/c:2"),
                "gar.corp/p/own/c:1",
                "r.corp/m/own/c",
            ),
            ("alpine:3", None, "alpine:3", "r.corp/m/alpine"),
        ];
        for (text, default, expected, held) in cases {
            let image = ImageRef::parse(text).unwrap();
            let default = default.map(|default| ImageRef::parse(default).unwrap());
            let published = published(&image, default.as_ref(), &same_as, "r.corp/m");
            assert_eq!(published.to_string(), expected, "{text}");
            let target = target(&published, &same_as, "r.corp/m").unwrap();
            assert_eq!(target.to_string(), held, "{text}");
        }
    }
}
