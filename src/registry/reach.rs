//! How far back a list that comes newest first must be read. Pure.
//!
//! What is not read is older, by date of its last change, than what is. A judgement counts the
//! releases between an image and its default, and looks for the first version after the image.
//! So it is enough to have gone past the oldest version in question. Dates follow versions only
//! roughly: a hotfix of an old release is published late, and an old version may be pushed again.
//! Therefore a single older tag proves nothing; an unbroken run of [`RUN`] older tags of the same
//! variant does.

use std::collections::BTreeSet;

use crate::facts::{TagEntry, TagList};
use crate::support::ReleaseUnit;
use crate::tag::{Numbers, Tag, Variant};

/// How many tags in a row must be older than the oldest in question.
const RUN: usize = 10;

/// Most releases for whose sake a list is read on.
const MOST_RELEASES: usize = 10;

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

    fn entry(&self, tag: &str) -> Option<TagEntry<'_>> {
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
            .filter_map(|tag| Tag::parse(tag.name))
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
        let wanted = usize::try_from(self.releases)
            .unwrap_or(MOST_RELEASES)
            .min(MOST_RELEASES);
        let Some(window) = releases.get(..wanted) else {
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
    let Some(digest) = entry.digest else {
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
    let is_it = |tag: &TagEntry<'_>| tag.digest == Some(digest);
    match tags
        .iter()
        .filter(is_it)
        .find_map(|tag| Tag::parse(tag.name))
    {
        Some(tag) => Resolved::To(tag),
        None => Resolved::NotYet,
    }
}

fn last_date(tags: &TagList) -> Option<jiff::Timestamp> {
    tags.iter().filter_map(|tag| tag.published).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(image: &'static str, default: &'static str) -> Need<'static> {
        Need {
            image: Some(image),
            default: Some(default),
            digest: None,
            present: vec![],
            releases: 3,
            unit: ReleaseUnit::Minor,
            extent: Extent::Verdict,
        }
    }

    fn versions(release: &str, count: usize) -> Vec<String> {
        (0..count)
            .rev()
            .map(|patch| format!("{release}.{patch}"))
            .collect()
    }

    fn list(groups: &[Vec<String>]) -> TagList {
        groups.iter().flatten().map(String::as_str).collect()
    }

    #[test]
    fn a_list_reaches_far_enough_when_a_run_of_older_versions_ends_it() {
        let one = |tag: &str| vec![tag.to_owned()];
        let recent = [
            versions("1.18", 3),
            versions("1.17", 3),
            versions("1.16", 3),
        ];
        let with = |more: &[Vec<String>]| list(&[recent.as_slice(), more].concat());
        let minor = need("1.18.2", "1.18.2");
        let window = Need {
            extent: Extent::Window,
            ..minor.clone()
        };
        let presence = Need {
            extent: Extent::Presence,
            ..minor.clone()
        };
        let newest = need("1.18.99", "1.18.99");
        let older = need("1.15.2", "1.18.2");
        let cases: Vec<(&str, TagList, &Need, bool)> = vec![
            ("nothing read", list(&[]), &minor, false),
            ("too few", with(&[]), &minor, false),
            (
                "three releases and a run",
                with(&[versions("1.15", 2)]),
                &minor,
                true,
            ),
            (
                "a long run in one release",
                list(&[versions("1.18", 100)]),
                &newest,
                false,
            ),
            (
                "the window's own tags are no run",
                with(&[versions("1.15", 2)]),
                &window,
                false,
            ),
            (
                "behind the window",
                with(&[versions("1.15", 10)]),
                &window,
                true,
            ),
            (
                "not yet past the image",
                with(&[versions("1.15", 10)]),
                &older,
                false,
            ),
            (
                "past the image",
                with(&[versions("1.15", 3), versions("1.14", 10)]),
                &older,
                true,
            ),
            (
                "a late hotfix breaks the run",
                with(&[versions("1.14", 9), one("1.17.9"), versions("1.14", 9)]),
                &older,
                false,
            ),
            (
                "other variants do not count",
                with(&[versions("rootless-1.14", 20)]),
                &older,
                false,
            ),
            (
                "floating tags are passed over",
                with(&[versions("1.15", 2), one("latest"), one("dev")]),
                &minor,
                true,
            ),
            ("presence is asked by name", list(&[]), &presence, true),
        ];
        for (name, tags, need, expected) in cases {
            let reached = Reached {
                tags,
                ..Reached::default()
            };
            assert_eq!(need.is_met(&reached), expected, "{name}");
        }
    }

    #[test]
    fn a_floating_tag_is_followed_to_its_version() {
        let at = |day: &str| Some(format!("{day}T00:00:00Z").parse().unwrap());
        let need = need("latest", "1.18.0");
        let mut reached = Reached::default();
        reached
            .tags
            .push("1.18.0", Some("sha256:new"), at("2026-11-01"));
        assert!(!need.is_met(&reached), "not seen");
        reached
            .named
            .push("latest", Some("sha256:old"), at("2026-10-01"));
        assert!(!need.is_met(&reached), "seen, but not its version");
        let begun = reached.tags.clone();
        let older: Vec<String> = (0..20)
            .map(|number| format!("1.{}.0", 17 - number / 2))
            .collect();
        for tag in &older {
            let digest = if tag == "1.8.0" {
                "sha256:old"
            } else {
                "sha256:other"
            };
            reached.tags.push(tag, Some(digest), at("2026-09-01"));
        }
        assert!(!need.is_met(&reached), "its version, but no run behind it");
        for patch in 0..20 {
            reached
                .tags
                .push(&format!("1.1.{patch}"), None, at("2026-09-01"));
        }
        assert!(need.is_met(&reached), "its version and a run");
        reached.tags = begun;
        for tag in &older {
            reached.tags.push(tag, None, at("2026-09-01"));
        }
        assert!(!need.is_met(&reached), "may still come");
        reached.tags.push("1.7.0", None, at("2026-08-01"));
        assert!(need.is_met(&reached), "too old to come");
        reached = Reached {
            absent: vec!["latest".to_owned()],
            tags: reached.tags,
            ..Reached::default()
        };
        assert!(need.is_met(&reached), "there is no such tag");
    }
}
