//! Tags: any three of them, read, taken apart and compared.
#![no_main]

use std::cmp::Ordering;

use harness_images::model::tag::{Numbers, Tag};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let tags = [(); 3].map(|()| lines.next().and_then(Tag::parse));
    for tag in tags.iter().flatten() {
        whole(tag);
        numbers(tag.numbers());
        tag.embedded().into_iter().for_each(numbers);
    }
    for one in tags.iter().flatten() {
        for other in tags.iter().flatten() {
            assert_eq!(one.cmp(other), other.cmp(one).reverse());
            assert_eq!(one == other, one.cmp(other).is_eq());
            assert_eq!(one == other, one.as_str() == other.as_str());
            let order = one.numbers().cmp(&other.numbers());
            assert_eq!(order, by_hand(&one.numbers(), &other.numbers()));
            assert!(order.is_eq() || order == one.cmp(other));
        }
    }
    if let [Some(one), Some(other), Some(third)] = tags
        && one <= other
        && other <= third
    {
        assert!(one <= third);
    }
});

/// A tag is its parts, and nothing is between them but the `v`.
fn whole(tag: &Tag<'_>) {
    let raw = tag.as_str();
    assert_eq!(tag.to_string(), raw);
    assert_eq!(Tag::parse(raw).as_ref(), Some(tag));
    let variant = tag.variant();
    let inner = raw.strip_prefix(variant.prefix).unwrap();
    let inner = inner.strip_suffix(variant.suffix).unwrap();
    let inner = inner.strip_prefix(['v', 'V']).unwrap_or(inner);
    let numbers = tag.numbers();
    match tag.embedded() {
        Some(embedded) => assert_eq!(inner, format!("{numbers}-{embedded}")),
        None => assert_eq!(inner, numbers.as_str()),
    }
    assert!(numbers.count() >= 3);
    assert_eq!(tag.is_date_like(), numbers.part(0).len() >= 4);
}

fn numbers(numbers: Numbers<'_>) {
    let canonical = numbers.canonical();
    assert_eq!(canonical.split('.').count(), numbers.count());
    if let Some(tag) = Tag::parse(&canonical) {
        assert_eq!(tag.numbers(), numbers);
        assert_eq!(tag.numbers().canonical(), canonical);
    }
    for parts in 1..=4 {
        let first = numbers.first(parts);
        assert!(first <= numbers);
        assert_eq!(first.count(), parts.min(numbers.count()));
        assert_eq!(by_hand(&first, &numbers), first.cmp(&numbers));
    }
}

/// The order of two versions, number by number.
fn by_hand(one: &Numbers<'_>, other: &Numbers<'_>) -> Ordering {
    let key = |numbers: &Numbers<'_>, part| {
        let digits = numbers.part(part).to_owned();
        (digits.len(), digits)
    };
    (0..one.count().max(other.count()))
        .map(|part| key(one, part).cmp(&key(other, part)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
