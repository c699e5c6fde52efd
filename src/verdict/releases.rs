//! Which releases are known, and what they say about one version.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;

use jiff::civil::Date;

use super::dated::{Dated, PastDefault, earlier, earliest, sooner};
use crate::model::date::day;
use crate::model::facts::Repository;
use crate::model::policy::ReleaseUnit;
use crate::model::tag::{Numbers, Tag, Variant};

/// Most releases that a report shows of one image.
const MAX_SHOWN: usize = 12;

/// Where releases are known from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources<'a> {
    /// Complete lists: that of the default's repository, then the image's.
    pub(crate) complete: Vec<&'a Repository>,
    /// Partial lists, which are lower bounds.
    pub(crate) partial: Vec<&'a Repository>,
    /// Defaults of the same image that earlier runs saw.
    pub(crate) history: Vec<PastDefault<'a>>,
}

/// The range that is looked at: versions of one variant, up to the default's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) variant: Variant<'a>,
    pub(crate) version: Numbers<'a>,
    pub(crate) default: Tag<'a>,
    pub(crate) unit: ReleaseUnit,
}

impl<'a> Scope<'a> {
    /// The tag of this name, if it is in the range; most that are not need not be read.
    #[inline(always)]
    fn read(&self, name: &'a str) -> Option<Tag<'a>> {
        if !self.variant.may_have(name) {
            return None;
        }
        Tag::parse(name).filter(|tag| self.has(tag))
    }

    #[inline(always)]
    fn has(&self, tag: &Tag<'_>) -> bool {
        tag.numbers().cmp(&self.default.numbers()).is_le() && tag.variant() == self.variant
    }
}

/// What the known releases say about one version.
#[derive(Debug, Clone)]
pub(crate) struct KnownReleases<'a> {
    /// Known releases, the default's among them.
    pub(crate) releases: BTreeSet<Numbers<'a>>,
    /// How many of them are newer than the version's.
    pub(crate) newer: u64,
    /// Newest tag of the version's own release.
    pub(crate) newest_hotfix: Option<Tag<'a>>,
    /// The first version after it.
    pub(crate) next: Option<Dated<'a>>,
    /// When the version itself was published.
    pub(crate) published: Option<Date>,
    /// The list that has versions of the variant, the one that counts first.
    pub(crate) list: Option<&'a Repository>,
    /// Whether that list is complete, so that releases can be counted by it.
    pub(crate) is_counted: bool,
    /// How many newer releases the lists alone have.
    pub(crate) newer_in_list: u64,
    /// Whether the history has another version of the variant than the default's, as old as the
    /// version or older, so that no release in between was overlooked.
    pub(crate) history_reaches_back: bool,
}

/// Where a version is known from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    List,
    History,
}

/// A release with its newest tag and the day of its first one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release<'a> {
    pub(crate) numbers: Numbers<'a>,
    pub(crate) newest: Tag<'a>,
    pub(crate) published: Option<Date>,
}

