//! Versions behind floating tags and digests: another tag with an equal digest tells.

use crate::model::facts::{Digest, Repository};
use crate::model::image::ImageRef;
use crate::model::tag::{Tag, Variant};

/// The version that an image stands for: its tag's, or that of a tag with an equal digest in one of `lists`.
/// `own` is the list of the repository that the image names. Of several such tags the
/// preferred variant wins, then the one with the fewest words, then the newest.
pub(crate) fn version_of<'a>(
    image: &'a ImageRef,
    own: Option<&'a Repository>,
    lists: [Option<&'a Repository>; 2],
    preferred: Option<Variant<'_>>,
) -> Option<Tag<'a>> {
    if let Some(tag) = image.tag().and_then(Tag::parse) {
        return Some(tag);
    }
    let listed = || own?.tags.get(image.pulled_tag()?)?.digest;
    let digest = image.digest().map(Digest::from).or_else(listed)?;
    lists
        .into_iter()
        .flatten()
        .flat_map(|list| list.tags.iter())
        .filter(|entry| entry.digest == Some(digest))
        .filter_map(|entry| Tag::parse(entry.name))
        .max_by_key(|tag| {
            let Variant { prefix, suffix } = tag.variant();
            let words = prefix.len().saturating_add(suffix.len());
            (
                Some(tag.variant()) == preferred,
                std::cmp::Reverse(words),
                *tag,
            )
        })
}
