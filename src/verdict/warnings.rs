//! Warnings about the facts as a whole: fields, ignores, registries.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::selection::configs_to_read;
use super::{InUse, is_selected, names, no_images, selected};
use crate::model::facts::{Coverage, Facts, NotJudged, Repository};
use crate::model::module::full_name;
use crate::model::module::{Infra, Module};
use crate::model::warning::{Warning, WarningCode};
use crate::settings::Settings;
use crate::text::counted;

pub(super) fn notices(facts: &Facts) -> Vec<Warning> {
    facts
        .notices
        .iter()
        .map(|notice| Warning::general(notice.code, notice.message.clone()))
        .collect()
}

/// Fields whose value is no text are no images and get no row, unless they are overrides.
pub(super) fn not_images(facts: &Facts, settings: &Settings) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for config in selected(facts, settings) {
        for (field, value) in &config.default {
            let is_judged = value.as_text().is_some() || config.overrides.contains_key(field);
            if !is_judged && is_selected(&settings.fields, config.module, config.infra, field) {
                warnings.push(Warning {
                    module: Some(config.module),
                    infra: config.infra,
                    field: Some(field.clone()),
                    ..Warning::general(
                        WarningCode::NotAnImage,
                        "the default is not a text, so it is no image and was not judged"
                            .to_owned(),
                    )
                });
            }
        }
    }
    warnings
}