/// The release that a version belongs to ("CI Build Image Updates": `x.y.z`, `z` is a hotfix).
pub(crate) fn release_of(numbers: Numbers<'_>, unit: ReleaseUnit) -> Numbers<'_> {
    match unit {
        ReleaseUnit::Minor => numbers.first(2),
        ReleaseUnit::Patch => numbers,
    }
}

/// Whether a version is of a release, without making the version's own.
#[inline(always)]
fn is_of_release(numbers: Numbers<'_>, release: Numbers<'_>, unit: ReleaseUnit) -> bool {
    match unit {
        ReleaseUnit::Minor => numbers.begins_with(&release, 2),
        ReleaseUnit::Patch => numbers.cmp(&release).is_eq(),
    }
}

impl<'a> Sources<'a> {
    /// Goes through the tags of the variant up to the default's version, with the days they
    /// appeared: those listed, then those of the history.
    #[inline(always)]
    fn visit(&self, scope: Scope<'a>, mut take: impl FnMut(Dated<'a>, Origin)) {
        let counted = self.counted(scope);
        let bounds = self.partial.iter().filter(|_| counted.is_none());
        for list in counted.iter().chain(bounds) {
            for entry in list.tags.iter() {
                if let Some(tag) = scope.read(&entry.name) {
                    let published = entry.published.map(day);
                    take(Dated { tag, published }, Origin::List);
                }
            }
        }
        for past in self.history.iter().filter(|past| scope.has(&past.tag)) {
            let published = Some(past.first_seen);
            let tag = past.tag;
            take(Dated { tag, published }, Origin::History);
        }
    }

    /// The first complete list that has versions of the scope.
    fn counted(&self, scope: Scope<'a>) -> Option<&'a Repository> {
        let mut complete = self.complete.iter().copied();
        complete.find(|list| has_versions(list, scope))
    }

    /// What is known about the scope's version.
    pub(crate) fn known(&self, scope: Scope<'a>) -> KnownReleases<'a> {
        let own = release_of(scope.version, scope.unit);
        let mut known = KnownReleases {
            releases: BTreeSet::from([release_of(scope.default.numbers(), scope.unit)]),
            newer: 0,
            newest_hotfix: None,
            next: None,
            published: None,
            list: None,
            is_counted: false,
            newer_in_list: 0,
            history_reaches_back: false,
        };
        let counted = self.counted(scope);
        let mut bounds = self.partial.iter().copied();
        known.is_counted = counted.is_some();
        known.list = counted.or_else(|| bounds.find(|list| has_versions(list, scope)));
        let pick = if known.is_counted { sooner } else { earlier };
        let mut in_lists = BTreeSet::from([release_of(scope.default.numbers(), scope.unit)]);
        let own_default = Dated {
            tag: scope.default,
            published: None,
        };
        let own_default = (scope.default.variant() == scope.variant).then_some(own_default);
        // Registries sort by text, so most tags are of the release that the one before was of.
        let mut before: Option<Numbers<'a>> = None;
        let mut take = |dated: Dated<'a>| {
            let numbers = dated.tag.numbers();
            if !before.is_some_and(|before| is_of_release(numbers, before, scope.unit)) {
                let release = release_of(numbers, scope.unit);
                before = Some(release);
                known.releases.insert(release);
            }
            if is_of_release(numbers, own, scope.unit) {
                known.newest_hotfix = known.newest_hotfix.max(Some(dated.tag));
            }
            match numbers.cmp(&scope.version) {
                Ordering::Equal => known.published = earliest(known.published, dated.published),
                Ordering::Greater => known.next = Some(pick(known.next, dated)),
                Ordering::Less => {}
            }
        };
        self.visit(scope, |dated, origin| {
            if origin == Origin::List && !self.history.is_empty() {
                in_lists.insert(release_of(dated.tag.numbers(), scope.unit));
            }
            take(dated);
        });
        own_default.into_iter().for_each(take);
        let newer_than_own = |releases: &BTreeSet<Numbers<'_>>| {
            let newer = releases.range((Bound::Excluded(own), Bound::Unbounded));
            u64::try_from(newer.count()).unwrap_or(u64::MAX)
        };
        known.newer = newer_than_own(&known.releases);
        known.newer_in_list = if self.history.is_empty() {
            known.newer
        } else {
            newer_than_own(&in_lists)
        };
        known.history_reaches_back = self.history.iter().any(|past| {
            past.tag.variant() == scope.variant
                && past.tag.numbers() != scope.default.numbers()
                && release_of(past.tag.numbers(), scope.unit) <= own
        });
        known
    }

    /// The newest known releases, newest first, with the version's own among them.
    pub(crate) fn shown(&self, scope: Scope<'a>, known: &KnownReleases<'a>) -> Vec<Release<'a>> {
        let own = release_of(scope.version, scope.unit);
        let newest = known.releases.iter().rev().take(MAX_SHOWN - 1);
        let mut shown: Vec<Release<'a>> = newest
            .map(|numbers| Release {
                numbers: *numbers,
                newest: scope.default,
                published: None,
            })
            .collect();
        let oldest = shown.last().map(|release| release.numbers);
        if let Some(own) = known
            .releases
            .get(&own)
            .filter(|own| oldest.is_some_and(|oldest| **own < oldest))
        {
            shown.push(Release {
                numbers: *own,
                newest: scope.default,
                published: None,
            });
        }
        let oldest = shown.last().map(|release| release.numbers);
        let mut found = vec![false; shown.len()];
        self.visit(scope, |dated, _| {
            // A release is as old as its first version.
            if oldest.is_some_and(|oldest| dated.tag.numbers().cmp(&oldest).is_lt()) {
                return;
            }
            let release = release_of(dated.tag.numbers(), scope.unit);
            let Ok(at) = shown.binary_search_by(|shown| release.cmp(&shown.numbers)) else {
                return;
            };
            if let (Some(shown), Some(found)) = (shown.get_mut(at), found.get_mut(at)) {
                shown.newest = if *found {
                    shown.newest.max(dated.tag)
                } else {
                    dated.tag
                };
                shown.published = earliest(shown.published, dated.published);
                *found = true;
            }
        });
        shown
    }

    /// The newest version of the variant up to the default's; the default itself if its
    /// variant is the scope's.
    pub(crate) fn newest_of_release(
        &self,
        scope: Scope<'a>,
        release: Numbers<'a>,
    ) -> Option<Tag<'a>> {
        let own = (scope.default.variant() == scope.variant).then_some(scope.default);
        let is_of_release = |tag: &Tag| is_of_release(tag.numbers(), release, scope.unit);
        let mut newest = own.filter(is_of_release);
        self.visit(scope, |dated, _| {
            newest = newest.max(Some(dated.tag).filter(is_of_release));
        });
        newest
    }

    /// All tags of the scope from the release `oldest` on, the default's among them, newest first.
    pub(crate) fn tags_since(&self, scope: Scope<'a>, oldest: Option<Numbers<'a>>) -> Vec<String> {
        let mut tags = vec![scope.default];
        self.visit(scope, |dated, _| {
            let release = release_of(dated.tag.numbers(), scope.unit);
            if oldest.is_none_or(|oldest| release >= oldest) {
                tags.push(dated.tag);
            }
        });
        tags.sort_unstable();
        tags.dedup();
        tags.iter().rev().map(|tag| tag.to_string()).collect()
    }
}

/// Whether a list has a version of the scope's variant up to the default's.
fn has_versions<'a>(list: &'a Repository, scope: Scope<'a>) -> bool {
    let mut tags = list.tags.iter();
    tags.any(|entry| scope.read(&entry.name).is_some())
}
