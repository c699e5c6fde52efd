//! From questions about images to facts about repositories: each repository is read once, all of
//! them side by side, and the next place only where the one before has none.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::base::{Place, RegistryBase, Scheme};
use super::error::RegistryError;
use super::stop_rule::{Extent, Need};
use super::tags::{self, Ending, Speaker};
use super::{Registries, unavailable};
use crate::model::facts::{Coverage, ListKind, Notice, Priority, Repository, TagList};
use crate::model::image::{DOCKER_IO, ImageRef};
use crate::model::policy::ReleaseUnit;
use crate::model::warning::WarningCode;

/// An image about which a judgement is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The image in use.
    pub image: &'a ImageRef,
    /// Its default, if it has one.
    pub default: Option<&'a ImageRef>,
    /// Whether the image is the default's.
    pub is_same: bool,
    /// Size of the support window; 0 is none.
    pub releases: u32,
    /// What counts as one release.
    pub unit: ReleaseUnit,
    /// How much is needed.
    pub extent: Extent,
}

/// What registries said.
#[derive(Debug, Default)]
pub struct Collected {
    /// One entry per repository asked, in order of their names.
    pub repositories: Vec<Repository>,
    /// What could not be learnt, beyond single repositories.
    pub notices: Vec<Notice>,
    /// Registries that were asked, as host and path.
    pub registries: Vec<String>,
}

/// What was said about one place.
type Outcome = Result<Said, RegistryError>;

struct Said {
    tags: TagList,
    coverage: Coverage,
    absent: Vec<String>,
    /// Whether it was a registry that said so.
    is_registry: bool,
}

/// What is wanted of the places of one image: the first that has the repository counts.
struct Lookup<'q> {
    places: Vec<Place>,
    needs: Vec<Need<'q>>,
}

pub(super) async fn read(registries: &Registries<'_>, questions: &[Question<'_>]) -> Collected {
    let base = &registries.access.base;
    let lookups = lookups(base, questions);
    let mut said: BTreeMap<Place, Outcome> = BTreeMap::new();
    for depth in 0.. {
        let mut due: BTreeMap<&Place, Vec<Need<'_>>> = BTreeMap::new();
        for lookup in &lookups {
            let before = lookup.places.iter().take(depth);
            let is_due = before.filter_map(|place| said.get(place)).all(is_elsewhere);
            if let (true, Some(place)) = (is_due, lookup.places.get(depth)) {
                due.entry(place)
                    .or_default()
                    .extend(lookup.needs.iter().cloned());
            }
        }
        due.retain(|place, _| !said.contains_key(*place));
        if lookups.iter().all(|lookup| lookup.places.len() <= depth) {
            break;
        }
        announce(registries, due.keys().copied());
        let answers = due
            .iter()
            .map(|(place, needs)| one(registries, place, needs));
        let answers = join_all(answers).await;
        let places: Vec<Place> = due.into_keys().cloned().collect();
        said.extend(places.into_iter().zip(answers));
    }
    collect(registries, &lookups, said)
}

/// Whether the repository may still be at the next place.
fn is_elsewhere(outcome: &Outcome) -> bool {
    match outcome {
        Ok(said) => said.coverage == Coverage::Missing || !said.is_registry,
        // Some registries refuse to say that there is no such project.
        Err(RegistryError::Denied { .. } | RegistryError::Forbidden { .. }) => true,
        Err(RegistryError::Status { status: 403, .. }) => true,
        Err(RegistryError::Shape { .. }) => true,
        Err(_) => false,
    }
}

