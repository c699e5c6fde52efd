//! Changes and what was sent and seen of them, one line each.

use std::collections::{BTreeMap, BTreeSet};

use super::{DBOPS, K8, VM, change};
use crate::change::batch::{ConfigKey, Field};
use crate::change::observed::{Observed, Reach};
use crate::harness::{Cause, HarnessError, ServerMessage};
use crate::http::HttpError;
use crate::model::change::Change;
use crate::model::facts::{FieldValue, Fields};

/// `K8 a 1>2 sent 2 1 undone`: the place and the field; the values before and planned; whether
/// the write was `refused`, `sent` or `held` back; the values seen before the rollback and read
/// last; whether the former value was sent, or the change may still show. `-` is no override, `?` an answer that never came.
pub(super) fn scene(lines: &[&str]) -> (Vec<Change>, Observed) {
    let mut changes = Vec::new();
    let mut observed = Observed {
        undo_errors: vec!["putting former values back: no".to_owned()],
        ..Observed::default()
    };
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let place = match words[0] {
            "K8" => K8,
            "VM" => VM,
            _ => DBOPS,
        };
        let (from, to) = words[2].split_once('>').unwrap();
        let planned = change(place, words[1], value(from), value(to));
        let field = Field::of(&planned);
        match words[3] {
            "refused" => drop(observed.reached.insert(field.clone(), Reach::Refused)),
            "sent" => drop(observed.reached.insert(field.clone(), Reach::Account)),
            _ => {}
        }
        let unread = format!("{} was not read", words[0]);
        for (word, read, errors) in [
            (words[4], &mut observed.seen, &mut observed.unseen),
            (words[5], &mut observed.read, &mut observed.unread),
        ] {
            match word {
                "?" => errors.push(unread.clone()),
                word => put(read, place, words[1], value(word)),
            }
        }
        match words.get(6) {
            Some(&"undone") => drop(observed.undone.insert(field)),
            Some(&"unconfirmed") => drop(observed.unconfirmed.insert(field)),
            _ => {}
        }
        changes.push(planned);
    }
    (changes, observed)
}

/// The fields of the changes.
pub(super) fn names<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeSet<&'a str> {
    changes.map(|change| change.field.as_str()).collect()
}

fn value(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}

fn put(read: &mut BTreeMap<ConfigKey, Fields>, place: ConfigKey, field: &str, value: Option<&str>) {
    let fields = read.entry(place).or_default();
    fields.extend(value.map(|value| (field.to_owned(), FieldValue::Text(value.to_owned()))));
}

fn error(cause: Cause) -> HarnessError {
    HarnessError {
        call: "pinning".into(),
        cause,
        server: ServerMessage::default(),
    }
}

/// Harness does not allow it: nothing has happened.
pub(super) fn forbidden() -> HarnessError {
    error(Cause::Forbidden("api_key", "ask an admin".to_owned()))
}

/// Harness fails: the write may still be carried out.
pub(super) fn failed() -> HarnessError {
    error(Cause::Server(502, "try again later"))
}

/// No answer: the write may still be carried out.
pub(super) fn broken() -> HarnessError {
    let (host, reason) = ("host".to_owned(), "cut".to_owned());
    error(Cause::Http(HttpError::Broken { host, reason }))
}

/// No connection: nothing has happened.
pub(super) fn unconnected() -> HarnessError {
    let (host, reason) = ("host".to_owned(), "refused".to_owned());
    error(Cause::Http(HttpError::Connect { host, reason }))
}

/// An answer, but not a clear one.
pub(super) fn unclear() -> HarnessError {
    error(Cause::NotJson("a web page".to_owned()))
}