/// One warning for each registry and cause for which repositories could not be read, and one for each
/// list that may lack tags.
pub(super) fn registries(in_use: &[InUse<'_>]) -> Vec<Warning> {
    let mut asked: Vec<&Repository> = in_use
        .iter()
        .flat_map(|image| [image.own, image.published])
        .flatten()
        .collect();
    asked.sort_by_key(|known| (&known.registry, &known.repository));
    asked.dedup_by_key(|known| (&known.registry, &known.repository));
    let mut unavailable: BTreeMap<(&str, &str), Vec<&Repository>> = BTreeMap::new();
    let mut warnings = Vec::new();
    for known in asked {
        match &known.coverage {
            Coverage::Unavailable(reason) => {
                let cause = (known.registry.as_str(), reason.as_str());
                unavailable.entry(cause).or_default().push(known);
            }
            Coverage::Incomplete(reason) => warnings.push(Warning::general(
                WarningCode::IncompleteList,
                format!(
                    "the list of tags of {}/{} may be incomplete: {reason}",
                    known.registry, known.repository
                ),
            )),
            Coverage::Complete | Coverage::Newest | Coverage::Missing => {}
        }
    }
    warnings.extend(unavailable.into_iter().map(|((registry, reason), known)| {
        let place = match known.as_slice() {
            [one] => format!("{registry}/{}", one.repository),
            several => format!("{} repositories of {registry}", several.len()),
        };
        Warning::general(
            WarningCode::RegistryUnavailable,
            format!("the tags of {place} could not be read: {reason}"),
        )
    }));
    warnings
}

/// Ignores that have run out, and those that match nothing, as far as everything is known.
pub(super) fn ignores(
    facts: &Facts,
    settings: &Settings,
    in_use: &[InUse<'_>],
    as_of: Date,
) -> Vec<Warning> {
    let is_whole = is_whole(facts, settings);
    settings
        .ignore
        .iter()
        .filter_map(|ignore| {
            let field = ignore.field.as_str();
            if let Some(until) = ignore.until.filter(|_| !ignore.applies_on(as_of)) {
                return Some(Warning::general(
                    WarningCode::IgnoreExpired,
                    format!("the ignore of `{field}` ran out on {until} and no longer applies"),
                ));
            }
            let is_used = in_use.iter().any(|image| {
                let mut fields = image.fields();
                fields.any(|field| names(&ignore.field, image.module, image.infra, field))
            });
            (is_whole && !is_used).then(|| {
                Warning::general(
                    WarningCode::IgnoreUnused,
                    format!("the ignore of `{field}` matches no image and can be removed"),
                )
            })
        })
        .collect()
}

/// Comments in files and pipelines that have run out, and images that are only known when a
/// pipeline runs.
pub(super) fn found(
    facts: &Facts,
    settings: &Settings,
    in_use: &[InUse<'_>],
    as_of: Date,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for image in in_use {
        for place in &image.places {
            let ignored = place.found.ignored.as_ref();
            let until = ignored.filter(|ignore| !ignore.applies_on(as_of));
            if let Some(until) = until.and_then(|ignore| ignore.until) {
                warnings.push(Warning {
                    module: Some(image.module),
                    field: Some(place.field.clone()),
                    ..Warning::general(
                        WarningCode::IgnoreExpired,
                        format!("the comment that ignores this place ran out on {until}"),
                    )
                });
            }
        }
    }
    if settings.reads_files_or_pipelines() {
        warnings.extend(not_judged(&facts.not_judged));
    }
    warnings
}

/// What stands in files and pipelines where images do, but names none.
fn not_judged(places: &NotJudged) -> impl Iterator<Item = Warning> {
    let kinds = [
        (
            WarningCode::NotLiteral,
            &places.expressions,
            ("image is", "images are"),
            "written as expressions, whose values are known only when a pipeline runs, so they were not judged",
        ),
        (
            WarningCode::TagOnly,
            &places.tags,
            ("step has", "steps have"),
            "only the tag of an image and a type that does not say of which repository, so they were not judged",
        ),
        (
            WarningCode::MalformedImage,
            &places.malformed,
            ("value is", "values are"),
            "no image reference, though an image belongs there, so runners cannot pull it",
        ),
    ];
    kinds
        .into_iter()
        .filter(|(_, places, ..)| !places.is_empty())
        .map(|(code, places, (one, more), text)| {
            let count = counted(places.count, one, more);
            Warning::general(code, format!("{count} {text}{}", places.named()))
        })
}

/// Entries of `fields` that select nothing, and a run without any image.
pub(super) fn unmatched(facts: &Facts, settings: &Settings, in_use: &[InUse<'_>]) -> Vec<Warning> {
    let configs = selected(facts, settings);
    let mut warnings: Vec<Warning> = settings
        .fields
        .iter()
        .filter(|_| is_whole(facts, settings))
        .filter(|pattern| {
            !configs.iter().any(|config| {
                config
                    .default
                    .keys()
                    .chain(config.overrides.keys())
                    .any(|field| names(pattern, config.module, config.infra, field))
            })
        })
        .map(|pattern| {
            Warning::general(
                WarningCode::UnknownField,
                format!(
                    "`{}` in `fields` matches no field of the chosen modules",
                    pattern.as_str()
                ),
            )
        })
        .collect();
    if in_use.is_empty() && (!configs.is_empty() || settings.modules.is_empty()) {
        warnings.push(no_images::warning(facts, settings));
    }
    warnings
}

/// Modules and infrastructures that are asked for, but of which the facts hold nothing.
fn absent<'a>(
    facts: &'a Facts,
    settings: &Settings,
) -> impl Iterator<Item = (Module, Option<Infra>)> + use<'a> {
    let asked = configs_to_read(settings).into_iter();
    asked.filter(|place| {
        !facts
            .configs
            .iter()
            .any(|config| (config.module, config.infra) == *place)
    })
}

fn is_whole(facts: &Facts, settings: &Settings) -> bool {
    absent(facts, settings).next().is_none()
}

/// What a snapshot lacks; what a live run lacks is an error.
pub(super) fn not_in_snapshot(facts: &Facts, settings: &Settings) -> Vec<Warning> {
    if settings.snapshot.is_none() || facts.configs.is_empty() {
        return Vec::new();
    }
    let lacking = absent(facts, settings).map(|(module, infra)| {
        let place = full_name(module, infra, "");
        let place = place.trim_end_matches('.');
        Warning::general(
            WarningCode::NotInSnapshot,
            format!("the snapshot holds nothing of {place}, so none of its images was judged"),
        )
    });
    lacking.collect()
}
