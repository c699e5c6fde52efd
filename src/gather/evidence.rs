//! What registries know about the images in use: which are asked, and about which tags more is
//! wanted than their names.

use std::collections::BTreeSet;

use crate::change::Target;
use crate::harness::{Connector, HarnessError};
use crate::http::Http;
use crate::mirror;
use crate::model::facts::{Coverage, Facts, Notice, Priority, Repository, upstream_image};
use crate::model::image::{DOCKER_IO, ImageRef};
use crate::model::policy::{Identity, Pattern, Policy};
use crate::model::row::Source;
use crate::model::tag::Tag;
use crate::model::verdict::Verdict;
use crate::model::warning::WarningCode;
use crate::registry::{
    Extent, Question, Registries, RegistryAccess, RegistryBase, TagProperty, TagQuery,
};
use crate::settings::{Action, Pin, RegistrySetting, Settings, UpstreamSetting};
use crate::verdict::{InUse, in_use, names, policy};
use crate::verdict::{latest_of_variant, verdict_only};

/// How many of the newest versions are compared with a floating tag, by digest.
const CANDIDATES: usize = 3;

/// Docker Hub was asked for want of a better address.
const BY_HAND: WarningCode = WarningCode::RegistryUnresolved;

/// Where tags of images without registry are read: the setting, else the account's connector, else Docker Hub.
/// `None` if nothing is to be asked.
pub(super) fn base(
    settings: &Settings,
    connector: Option<Result<Connector, HarnessError>>,
    notices: &mut Vec<Notice>,
) -> Option<RegistryBase> {
    let mut by_hand = |message: String| {
        notices.push(Notice {
            code: BY_HAND,
            message,
        });
        Some(RegistryBase::docker_hub())
    };
    match (&settings.registry, connector) {
        (RegistrySetting::Off, _) => None,
        (RegistrySetting::Base(url), _) => RegistryBase::from_url(url)
            .or_else(|| by_hand("`registry` names no host; Docker Hub was asked".to_owned())),
        (RegistrySetting::Auto, Some(Ok(Connector::Registry { url, .. }))) => {
            let base = RegistryBase::from_url(&url).map(RegistryBase::of_account);
            base.or_else(|| {
                by_hand(
                    "the account's connector names no host; set `registry`. Docker Hub was asked"
                        .to_owned(),
                )
            })
        }
        (RegistrySetting::Auto, Some(Ok(Connector::NeedsSetting { kind }))) => by_hand(format!(
            "the account's connector is of the type {kind}, which names no address; set `registry`. Docker Hub was asked"
        )),
        (RegistrySetting::Auto, Some(Err(error))) => by_hand(format!(
            "it is unknown where the account pulls images from; set `registry`. Docker Hub was asked: {error}"
        )),
        (RegistrySetting::Auto, Some(Ok(Connector::DockerHub { is_anonymous: true }))) => {
            notices.push(Notice {
                code: WarningCode::AnonymousPulls,
                message: "the connector `account.harnessImage` pulls from Docker Hub without a login, which Docker Hub limits by address".to_owned(),
            });
            Some(RegistryBase::docker_hub())
        }
        (
            RegistrySetting::Auto,
            Some(Ok(Connector::DockerHub {
                is_anonymous: false,
            }))
            | None,
        ) => Some(RegistryBase::docker_hub()),
    }
}

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
            .filter_map(|image| question(image, settings, &policy))
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
    let used = in_use(facts, settings);
    let mut digests = digests_wanted(&used);
    let images = used.iter().filter_map(InUse::image).chain(&targets);
    digests.extend(images.filter_map(|image| digest_pin(facts, image)));
    let dates = if digests.is_empty() {
        dates_wanted(&used, &policy)
    } else {
        registries.describe(&mut facts.repositories, &digests).await;
        dates_wanted(&in_use(facts, settings), &policy)
    };
    registries.describe(&mut facts.repositories, &dates).await;
    let ages = ages_wanted(&in_use(facts, settings), &policy);
    registries.describe(&mut facts.repositories, &ages).await;
    if settings.makes_patch() {
        let moved = moved_digests(&in_use(facts, settings), settings, &policy);
        registries.describe(&mut facts.repositories, &moved).await;
    }
    if facts.notices.iter().any(|notice| notice.code == BY_HAND) {
        facts.repositories.iter_mut().for_each(downgrade_absence);
    }
    if settings.action == Action::List {
        facts.catalog = registries.catalog().await;
    }
    mirror::ask(http, settings, &registries, facts, &policy).await
}

/// Where releases are counted, as the settings say: a host with an optional path.
pub(crate) fn upstream(settings: &Settings, registry: Option<&str>) -> Option<String> {
    match &settings.upstream {
        UpstreamSetting::Off => None,
        UpstreamSetting::Hub => Some(DOCKER_IO.to_owned()),
        UpstreamSetting::Registry => registry.map(str::to_owned),
        UpstreamSetting::Base(url) => RegistryBase::from_url(url).map(|base| base.to_string()),
    }
}

