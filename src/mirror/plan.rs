//! What a mirror lacks, by the facts.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{MirrorItem, MirrorItems, items};
use super::names::Address;
use crate::model::facts::{Coverage, Facts, Repository, TagEntry};
use crate::model::image::is_digest;
use crate::model::mirror::{Mirror, MirrorImage, MirrorState};
use crate::model::policy::Policy;
use crate::model::size::ImageSize;
use crate::registry::{RegistryBase, Scheme};
use crate::settings::{RegistrySetting, Settings, UpstreamSetting};
use crate::verdict::InUse;

/// What the mirror has of every image that it is to hold: those of `used` and of their windows. `None` without `action: list` and
/// `mirror_to`. The same facts give the same plan.
pub fn plan(
    facts: &Facts,
    used: &[InUse<'_>],
    settings: &Settings,
    policy: &Policy,
) -> Option<Mirror> {
    let base = super::base(settings)?;
    let registry = base.to_string();
    let MirrorItems { items, left_out } = items(facts, used, policy, &registry);
    let mut images: Vec<MirrorImage> = items.iter().map(|item| compared(item, facts)).collect();
    refuse_collisions(&mut images);
    let mut mirror = Mirror {
        registry,
        images,
        left_out,
        plain_hosts: plain_hosts(settings),
        ..Mirror::default()
    };
    mirror.missing = mirror.count(MirrorState::Missing);
    mirror.stale = mirror.count(MirrorState::Stale);
    Some(mirror)
}

/// What one side says about a tag or digest.
#[derive(Clone, Copy)]
enum Presence<'f> {
    Present(Option<&'f str>),
    Absent,
    Unknown(&'f str),
}

fn presence<'f>(facts: &'f Facts, address: &Address, reference: &'f str) -> Presence<'f> {
    let Some(list) = address.list(&facts.repositories) else {
        return Presence::Unknown("it was not asked");
    };
    match &list.coverage {
        Coverage::Unavailable(reason) => Presence::Unknown(reason),
        Coverage::Missing => Presence::Absent,
        Coverage::Complete | Coverage::Newest | Coverage::Incomplete(_) => listed(list, reference),
    }
}

fn listed<'f>(list: &'f Repository, reference: &'f str) -> Presence<'f> {
    if is_digest(reference) {
        let mut entries = list.tags.iter();
        let is_known = entries.any(|tag| tag.digest.as_deref() == Some(reference));
        if is_known {
            return Presence::Present(Some(reference));
        }
    } else if let Some(entry) = list.tags.get(reference) {
        return Presence::Present(entry.digest.as_deref());
    } else if list.coverage == Coverage::Complete {
        return Presence::Absent;
    }
    if list.absent.iter().any(|absent| absent == reference) {
        return Presence::Absent;
    }
    match &list.coverage {
        Coverage::Incomplete(reason) => Presence::Unknown(reason),
        Coverage::Complete | Coverage::Newest | Coverage::Missing | Coverage::Unavailable(_) => {
            Presence::Unknown("it gave no usable answer")
        }
    }
}

/// What the list of the source says about the size of a tag, or of what it has by that digest.
fn size(facts: &Facts, address: &Address, reference: &str) -> Option<ImageSize> {
    let list = address.list(&facts.repositories)?;
    if let Some(entry) = list.tags.get(reference) {
        return entry.size;
    }
    let is_it = |tag: &&TagEntry| tag.digest.as_deref() == Some(reference);
    list.tags.iter().filter(is_it).find_map(|tag| tag.size)
}

fn compared(item: &MirrorItem, facts: &Facts) -> MirrorImage {
    use MirrorState::{Missing, Present, Stale, Unknown};
    let reference = item.reference.as_str();
    let source = presence(facts, &item.source, reference);
    let target = presence(facts, &item.target, reference);
    let is_pinned = is_digest(reference);
    let digest = match source {
        Presence::Present(digest) => digest,
        // A digest in use is known without being asked for.
        Presence::Unknown(_) if is_pinned => Some(reference),
        Presence::Absent | Presence::Unknown(_) => None,
    };
    let unread = |side, reason| format!("the {side} could not be read: {reason}");
    let text = |text: &str| Some(text.to_owned());
    let (state, note) = match (target, source) {
        (Presence::Unknown(reason), _) => (Unknown, Some(unread("mirror", reason))),
        (Presence::Present(None), _) => (Unknown, text("the mirror does not say its digest")),
        (Presence::Absent, source) => {
            let note = match source {
                Presence::Present(Some(_)) => None,
                Presence::Present(None) => {
                    text("not in the plan: the source does not say its digest")
                }
                Presence::Absent => text("not in the plan: the source lacks it as well"),
                Presence::Unknown(reason) => Some(unread("source", reason)),
            };
            (Missing, note)
        }
        (Presence::Present(Some(held)), source) => match source {
            Presence::Present(Some(digest)) if held == digest => (Present, None),
            Presence::Present(Some(_)) => (Stale, None),
            Presence::Present(None) => (Unknown, text("the source does not say its digest")),
            Presence::Absent => (Present, text("the source no longer has it")),
            Presence::Unknown(_) if is_pinned => (Present, None),
            Presence::Unknown(reason) => (Unknown, Some(unread("source", reason))),
        },
    };
    MirrorImage {
        source: item.source.to_string(),
        tag: (!is_pinned).then(|| reference.to_owned()),
        digest: digest.map(str::to_owned),
        target: item.target.to_string(),
        size: size(facts, &item.source, reference),
        state,
        why: item.why.clone(),
        note,
    }
}

/// Two sources with the same name at the mirror would overwrite one another: only the first is
/// copied.
fn refuse_collisions(images: &mut [MirrorImage]) {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for image in images {
        let owner = owners
            .entry(image.target.clone())
            .or_insert_with(|| image.source.clone());
        if *owner != image.source {
            image.state = MirrorState::Unknown;
            image.note = Some(format!(
                "{owner} has the same name at the mirror; map one of them with `same_as`"
            ));
        }
    }
}

/// Hosts that the settings name with `http://`.
fn plain_hosts(settings: &Settings) -> Vec<String> {
    let registry = match &settings.registry {
        RegistrySetting::Base(url) => Some(url),
        RegistrySetting::Auto | RegistrySetting::Off => None,
    };
    let upstream = match &settings.upstream {
        UpstreamSetting::Base(url) => Some(url),
        UpstreamSetting::Off | UpstreamSetting::Hub | UpstreamSetting::Registry => None,
    };
    let urls = [registry, upstream, settings.mirror_to.as_ref()];
    let hosts: BTreeSet<String> = (urls.into_iter().flatten())
        .filter_map(RegistryBase::from_url)
        .filter(|base| base.scheme() == Scheme::Http)
        .map(|base| base.host().to_owned())
        .collect();
    hosts.into_iter().collect()
}
