//! What is looked at and how it is judged: modules, fields, images, windows, verdicts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::image::ImageRef;
use crate::model::lifecycle;
use crate::model::module::{Infra, Module};
use crate::model::policy::{ByRepository, FailOn, Pattern, ReleaseUnit, SameAs};
use crate::model::verdict::{Attention, Verdict};

use super::collections::{MapEntry, is_map, list, map, scalar};
use super::problems::{Invalid, each};
use super::scalars::{name_pattern, number, word};
use super::schema;
use crate::text::one_of;

const UNITS: [ReleaseUnit; 2] = [ReleaseUnit::Minor, ReleaseUnit::Patch];

/// Largest window, in releases.
const MAX_RELEASES: u32 = 1_000;

/// Greatest age, in days.
const MAX_DAYS: u32 = 36_500;

pub(super) fn modules_schema() -> Value {
    schema::list_of_words(
        Module::HARNESS
            .map(Module::as_str)
            .into_iter()
            .chain(["none"]),
    )
}

/// Modules, in the order of their names, each once: none with `none`, the default with nothing.
pub(super) fn modules(text: &str) -> Result<Vec<Module>, Invalid> {
    let mut known: Vec<_> = Module::HARNESS
        .map(|module| (module.as_str(), Some(module)))
        .into();
    known.push(("none", None));
    let modules = words(text, &known)?;
    match modules.as_slice() {
        [] => Ok(vec![Module::Ci]),
        [None, _, ..] => Err("`none` stands alone, not among modules".into()),
        _ => Ok(modules.into_iter().flatten().collect()),
    }
}

/// Infrastructures, each once; the default with nothing.
pub(super) fn infra(text: &str) -> Result<Vec<Infra>, Invalid> {
    let infra = words(text, &Infra::ALL.map(|infra| (infra.as_str(), infra)))?;
    if infra.is_empty() {
        return Ok(vec![Infra::K8]);
    }
    Ok(infra)
}

/// A list of words, sorted, each once.
fn words<T: Copy + Ord>(text: &str, words: &[(&str, T)]) -> Result<Vec<T>, Invalid> {
    let mut values = each(list(text)?, |entry| word(words, &entry))?;
    values.sort();
    values.dedup();
    Ok(values)
}

/// Field names, in which `*` stands for anything.
pub(super) fn fields(text: &str) -> Result<Vec<Pattern>, Invalid> {
    each(list(text)?, |entry| name_pattern(&entry))
}

/// Image references, each once, in the order in which they are written.
pub(super) fn images(text: &str) -> Result<Vec<ImageRef>, Invalid> {
    let mut images: Vec<ImageRef> = Vec::new();
    let read = |entry: String| {
        ImageRef::parse(&entry).map_err(|error| format!("not an image reference: {error}"))
    };
    for image in each(list(text)?, read)? {
        if !images.contains(&image) {
            images.push(image);
        }
    }
    Ok(images)
}

/// Sizes of the support window, for all repositories or by pattern.
pub(super) fn supported_releases(text: &str) -> Result<ByRepository<u32>, Invalid> {
    let (general, patterns) = by_repository(text, number(0..=MAX_RELEASES))?;
    Ok(lifecycle::windows(general, patterns))
}

/// Ages after which images are unsupported, for all repositories or by pattern.
pub(super) fn supported_days(text: &str) -> Result<ByRepository<u32>, Invalid> {
    let (general, patterns) = by_repository(text, number(0..=MAX_DAYS))?;
    Ok(lifecycle::ages(general, patterns))
}

pub(super) fn supported_releases_schema() -> Value {
    schema::by_repository(&schema::whole(0, MAX_RELEASES))
}

pub(super) fn supported_days_schema() -> Value {
    schema::by_repository(&schema::whole(0, MAX_DAYS))
}

pub(super) fn release_unit_schema() -> Value {
    schema::by_repository(&schema::words(UNITS.map(ReleaseUnit::as_str)))
}

