//! What another user has changed.

use std::collections::BTreeMap;

use super::{DBOPS, K8, VM, change, clear, fields};
use crate::change::batch::{ConfigKey, Field};
use crate::change::concurrent_changes::{changed_meanwhile, stale};
use crate::model::facts::{Config, Facts, Fields};

/// Fields before, fields now, and what is reported.
type Row = (
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

/// Changed, removed, added, and as it was.
const ROWS: [Row; 5] = [
    (&[("a", "1")], &[("a", "2")], &["a from 1 to 2"]),
    (&[("a", "1")], &[], &["a from 1 to no override"]),
    (&[], &[("a", "2")], &["a from no override to 2"]),
    (&[("a", "1")], &[("a", "1")], &[]),
    (
        &[("a", "1"), ("b", "1"), ("c", "1")],
        &[("a", "2"), ("b", "1"), ("d", "2")],
        &[
            "a from 1 to 2",
            "c from 1 to no override",
            "d from no override to 2",
        ],
    ),
];

fn facts(overrides: &[(ConfigKey, Fields)]) -> Facts {
    let config = |((module, infra), overrides): &(ConfigKey, Fields)| Config {
        module: *module,
        infra: *infra,
        default: Fields::new(),
        overrides: overrides.clone(),
    };
    Facts {
        configs: overrides.iter().map(config).collect(),
        ..Facts::default()
    }
}

#[test]
fn what_differs_and_was_not_written_by_the_run_was_changed_by_another_user() {
    for (before, now, reported) in ROWS {
        let facts = facts(&[
            (VM, fields(&[("a", "7")])),
            (K8, fields(before)),
            (DBOPS, fields(&[("a", "8")])),
        ]);
        let read: BTreeMap<ConfigKey, Fields> = [
            (K8, fields(now)),
            (VM, fields(&[("a", "7")])),
            (DBOPS, fields(&[("a", "8")])),
        ]
        .into();
        for ours in [None, Some("a"), Some("c")] {
            // The same field elsewhere does not count.
            let fields = [Field::at(VM, "a"), Field::at(DBOPS, "d")];
            let mut fields = std::collections::BTreeSet::from(fields);
            fields.extend(ours.map(|field| Field::at(K8, field)));
            let warnings = changed_meanwhile(&facts, &read, &fields);
            let left = |line: &&&str| ours.is_none_or(|field| !line.starts_with(field));
            let expected: Vec<String> = reported
                .iter()
                .filter(left)
                .map(|line| {
                    let (field, values) = line.split_once(' ').unwrap_or_default();
                    format!("changed-meanwhile {field}: another user changed this field during the run, {values}; it was left alone")
                })
                .collect();
            let shown: Vec<String> = warnings
                .iter()
                .map(|warning| {
                    assert_eq!((warning.module, warning.infra), (Some(K8.0), K8.1));
                    let field = warning.field.as_deref().unwrap_or_default();
                    format!("{} {field}: {}", warning.code, warning.message)
                })
                .collect();
            assert_eq!(shown, expected, "{before:?} {now:?} {ours:?}");
        }
    }
}

#[test]
fn a_place_that_was_not_read_before_the_run_tells_nothing() {
    let read = [(K8, fields(&[("a", "2")]))].into();
    let known = facts(&[(VM, Fields::new())]);
    assert!(changed_meanwhile(&known, &read, &std::collections::BTreeSet::new()).is_empty());
}

#[test]
fn a_plan_is_stale_if_a_planned_field_has_changed_and_with_clear_if_any_has() {
    let planned = |line: &str, names: &[&str]| names.iter().any(|name| line.starts_with(name));
    for (before, now, reported) in ROWS {
        let (before, now) = (fields(before), fields(now));
        for (plan, names) in [
            (vec![change(K8, "a", Some("1"), Some("3"))], &["a"][..]),
            (
                vec![
                    change(K8, "c", Some("1"), None),
                    change(K8, "d", None, Some("3")),
                ],
                &["c", "d"],
            ),
            (vec![change(K8, "b", Some("1"), None)], &[]),
            // Elsewhere.
            (vec![change(VM, "a", Some("1"), None)], &[]),
            (vec![clear(DBOPS, "a", "1")], &[]),
            // `clear` takes every field of the module, on both infrastructures.
            (vec![clear(K8, "b", "1")], &["a", "b", "c", "d"]),
            (vec![clear(VM, "b", "1")], &["a", "b", "c", "d"]),
        ] {
            let expected: Vec<String> = reported
                .iter()
                .filter(|line| planned(line, names))
                .map(|line| {
                    let (field, values) = line.split_once(' ').unwrap_or_default();
                    format!("ci.K8.{field}: another user changed it {values} while the plan was made; nothing was changed: look at it, and run again")
                })
                .collect();
            assert_eq!(stale(K8, &before, &now, &plan), expected, "{plan:?}");
        }
    }
}
