//! Which images a mirror is to hold, and why.

use std::collections::BTreeMap;

use super::names::{self, Address};
use crate::model::facts::Facts;
use crate::model::image::ImageRef;
use crate::model::mirror::Reasons;
use crate::model::module::full_name;
use crate::model::policy::{Policy, SameAs};
use crate::model::tag::Tag;
use crate::verdict::{InUse, window_tags};

/// Most images that are looked at in one run.
const MAX_ITEMS: usize = 1_000;

/// An image that the mirror is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MirrorItem {
    pub(super) source: Address,
    pub(super) target: Address,
    /// Its tag, or the digest by which it is in use.
    pub(super) reference: String,
    pub(super) why: Reasons,
}

/// All images that the mirror is to hold.
#[derive(Debug, Default)]
pub(super) struct MirrorItems {
    /// By source, newest version first.
    pub(super) items: Vec<MirrorItem>,
    /// How many more there are than are looked at.
    pub(super) left_out: usize,
}

/// Every image in use, and every tag of the support window of its default.
pub(super) fn items(
    facts: &Facts,
    used: &[InUse<'_>],
    policy: &Policy,
    mirror: &str,
) -> MirrorItems {
    let mut found = ItemsFound {
        facts,
        same_as: &policy.same_as,
        mirror,
        reasons: BTreeMap::new(),
    };
    let mut windows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for used in used {
        let names = names_of(used);
        let default = used.default();
        if let Some(image) = used.image() {
            let image = names::published(image, default, found.same_as, mirror);
            found.add(&image, |why| why.in_use.extend(names.iter().cloned()));
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
                found.add(&image, |why| why.window.extend(names.first().cloned()));
            }
        }
    }
    found.sorted()
}

type ItemKey = (Address, Address, String);

struct ItemsFound<'f> {
    facts: &'f Facts,
    same_as: &'f SameAs,
    mirror: &'f str,
    reasons: BTreeMap<ItemKey, Reasons>,
}

impl ItemsFound<'_> {
    fn add(&mut self, image: &ImageRef, note: impl FnOnce(&mut Reasons)) {
        let source = names::source(image, self.facts);
        let target = names::target(image, self.same_as, self.mirror);
        let reference = image.digest().or(image.pulled_tag());
        if let (Some(source), Some(target), Some(reference)) = (source, target, reference) {
            let key = (source, target, reference.to_owned());
            note(self.reasons.entry(key).or_default());
        }
    }

    fn sorted(self) -> MirrorItems {
        let mut items: Vec<MirrorItem> = self
            .reasons
            .into_iter()
            .map(|((source, target, reference), mut why)| {
                for names in [&mut why.in_use, &mut why.window] {
                    names.sort();
                    names.dedup();
                }
                MirrorItem {
                    source,
                    target,
                    reference,
                    why,
                }
            })
            .collect();
        // What is no version stays in the order of its text.
        items.sort_by(|one, other| {
            let repositories = (&one.source, &one.target).cmp(&(&other.source, &other.target));
            let versions = || Tag::parse(&other.reference).cmp(&Tag::parse(&one.reference));
            repositories.then_with(versions)
        });
        let left_out = items.len().saturating_sub(MAX_ITEMS);
        items.truncate(MAX_ITEMS);
        MirrorItems { items, left_out }
    }
}

/// The field, or the places at which an image was found.
fn names_of(used: &InUse<'_>) -> Vec<String> {
    if used.places.is_empty() {
        return vec![full_name(used.module, used.infra, &used.field)];
    }
    used.fields().map(str::to_owned).collect()
}
