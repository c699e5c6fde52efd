//! What to mirror and scan: the tags of the support window, per image and variant.

use std::collections::{BTreeMap, BTreeSet};

use super::InUse;
use crate::model::facts::{Coverage, Facts, places};
use crate::model::image::ImageRef;
use crate::model::module::full_name;
use crate::model::policy::Policy;
use crate::model::row::Listed;
use crate::model::tag::Tag;
use crate::model::warning::{Warning, WarningCode};
use crate::verdict::window_tags;

/// Every Harness image of the chosen modules with the tags of its window, newest first, and a warning for
/// each repository that the registry lacks. A default that floats is listed as it is.
pub fn list(facts: &Facts, used: &[InUse<'_>], policy: &Policy) -> (Vec<Listed>, Vec<Warning>) {
    let mut listed: BTreeMap<(String, String), Listed> = BTreeMap::new();
    let mut unseen: BTreeSet<String> = BTreeSet::new();
    for image in used.iter().filter(|image| image.source.is_field()) {
        let Some(default) = image.default() else {
            continue;
        };
        let Some(comparison) = image.comparison_with(default, image.published) else {
            continue;
        };
        let name = default.without_tag().to_string();
        if is_unseen(facts, image, default) {
            unseen.insert(name.clone());
        }
        let tag = default.tag().unwrap_or("latest");
        let variant =
            Tag::parse(tag).map_or_else(|| tag.to_owned(), |tag| tag.variant().to_string());
        let entry = listed
            .entry((name, variant))
            .or_insert_with_key(|(name, _)| {
                let (mut tags, evidence) = window_tags(&comparison, policy);
                // What is pulled under a floating tag must be there under that very tag.
                if !tags.iter().any(|listed| listed == tag) {
                    tags.insert(0, tag.to_owned());
                }
                Listed {
                    image: name.clone(),
                    fields: Vec::new(),
                    tags,
                    evidence,
                    missing: image.published.map(|known| &known.coverage)
                        == Some(&Coverage::Missing),
                }
            });
        entry
            .fields
            .push(full_name(image.module, image.infra, &image.field));
    }
    let listed: Vec<Listed> = listed.into_values().collect();
    let registry = facts.registry.as_deref().unwrap_or_default();
    let mut warnings: Vec<Warning> = Vec::new();
    for listed in &listed {
        let image = &listed.image;
        let message = match (listed.missing, unseen.contains(image)) {
            (true, _) => format!("{registry} does not hold {image}"),
            (false, true) => format!(
                "{image} is not visible to this login at {registry}: its tags could not be read, and the catalog does not name it"
            ),
            (false, false) => continue,
        };
        warnings.push(Warning::general(WarningCode::MissingRepository, message));
    }
    warnings.dedup();
    (listed, warnings)
}

/// Whether the catalog does not name a repository whose own list is not known. A catalog shows what the
/// login may see, so that proves nothing.
fn is_unseen(facts: &Facts, image: &InUse<'_>, default: &ImageRef) -> bool {
    let coverage = image.published.map(|known| &known.coverage);
    match (coverage, &facts.catalog) {
        (
            Some(
                Coverage::Missing | Coverage::Complete | Coverage::Newest | Coverage::Incomplete(_),
            ),
            _,
        ) => false,
        (_, Some(catalog)) if default.registry().is_none() => {
            let names = places(default, facts.registry.as_deref());
            let holds = |name: &str| catalog.iter().any(|held| held == name);
            !holds(default.repository()) && !names.iter().any(|(_, name)| holds(name))
        }
        _ => false,
    }
}
