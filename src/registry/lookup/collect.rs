//! From what places said to facts about repositories.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lookup, Outcome, RegistryAnswers};
use crate::model::facts::{Coverage, ListKind, Notice, Priority, Repository, TagList};
use crate::model::warning::WarningCode;
use crate::registry::base::{RegistryBase, RepositoryPlace, Scheme};
use crate::registry::error::RegistryError;
use crate::registry::{Registries, unavailable};

/// Picks for every lookup the first place that has the repository.
pub(super) fn collect(
    registries: &Registries<'_>,
    lookups: &[Lookup<'_>],
    mut said: BTreeMap<RepositoryPlace, Outcome>,
) -> RegistryAnswers {
    let base = &registries.access.base;
    let is_gone = base.is_harness() && is_gone(base, &said);
    let mut repositories: BTreeMap<(String, String), Repository> = BTreeMap::new();
    let mut asked = BTreeSet::new();
    let mut chosen: BTreeMap<&RepositoryPlace, bool> = BTreeMap::new();
    for lookup in lookups {
        if let Some(place) = choose(&lookup.places, &said) {
            let is_at_base = lookup.places.iter().any(|place| place.host == base.host());
            chosen.insert(place, is_at_base);
        }
    }
    for (place, is_at_base) in chosen {
        let Some(outcome) = said.remove(place) else {
            continue;
        };
        asked.insert(if is_at_base {
            base.to_string()
        } else {
            place.host.clone()
        });
        let key = (place.host.clone(), place.repository.clone());
        let mut repository = repository(registries, place.clone(), outcome);
        if is_gone && is_at_base {
            repository.coverage = Coverage::Unavailable(format!(
                "{base} no longer answers as a registry; set `registry` to another one"
            ));
        }
        // The same path may have been asked for in two forms of the API.
        match repositories.get(&key) {
            Some(known) if known.coverage != Coverage::Missing => {}
            _ => drop(repositories.insert(key, repository)),
        }
    }
    let hosts: BTreeSet<&str> = repositories.keys().map(|(host, _)| host.as_str()).collect();
    let mut notices: Vec<Notice> = hosts
        .iter()
        .filter_map(|host| registries.helper_notice(host))
        .collect();
    let schemes: BTreeMap<&str, Scheme> = lookups
        .iter()
        .flat_map(|lookup| &lookup.places)
        .filter(|place| hosts.contains(place.host.as_str()))
        .map(|place| (place.host.as_str(), place.scheme))
        .collect();
    notices.extend(
        schemes
            .into_iter()
            .filter_map(|(host, scheme)| registries.login_notice(host, scheme, &repositories)),
    );
    if is_gone {
        notices.push(Notice {
            code: WarningCode::RegistryGone,
            message: format!(
                "{base} no longer answers as a registry (the Harness registry was announced to end in 2024), \
                 so nothing is known about the images there; leave `registry` out to read Docker Hub, or set another one"
            ),
        });
    }
    RegistryAnswers {
        repositories: repositories.into_values().collect(),
        notices,
        registries: asked.into_iter().collect(),
    }
}

/// The first place that has the repository; else the first that failed for a reason worth telling;
/// else the first that is known to lack it; else the first where something else than a registry is.
fn choose<'p>(
    places: &'p [RepositoryPlace],
    said: &BTreeMap<RepositoryPlace, Outcome>,
) -> Option<&'p RepositoryPlace> {
    let priority = |outcome: &Outcome| match outcome {
        Ok(said) if said.is_registry => (said.coverage.priority(), false),
        Ok(_) => (Priority::Lacks, true),
        Err(_) => (Priority::Unknown, false),
    };
    places
        .iter()
        .filter_map(|place| Some((priority(said.get(place)?), place)))
        .min_by_key(|(priority, _)| *priority)
        .map(|(_, place)| place)
}

/// Whether every answer at the base says that there is no registry any more.
fn is_gone(base: &RegistryBase, said: &BTreeMap<RepositoryPlace, Outcome>) -> bool {
    let mut at_base = said
        .iter()
        .filter(|(place, _)| place.host == base.host())
        .peekable();
    at_base.peek().is_some()
        && at_base.all(|(_, outcome)| match outcome {
            Ok(said) => said.coverage == Coverage::Missing || !said.is_registry,
            Err(RegistryError::Shape { .. }) => true,
            Err(_) => false,
        })
}

/// What a place said about its repository; where it was found is kept for later questions.
pub(super) fn repository(
    registries: &Registries<'_>,
    place: RepositoryPlace,
    outcome: Outcome,
) -> Repository {
    let mut repository = Repository {
        kind: ListKind::of(&place.host, &place.repository, None),
        registry: place.host.clone(),
        repository: place.repository.clone(),
        tags: TagList::new(),
        coverage: Coverage::Missing,
        absent: Vec::new(),
    };
    match outcome {
        Ok(said) => {
            repository.tags = said.tags;
            repository.coverage = said.coverage;
            repository.absent = said.absent;
            let key = (place.host.clone(), place.repository.clone());
            registries.found.borrow_mut().insert(key, place);
        }
        Err(error) => repository.coverage = unavailable(&error),
    }
    repository
}
