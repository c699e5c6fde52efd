//! Releases counted back from the latest: `latest-N`, and the tags of the whole window.

use super::comparison::Comparison;
use super::judge::evidence_of_presence;
use super::numbering::{Distance, distance};
use super::releases::{KnownReleases, Scope, Sources, release_of};
use crate::model::policy::Policy;
use crate::model::policy::at_most;
use crate::model::tag::Tag;
use crate::model::verdict::EvidenceKind;

/// Why `latest-N` cannot be determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRelease {
    /// The default floats and could not be resolved.
    #[error("the default's tag is floating and could not be resolved to a version")]
    FloatingDefault,
    /// Neither tags nor history.
    #[error(
        "no published tags and no history are known; give access to a registry (`registry`) or a `history` file"
    )]
    NoEvidence,
    /// The list may lack releases, and the numbers do not exclude it.
    #[error(
        "the list of tags is partial, so releases may be missing from it; name in `upstream` where all of them are"
    )]
    Partial,
    /// The variant of the image in use has no such version.
    #[error("its variant has no version of that release in the lists that were read")]
    NoVariant,
    /// Fewer releases are known.
    #[error("only {0} releases are known from what was read")]
    TooFew(usize),
}

/// The tag of `latest-<back>`: the newest version of that release in the default's variant.
///
/// # Errors
/// [`NoRelease`] if the evidence does not allow to count so far; the default's own release
/// needs none.
pub fn latest_release(
    comparison: &Comparison<'_>,
    policy: &Policy,
    back: usize,
) -> Result<String, NoRelease> {
    let of_default = OfDefault::new(comparison, policy).ok_or(NoRelease::FloatingDefault)?;
    let OfDefault { scope, known, .. } = &of_default;
    if back == 0 {
        return Ok(scope.default.to_string());
    }
    if known.list.is_none() && known.releases.len() < 2 {
        return Err(NoRelease::NoEvidence);
    }
    let is_partial = known.list.is_some() && !known.is_counted;
    let too_few = if is_partial {
        NoRelease::Partial
    } else {
        NoRelease::TooFew(known.releases.len())
    };
    let nth = known.releases.iter().rev().nth(back);
    let (numbers, release) = nth.ok_or(too_few)?;
    // No release can be missing between two that the numbering puts so close.
    let counted = Distance::Exactly(u64::try_from(back).unwrap_or(u64::MAX));
    if is_partial && distance(*numbers, scope.default.numbers(), scope.unit) != counted {
        return Err(NoRelease::Partial);
    }
    let newest = release.newest.map(|tag| tag.to_string());
    newest.ok_or(too_few)
}

/// [`latest_release`] in the variant of the image in use: with `back` 0 the default's very version,
/// else the newest of that release.
///
/// # Errors
/// [`NoRelease`] if the evidence does not allow to count so far, or lists no such version of the
/// variant.
pub(super) fn latest_of_variant(
    comparison: &Comparison<'_>,
    policy: &Policy,
    back: usize,
) -> Result<String, NoRelease> {
    let latest = latest_release(comparison, policy, back)?;
    let versions = comparison.versions();
    let versions = versions.map_err(|_| NoRelease::FloatingDefault)?;
    let target = Tag::parse(&latest).ok_or(NoRelease::FloatingDefault)?;
    let variant = versions.image.variant();
    if target.variant() == variant {
        return Ok(latest);
    }
    let unit = policy.release_unit.get(comparison.default.name());
    let is_meant = |tag: &Tag<'_>| {
        tag.variant() == variant
            && if back == 0 {
                tag.numbers() == target.numbers()
            } else {
                release_of(tag.numbers(), unit) == release_of(target.numbers(), unit)
                    && tag.numbers() <= versions.default.numbers()
            }
    };
    let lists = [comparison.published, comparison.own];
    let entries = lists
        .into_iter()
        .flatten()
        .flat_map(|list| list.tags.iter());
    let tags = entries.filter_map(|entry| Tag::parse(&entry.name));
    let newest = tags.filter(is_meant).max();
    newest
        .map(|tag| tag.to_string())
        .ok_or(NoRelease::NoVariant)
}

/// The tags of the support window in the default's variant, newest first: what to mirror and scan.
pub fn window_tags(comparison: &Comparison<'_>, policy: &Policy) -> (Vec<String>, EvidenceKind) {
    let Some(OfDefault {
        scope,
        sources,
        known,
    }) = OfDefault::new(comparison, policy)
    else {
        return (Vec::new(), EvidenceKind::None);
    };
    let size = policy.supported_releases.get(comparison.default.name());
    let oldest = at_most(size)
        .checked_sub(1)
        .and_then(|newer| known.releases.keys().rev().nth(newer).copied());
    (
        sources.tags_since(scope, oldest),
        evidence_of_presence(&known),
    )
}

/// What is known about the default's own variant.
struct OfDefault<'a> {
    scope: Scope<'a>,
    sources: Sources<'a>,
    known: KnownReleases<'a>,
}

impl<'a> OfDefault<'a> {
    /// `None` if the default floats and could not be resolved.
    fn new(comparison: &Comparison<'a>, policy: &Policy) -> Option<Self> {
        let default = comparison.default_version()?;
        let unit = policy.release_unit.get(comparison.default.name());
        let scope = Scope {
            variant: default.variant(),
            version: default.numbers(),
            default,
            unit,
        };
        let sources = comparison.sources();
        let known = sources.known(scope);
        Some(Self {
            scope,
            sources,
            known,
        })
    }
}