/// The same questions about the images that `upstream` publishes under the defaults' names, or
/// under their own where there is no default.
fn at_upstream<'q>(
    questions: &[Question<'q>],
    settings: &Settings,
    upstream: &str,
) -> Vec<(ImageRef, Question<'q>)> {
    let mut published = Vec::new();
    for question in questions {
        let at_publisher = settings.same_as.published(question.image);
        let image = match question.default {
            Some(default) if question.is_same => default,
            Some(_) => continue,
            None => at_publisher.as_ref().unwrap_or(question.image),
        };
        if let Some(image) = upstream_image(image, upstream) {
            published.push((
                image,
                Question {
                    default: None,
                    ..*question
                },
            ));
        }
    }
    published
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

/// What must be known about an image in use. Of a default that is in use only its presence
/// matters, unless it floats.
fn question<'a>(
    image: &'a InUse<'_>,
    settings: &Settings,
    policy: &Policy,
) -> Option<Question<'a>> {
    let used = image.asked()?;
    let name = image.default().unwrap_or(used).name();
    let is_version = used.tag().is_some_and(|tag| Tag::parse(tag).is_some());
    let counts_releases = matches!(settings.action, Action::List | Action::Pin(_));
    let extent = match image.source {
        _ if counts_releases => Extent::Window,
        Source::Default if is_version => Extent::Presence,
        _ => Extent::Verdict,
    };
    Some(Question {
        image: used,
        default: image.default(),
        is_same: image
            .default()
            .is_some_and(|default| policy.same_as.identity(used, default) != Identity::Other),
        releases: match policy.supported_releases.get(name) {
            0 => 0,
            size => size.max(releases_needed(settings)),
        },
        unit: policy.release_unit.get(name),
        extent,
    })
}

fn of_target<'a>(image: &'a ImageRef, policy: &Policy) -> Question<'a> {
    Question {
        image,
        default: None,
        is_same: false,
        releases: policy.supported_releases.get(image.name()),
        unit: policy.release_unit.get(image.name()),
        extent: Extent::Presence,
    }
}