/// Gathers what every repository is needed for.
fn lookups<'q>(base: &RegistryBase, questions: &[Question<'q>]) -> Vec<Lookup<'q>> {
    let mut by_places: BTreeMap<Vec<Place>, Vec<Need<'q>>> = BTreeMap::new();
    let mut add = |image: &ImageRef, need: Need<'q>| {
        let needs = by_places.entry(base.places(image)).or_default();
        if !needs.contains(&need) {
            needs.push(need);
        }
    };
    for question in questions {
        let Question {
            image,
            releases,
            unit,
            extent,
            ..
        } = *question;
        let default = question.default.filter(|_| question.is_same);
        let is_custom = question.default.is_some() && default.is_none();
        let need = Need {
            image: image.pulled_tag(),
            default: default.and_then(ImageRef::pulled_tag),
            digest: image.digest().filter(|_| image.tag().is_none()),
            present: image.pulled_tag().into_iter().collect(),
            releases,
            unit,
            extent: if is_custom { Extent::Presence } else { extent },
        };
        if let Some(default) = default
            && base.places(default) != base.places(image)
        {
            let present = default.pulled_tag().into_iter().collect();
            add(
                default,
                Need {
                    present,
                    ..need.clone()
                },
            );
        }
        add(image, need);
    }
    by_places
        .into_iter()
        .map(|(places, needs)| Lookup { places, needs })
        .collect()
}

/// Tells every host what is going to be read there, so that one token may serve for all of it.
fn announce<'p>(registries: &Registries<'_>, places: impl Iterator<Item = &'p Place>) {
    let mut by_host: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_host.entry(&place.host).or_default().push(place);
    }
    for (host, places) in by_host {
        if let Some(first) = places.first()
            && let Some(session) = registries.session(host, first.scheme)
        {
            let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
            session.announce(&names, registries.http.concurrency());
        }
    }
}

/// Reads one place.
async fn one(registries: &Registries<'_>, place: &Place, needs: &[Need<'_>]) -> Outcome {
    let is_known_to_hub = place.host == DOCKER_IO && place.repository.split('/').count() == 2;
    if is_known_to_hub && let Some(hub) = registries.hub() {
        let has_login = registries.access.credentials.get(&place.host).is_some();
        match hub.tags(&place.repository, needs).await {
            // Without a login the web API does not show what is private.
            Ok(found) if found.coverage == Coverage::Missing && has_login => {}
            Ok(found) => {
                return Ok(Said {
                    tags: found.tags,
                    coverage: found.coverage,
                    absent: found.absent,
                    is_registry: true,
                });
            }
            Err(error) => tracing::info!(
                "{}: Docker Hub's web API is of no use, so its registry is asked: {error}",
                place.repository
            ),
        }
    }
    let Some(session) = registries.session(&place.host, place.scheme) else {
        return Err(RegistryError::Address {
            host: place.host.clone(),
        });
    };
    let (tags, ending) = tags::tags(&session, &place.api, &place.name).await?;
    Ok(Said {
        tags,
        is_registry: ending != Ending::Missing(Speaker::Other),
        coverage: ending.coverage(&place.host),
        absent: Vec::new(),
    })
}

/// Picks for every lookup the first place that has the repository.
fn collect(
    registries: &Registries<'_>,
    lookups: &[Lookup<'_>],
    mut said: BTreeMap<Place, Outcome>,
) -> Collected {
    let base = &registries.access.base;
    let is_gone = base.is_harness() && is_gone(base, &said);
    let mut repositories: BTreeMap<(String, String), Repository> = BTreeMap::new();
    let mut asked = BTreeSet::new();
    let mut chosen: BTreeMap<&Place, bool> = BTreeMap::new();
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
        let mut repository = Repository {
            registry: place.host.clone(),
            repository: place.repository.clone(),
            tags: TagList::new(),
            coverage: Coverage::Missing,
            absent: Vec::new(),
            kind: ListKind::of(&place.host, &place.repository, None),
        };
        match outcome {
            Ok(said) => {
                repository.tags = said.tags;
                repository.coverage = said.coverage;
                repository.absent = said.absent;
                registries
                    .found
                    .borrow_mut()
                    .insert(key.clone(), place.clone());
            }
            Err(error) => repository.coverage = unavailable(&error),
        }
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
    Collected {
        repositories: repositories.into_values().collect(),
        notices,
        registries: asked.into_iter().collect(),
    }
}

/// The first place that has the repository; else the first that failed for a reason worth telling;
/// else the first that is known to lack it; else the first where something else than a registry is.
fn choose<'p>(places: &'p [Place], said: &BTreeMap<Place, Outcome>) -> Option<&'p Place> {
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
fn is_gone(base: &RegistryBase, said: &BTreeMap<Place, Outcome>) -> bool {
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
