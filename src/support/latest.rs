//! Releases counted back from the latest: `latest-N`, and the tags of the whole window.

use super::case::Case;
use super::judge::evidence_of_presence;
use super::releases::{Scope, release_of};
use super::{EvidenceKind, Policy};

/// Why `latest-N` cannot be told.
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
    /// The list may lack releases.
    #[error("the registry's list of tags is incomplete, so releases cannot be counted")]
    Incomplete,
    /// Fewer releases are known.
    #[error("only {0} releases are known")]
    TooFew(usize),
}

/// The tag of `latest-<back>`: the newest version of that release in the default's variant.
///
/// # Errors
/// [`NoRelease`] if the evidence does not allow to count so far; the default's own release
/// needs none.
pub fn latest_release(case: &Case<'_>, policy: &Policy, back: usize) -> Result<String, NoRelease> {
    let default = case.default_version().ok_or(NoRelease::FloatingDefault)?;
    if back == 0 {
        return Ok(default.to_string());
    }
    let unit = policy.release_unit.get(case.default.name());
    let scope = Scope {
        variant: default.variant(),
        version: default.numbers(),
        default,
        unit,
    };
    let sources = case.sources();
    let known = sources.known(scope);
    if !known.in_list && known.releases.len() < 2 {
        return Err(NoRelease::NoEvidence);
    }
    if sources.list_is_incomplete() {
        return Err(NoRelease::Incomplete);
    }
    let release = known
        .releases
        .iter()
        .rev()
        .nth(back)
        .ok_or(NoRelease::TooFew(known.releases.len()))?;
    sources
        .newest_of_release(scope, release_of(*release, unit))
        .map(|tag| tag.to_string())
        .ok_or(NoRelease::TooFew(known.releases.len()))
}

/// The tags of the support window in the default's variant, newest first: what to mirror and scan.
pub fn window_tags(case: &Case<'_>, policy: &Policy) -> (Vec<String>, EvidenceKind) {
    let Some(default) = case.default_version() else {
        return (Vec::new(), EvidenceKind::None);
    };
    let unit = policy.release_unit.get(case.default.name());
    let size = policy.supported_releases.get(case.default.name());
    let scope = Scope {
        variant: default.variant(),
        version: default.numbers(),
        default,
        unit,
    };
    let sources = case.sources();
    let known = sources.known(scope);
    let oldest = match size {
        0 => None,
        size => known.releases.iter().rev().nth(size as usize - 1).copied(),
    };
    (
        sources.tags_since(scope, oldest),
        evidence_of_presence(&known),
    )
}
