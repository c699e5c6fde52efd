//! What is sent.

use super::{DBOPS, K8, VM, change, clear, fields};
use crate::change::batch::{Batch, ConfigKey, Write, batches, undo};

fn pin(fields: &[(&str, &str)]) -> Write {
    Write::Pin(
        fields
            .iter()
            .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn reset(fields: &[&str]) -> Write {
    Write::Reset(fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn every_place_gets_one_write_of_a_kind_pins_first() {
    let plan = [
        change(K8, "a", Some("1"), None),
        change(K8, "b", None, Some("2")),
        change(K8, "c", Some("1"), Some("3")),
        change(K8, "d", Some("1"), None),
        change(VM, "a", Some("1"), Some("2")),
        change(DBOPS, "a", Some("1"), None),
    ];
    let batch = |place, writes| Batch {
        writes,
        ..Batch::at(place)
    };
    let expected = [
        batch(K8, vec![pin(&[("b", "2"), ("c", "3")]), reset(&["a", "d"])]),
        batch(VM, vec![pin(&[("a", "2")])]),
        batch(DBOPS, vec![reset(&["a"])]),
    ];
    assert_eq!(batches(&plan), expected);
    assert!(!batches(&plan).iter().any(Batch::is_clear));
    assert!(batches(&[]).is_empty());
}

#[test]
fn clear_takes_all_places_of_a_module_with_one_write() {
    let plan = [
        clear(K8, "a", "1"),
        clear(K8, "b", "1"),
        clear(VM, "a", "1"),
        clear(DBOPS, "a", "1"),
    ];
    let clear = |places: &[ConfigKey]| Batch {
        target: places[0],
        places: places.to_vec(),
        writes: vec![Write::Clear],
    };
    let expected = [clear(&[K8, VM]), clear(&[DBOPS])];
    assert_eq!(batches(&plan), expected);
    assert!(batches(&plan).iter().all(Batch::is_clear));
}

#[test]
fn the_log_tells_where_what_is_done_to_which_fields() {
    for (place, write, expected) in [
        (K8, pin(&[("a", "1"), ("b", "2")]), "pinning in ci.K8: a, b"),
        (VM, reset(&["a", "b"]), "resetting in ci.VM: a, b"),
        (DBOPS, reset(&["a"]), "resetting in dbops: a"),
        (K8, Write::Clear, "clearing all overrides of ci"),
    ] {
        assert_eq!(Batch::at(place).describe(&write), expected);
    }
    assert_eq!(Write::Clear.fields().count(), 0);
}

#[test]
fn only_what_is_not_as_it_was_is_put_back() {
    let plan = [
        change(K8, "a", Some("1"), Some("2")),
        change(K8, "b", Some("1"), None),
        change(K8, "c", None, Some("2")),
        change(K8, "d", None, Some("2")),
        change(VM, "a", Some("7"), Some("8")),
    ];
    let all = [pin(&[("a", "1"), ("b", "1")]), reset(&["c", "d"])];
    for (present, expected) in [
        // Unknown.
        (None, &all[..]),
        // As planned.
        (Some(&[("a", "2"), ("c", "2"), ("d", "2")][..]), &all),
        // Another user's: left alone.
        (Some(&[("a", "9"), ("b", "9"), ("c", "9"), ("d", "9")]), &[]),
        // A part.
        (
            Some(&[("a", "1"), ("d", "2")]),
            &[pin(&[("b", "1")]), reset(&["d"])],
        ),
        // As before.
        (Some(&[("a", "1"), ("b", "1")]), &[]),
    ] {
        let present = present.map(fields);
        let undone = undo(&plan, K8, present.as_ref(), |_| false);
        assert_eq!(undone, expected, "{present:?}");
    }
    assert_eq!(undo(&plan, VM, None, |_| false), [pin(&[("a", "7")])]);
    assert_eq!(undo(&plan, DBOPS, None, |_| false), []);
    // An accepted write that no read shows yet is undone all the same; another user's value is not.
    let present = fields(&[("a", "1"), ("b", "9")]);
    let undone = undo(&plan, K8, Some(&present), |_| true);
    assert_eq!(undone, [pin(&[("a", "1")]), reset(&["c", "d"])]);
}
