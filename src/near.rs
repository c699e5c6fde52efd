//! Names that are nearly the same: mistyped settings and fields.

/// The known names nearest to `name`, nearest first, that differ by at most `tolerated` letters.
pub(crate) fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    tolerated: usize,
) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .map(|other| (distance(name, other), other))
        .filter(|(distance, _)| *distance <= tolerated)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).collect()
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to make
/// `b` of `a` (Damerau–Levenshtein, each letter moved once at most).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let at = |rows: &[Vec<usize>], i: usize, j: usize| {
        rows.get(i)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or(usize::MAX)
    };
    for (i, from) in a.iter().enumerate() {
        let below = i.saturating_add(1);
        rows.push(vec![below]);
        for (j, to) in b.iter().enumerate() {
            let after = j.saturating_add(1);
            let replaced = at(&rows, i, j).saturating_add(usize::from(from != to));
            let removed = at(&rows, i, after).saturating_add(1);
            let inserted = at(&rows, below, j).saturating_add(1);
            let swapped = match (i.checked_sub(1), j.checked_sub(1)) {
                (Some(above), Some(before))
                    if a.get(above) == Some(to) && b.get(before) == Some(from) =>
                {
                    at(&rows, above, before).saturating_add(1)
                }
                _ => usize::MAX,
            };
            let least = replaced.min(removed).min(inserted).min(swapped);
            if let Some(row) = rows.last_mut() {
                row.push(least);
            }
        }
    }
    at(&rows, a.len(), b.len())
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
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }
}
