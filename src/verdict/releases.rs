//! Which releases are known, and what they say about one version.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::civil::Date;

use super::dated::{Dated, PastDefault, earliest, keep_earlier, keep_lower};
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
    /// Known releases by their numbers, the default's among them.
    pub(crate) releases: BTreeMap<Numbers<'a>, Release<'a>>,
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

impl<'a> KnownReleases<'a> {
    /// The newest releases, newest first, and the version's own behind them.
    pub(crate) fn shown(
        &self,
        scope: Scope<'a>,
    ) -> impl Iterator<Item = (Numbers<'a>, Release<'a>)> {
        let own = release_of(scope.version, scope.unit);
        let newest_first = self.releases.iter().rev().enumerate();
        newest_first
            .filter(move |(at, (numbers, _))| *at < MAX_SHOWN - 1 || **numbers == own)
            .map(|(_, (numbers, release))| (*numbers, *release))
    }
}

/// Where a version is known from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SeenIn {
    List,
    History,
}

/// What is known of one release.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release<'a> {
    /// Its newest tag up to the default's; `None` if only the default is known.
    pub(crate) newest: Option<Tag<'a>>,
    /// The day of its first tag: a release is as old as its first version.
    pub(crate) published: Option<Date>,
    /// Whether a list has it, or it is the default's: the history alone may overlook others.
    is_listed: bool,
}

/// The releases of a scope, gathered tag by tag. Registries sort by text, so most tags are of the
/// release that the one before was of.
struct Releases<'a> {
    known: BTreeMap<Numbers<'a>, Release<'a>>,
    unit: ReleaseUnit,
    last: Option<(Numbers<'a>, Release<'a>)>,
}

impl<'a> Releases<'a> {
    fn of(scope: Scope<'a>) -> Self {
        let own = Release {
            newest: None,
            published: None,
            is_listed: true,
        };
        Self {
            known: BTreeMap::from([(release_of(scope.default.numbers(), scope.unit), own)]),
            unit: scope.unit,
            last: None,
        }
    }

    #[inline(always)]
    fn add(&mut self, dated: &Dated<'a>, seen_in: SeenIn) {
        let numbers = dated.tag.numbers();
        let is_listed = seen_in == SeenIn::List;
        match &mut self.last {
            Some((last, release)) if is_of_release(numbers, *last, self.unit) => {
                if release
                    .newest
                    .as_ref()
                    .is_none_or(|newest| *newest < dated.tag)
                {
                    release.newest = Some(dated.tag);
                }
                release.published = earliest(release.published, dated.published);
                release.is_listed |= is_listed;
            }
            Some(_) | None => {
                let release = Release {
                    newest: Some(dated.tag),
                    published: dated.published,
                    is_listed,
                };
                self.keep_last();
                self.last = Some((release_of(numbers, self.unit), release));
            }
        }
    }

    fn keep_last(&mut self) {
        let Some((numbers, release)) = self.last.take() else {
            return;
        };
        let known = self.known.entry(numbers).or_insert(release);
        known.newest = known.newest.max(release.newest);
        known.published = earliest(known.published, release.published);
        known.is_listed |= release.is_listed;
    }

    fn finish(mut self) -> BTreeMap<Numbers<'a>, Release<'a>> {
        self.keep_last();
        self.known
    }
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
    /// appeared: those listed by `counted`, else by partial lists, then those of the history.
    #[inline(always)]
    fn visit(
        &self,
        scope: Scope<'a>,
        counted: Option<&'a Repository>,
        mut take: impl FnMut(&Dated<'a>, SeenIn),
    ) {
        let bounds = self.partial.iter().filter(|_| counted.is_none());
        for list in counted.iter().chain(bounds) {
            for entry in list.tags.iter() {
                if let Some(tag) = scope.read(&entry.name) {
                    let published = entry.published.map(day);
                    take(&Dated { tag, published }, SeenIn::List);
                }
            }
        }
        for past in self.history.iter().filter(|past| scope.has(&past.tag)) {
            let published = Some(past.first_seen);
            let tag = past.tag;
            take(&Dated { tag, published }, SeenIn::History);
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
        let counted = self.counted(scope);
        let mut bounds = self.partial.iter().copied();
        let list = counted.or_else(|| bounds.find(|list| has_versions(list, scope)));
        let keep_next = if counted.is_some() {
            keep_lower
        } else {
            keep_earlier
        };
        let own_default = (scope.default.variant() == scope.variant).then_some(scope.default);
        let (mut next, mut published) = (None, None);
        let mut take = |dated: &Dated<'a>| match dated.tag.numbers().cmp(&scope.version) {
            Ordering::Equal => published = earliest(published, dated.published),
            Ordering::Greater => keep_next(&mut next, dated),
            Ordering::Less => {}
        };
        let mut releases = Releases::of(scope);
        self.visit(scope, counted, |dated, seen_in| {
            releases.add(dated, seen_in);
            take(dated);
        });
        if let Some(tag) = own_default {
            let published = None;
            take(&Dated { tag, published });
        }
        let releases = releases.finish();
        let newest = releases.get(&own).and_then(|release| release.newest);
        let own_default = own_default.filter(|tag| is_of_release(tag.numbers(), own, scope.unit));
        let newer = releases.range((Bound::Excluded(own), Bound::Unbounded));
        let count = |newer: usize| u64::try_from(newer).unwrap_or(u64::MAX);
        KnownReleases {
            newer: count(newer.clone().count()),
            newer_in_list: count(newer.filter(|(_, release)| release.is_listed).count()),
            newest_hotfix: newest.max(own_default),
            releases,
            next,
            published,
            list,
            is_counted: counted.is_some(),
            history_reaches_back: self.history.iter().any(|past| {
                past.tag.variant() == scope.variant
                    && past.tag.numbers() != scope.default.numbers()
                    && release_of(past.tag.numbers(), scope.unit) <= own
            }),
        }
    }

    /// All tags of the scope from the release `oldest` on, the default's among them, newest first.
    pub(crate) fn tags_since(&self, scope: Scope<'a>, oldest: Option<Numbers<'a>>) -> Vec<String> {
        let mut tags = vec![scope.default];
        self.visit(scope, self.counted(scope), |dated, _| {
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
