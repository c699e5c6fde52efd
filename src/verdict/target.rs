//! Which version takes the place of an image in a patch.

use super::comparison::Comparison;
use super::judge::judge;
use super::latest::{NoRelease, latest_of_variant};
use crate::model::policy::Policy;
use crate::model::tag::Tag;

/// Why no version takes an image's place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTarget {
    /// The release is not known.
    #[error(transparent)]
    Release(#[from] NoRelease),
    /// The release is the image's own, or older.
    #[error("`latest-{back}` is {tag}, which is not newer")]
    NotNewer {
        /// How many releases before the latest.
        back: usize,
        /// Its newest tag.
        tag: String,
    },
    /// The release is out of support.
    #[error("`latest-{back}` is {tag}, which is unsupported itself")]
    Unsupported {
        /// How many releases before the latest.
        back: usize,
        /// Its newest tag.
        tag: String,
    },
}

/// The tag, [`latest_of_variant`], that takes an image's place: a newer one that is not unsupported itself.
///
/// # Errors
/// [`NoTarget`] says why there is none.
pub fn patch_target(
    comparison: &Comparison<'_>,
    policy: &Policy,
    back: usize,
) -> Result<String, NoTarget> {
    let tag = latest_of_variant(comparison, policy, back)?;
    let versions = comparison.versions();
    let image = versions.map_err(|_| NoRelease::FloatingDefault)?.image;
    let is_newer = Tag::parse(&tag)
        .is_some_and(|tag| (tag.numbers(), tag.embedded()) > (image.numbers(), image.embedded()));
    if !is_newer {
        return Err(NoTarget::NotNewer { back, tag });
    }
    let Ok(moved) = comparison.image.with_tag(&tag) else {
        return Ok(tag);
    };
    let moved = Comparison {
        image: &moved,
        ..*comparison
    };
    if judge(&moved, policy).verdict.is_out_of_support() {
        return Err(NoTarget::Unsupported { back, tag });
    }
    Ok(tag)
}
