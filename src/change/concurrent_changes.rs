//! What another user has changed while the run was under way. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::{ConfigKey, Field, shown, value_of};
use super::config_at;
use crate::model::change::{Change, Operation};
use crate::model::facts::{Facts, Fields};
use crate::model::module::full_name;
use crate::model::warning::{Warning, WarningCode};

/// Fields that are not as they were before the run, but for those that it wrote to, which are `ours`.
pub(super) fn changed_meanwhile(
    facts: &Facts,
    read: &BTreeMap<ConfigKey, Fields>,
    ours: &BTreeSet<Field>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (place, present) in read {
        let Some(before) = config_at(facts, *place) else {
            continue;
        };
        for (field, was, is) in differences(&before.overrides, present) {
            if !ours.contains(&Field::at(*place, field)) {
                let (was, is) = (shown(was), shown(is));
                let message = format!(
                    "another user changed this field during the run, from {was} to {is}; it was left alone"
                );
                warnings.push(Warning {
                    code: WarningCode::ChangedMeanwhile,
                    module: Some(place.0),
                    infra: place.1,
                    field: Some(field.to_owned()),
                    message,
                });
            }
        }
    }
    warnings
}

/// Why the plan no longer fits the overrides of a place, which were `before` when it was made.
pub(super) fn stale(
    place: ConfigKey,
    before: &Fields,
    present: &Fields,
    changes: &[Change],
) -> Vec<String> {
    let clears = changes
        .iter()
        .any(|change| change.op == Operation::Clear && change.module == place.0);
    let is_planned = |field: &str| {
        changes
            .iter()
            .any(|change| Field::of(change) == Field::at(place, field))
    };
    differences(before, present)
        .into_iter()
        .filter(|(field, ..)| clears || is_planned(field))
        .map(|(field, was, is)| {
            format!(
                "{}: another user changed it from {} to {} while the plan was made; nothing was changed: look at it, and run again",
                full_name(place.0, place.1, field),
                shown(was),
                shown(is)
            )
        })
        .collect()
}

/// Fields that differ, with both values.
fn differences<'a>(
    before: &'a Fields,
    present: &'a Fields,
) -> Vec<(&'a str, Option<&'a str>, Option<&'a str>)> {
    let fields: BTreeSet<&String> = before.keys().chain(present.keys()).collect();
    fields
        .into_iter()
        .map(|field| {
            (
                field.as_str(),
                value_of(before, field),
                value_of(present, field),
            )
        })
        .filter(|(_, was, is)| was != is)
        .collect()
}
