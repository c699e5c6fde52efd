//! The state in which a change ends.

use std::path::Path;

use super::scene::{forbidden, names, scene};
use super::{K8, VM, fields};
use crate::change::observed::Reach;
use crate::change::outcome::{applied, rolled_back};
use crate::model::change::{
    ChangeState, ChangeState::Applied, ChangeState::Failed, ChangeState::Planned,
    ChangeState::RolledBack, ChangeState::Unknown,
};
use crate::model::facts::{Config, Facts, Fields};

/// What the backup knows of K8.
fn facts() -> Facts {
    Facts {
        configs: vec![Config {
            module: K8.0,
            infra: K8.1,
            default: Fields::new(),
            overrides: fields(&[("a", "1"), ("z", "1")]),
        }],
        ..Facts::default()
    }
}

#[test]
fn a_change_ends_in_the_state_in_which_it_was_read_last() {
    for (line, expected) in [
        ("K8 a 1>2 held 1 1", Planned),
        ("K8 a 1>2 held ? ?", Planned),
        ("K8 a 1>2 refused 1 1", Failed),
        ("K8 a 1>2 refused ? ?", Failed),
        ("K8 a 1>2 sent 2 ?", Unknown),
        ("K8 a 1>2 sent 2 ? undone", Unknown),
        ("K8 a 1>2 sent 2 1 undone", RolledBack),
        ("K8 a 1>2 sent 1 1", Failed),
        ("K8 a 1>2 sent 1 1 unconfirmed", Unknown),
        ("K8 a 1>2 sent 1 2 unconfirmed", Applied),
        ("K8 a 1>2 sent 2 2", Applied),
        ("K8 a 1>2 sent 2 2 undone", Applied),
        ("K8 a 1>2 sent 2 9 undone", Failed),
        ("K8 a 1>2 sent 2 - undone", Failed),
        // no override before, or none planned
        ("K8 a ->2 sent 2 - undone", RolledBack),
        ("K8 a ->2 sent 2 2", Applied),
        ("K8 a 1>- sent - 1 undone", RolledBack),
        ("K8 a 1>- sent - -", Applied),
    ] {
        let (changes, observed) = scene(&[line]);
        let ended = rolled_back(
            observed,
            &facts(),
            changes,
            Some(forbidden()),
            Path::new("b"),
        );
        let states: Vec<ChangeState> = ended.changes.iter().map(|change| change.state).collect();
        assert_eq!(states, [expected], "{line}");
    }
}

#[test]
fn a_field_is_compared_with_what_was_planned_and_with_what_was_before() {
    for (line, is_as_planned, is_back, is_read) in [
        ("K8 a 1>2 sent ? 2", true, false, true),
        ("K8 a 1>2 sent ? 1", false, true, true),
        ("K8 a 1>2 sent ? 9", false, false, true),
        ("K8 a 1>2 sent ? -", false, false, true),
        ("K8 a 1>- sent ? -", true, false, true),
        ("K8 a ->1 sent ? -", false, true, true),
        ("K8 a 1>2 sent 2 ?", false, false, false),
        ("K8 a 1>- refused - ?", false, false, false),
        ("K8 a 1>- held - ?", false, false, true),
    ] {
        let (changes, observed) = scene(&[line]);
        assert_eq!(observed.is_as_planned(&changes[0]), is_as_planned, "{line}");
        assert_eq!(observed.is_back(&changes[0]), is_back, "{line}");
        assert_eq!(observed.is_read(), is_read, "{line}");
    }
    let (_, observed) = scene(&["K8 a 1>2 sent 2 2", "VM b 1>2 refused ? ?"]);
    assert!(!observed.is_read(), "every place written to counts");
}

#[test]
fn what_was_refused_and_is_there_all_the_same_was_carried_out() {
    let (changes, mut observed) = scene(&[
        "K8 a 1>2 sent ? 2",
        "K8 b 1>2 sent ? 1",
        "K8 c 1>2 refused ? 2",
        "K8 d 1>2 refused ? 1",
        "K8 e 1>- refused ? -",
        "VM f 1>2 refused ? ?",
        "VM g 1>2 held ? ?",
    ]);
    assert_eq!(names(observed.ours(&changes)), ["a", "b"].into());
    observed.reclassify_refusals(&changes);
    assert_eq!(names(observed.ours(&changes)), ["a", "b", "c", "e"].into());
    assert_eq!(observed.reached.len(), 6, "what was held back stays so");
    let refused = |reach: &&Reach| **reach == Reach::Refused;
    assert_eq!(observed.reached.values().filter(refused).count(), 2);
}

#[test]
fn what_the_run_has_written_is_not_taken_for_another_users() {
    let lines = &["K8 a 1>2 sent 2 2", "K8 z 1>1 held 9 9"];
    let (changes, observed) = scene(lines);
    let applied = applied(observed, &facts(), changes);
    let (changes, observed) = scene(lines);
    let back = rolled_back(observed, &facts(), changes, None, Path::new("b"));
    assert!(applied.errors.is_empty());
    assert!(applied.changes.iter().all(|change| change.state == Applied));
    for ended in [applied, back] {
        let named: Vec<Option<&str>> = ended
            .warnings
            .iter()
            .map(|warning| warning.field.as_deref())
            .collect();
        assert_eq!(named, [Some("z")]);
        assert_eq!(ended.changes.len(), 2);
        let read = [(K8, fields(&[("a", "2"), ("z", "9")]))].into();
        assert_eq!(ended.overrides, read);
        assert!(!ended.overrides.contains_key(&VM));
    }
}
