//! The pure core: references, tags, releases and verdicts, as tables of cases.

mod bounds;
mod contract;
mod images;
mod lifecycles;
mod oracle;
mod order;
mod pairs;
mod partial;
mod places;
mod properties;
mod publishers;
mod tags;
mod walk;
mod words;

use harness_images::model::facts::{Coverage, Facts, ListKind, Repository, TagList};
use harness_images::model::image::ImageRef;
use harness_images::model::policy::{ByRepository, Policy, ReleaseUnit, SameAs};
use harness_images::model::row::Source;
use harness_images::model::verdict::Verdict;
use harness_images::verdict::{Comparison, Judged, Judgement, judge, judge_all, policy};
use jiff::civil::Date;

/// The rules of the documents: three releases, `x.y` is a release, one month.
fn documented(as_of: &str) -> Policy {
    Policy {
        supported_releases: ByRepository::all(3),
        supported_days: ByRepository::all(0),
        release_unit: ByRepository::all(ReleaseUnit::Minor),
        deploy_window_days: 30,
        same_as: SameAs::default(),
        as_of: as_of.parse().unwrap(),
    }
}

fn image(text: &str) -> ImageRef {
    ImageRef::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn repository(registry: &str, path: &str, tags: TagList) -> Repository {
    Repository {
        registry: registry.to_owned(),
        repository: path.to_owned(),
        tags,
        coverage: Coverage::Complete,
        absent: Vec::new(),
        kind: ListKind::of(registry, path, None),
    }
}

/// A list of `tag` or `tag published-day` entries.
fn dated_list(registry: &str, path: &str, tags: &[impl AsRef<str>]) -> Repository {
    let mut list = TagList::new();
    for entry in tags.iter().map(AsRef::as_ref) {
        let (name, published) = entry.split_once(' ').unwrap_or((entry, ""));
        let at_noon = || format!("{published}T12:00:00Z").parse().unwrap();
        list.push(name, None, (!published.is_empty()).then(at_noon));
    }
    repository(registry, path, list)
}

/// How bad a verdict is where evidence is weighed: knowing nothing is worse than any good word.
fn badness(verdict: Verdict) -> usize {
    let place = Verdict::ALL.into_iter().position(|other| other == verdict);
    Verdict::ALL.len() - place.unwrap()
}

/// Judges with one list, which serves as the default's and the image's own. A version alone is one
/// of `harness/ci-addon`.
fn judged(text: &str, default: &str, list: Option<&Repository>, policy: &Policy) -> Judgement {
    judged_with(text, default, list, list, &[], policy)
}

fn judged_with(
    text: &str,
    default: &str,
    own: Option<&Repository>,
    published: Option<&Repository>,
    history: &[(String, Date)],
    policy: &Policy,
) -> Judgement {
    let [image, default] = [text, default].map(|text| {
        let is_version = !text.contains('/');
        let name = if is_version { "harness/ci-addon:" } else { "" };
        image(&format!("{name}{text}"))
    });
    judge(
        &Comparison {
            image: &image,
            default: &default,
            own,
            published,
            history,
            default_is_bound: false,
            source: Source::Override,
        },
        policy,
    )
}

fn settings(pairs: &[(&str, &str)]) -> harness_images::settings::Settings {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    harness_images::settings::Settings::from_pairs(pairs, &harness_images::report::formats())
        .expect("good settings")
}

/// Rows and warnings of the facts, by settings.
fn judged_all(facts: &Facts, pairs: &[(&str, &str)]) -> Judged {
    let settings = settings(&[&[("PLUGIN_SNAPSHOT", "x")], pairs].concat());
    judge_all(facts, &settings, &policy(&settings, facts))
}
