//! A walk through what was really published: every month is once the day of judgement, the
//! newest tag of a repository the default, and every older one an override.

use std::collections::BTreeMap;

use harness_images::model::facts::TagList;
use harness_images::model::policy::{ByRepository, Policy, ReleaseUnit};
use harness_images::model::tag::Tag;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{documented, judged, oracle, repository};

/// How often each verdict was found.
type Found = BTreeMap<&'static str, usize>;

/// A day of the history; where only the month or the year is known, its first day.
fn day(text: &str) -> Date {
    let full = format!("{text}-01-01");
    full[..10]
        .parse()
        .unwrap_or_else(|_| format!("{text}-01").parse().unwrap())
}

#[test]
fn verdicts_equal_the_second_opinion_month_by_month() {
    let mut published: BTreeMap<&str, Vec<(Date, &'static str)>> = BTreeMap::new();
    for line in include_str!("../data/image_history.csv").lines().skip(1) {
        let mut columns = line.split(',');
        let (date, image, tag) = (
            columns.next().unwrap(),
            columns.next().unwrap(),
            columns.next().unwrap(),
        );
        published.entry(image).or_default().push((day(date), tag));
    }
    assert_eq!(published.len(), 5);
    let walks: Vec<Found> = std::thread::scope(|scope| {
        let walks: Vec<_> = published
            .iter()
            .map(|(name, tags)| scope.spawn(move || walk(name, tags)))
            .collect();
        let ended = walks.into_iter().map(|walk| walk.join().unwrap());
        ended.collect()
    });
    let mut found = Found::new();
    for (verdict, count) in walks.into_iter().flatten() {
        *found.entry(verdict).or_default() += count;
    }
    let judgements: usize = found.values().sum();
    assert!(judgements > 10_000, "{judgements} judgements");
    for verdict in ["current", "supported", "overdue", "unsupported", "ahead"] {
        assert!(
            found.get(verdict).is_some_and(|count| *count > 50),
            "{verdict}: {found:?}"
        );
    }
}

fn walk(name: &str, tags: &[(Date, &'static str)]) -> Found {
    let mut found = Found::new();
    let mut as_of: Date = "2021-01-01".parse().unwrap();
    let end: Date = "2025-10-01".parse().unwrap();
    while as_of <= end {
        let known = tags.iter().filter(|(date, _)| *date < as_of);
        judge_month(name, &known.copied().collect::<Vec<_>>(), as_of, &mut found);
        as_of = as_of.checked_add(jiff::Span::new().months(1)).unwrap();
    }
    found
}

fn judge_month(name: &str, known: &[(Date, &'static str)], as_of: Date, found: &mut Found) {
    let mut list = TagList::new();
    for (date, tag) in known {
        let published: Timestamp = format!("{date}T00:00:00Z").parse().unwrap();
        list.push(tag, None, Some(published));
    }
    let list = repository("docker.io", name, list);
    let number = |date: Date| i64::from(date.since(Date::ZERO).unwrap().get_days());
    let simple: Vec<(oracle::Simple, i64)> = known
        .iter()
        .filter_map(|(date, tag)| Some((oracle::simple(tag)?, number(*date))))
        .collect();
    // The default is the newest of each variant in turn, where there is something to compare.
    let mut newest: BTreeMap<String, Tag<'_>> = BTreeMap::new();
    for tag in known.iter().filter_map(|(_, tag)| Tag::parse(tag)) {
        let entry = newest.entry(tag.variant().to_string()).or_insert(tag);
        *entry = (*entry).max(tag);
    }
    let size = |tag: &Tag<'_>| {
        known
            .iter()
            .filter_map(|(_, other)| Tag::parse(other))
            .filter(|other| other.variant() == tag.variant())
            .count()
    };
    for default in newest.values().filter(|tag| size(tag) >= 10) {
        for unit in [ReleaseUnit::Minor, ReleaseUnit::Patch] {
            let policy = Policy {
                release_unit: ByRepository::all(unit),
                ..documented(&as_of.to_string())
            };
            for (_, tag) in known {
                let Some((verdict, behind)) = oracle::verdict(
                    tag,
                    default.as_str(),
                    &simple,
                    number(as_of),
                    unit == ReleaseUnit::Patch,
                ) else {
                    continue;
                };
                let judgement = judged(
                    &format!("{name}:{tag}"),
                    &format!("{name}:{default}"),
                    Some(&list),
                    &policy,
                );
                let got = (judgement.verdict.as_str(), judgement.releases_behind);
                assert_eq!(
                    got,
                    (verdict, Some(behind as u64)),
                    "{name}:{tag} below {default} on {as_of} by {unit:?}: {}",
                    judgement.reason
                );
                *found.entry(verdict).or_default() += 1;
            }
        }
    }
}
