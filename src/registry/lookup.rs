//! From questions about images to facts about repositories: each repository is read once, all of
//! them side by side, and the next place only where the one before has none.

mod collect;

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::Registries;
use super::base::{RegistryBase, RepositoryPlace};
use super::ending::{Ending, Speaker};
use super::error::RegistryError;
use super::stop_rule::{Extent, Need};
use super::tags;
use crate::model::facts::{Coverage, Notice, Repository, TagList};
use crate::model::image::{DOCKER_IO, ImageRef};
use crate::model::policy::ReleaseUnit;

/// An image that is to be judged.
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
pub struct RegistryAnswers {
    /// One entry per repository asked, in order of their names.
    pub repositories: Vec<Repository>,
    /// What could not be learnt, beyond single repositories.
    pub notices: Vec<Notice>,
    /// Registries that were asked, as host and path.
    pub registries: Vec<String>,
}

/// What was said about one place.
type Outcome = Result<RepositoryAnswer, RegistryError>;

struct RepositoryAnswer {
    tags: TagList,
    coverage: Coverage,
    absent: Vec<String>,
    /// Whether it was a registry that said so.
    is_registry: bool,
}

/// What is asked of the places of one image: the first that has the repository counts.
struct Lookup<'q> {
    places: Vec<RepositoryPlace>,
    needs: Vec<Need<'q>>,
}

pub(super) async fn read(
    registries: &Registries<'_>,
    questions: &[Question<'_>],
) -> RegistryAnswers {
    let base = &registries.access.base;
    let lookups = lookups(base, questions);
    let mut said: BTreeMap<RepositoryPlace, Outcome> = BTreeMap::new();
    for depth in 0.. {
        let mut due: BTreeMap<&RepositoryPlace, Vec<Need<'_>>> = BTreeMap::new();
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
        let places: Vec<RepositoryPlace> = due.into_keys().cloned().collect();
        said.extend(places.into_iter().zip(answers));
    }
    collect::collect(registries, &lookups, said)
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
    let mut by_places: BTreeMap<Vec<RepositoryPlace>, Vec<Need<'q>>> = BTreeMap::new();
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

/// Announces to every host what will be read there, so that one token may serve for all of it.
fn announce<'p>(registries: &Registries<'_>, places: impl Iterator<Item = &'p RepositoryPlace>) {
    let mut by_host: BTreeMap<&str, Vec<&RepositoryPlace>> = BTreeMap::new();
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
async fn one(registries: &Registries<'_>, place: &RepositoryPlace, needs: &[Need<'_>]) -> Outcome {
    let is_known_to_hub = place.host == DOCKER_IO && place.repository.split('/').count() == 2;
    if is_known_to_hub && let Some(hub) = registries.hub() {
        let has_login = registries.access.credentials.get(&place.host).is_some();
        match hub.tags(&place.repository, needs).await {
            // Without a login the web API does not show what is private.
            Ok(found) if found.coverage == Coverage::Missing && has_login => {}
            Ok(found) => {
                return Ok(RepositoryAnswer {
                    tags: found.tags,
                    coverage: found.coverage,
                    absent: found.absent,
                    is_registry: true,
                });
            }
            Err(error) => {
                let error = error.to_string();
                if registries.hub_errors.borrow_mut().insert(error.clone()) {
                    tracing::info!(
                        "Docker Hub's web API is of no use, so its registry is asked: {error}"
                    );
                }
            }
        }
    }
    let Some(session) = registries.session(&place.host, place.scheme) else {
        return Err(RegistryError::Address {
            host: place.host.clone(),
        });
    };
    let (tags, ending) = tags::tags(&session, &place.api, &place.name).await?;
    Ok(RepositoryAnswer {
        tags,
        is_registry: ending != Ending::Missing(Speaker::Other),
        coverage: ending.coverage(&place.host),
        absent: Vec::new(),
    })
}

/// Reads single repositories, side by side.
pub(super) async fn lists(
    registries: &Registries<'_>,
    repositories: &[(&str, &str)],
) -> Vec<Repository> {
    let base = &registries.access.base;
    let places: Vec<RepositoryPlace> = repositories
        .iter()
        .map(|(host, repository)| base.place_on(host, repository))
        .collect();
    announce(registries, places.iter());
    let answers = join_all(places.iter().map(|place| one(registries, place, &[]))).await;
    let read = places.into_iter().zip(answers);
    read.map(|(place, outcome)| collect::repository(registries, place, outcome))
        .collect()
}
