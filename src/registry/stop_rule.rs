//! How far back a list that comes newest first must be read. Pure.
//!
//! What is not read is older, by date of its last change, than what is. A judgement counts the
//! releases between an image and its default, and looks for the first version after the image.
//! So it is enough to have gone past the oldest version in question. Dates follow versions only
//! roughly: a hotfix of an old release is published late, and an old version may be pushed again.
//! Therefore a single older tag proves nothing; an unbroken run of `RUN` older tags of the same
//! variant does.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::model::facts::{TagEntry, TagList};
use crate::model::policy::ReleaseUnit;
use crate::model::tag::{Numbers, Tag, Variant};

/// How many tags in a row must be older than the oldest in question.
const RUN: usize = 10;

/// Most releases for whose sake a list is read on.
const MAX_RELEASES: usize = 10;

/// How long before a floating tag the version it stands for may have been published, in hours.
const PROMOTION: i64 = 45 * 24;

/// How much of a repository is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Whether a tag exists; nothing is judged.
    Presence,
    /// The releases from the image to its default.
    Verdict,
    /// Every tag of the newest releases.
    Window,
}

/// What a judgement needs to know about one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need<'a> {
    /// Tag of the image in use, wherever it is.
    pub image: Option<&'a str>,
    /// Tag of the default, wherever it is.
    pub default: Option<&'a str>,
    /// Digest by which the image is in use, without tag.
    pub digest: Option<&'a str>,
    /// Tags that this very repository should have.
    pub present: Vec<&'a str>,
    /// Size of the support window; 0 is none.
    pub releases: u32,
    /// What counts as one release.
    pub unit: ReleaseUnit,
    /// How much is needed.
    pub extent: Extent,
}

/// What has been read of one repository so far.
#[derive(Debug, Default)]
pub struct Reached {
    /// Tags, newest first.
    pub tags: TagList,
    /// Tags that were asked for by name, out of order.
    pub named: TagList,
    /// Tags that were asked for by name and do not exist.
    pub absent: Vec<String>,
}

impl Reached {
    /// Whether it is known of a tag that it exists, or that it does not.
    pub fn knows(&self, tag: &str) -> bool {
        self.entry(tag).is_some() || self.absent.iter().any(|absent| absent == tag)
    }

    fn entry(&self, tag: &str) -> Option<&TagEntry> {
        self.tags.get(tag).or_else(|| self.named.get(tag))
    }
}

impl Need<'_> {
    /// Floating tags whose version is to be found.
    pub fn floating(&self) -> impl Iterator<Item = &str> {
        let in_use = self.image.into_iter().chain(self.default);
        in_use.filter(|tag| self.extent > Extent::Presence && Tag::parse(tag).is_none())
    }

    /// Whether what was read reaches far enough back.
    pub fn is_met(&self, reached: &Reached) -> bool {
        if self.extent == Extent::Presence {
            return true;
        }
        let tags = &reached.tags;
        let in_use: Vec<&str> = self.image.into_iter().chain(self.default).collect();
        let versions: Vec<Tag> = in_use.iter().filter_map(|tag| Tag::parse(tag)).collect();
        let resolved = self.floating().map(|tag| resolve_tag(tag, reached));
        let resolved = resolved.chain(self.digest.map(|digest| resolve_digest(digest, tags)));
        let mut versions = versions;
        for found in resolved {
            match found {
                Resolved::To(tag) => versions.push(tag),
                Resolved::Never => {}
                Resolved::NotYet => return false,
            }
        }
        let variants: BTreeSet<Variant> = versions.iter().map(Tag::variant).collect();
        let Some(oldest) = versions.iter().map(Tag::numbers).min() else {
            // Nothing in use is a version: nothing is counted.
            return true;
        };
        let newest = self.default.and_then(Tag::parse).map(|tag| tag.numbers());
        variants
            .into_iter()
            .all(|variant| self.is_past(tags, variant, oldest, newest))
    }

    /// Whether `tags` end in a run of versions of this variant that are older than all in question.
    fn is_past(
        &self,
        tags: &TagList,
        variant: Variant<'_>,
        oldest: Numbers<'_>,
        newest: Option<Numbers<'_>>,
    ) -> bool {
        let known: Vec<Numbers> = tags
            .iter()
            .filter_map(|tag| Tag::parse(&tag.name))
            .filter(|tag| tag.variant() == variant)
            .map(|tag| tag.numbers())
            .collect();
        let mut releases: Vec<Numbers> = known
            .iter()
            .filter(|version| newest.is_none_or(|newest| **version <= newest))
            .copied()
            .collect();
        releases.sort_by(|a, b| b.cmp(a));
        releases.dedup_by(|a, b| self.is_same_release(a, b));
        let needed = usize::try_from(self.releases)
            .unwrap_or(MAX_RELEASES)
            .min(MAX_RELEASES);
        let Some(window) = releases.get(..needed) else {
            return false;
        };
        let is_older = |version: &Numbers| match (self.extent, window.last()) {
            (Extent::Window, Some(last)) => {
                version < &oldest && version < last && !self.is_same_release(version, last)
            }
            _ => version < &oldest,
        };
        known
            .iter()
            .rev()
            .take_while(|version| is_older(version))
            .count()
            >= RUN
    }

    fn is_same_release(&self, a: &Numbers<'_>, b: &Numbers<'_>) -> bool {
        match self.unit {
            ReleaseUnit::Minor => a.first(2) == b.first(2),
            ReleaseUnit::Patch => a == b,
        }
    }
}

enum Resolved<'t> {
    To(Tag<'t>),
    Never,
    NotYet,
}

/// The version that a floating tag stands for.
fn resolve_tag<'t>(name: &str, reached: &'t Reached) -> Resolved<'t> {
    let tags = &reached.tags;
    let Some(entry) = reached.entry(name) else {
        return if reached.knows(name) {
            Resolved::Never
        } else {
            Resolved::NotYet
        };
    };
    let Some(digest) = entry.digest.as_deref() else {
        return Resolved::Never;
    };
    match (
        resolve_digest(digest, tags),
        entry.published,
        last_date(tags),
    ) {
        (Resolved::NotYet, Some(moved), Some(reached))
            if reached.duration_since(moved).as_hours() < -PROMOTION =>
        {
            Resolved::Never
        }
        (resolved, _, _) => resolved,
    }
}

fn resolve_digest<'t>(digest: &str, tags: &'t TagList) -> Resolved<'t> {
    let is_it = |tag: &&TagEntry| tag.digest.as_deref() == Some(digest);
    match tags
        .iter()
        .filter(is_it)
        .find_map(|tag| Tag::parse(&tag.name))
    {
        Some(tag) => Resolved::To(tag),
        None => Resolved::NotYet,
    }
}

fn last_date(tags: &TagList) -> Option<jiff::Timestamp> {
    tags.iter().rev().find_map(|tag| tag.published)
}
