//! Which images a mirror is to hold, and why.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Address};
use crate::model::facts::Facts;
use crate::model::image::ImageRef;
use crate::model::module::full_name;
use crate::model::policy::{Policy, SameAs};
use crate::model::tag::Tag;
use crate::settings::Settings;
use crate::verdict::{in_use, window_tags};

/// Most images that are looked at in one run.
const MAX_ITEMS: usize = 1_000;

/// Most reasons kept of one image.
const MAX_REASONS: usize = 20;

/// An image that the mirror is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) source: Address,
    pub(super) target: Address,
    /// Its tag, or the digest by which it is in use.
    pub(super) reference: String,
    pub(super) why: Vec<String>,
}

/// All images that the mirror is to hold.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// By source, newest version first.
    pub(super) items: Vec<Item>,
    /// How many more there are than are looked at.
    pub(super) left_out: usize,
}

/// Every image in use, and every tag of the support window of its default.
pub(super) fn items(facts: &Facts, settings: &Settings, policy: &Policy, mirror: &str) -> Items {
    let mut found = Found {
        facts,
        same_as: &policy.same_as,
        mirror,
        reasons: BTreeMap::new(),
    };
    let mut windows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for used in in_use(facts, settings) {
        let name = full_name(used.module, used.infra, &used.field);
        let default = used.default();
        if let Some(image) = used.image() {
            let image = names::published(image, default, found.same_as, mirror);
            found.add(&image, format!("in use: {name}"));
        }
        let Some(default) = default else { continue };
        let default_name = default.to_string();
        let tags = windows.entry(default_name).or_insert_with(|| {
            let comparison = used.comparison_with(default, facts.repository_of(default));
            let mut tags =
                comparison.map_or_else(Vec::new, |comparison| window_tags(&comparison, policy).0);
            // A floating default is pulled under that very tag.
            tags.extend(default.pulled_tag().map(str::to_owned));
            tags
        });
        for tag in tags.iter() {
            if let Ok(image) = default.without_tag().with_tag(tag) {
                let image = names::published(&image, Some(default), found.same_as, mirror);
                found.add(&image, format!("window: {name}"));
            }
        }
    }
    found.sorted()
}

type Key = (Address, Address, String);

struct Found<'f> {
    facts: &'f Facts,
    same_as: &'f SameAs,
    mirror: &'f str,
    reasons: BTreeMap<Key, BTreeSet<String>>,
}

impl Found<'_> {
    fn add(&mut self, image: &ImageRef, why: String) {
        let source = names::source(image, self.facts);
        let target = names::target(image, self.same_as, self.mirror);
        let reference = image.digest().or(image.pulled_tag());
        if let (Some(source), Some(target), Some(reference)) = (source, target, reference) {
            let key = (source, target, reference.to_owned());
            self.reasons.entry(key).or_default().insert(why);
        }
    }

    fn sorted(self) -> Items {
        let mut items: Vec<Item> = self
            .reasons
            .into_iter()
            .map(|((source, target, reference), why)| Item {
                source,
                target,
                reference,
                why: shortened(why),
            })
            .collect();
        items.sort_by(|one, other| {
            let repository = |item: &Item| (item.source.clone(), item.target.clone());
            let version = |item: &Item| item.reference.clone();
            repository(one).cmp(&repository(other)).then_with(|| {
                let (one, other) = (version(one), version(other));
                let versions = (Tag::parse(&one), Tag::parse(&other));
                Reverse(versions.0)
                    .cmp(&Reverse(versions.1))
                    .then_with(|| one.cmp(&other))
            })
        });
        let left_out = items.len().saturating_sub(MAX_ITEMS);
        items.truncate(MAX_ITEMS);
        Items { items, left_out }
    }
}

fn shortened(why: BTreeSet<String>) -> Vec<String> {
    let more = why.len().saturating_sub(MAX_REASONS);
    let mut reasons: Vec<String> = why.into_iter().take(MAX_REASONS).collect();
    if more > 0 {
        reasons.push(format!("{more} more"));
    }
    reasons
}
