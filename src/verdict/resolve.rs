//! Versions behind floating tags and digests, found by another tag with an equal digest.

use std::cmp::Reverse;

use crate::model::facts::Repository;
use crate::model::image::ImageRef;
use crate::model::tag::{Tag, Variant};

/// The version that an image stands for: its tag's, or that of a tag with an equal digest in one of `lists`.
/// `own` is the list of the repository that the image names. Of several such tags the
/// preferred variant wins, then the one with the fewest words, then the newest; of a partial list
/// the oldest, so that a tag that is copied later never makes a verdict milder.
pub(crate) fn version_of<'a>(
    image: &'a ImageRef,
    own: Option<&'a Repository>,
    lists: [Option<&'a Repository>; 2],
    preferred: Option<Variant<'_>>,
) -> Option<Tag<'a>> {
    if let Some(tag) = image.tag().and_then(Tag::parse) {
        return Some(tag);
    }
    let listed = || own?.tags.get(image.pulled_tag()?)?.digest.as_deref();
    let digest = image.digest().or_else(listed)?;
    let found = |is_complete: bool| {
        let lists = lists.into_iter().flatten();
        lists
            .filter(move |list| list.is_complete() == is_complete)
            .flat_map(|list| list.tags.iter())
            .filter(move |entry| entry.digest.as_deref() == Some(digest))
            .filter_map(|entry| Tag::parse(&entry.name))
    };
    let fitness = |tag: &Tag<'_>| {
        let Variant { prefix, suffix } = tag.variant();
        let words = prefix.len().saturating_add(suffix.len());
        (Some(tag.variant()) == preferred, Reverse(words))
    };
    let newest = found(true).max_by_key(|tag| (fitness(tag), *tag));
    newest.or_else(|| found(false).max_by_key(|tag| (fitness(tag), Reverse(*tag))))
}
