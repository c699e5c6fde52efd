//! A second opinion: the contract's rules once more, written without the program's own types,
//! slow and simple. It knows tags of at most four small numbers.

use std::collections::BTreeSet;

/// A tag taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Simple {
    pub(crate) words: (String, String),
    pub(crate) numbers: [u32; 4],
}

/// Takes a tag apart with the blunt method: split at `-`, find the first piece that is three or four numbers.
pub(crate) fn simple(tag: &str) -> Option<Simple> {
    let pieces: Vec<&str> = tag.split('-').collect();
    let at = pieces.iter().position(|piece| {
        numbers(piece.trim_start_matches('v')).is_some_and(|found| found.len() >= 3)
    })?;
    let before_is_words = pieces[..at]
        .iter()
        .all(|piece| !piece.is_empty() && !piece.contains('.'));
    if !before_is_words || at > 0 && !pieces[0].starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut found = numbers(pieces[at].trim_start_matches('v'))?;
    found.resize(4, 0);
    let mut rest = &pieces[at + 1..];
    if rest
        .first()
        .is_some_and(|piece| numbers(piece).is_some_and(|found| found.len() >= 2))
    {
        rest = &rest[1..];
    }
    Some(Simple {
        words: (pieces[..at].join("-"), rest.join("-")),
        numbers: [found[0], found[1], found[2], found[3]],
    })
}

fn numbers(piece: &str) -> Option<Vec<u32>> {
    piece.split('.').map(|part| part.parse().ok()).collect()
}

/// Verdict and releases behind of `image` below `default`, as of day `today`, by published
/// tags with their days (counted from anywhere). `patch` selects the release unit.
pub(crate) fn verdict(
    image: &str,
    default: &str,
    tags: &[(Simple, i64)],
    today: i64,
    patch: bool,
) -> Option<(&'static str, usize)> {
    let (image, default) = (simple(image)?, simple(default)?);
    if image.numbers > default.numbers {
        return Some(("ahead", 0));
    }
    if image.numbers == default.numbers {
        return Some(("current", 0));
    }
    let release = |numbers: [u32; 4]| {
        if patch {
            numbers
        } else {
            [numbers[0], numbers[1], 0, 0]
        }
    };
    let alike: Vec<([u32; 4], i64)> = tags
        .iter()
        .filter(|(tag, _)| tag.words == image.words && tag.numbers <= default.numbers)
        .map(|(tag, day)| (tag.numbers, *day))
        .collect();
    let mut releases: BTreeSet<[u32; 4]> =
        alike.iter().map(|(numbers, _)| release(*numbers)).collect();
    releases.insert(release(default.numbers));
    let behind = releases
        .iter()
        .filter(|known| **known > release(image.numbers))
        .count();
    if behind >= 3 {
        return Some(("unsupported", behind));
    }
    let mut newer: Vec<[u32; 4]> = alike
        .iter()
        .map(|(numbers, _)| *numbers)
        .filter(|numbers| *numbers > image.numbers)
        .collect();
    if default.words == image.words {
        newer.push(default.numbers);
    }
    newer.sort();
    let first_day = newer.first().and_then(|first| {
        let same = alike.iter().filter(|(numbers, _)| numbers == first);
        same.map(|(_, day)| *day).min()
    });
    if first_day.is_some_and(|day| today - day > 30) {
        return Some(("overdue", behind));
    }
    Some(("supported", behind))
}
