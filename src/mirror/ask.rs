//! What is asked about a mirror, into the facts: one list per repository there, and one `HEAD` per
//! tag on each side whose digest is not known yet.

use std::collections::BTreeSet;

use futures_util::future::join;

use super::items::{MirrorItem, items};
use super::names::Address;
use crate::http::Http;
use crate::model::facts::{Coverage, Facts, Notice, Priority, Repository};
use crate::model::image::is_digest;
use crate::model::policy::Policy;
use crate::model::warning::WarningCode;
use crate::registry::{Registries, RegistryAccess, TagProperty, TagQuery};
use crate::settings::Settings;
use crate::verdict::in_use;

/// Adds to the facts what the mirror says about the images that it is to hold, and the digests
/// that the source says. `registries` are those of the run; the mirror is asked with the
/// logins of `docker_config` alone. Of `digests` it is known already that they exist.
///
/// # Errors
/// A sentence if nothing can be read at the mirror.
pub(crate) async fn ask(
    http: &Http,
    settings: &Settings,
    registries: &Registries<'_>,
    facts: &mut Facts,
    policy: &Policy,
    digests: &[TagQuery],
) -> Result<(), String> {
    let Some(base) = super::base(settings) else {
        return Ok(());
    };
    let mirror = base.to_string();
    let items = items(facts, &in_use(facts, settings), policy, &mirror).items;
    let targets: BTreeSet<&Address> = items.iter().map(|item| &item.target).collect();
    let (access, _) = RegistryAccess::new(
        base,
        None,
        settings.docker_config.as_ref(),
        settings.hub_endpoint.clone(),
        http.secrets(),
    );
    let at_mirror = Registries::new(http, &access);
    let mut known = std::mem::take(&mut facts.repositories);
    note_digests(&mut known, digests);
    let is_target = |list: &Repository| targets.iter().any(|target| target.is_of(list));
    let (mut held, mut others): (Vec<_>, Vec<_>) = known.into_iter().partition(is_target);
    let unknown: Vec<(&str, &str)> = targets
        .iter()
        .filter(|target| target.list(&held).is_none())
        .map(|target| (target.registry.as_str(), target.repository.as_str()))
        .collect();
    held.extend(at_mirror.lists(&unknown).await);
    let of_source = queries(&items, &others, |item| &item.source);
    let of_target = queries(&items, &held, |item| &item.target);
    join(
        registries.describe_all(&mut others, &of_source),
        at_mirror.describe_all(&mut held, &of_target),
    )
    .await;
    let read = readable(&mirror, &held, &mut facts.notices);
    facts.repositories = others;
    facts.repositories.append(&mut held);
    facts.repositories.sort_by(|one, other| {
        (&one.registry, &one.repository).cmp(&(&other.registry, &other.repository))
    });
    facts.classify();
    read
}

/// Adds digests to the lists of their repositories, as entries of their own.
fn note_digests(lists: &mut [Repository], digests: &[TagQuery]) {
    for known in digests {
        let is_its = |list: &&mut Repository| {
            list.registry == known.registry && list.repository == known.repository
        };
        if let Some(list) = lists.iter_mut().find(is_its) {
            list.tags.push(&known.tag, Some(known.tag.clone()), None);
        }
    }
}

/// The tags whose digests are to be asked for: those that a list has or may have, and that it has
/// without digest; and the digests by which images are in use.
fn queries(
    items: &[MirrorItem],
    lists: &[Repository],
    side: impl Fn(&MirrorItem) -> &Address,
) -> Vec<TagQuery> {
    let mut queries = BTreeSet::new();
    for item in items {
        let address = side(item);
        let Some(list) = address.list(lists) else {
            continue;
        };
        if list.coverage.priority() != Priority::Lists || list.absent.contains(&item.reference) {
            continue;
        }
        let is_open = match list.tags.get(&item.reference) {
            Some(entry) => entry.digest.is_none(),
            None => is_digest(&item.reference) || list.coverage != Coverage::Complete,
        };
        if is_open {
            queries.insert(TagQuery {
                registry: address.registry.clone(),
                repository: address.repository.clone(),
                tag: item.reference.clone(),
                property: TagProperty::Digest,
            });
        }
    }
    queries.into_iter().collect()
}

/// Whether anything can be read at the mirror; a repository that cannot is a notice.
fn readable(mirror: &str, held: &[Repository], notices: &mut Vec<Notice>) -> Result<(), String> {
    let unread: Vec<(&Repository, &str)> = held
        .iter()
        .filter_map(|list| match &list.coverage {
            Coverage::Unavailable(reason) => Some((list, reason.as_str())),
            Coverage::Complete | Coverage::Newest | Coverage::Incomplete(_) | Coverage::Missing => {
                None
            }
        })
        .collect();
    if let Some((_, reason)) = unread.first()
        && unread.len() == held.len()
    {
        return Err(format!(
            "`mirror_to`: {mirror} cannot be read, so it is not known what it lacks: {reason}; \
             a login for it belongs in `docker_config`"
        ));
    }
    notices.extend(unread.into_iter().map(|(list, reason)| Notice {
        code: WarningCode::MirrorUnreadable,
        message: format!(
            "{}/{} cannot be read, so it is not known what it lacks: {reason}",
            list.registry, list.repository
        ),
    }));
    Ok(())
}
