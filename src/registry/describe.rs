//! More about single tags than lists say, added to the facts.

use futures_util::future::join_all;

use super::base::RepositoryPlace;
use super::details::Details;
use super::hub::TagAnswer;
use super::{Registries, RegistryError};
use crate::model::facts::{Repository, TagEntry};
use crate::model::image::{DOCKER_IO, is_digest};

/// Most single tags described in one call for the sake of verdicts.
const MAX_DETAILS: usize = 256;

/// What is asked about a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagProperty {
    /// Its digest.
    Digest,
    /// When it was published.
    Published,
}

/// A tag about which more is asked, or a digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagQuery {
    /// Canonical host, as in [`Repository`].
    pub registry: String,
    /// Full path, as in [`Repository`].
    pub repository: String,
    /// The tag, or a digest of which only its presence is asked.
    pub tag: String,
    /// What is asked.
    pub property: TagProperty,
}

impl Registries<'_> {
    /// Adds what is asked about at most 256 tags to `facts`. A tag that its registry turns out not
    /// to have is added to [`Repository::absent`]; one that it has but had not listed is added to
    /// the list. What cannot be learnt is left out. Of a digest only its absence is noted, in the
    /// same place; those that exist are returned.
    pub async fn describe(&self, facts: &mut [Repository], queries: &[TagQuery]) -> Vec<TagQuery> {
        let mut queries = queries.to_vec();
        queries.sort();
        queries.dedup();
        if queries.len() > MAX_DETAILS {
            tracing::warn!(
                "only {MAX_DETAILS} of {} tags are looked at closely",
                queries.len()
            );
            queries.truncate(MAX_DETAILS);
        }
        let learnt = join_all(queries.iter().map(|query| self.learn(query))).await;
        let mut digests = Vec::new();
        for (query, learnt) in queries.into_iter().zip(learnt) {
            // A digest that exists is no tag.
            if is_digest(&query.tag) && matches!(learnt, Ok(TagAnswer::Tag(_))) {
                digests.push(query);
            } else {
                add(facts, &query, learnt);
            }
        }
        digests
    }

    /// The same for every query, of which there must be none twice; a digest that exists is added
    /// to the list as an entry of its own.
    pub async fn describe_all(&self, facts: &mut [Repository], queries: &[TagQuery]) {
        let learnt = join_all(queries.iter().map(|query| self.learn(query))).await;
        for (query, learnt) in queries.iter().zip(learnt) {
            add(facts, query, learnt);
        }
    }

    async fn learn(&self, query: &TagQuery) -> Result<TagAnswer, RegistryError> {
        // Docker Hub's web API finds tags only, so a digest is looked up at its registry.
        if query.registry == DOCKER_IO
            && !is_digest(&query.tag)
            && query.repository.split('/').count() == 2
            && let Some(hub) = self.hub()
            && let Ok(known) = hub.tag(&query.repository, &query.tag).await
        {
            return Ok(known);
        }
        let place = self.place(query);
        let Some(session) = self.session(&place.host, place.scheme) else {
            return Err(RegistryError::Address { host: place.host });
        };
        let details = Details {
            session: &session,
            place: &place,
        };
        let name = query.tag.clone();
        match query.property {
            TagProperty::Digest => Ok(match details.digest(&query.tag).await? {
                Some(digest) => TagAnswer::Tag(TagEntry {
                    name,
                    digest: Some(digest.into()),
                    ..TagEntry::default()
                }),
                None => TagAnswer::Absent,
            }),
            TagProperty::Published => Ok(match details.created(&query.tag).await? {
                Some(created) => TagAnswer::Tag(TagEntry {
                    name,
                    published: created.at,
                    size: created.size,
                    digest: None,
                }),
                None => TagAnswer::Absent,
            }),
        }
    }

    /// Where a repository was found; where it would be if it was not.
    fn place(&self, query: &TagQuery) -> RepositoryPlace {
        let key = (query.registry.clone(), query.repository.clone());
        let found = self.found.borrow().get(&key).cloned();
        found.unwrap_or_else(|| {
            self.access
                .base
                .place_on(&query.registry, &query.repository)
        })
    }
}

fn add(facts: &mut [Repository], query: &TagQuery, learnt: Result<TagAnswer, RegistryError>) {
    let found = facts
        .iter_mut()
        .find(|known| known.registry == query.registry && known.repository == query.repository);
    let Some(repository) = found else {
        return;
    };
    match learnt {
        Ok(TagAnswer::Tag(tag)) => {
            if repository.tags.get(&tag.name).is_none() {
                repository.tags.add(tag);
            } else {
                repository.tags.describe(tag);
            }
        }
        Ok(TagAnswer::Absent) => {
            let is_listed = repository.tags.get(&query.tag).is_some();
            if !is_listed && !repository.absent.contains(&query.tag) {
                repository.absent.push(query.tag.clone());
            }
        }
        Err(error) => {
            let TagQuery {
                registry,
                repository,
                tag,
                ..
            } = query;
            tracing::debug!("{registry}/{repository}:{tag} is not known better: {error}");
        }
    }
}
