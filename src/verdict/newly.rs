//! What changed since the last run: which images became unsupported, overdue or missing.

use std::collections::BTreeMap;

use crate::model::concern::{Concern, Concerns, Newly, States};
use crate::model::row::Row;
use crate::model::verdict::{Attention, Verdict};

/// What is wrong with the images of the rows, those with which nothing is wrong included. What is
/// ignored counts as nothing wrong.
fn states(rows: &[Row]) -> States {
    let mut states = States::new();
    for row in rows {
        states.entry(key(row)).or_default().extend(concerns(row));
    }
    states
}

/// The images that became unsupported, overdue or missing, worst first. Without a former state
/// nothing is new.
pub fn newly(before: Option<&States>, rows: &[Row]) -> Vec<Newly> {
    let Some(before) = before else {
        return Vec::new();
    };
    let mut worst: BTreeMap<String, &Row> = BTreeMap::new();
    for row in rows {
        let known = worst.entry(key(row)).or_insert(row);
        if row.rank() < known.rank() {
            *known = row;
        }
    }
    let nothing = Concerns::new();
    let mut found: Vec<Newly> = Vec::new();
    for (key, concerns) in &states(rows) {
        let became = became(before.get(key).unwrap_or(&nothing), concerns);
        if let Some(row) = worst.get(key).filter(|_| !became.is_empty()) {
            found.push(Newly {
                field: row.full_name(),
                image: row.image.clone(),
                became,
            });
        }
    }
    found.sort_by(|one, other| (&one.became, &one.field).cmp(&(&other.became, &other.field)));
    found
}

/// What is to be noted for the next run: images whose state differs from the noted one.
pub fn to_note(before: Option<&States>, rows: &[Row]) -> States {
    let nothing = Concerns::new();
    let noted = |key: &String| {
        before
            .and_then(|before| before.get(key))
            .unwrap_or(&nothing)
    };
    states(rows)
        .into_iter()
        .filter(|(key, concerns)| noted(key) != concerns)
        .collect()
}

/// A field keeps its name whatever image it holds; any other image is known by its text.
fn key(row: &Row) -> String {
    if row.source.is_field() {
        row.full_name()
    } else {
        row.image.clone()
    }
}

fn concerns(row: &Row) -> Concerns {
    if row.verdict.info().attention == Attention::Excused {
        return Concerns::new();
    }
    let concerns = [
        (row.verdict.is_out_of_support(), Concern::Unsupported),
        (row.verdict == Verdict::Overdue, Concern::Overdue),
        (row.is_missing(), Concern::Missing),
    ];
    let held = concerns.into_iter().filter(|(holds, _)| *holds);
    held.map(|(_, concern)| concern).collect()
}

/// What is wrong now and was not before. An image that was unsupported and is overdue has become
/// better.
fn became(before: &Concerns, now: &Concerns) -> Concerns {
    let is_better =
        |concern: &Concern| *concern == Concern::Overdue && before.contains(&Concern::Unsupported);
    let new = now.difference(before).copied();
    new.filter(|concern| !is_better(concern)).collect()
}
