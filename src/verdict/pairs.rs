//! Images that work only together: `ci-addon` and `ci-lite-engine` of one module and infrastructure.

use std::cmp::Ordering;

use super::InUse;
use super::numbering::{Distance, distance};
use crate::model::policy::Policy;
use crate::model::tag::Tag;
use crate::model::warning::{Warning, WarningCode};

/// The two images, by the last part of their names.
const PAIR: [&str; 2] = ["ci-addon", "ci-lite-engine"];

/// How many releases the two may be apart: each works with the two releases before it ("CI Build
/// Image Updates").
const MAX_APART: u64 = 2;

/// One warning for each pair in use whose releases are too far apart.
pub(super) fn differing(in_use: &[InUse<'_>], policy: &Policy) -> Vec<Warning> {
    let named = |name: &'static str| in_use.iter().filter(move |image| is_named(image, name));
    let [addon, engine] = PAIR;
    let mut warnings = Vec::new();
    for (addon, engine) in named(addon).flat_map(|one| named(engine).map(move |other| (one, other)))
    {
        let is_pair = (addon.module, addon.infra) == (engine.module, engine.infra)
            && variant(addon).is_some()
            && variant(addon) == variant(engine);
        if let Some(apart) = apart(addon, engine, policy).filter(|_| is_pair) {
            let (ours, theirs) = (&addon.text, &engine.text);
            warnings.push(addon.warning(
                WarningCode::PairDiffers,
                format!("{ours} and {theirs} in `{}` are {apart} releases apart; they work together up to {MAX_APART}", engine.field),
            ));
        }
    }
    warnings
}

fn is_named(image: &InUse<'_>, name: &str) -> bool {
    let default = image.default.as_ref().map(|default| default.name());
    image.infra.is_some() && default.and_then(|default| default.rsplit('/').next()) == Some(name)
}

/// The words around the default's version: rootless images pair with rootless ones.
fn variant<'a>(image: &'a InUse<'_>) -> Option<crate::model::tag::Variant<'a>> {
    let tag = image.default.as_ref()?.tag()?;
    Tag::parse(tag).map(|tag| tag.variant())
}

/// How far apart the two are, if it is known to be too far.
fn apart(addon: &InUse<'_>, engine: &InUse<'_>, policy: &Policy) -> Option<String> {
    let version = |image: &'_ InUse<'_>| image.image.as_ref()?.tag().map(str::to_owned);
    let (addon_tag, engine_tag) = (version(addon)?, version(engine)?);
    let (one, other) = (Tag::parse(&addon_tag)?, Tag::parse(&engine_tag)?);
    let (lower, higher) = match one.numbers().cmp(&other.numbers()) {
        Ordering::Greater => (other.numbers(), one.numbers()),
        Ordering::Less | Ordering::Equal => (one.numbers(), other.numbers()),
    };
    let unit = policy.release_unit.get(addon.default.as_ref()?.name());
    match distance(lower, higher, unit) {
        Distance::Exactly(apart) if apart > MAX_APART => Some(apart.to_string()),
        Distance::AtLeast(apart) if apart > MAX_APART => Some(format!("at least {apart}")),
        Distance::Exactly(_) | Distance::AtLeast(_) => None,
    }
}
