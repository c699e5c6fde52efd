//! What registries know about the images in use: first their tags, then digests and dates of some.

use std::collections::BTreeSet;

use super::base::{UNRESOLVED, upstream};
use super::queries::{digest_queries, open_dates, patch_queries, pin_query};
use super::questions::{at_upstream, of_target, questions, targets};
use crate::http::Http;
use crate::mirror;
use crate::model::facts::{Coverage, Facts, Repository};
use crate::model::image::ImageRef;
use crate::model::policy::Policy;
use crate::registry::{Question, Registries, RegistryAccess, RegistryBase, TagQuery};
use crate::settings::{Action, Settings, UpstreamSetting};
use crate::verdict::{InUse, in_use, policy};

/// Asks registries about every image in use, and about those that a change would bring into use.
pub(super) async fn gather(
    http: &Http,
    settings: &Settings,
    base: RegistryBase,
    facts: &mut Facts,
    backup: Option<&Facts>,
) -> Result<(), String> {
    let base = match &settings.upstream {
        UpstreamSetting::Base(url) => match RegistryBase::from_url(url) {
            Some(upstream) => base.with(&upstream),
            None => base,
        },
        UpstreamSetting::Off | UpstreamSetting::Hub | UpstreamSetting::Registry => base,
    };
    facts.registry = Some(base.to_string());
    facts.upstream = upstream(settings, facts.registry.as_deref());
    let (access, notices) = RegistryAccess::new(
        base,
        settings.registry_login.as_ref(),
        settings.docker_config.as_ref(),
        settings.hub_endpoint.clone(),
        http.secrets(),
    );
    facts.notices.extend(notices);
    let registries = Registries::new(http, &access);
    let policy = policy(settings, facts);
    let (collected, targets) = {
        let used = in_use(facts, settings);
        let targets = targets(&used, settings, backup);
        let mut questions: Vec<Question<'_>> = used
            .iter()
            .flat_map(|image| questions(image, settings, &policy))
            .collect();
        questions.extend(targets.iter().map(|image| of_target(image, &policy)));
        let published: Vec<(ImageRef, Question<'_>)> = match &facts.upstream {
            Some(upstream) if facts.upstream != facts.registry => {
                at_upstream(&questions, settings, upstream)
            }
            Some(_) | None => Vec::new(),
        };
        questions.extend(
            published
                .iter()
                .map(|(image, question)| Question { image, ..*question }),
        );
        (registries.read(&questions).await, targets)
    };
    facts.notices.extend(collected.notices);
    facts.repositories = collected.repositories;
    facts.classify();
    let digests = describe(&registries, settings, &policy, facts, &targets).await;
    if facts.notices.iter().any(|notice| notice.code == UNRESOLVED) {
        facts.repositories.iter_mut().for_each(downgrade_absence);
    }
    if settings.action == Action::List {
        facts.catalog = registries.catalog().await;
    }
    mirror::ask(http, settings, &registries, facts, &policy, &digests).await
}

/// Adds digests and dates on which verdicts turn. Each step judges by what the one before has added.
/// Returned are digests that exist though no listed tag has them.
async fn describe(
    registries: &Registries<'_>,
    settings: &Settings,
    policy: &Policy,
    facts: &mut Facts,
    targets: &BTreeSet<ImageRef>,
) -> Vec<TagQuery> {
    let mut used = in_use(facts, settings);
    let mut digests = digest_queries(&used);
    let images = used.iter().filter_map(InUse::image).chain(targets);
    digests.extend(images.filter_map(|image| pin_query(facts, image)));
    let mut known = Vec::new();
    if !digests.is_empty() {
        known = registries.describe(&mut facts.repositories, &digests).await;
        used = in_use(facts, settings);
    }
    let mut open = open_dates(&used, policy);
    if !open.next.is_empty() {
        let next: Vec<TagQuery> = open.next.into_iter().collect();
        registries.describe(&mut facts.repositories, &next).await;
        used = in_use(facts, settings);
        open = open_dates(&used, policy);
    }
    if !open.age.is_empty() {
        let ages: Vec<TagQuery> = open.age.into_iter().collect();
        registries.describe(&mut facts.repositories, &ages).await;
        used = in_use(facts, settings);
    }
    if settings.makes_patch() {
        let moved = patch_queries(&used, settings, policy);
        registries.describe(&mut facts.repositories, &moved).await;
    }
    known
}

/// What one registry lacks, another may have: where it is unknown from which the account pulls,
/// nothing is said to be missing.
fn downgrade_absence(repository: &mut Repository) {
    repository.absent.clear();
    match repository.coverage {
        Coverage::Complete => repository.coverage = Coverage::Newest,
        Coverage::Missing => {
            let reason = "it is unknown whether the account pulls images from there";
            repository.coverage = Coverage::Unavailable(reason.to_owned());
        }
        Coverage::Newest | Coverage::Incomplete(_) | Coverage::Unavailable(_) => {}
    }
}
