//! An image in use with the evidence about it, and what follows from the two alone.

use jiff::civil::Date;

use super::dated::PastDefault;
use super::releases::Sources;
use super::resolve;
use crate::model::date::day;
use crate::model::facts::{Coverage, Repository};
use crate::model::image::ImageRef;
use crate::model::row::Source;
use crate::model::tag::{Tag, Variant};

/// An image in use, its default, and what is known about both.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// The image in use.
    pub image: &'a ImageRef,
    /// Harness' default, or what stands in for it.
    pub default: &'a ImageRef,
    /// What the registry said about the repository that the image itself names.
    pub own: Option<&'a Repository>,
    /// What the registry said about the default's repository.
    pub published: Option<&'a Repository>,
    /// Tags that were defaults of this image once, with the first day on which each was seen.
    pub history: &'a [(String, Date)],
    /// Whether `default` is only the newest tag of a partial list, so that newer ones may exist.
    pub default_is_bound: bool,
    /// Where the image in use comes from; only the advice depends on it.
    pub source: Source,
}

/// Image and default as versions.
#[derive(Clone, Copy)]
pub(super) struct Versions<'a> {
    pub(super) image: Tag<'a>,
    pub(super) default: Tag<'a>,
}

/// Which of the two has no version.
pub(super) enum Floats {
    Image,
    Default,
}

impl<'a> Comparison<'a> {
    /// Image and default as versions, resolved if they float.
    pub(super) fn versions(&self) -> Result<Versions<'a>, Floats> {
        let variant =
            |image: &'a ImageRef| image.tag().and_then(Tag::parse).map(|tag| tag.variant());
        let lists = [self.published, self.own];
        let image = resolve::version_of(self.image, self.own, lists, variant(self.default))
            .ok_or(Floats::Image)?;
        let default = self.resolved_default(Some(image.variant()));
        Ok(Versions {
            image,
            default: default.ok_or(Floats::Default)?,
        })
    }

    /// Where releases of the image are known from.
    pub(crate) fn sources(&self) -> Sources<'a> {
        let history = self.history.iter().filter_map(|(tag, first_seen)| {
            Some(PastDefault {
                tag: Tag::parse(tag)?,
                first_seen: *first_seen,
            })
        });
        // Most images are in use where they are published.
        let is_same =
            |own: &&Repository| self.published.is_some_and(|list| std::ptr::eq(list, *own));
        let own = self.own.filter(|own| !is_same(own));
        let lists = [self.published, own].into_iter().flatten();
        let (complete, partial) = lists
            .filter(|list| list.has_tags())
            .partition(|list| list.is_complete());
        Sources {
            complete,
            partial,
            history: history.collect(),
        }
    }

    /// The list of the default's repository, else the image's: where dates are asked for.
    pub fn list(&self) -> Option<&'a Repository> {
        let lists = [self.published, self.own].into_iter().flatten();
        lists.into_iter().find(|list| list.has_tags())
    }

    /// The default's version; if its tag floats, by the digest in a complete list: what a mirror
    /// keeps under a floating tag may be an old copy.
    fn resolved_default(&self, preferred: Option<Variant<'_>>) -> Option<Tag<'a>> {
        let complete = [self.published, self.own]
            .map(|list| list.filter(|list| list.has_tags() && list.is_complete()));
        let own = complete.into_iter().flatten().next();
        resolve::version_of(self.default, own, complete, preferred)
    }

    /// The default's version and variant, resolved if it floats.
    pub(crate) fn default_version(&self) -> Option<Tag<'a>> {
        self.resolved_default(Some(Variant {
            prefix: "",
            suffix: "",
        }))
    }

    /// Whether the repository that the image names is known to lack its tag, so that pulling fails.
    pub(crate) fn is_missing(&self) -> bool {
        is_missing(self.image, self.own)
    }

    /// When the image was published, by the list of its own repository.
    pub(super) fn published_on(&self) -> Option<Date> {
        let entry = self.own?.tags.get(self.image.pulled_tag()?)?;
        entry.published.map(day)
    }
}

/// Whether the registry says that an image cannot be pulled: it lacks the repository, the digest
/// by which the image is pulled, or else the tag.
pub fn is_missing(image: &ImageRef, own: Option<&Repository>) -> bool {
    let Some(own) = own else { return false };
    let is_absent = |name: &str| own.absent.iter().any(|absent| absent == name);
    match (&own.coverage, image.pulled_tag(), image.digest()) {
        (Coverage::Missing, ..) => true,
        (Coverage::Unavailable(_), ..) => false,
        (Coverage::Complete | Coverage::Newest | Coverage::Incomplete(_), _, Some(digest)) => {
            is_absent(digest)
        }
        (Coverage::Complete, Some(tag), None) => own.tags.get(tag).is_none(),
        (Coverage::Newest | Coverage::Incomplete(_), Some(tag), None) => is_absent(tag),
        (Coverage::Complete | Coverage::Newest | Coverage::Incomplete(_), None, None) => false,
    }
}

/// The version that an image stands for, by its tag or by a tag with an equal digest in the
/// list of its own repository.
pub fn version_of<'a>(image: &'a ImageRef, own: Option<&'a Repository>) -> Option<Tag<'a>> {
    resolve::version_of(image, own, [own, None], None)
}
