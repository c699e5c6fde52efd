//! About which tags more than their names must be known: digests and dates on which a verdict turns.

use std::collections::BTreeSet;

use crate::model::facts::{Coverage, Facts, Priority, Repository};
use crate::model::image::ImageRef;
use crate::model::policy::Policy;
use crate::model::row::Source;
use crate::model::tag::Tag;
use crate::model::verdict::Verdict;
use crate::registry::{TagProperty, TagQuery};
use crate::settings::Settings;
use crate::verdict::{InUse, judge, patch_target};

/// How many of the newest versions are compared with a floating tag, by digest.
const CANDIDATES: usize = 3;

fn query(list: &Repository, tag: &str, property: TagProperty) -> TagQuery {
    TagQuery {
        registry: list.registry.clone(),
        repository: list.repository.clone(),
        tag: tag.to_owned(),
        property,
    }
}

/// Digests of floating tags and of the newest versions that they may stand for.
pub(super) fn digest_queries(used: &[InUse<'_>]) -> Vec<TagQuery> {
    let mut digests = BTreeSet::new();
    for image in used {
        let Some(comparison) = image.comparison() else {
            continue;
        };
        for (reference, list) in [
            (comparison.image, comparison.own),
            (comparison.default, comparison.published),
        ] {
            let is_version = reference.tag().is_some_and(|tag| Tag::parse(tag).is_some());
            let Some(list) = list.filter(|list| !is_version && !list.tags.is_empty()) else {
                continue;
            };
            if let Some(tag) = reference.pulled_tag().filter(|tag| knows(list, tag)) {
                digests.insert(query(list, tag, TagProperty::Digest));
            }
            for tag in candidates(list, reference.tag().unwrap_or_default()) {
                digests.insert(query(list, tag, TagProperty::Digest));
            }
        }
    }
    digests.retain(|query| lacks_digest(used, query));
    digests.into_iter().collect()
}

/// A digest by which an image is pulled, where no listed tag shows that its repository has it.
pub(super) fn pin_query(facts: &Facts, image: &ImageRef) -> Option<TagQuery> {
    let digest = image.digest()?;
    let list = facts.repository_of(image)?;
    let is_listed = || {
        let mut entries = list.tags.iter();
        entries.any(|entry| entry.digest.as_deref() == Some(digest))
    };
    let is_open = list.coverage.priority() == Priority::Lists && !is_listed();
    is_open.then(|| query(list, digest, TagProperty::Digest))
}

fn knows(list: &Repository, tag: &str) -> bool {
    list.coverage != Coverage::Complete || list.tags.get(tag).is_some()
}

fn lacks_digest(used: &[InUse<'_>], query: &TagQuery) -> bool {
    let lists = used
        .iter()
        .filter_map(InUse::comparison)
        .flat_map(|comparison| [comparison.own, comparison.published]);
    let list = lists
        .flatten()
        .find(|list| list.registry == query.registry && list.repository == query.repository);
    list.and_then(|list| list.tags.get(&query.tag))
        .is_none_or(|entry| entry.digest.is_none())
}

/// The newest versions of the variant whose words the floating tag has: `latest-mongo` may stand
/// for a version with the suffix `-mongo`.
fn candidates<'a>(list: &'a Repository, floating: &str) -> Vec<&'a str> {
    let suffix = floating
        .strip_prefix("latest")
        .or_else(|| floating.strip_prefix("dev"))
        .unwrap_or_default();
    let mut versions: Vec<Tag<'a>> = list
        .tags
        .iter()
        .filter_map(|entry| Tag::parse(&entry.name))
        .filter(|tag| {
            tag.variant().prefix.is_empty() && tag.variant().suffix == suffix && !tag.is_date_like()
        })
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions
        .into_iter()
        .take(CANDIDATES)
        .map(|tag| tag.as_str())
        .collect()
}

/// Tags whose dates decide a verdict.
#[derive(Default)]
pub(super) struct OpenDates {
    /// First newer versions, by which an image may be overdue.
    pub(super) next: BTreeSet<TagQuery>,
    /// Images whose age counts.
    pub(super) age: BTreeSet<TagQuery>,
}

/// Dates on which verdicts turn.
pub(super) fn open_dates(used: &[InUse<'_>], policy: &Policy) -> OpenDates {
    let mut open = OpenDates::default();
    // The same images are often in use on several infrastructures.
    let mut seen = BTreeSet::new();
    for image in used.iter().filter(|image| may_be_behind(image)) {
        if !seen.insert(image.what_counts()) {
            continue;
        }
        let Some(comparison) = image.comparison() else {
            continue;
        };
        let judgement = judge(&comparison, policy);
        let is_open = judgement.verdict == Verdict::Supported && judgement.deploy_by.is_none();
        if let (Some(list), Some(next)) = (comparison.list(), judgement.next.filter(|_| is_open)) {
            let query = query(list, &next, TagProperty::Published);
            open.next.insert(query);
        }
        let is_open = judgement.age_unknown && !judgement.verdict.is_out_of_support();
        let tag = image.image().and_then(|image| image.pulled_tag());
        if let (Some(own), Some(tag)) = (comparison.own, tag.filter(|_| is_open)) {
            let query = query(own, tag, TagProperty::Published);
            open.age.insert(query);
        }
    }
    open
}

/// Digests of the tags to which a patch moves images that are written with a digest.
pub(super) fn patch_queries(
    used: &[InUse<'_>],
    settings: &Settings,
    policy: &Policy,
) -> Vec<TagQuery> {
    let moved: BTreeSet<TagQuery> = used
        .iter()
        .filter(|image| image.source == Source::File)
        .filter(|image| image.image().is_some_and(|image| image.digest().is_some()))
        .filter_map(|image| {
            let comparison = image.comparison()?;
            let tag = patch_target(&comparison, policy, settings.patch_releases_back).ok()?;
            Some(query(comparison.own?, &tag, TagProperty::Digest))
        })
        .collect();
    moved.into_iter().collect()
}

/// Whether an image may be older than its default: of two versions that can be seen at once.
fn may_be_behind(image: &InUse<'_>) -> bool {
    let version = |image: Option<&ImageRef>| {
        let tag = Tag::parse(image?.tag()?)?;
        Some(tag.numbers().canonical())
    };
    match (version(image.image()), version(image.default())) {
        (Some(used), Some(default)) => used != default,
        _ => true,
    }
}
