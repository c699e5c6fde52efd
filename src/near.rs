//! Names that are nearly the same: mistyped settings and fields.

/// The known names nearest to `name`, nearest first, that differ by at most `tolerated` letters.
pub(crate) fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    tolerated: usize,
) -> Vec<&'a str> {
    let name: Vec<char> = name.chars().collect();
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|other| Some((distance(&name, other, tolerated)?, other)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).collect()
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to make
/// `b` of `a` (Damerau–Levenshtein, each letter moved once at most); `None` if more than `most`,
/// which most names show after a few letters.
fn distance(a: &[char], b: &str, most: usize) -> Option<usize> {
    if a.len().abs_diff(b.chars().count()) > most {
        return None;
    }
    let b: Vec<char> = b.chars().collect();
    // What it takes for each beginning of `b`: with two letters of `a` less, one less, and now.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = Vec::with_capacity(last.len());
    for (i, from) in a.iter().enumerate() {
        row.clear();
        let mut inserted = i.saturating_add(1);
        row.push(inserted);
        for (j, (to, above)) in b.iter().zip(last.windows(2)).enumerate() {
            let [replaced, removed] = above else { continue };
            let replaced = replaced.saturating_add(usize::from(from != to));
            let moved = (*removed).min(inserted).saturating_add(1);
            let mut least = replaced.min(moved);
            if let (Some(i), Some(j)) = (i.checked_sub(1), j.checked_sub(1))
                && a.get(i) == Some(to)
                && b.get(j) == Some(from)
                && let Some(swapped) = before.get(j)
            {
                least = least.min(swapped.saturating_add(1));
            }
            row.push(least);
            inserted = least;
        }
        // A row comes of the two before it, and never takes less than the lesser of them.
        if row.iter().chain(&last).all(|least| *least > most) {
            return None;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_letters() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "pin", 3),
            ("pin", "pin", 0),
            ("pni", "pin", 1),
            ("suported_releases", "supported_releases", 1),
            ("dryrun", "dry_run", 1),
            ("fial_no", "fail_on", 2),
            ("kitten", "sitting", 3),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                let a: Vec<char> = a.chars().collect();
                for most in 0..9 {
                    let told = (expected <= most).then_some(expected);
                    assert_eq!(distance(&a, b, most), told, "{a:?} {b} {most}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn giving_up_early_loses_nothing(a in "[ab_]{0,9}", b in "[ab_]{0,9}", most in 0..9_usize) {
            let a: Vec<char> = a.chars().collect();
            let whole = distance(&a, &b, 9);
            proptest::prop_assert!(whole.is_some());
            let told = whole.filter(|whole| *whole <= most);
            proptest::prop_assert_eq!(distance(&a, &b, most), told);
            let (a, b): (String, Vec<char>) = (a.iter().collect(), b.chars().collect());
            proptest::prop_assert_eq!(distance(&b, &a, 9), whole);
        }
    }
}