/// Release units, for all repositories or by pattern.
pub(super) fn release_unit(text: &str) -> Result<ByRepository<ReleaseUnit>, Invalid> {
    let units = UNITS.map(|unit| (unit.as_str(), unit));
    let (general, patterns) = by_repository(text, |text| word(&units, text))?;
    let general = general.unwrap_or(ReleaseUnit::Minor);
    Ok(ByRepository::by_pattern(general, patterns))
}

/// Repositories of mirrors and the publisher's; a `*` on the right needs one on the left.
pub(super) fn same_as(text: &str) -> Result<SameAs, Invalid> {
    let pairs = each(map(text)?, |MapEntry { key, value }| {
        let pattern = name_pattern(&key)?;
        let publisher = scalar(&value).unwrap_or_default();
        let stars = |text: &str| text.matches('*').count();
        if stars(&key) > 1 || stars(&publisher) > stars(&key) {
            return Err(
                "must have one `*` at most, and on the right only with one on the left".to_owned(),
            );
        }
        ImageRef::parse(&publisher.replace('*', "x"))
            .map(|_| (pattern, publisher))
            .map_err(|_| "must lead to a repository such as `harness/*`".to_owned())
    })?;
    Ok(SameAs::new(pairs))
}

/// One value for all, or a map from patterns of `namespace/name`, in which that of `*` alone is for all.
fn by_repository<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<(Option<T>, BTreeMap<Pattern, T>), Invalid> {
    if !is_map(text) {
        let or_map = |text| format!("{text}, or a map from repositories to such values");
        return Ok((Some(read(text).map_err(or_map)?), BTreeMap::new()));
    }
    let pairs = each(map(text)?, |MapEntry { key, value }| {
        let pattern = name_pattern(&key)?;
        Ok((pattern, read(&scalar(&value).unwrap_or_default())?))
    })?;
    let mut patterns: BTreeMap<Pattern, T> = pairs.into_iter().collect();
    Ok((patterns.remove(&Pattern::new("*")), patterns))
}

/// The words that [`fail_on`] takes: of verdicts only those that may fail a step.
fn fail_on_words() -> impl Iterator<Item = &'static str> {
    let may_fail = |verdict: &Verdict| verdict.info().attention != Attention::Excused;
    let verdicts = Verdict::ALL.into_iter().filter(may_fail);
    let others = ["never", "any", FailOn::MISSING];
    others.into_iter().chain(verdicts.map(Verdict::as_str))
}

pub(super) fn fail_on_schema() -> Value {
    schema::list_of_words(fail_on_words())
}

/// Verdicts that fail the step, and `missing`.
pub(super) fn fail_on(text: &str) -> Result<FailOn, Invalid> {
    let entries = list(text)?;
    let is_never = |entry: &str| entry.eq_ignore_ascii_case("never");
    let never = entries.iter().filter(|(_, entry)| is_never(entry)).count();
    if never > 0 && never < entries.len() {
        return Err("`never` stands alone; leave it out or leave out the others".into());
    }
    if never > 0 {
        return Ok(FailOn::default());
    }
    let is_missing = |entry: &str| entry.eq_ignore_ascii_case(FailOn::MISSING);
    let missing = entries.iter().any(|(_, entry)| is_missing(entry));
    let read = |entry: String| {
        if is_missing(&entry) {
            return Ok(Vec::new());
        }
        if entry.eq_ignore_ascii_case("any") {
            return Ok(Verdict::ALL.into_iter().filter(|v| !v.is_good()).collect());
        }
        match Verdict::ALL
            .into_iter()
            .find(|verdict| entry.eq_ignore_ascii_case(verdict.as_str()))
        {
            Some(verdict) if verdict.info().attention == Attention::Excused => {
                Err(format!("what is {verdict} never fails a step"))
            }
            Some(verdict) => Ok(vec![verdict]),
            None => Err(format!("must be {}", one_of(fail_on_words()))),
        }
    };
    let mut verdicts = each(entries, read)?.concat();
    verdicts.sort();
    verdicts.dedup();
    Ok(FailOn { verdicts, missing })
}