/// Images that `pin` or the backup bring into use, as far as they are known before releases are.
fn targets(used: &[InUse<'_>], settings: &Settings, backup: Option<&Facts>) -> BTreeSet<ImageRef> {
    match &settings.action {
        Action::Pin(Pin::Fields(values)) => values
            .iter()
            .flat_map(|(field, value)| pinned(used, &Pattern::new(field.as_str()), value))
            .collect(),
        Action::Restore => backup
            .into_iter()
            .flat_map(|backup| &backup.configs)
            .flat_map(|config| config.overrides.values())
            .filter_map(|value| ImageRef::parse(value.as_text()?).ok())
            .collect(),
        Action::Check
        | Action::List
        | Action::Pin(Pin::All(_))
        | Action::Reset(_)
        | Action::Clear => BTreeSet::new(),
    }
}

/// What one value of `pin` brings into use: the image, or the tag in the repository of each field.
fn pinned(used: &[InUse<'_>], field: &Pattern, value: &str) -> Vec<ImageRef> {
    match Target::parse(value) {
        Ok(Target::Image(image)) => vec![image],
        Ok(Target::Tag(tag)) => used
            .iter()
            .filter(|image| names(field, image.module, image.infra, &image.field))
            .filter_map(|image| image.image().or(image.default())?.with_tag(&tag).ok())
            .collect(),
        Ok(Target::Latest(_)) | Err(_) => Vec::new(),
    }
}

/// How many releases must be known, so that `latest-N` can be counted back.
fn releases_needed(settings: &Settings) -> u32 {
    let back = |value: &str| match Target::parse(value) {
        Ok(Target::Latest(back)) => u32::try_from(back).unwrap_or(u32::MAX).saturating_add(1),
        Ok(Target::Image(_) | Target::Tag(_)) | Err(_) => 0,
    };
    match &settings.action {
        Action::Pin(Pin::All(value)) => back(value),
        Action::Pin(Pin::Fields(values)) => values
            .values()
            .map(|value| back(value))
            .max()
            .unwrap_or_default(),
        Action::Check | Action::List | Action::Reset(_) | Action::Clear | Action::Restore => 0,
    }
}

fn wanted(list: &Repository, tag: &str, property: TagProperty) -> TagQuery {
    TagQuery {
        registry: list.registry.clone(),
        repository: list.repository.clone(),
        tag: tag.to_owned(),
        property,
    }
}

/// Digests of floating tags and of the newest versions that they may stand for.
fn digests_wanted(used: &[InUse<'_>]) -> Vec<TagQuery> {
    let mut digests = BTreeSet::new();
    for image in used {
        let Some(case) = image.case() else { continue };
        for (reference, list) in [(case.image, case.own), (case.default, case.published)] {
            let is_version = reference.tag().is_some_and(|tag| Tag::parse(tag).is_some());
            let Some(list) = list.filter(|list| !is_version && !list.tags.is_empty()) else {
                continue;
            };
            if let Some(tag) = reference.pulled_tag().filter(|tag| knows(list, tag)) {
                digests.insert(wanted(list, tag, TagProperty::Digest));
            }
            for tag in candidates(list, reference.tag().unwrap_or_default()) {
                digests.insert(wanted(list, tag, TagProperty::Digest));
            }
        }
    }
    digests.retain(|wanted| lacks_digest(used, wanted));
    digests.into_iter().collect()
}

/// A digest by which an image is pulled, where no listed tag shows that its repository has it.
fn digest_pin(facts: &Facts, image: &ImageRef) -> Option<TagQuery> {
    let digest = image.digest()?;
    let list = facts.repository_of(image)?;
    let is_listed = || {
        let mut entries = list.tags.iter();
        entries.any(|entry| entry.digest.as_deref() == Some(digest))
    };
    let is_open = list.coverage.priority() == Priority::Lists && !is_listed();
    is_open.then(|| wanted(list, digest, TagProperty::Digest))
}

fn knows(list: &Repository, tag: &str) -> bool {
    list.coverage != Coverage::Complete || list.tags.get(tag).is_some()
}

fn lacks_digest(used: &[InUse<'_>], wanted: &TagQuery) -> bool {
    let lists = used
        .iter()
        .filter_map(InUse::case)
        .flat_map(|case| [case.own, case.published]);
    let list = lists
        .flatten()
        .find(|list| list.registry == wanted.registry && list.repository == wanted.repository);
    list.and_then(|list| list.tags.get(&wanted.tag))
        .is_none_or(|entry| entry.digest.is_none())
}

/// The newest versions of the variant whose words the floating tag has: `latest-mongo` may stand
/// for a version with the suffix `-mongo`.
fn candidates<'a>(list: &'a Repository, floating: &str) -> Vec<&'a str> {
    let suffix = floating
        .strip_prefix("latest")
        .or_else(|| floating.strip_prefix("dev"))
        .unwrap_or_default();
    let mut versions: Vec<Tag<'a>> = list
        .tags
        .iter()
        .filter_map(|entry| Tag::parse(&entry.name))
        .filter(|tag| {
            tag.variant().prefix.is_empty() && tag.variant().suffix == suffix && !tag.is_date_like()
        })
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions
        .into_iter()
        .take(CANDIDATES)
        .map(|tag| tag.as_str())
        .collect()
}

/// Dates of first newer versions, where a verdict turns on them.
fn dates_wanted(used: &[InUse<'_>], policy: &Policy) -> Vec<TagQuery> {
    let dates: BTreeSet<TagQuery> = used
        .iter()
        .filter(|image| may_be_behind(image))
        .filter_map(|image| {
            let judgement = verdict_only(&image.case()?, policy);
            let is_open = judgement.verdict == Verdict::Supported && judgement.deploy_by.is_none();
            let next = judgement.next.filter(|_| is_open)?;
            Some(wanted(image.case()?.list()?, &next, TagProperty::Published))
        })
        .collect();
    dates.into_iter().collect()
}

/// Digests of the tags to which a patch moves images that are written with a digest.
fn moved_digests(used: &[InUse<'_>], settings: &Settings, policy: &Policy) -> Vec<TagQuery> {
    let moved: BTreeSet<TagQuery> = used
        .iter()
        .filter(|image| image.source == Source::File)
        .filter(|image| image.image().is_some_and(|image| image.digest().is_some()))
        .filter_map(|image| {
            let comparison = image.case()?;
            let tag = latest_of_variant(&comparison, policy, settings.patch_releases_back).ok()?;
            Some(wanted(comparison.own?, &tag, TagProperty::Digest))
        })
        .collect();
    moved.into_iter().collect()
}

/// Dates of images whose age decides.
fn ages_wanted(used: &[InUse<'_>], policy: &Policy) -> Vec<TagQuery> {
    let ages: BTreeSet<TagQuery> = used
        .iter()
        .filter(|image| may_be_behind(image))
        .filter_map(|image| {
            let judgement = verdict_only(&image.case()?, policy);
            let is_open = judgement.age_unknown && judgement.verdict != Verdict::Unsupported;
            let tag = image.image()?.pulled_tag().filter(|_| is_open)?;
            Some(wanted(image.case()?.own?, tag, TagProperty::Published))
        })
        .collect();
    ages.into_iter().collect()
}

/// Whether an image may be older than its default: of two versions that can be seen at once.
fn may_be_behind(image: &InUse<'_>) -> bool {
    let version = |image: Option<&ImageRef>| {
        let tag = Tag::parse(image?.tag()?)?;
        Some(tag.numbers().canonical())
    };
    match (version(image.image()), version(image.default())) {
        (Some(used), Some(default)) => used != default,
        _ => true,
    }
}
