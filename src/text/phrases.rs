//! Parts of sentences: counts, alternatives, near names.

use std::borrow::Cow;

/// A fragment as a sentence: with a capital letter, unless it begins with a name, and a full
/// stop. What is empty stays so.
pub(crate) fn sentence(fragment: &str) -> Cow<'_, str> {
    let fragment = fragment.trim();
    let first = fragment.split(' ').next().unwrap_or_default();
    let word = first.trim_end_matches([',', '.', '!', '?']);
    let is_word = word.chars().all(|c| c.is_ascii_lowercase());
    let ends = fragment.ends_with(['.', '!', '?']);
    if fragment.is_empty() || (ends && !is_word) {
        return Cow::Borrowed(fragment);
    }
    let mut chars = fragment.chars();
    let mut whole = String::with_capacity(fragment.len().saturating_add(1));
    if is_word {
        whole.extend(chars.next().map(|c| c.to_ascii_uppercase()));
    }
    whole.push_str(chars.as_str());
    if !ends {
        whole.push('.');
    }
    Cow::Owned(whole)
}

/// A sentence as it is written behind a colon: with a small letter.
pub(crate) fn fragment(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// ` and 2 more` behind as many names as are shown of all; nothing where these are all.
pub(crate) fn and_more(all: usize, shown: usize) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!(" and {more} more"),
    }
}

/// `1 image`, `2 images`.
pub(crate) fn counted(count: usize, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {more}"),
    }
}

/// The known names nearest to `name`, nearest first, that differ by at most `tolerated` letters
/// inserted, removed, replaced, or swapped with their neighbour.
pub(crate) fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    tolerated: usize,
) -> Vec<&'a str> {
    let length = name.chars().count();
    let is_alike = |other: &&str| other.chars().count().abs_diff(length) <= tolerated;
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter(is_alike)
        .map(|other| (strsim::osa_distance(name, other), other))
        .filter(|(distance, _)| *distance <= tolerated)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).collect()
}

/// "`a`, `b` or `c`".
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match (words.pop(), words.is_empty()) {
        (Some(last), false) => format!("{} or {last}", words.join(", ")),
        (Some(only), true) => only,
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_by_letters_that_differ() {
        for (name, known, distance) in [
            ("pin", "pin", 0),
            ("pni", "pin", 1),
            ("suported_releases", "supported_releases", 1),
            ("dryrun", "dry_run", 1),
            ("fial_no", "fail_on", 2),
            ("kitten", "sitting", 3),
            ("", "pin", 3),
        ] {
            for tolerated in 0..5 {
                let found = nearest(name, [known], tolerated);
                assert_eq!(!found.is_empty(), distance <= tolerated, "{name} {known}");
            }
        }
        let known = ["timeouts", "time", "timeout", "timeout"];
        assert_eq!(nearest("timeout", known, 2), ["timeout", "timeouts"]);
    }

    #[test]
    fn fragments_become_sentences() {
        for (fragment, whole) in [
            (
                "reset it, or pin it to 1.2.3",
                "Reset it, or pin it to 1.2.3.",
            ),
            ("Pin a version.", "Pin a version."),
            ("2.1.0 is older", "2.1.0 is older."),
            ("harness/ci-addon is gone", "harness/ci-addon is gone."),
            ("why?", "Why?"),
            (" ", ""),
        ] {
            assert_eq!(sentence(fragment), whole);
        }
    }
}
