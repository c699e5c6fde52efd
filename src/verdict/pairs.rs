//! Images that work only together: `ci-addon` and `ci-lite-engine` of one module and infrastructure.

use std::collections::BTreeMap;

use super::InUse;
use super::numbering::{Distance, distance};
use crate::model::module::{Infra, Module};
use crate::model::policy::Policy;
use crate::model::tag::{Numbers, Tag, Variant};
use crate::model::warning::{Warning, WarningCode};

/// The two images, by the last part of their names.
const PAIR: [&str; 2] = ["ci-addon", "ci-lite-engine"];

/// How many releases the two may be apart: each works with the two releases before it ("CI Build
/// Image Updates").
const MAX_APART: u64 = 2;

/// A warning for each image of the one kind and those of the other that are too far from it. Of many at one
/// place, the oldest and the newest are the farthest.
pub(super) fn differing(in_use: &[InUse<'_>], policy: &Policy) -> Vec<Warning> {
    let [addon, engine] = PAIR;
    let mut engines: BTreeMap<PairKey<'_>, Vec<&InUse<'_>>> = BTreeMap::new();
    for engine in in_use.iter().filter(|image| is_named(image, engine)) {
        if let (Some(kind), Some(_)) = (pair_key(engine), version(engine)) {
            engines.entry(kind).or_default().push(engine);
        }
    }
    for engines in engines.values_mut() {
        engines.sort_by_key(|engine| version(engine));
        if let [oldest, .., newest] = engines.as_slice() {
            *engines = vec![*oldest, *newest];
        }
    }
    let mut warnings = Vec::new();
    for addon in in_use.iter().filter(|image| is_named(image, addon)) {
        let engines = pair_key(addon).and_then(|kind| engines.get(&kind));
        for engine in engines.into_iter().flatten() {
            if let Some(apart) = apart(addon, engine, policy) {
                let (ours, theirs) = (&addon.text, &engine.text);
                warnings.push(addon.warning(
                    WarningCode::PairDiffers,
                    format!("{ours} and {theirs} in `{}` are {apart} releases apart; they work together up to {MAX_APART}", engine.field),
                ));
            }
        }
    }
    warnings
}

fn is_named(image: &InUse<'_>, name: &str) -> bool {
    let default = image.default.as_ref().map(|default| default.name());
    image.infra.is_some() && default.and_then(|default| default.rsplit('/').next()) == Some(name)
}

/// Where an image is in use, and the words around its default's version: rootless images pair with
/// rootless ones.
type PairKey<'a> = (Module, Option<Infra>, Variant<'a>);

fn pair_key<'a>(image: &'a InUse<'_>) -> Option<PairKey<'a>> {
    let tag = Tag::parse(image.default.as_ref()?.tag()?)?;
    Some((image.module, image.infra, tag.variant()))
}

fn version<'a>(image: &'a InUse<'_>) -> Option<Numbers<'a>> {
    let tag = Tag::parse(image.image.as_ref()?.tag()?)?;
    Some(tag.numbers())
}

/// How far apart the two are, if it is known to be too far.
fn apart(addon: &InUse<'_>, engine: &InUse<'_>, policy: &Policy) -> Option<String> {
    let (one, other) = (version(addon)?, version(engine)?);
    let (lower, higher) = (one.min(other), one.max(other));
    let unit = policy.release_unit.get(addon.default.as_ref()?.name());
    match distance(lower, higher, unit) {
        Distance::Exactly(apart) if apart > MAX_APART => Some(apart.to_string()),
        Distance::AtLeast(apart) if apart > MAX_APART => Some(format!("at least {apart}")),
        Distance::Exactly(_) | Distance::AtLeast(_) => None,
    }
}
