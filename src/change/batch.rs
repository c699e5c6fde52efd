//! What is sent: the changes of one module and infrastructure in one POST of a kind.

use crate::model::change::{Change, Operation};
use crate::model::facts::Fields;
use crate::model::module::full_name;
use crate::model::module::{Infra, Module};

/// Where overrides are kept: a module, and its infrastructure if it has any.
pub(super) type ConfigKey = (Module, Option<Infra>);

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    /// Fields and values to pin.
    Pin(Vec<(String, String)>),
    /// Fields to reset.
    Reset(Vec<String>),
    /// Everything that the module has pinned.
    Clear,
}

impl Write {
    /// The fields that it names; none for `Clear`.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let (pinned, reset): (&[(String, String)], &[String]) = match self {
            Self::Pin(fields) => (fields, &[]),
            Self::Reset(fields) => (&[], fields),
            Self::Clear => (&[], &[]),
        };
        pinned
            .iter()
            .map(|(field, _)| field)
            .chain(reset)
            .map(String::as_str)
    }
}

/// Writes that belong together, and the places that they touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// Where the writes are sent.
    pub(super) target: ConfigKey,
    /// Places whose overrides they change.
    pub(super) places: Vec<ConfigKey>,
    /// One of each kind at most, pins first.
    pub(super) writes: Vec<Write>,
}

impl Batch {
    /// One without writes.
    pub(super) fn at(place: ConfigKey) -> Self {
        Self {
            target: place,
            places: vec![place],
            writes: Vec::new(),
        }
    }

    /// Whether it takes everything that a module has pinned.
    pub(super) fn is_clear(&self) -> bool {
        self.writes.contains(&Write::Clear)
    }

    /// What a write is about to do, for the log.
    pub(super) fn describe(&self, write: &Write) -> String {
        let place = full_name(self.target.0, self.target.1, "");
        let place = place.trim_end_matches('.');
        let names = || write.fields().collect::<Vec<&str>>().join(", ");
        match write {
            Write::Pin(_) => format!("pinning in {place}: {}", names()),
            Write::Reset(_) => format!("resetting in {place}: {}", names()),
            Write::Clear => format!("clearing all overrides of {}", self.target.0),
        }
    }
}

/// The batches of a plan, in its order.
pub(super) fn batches(changes: &[Change]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for change in changes {
        let place = (change.module, change.infra);
        let is_clear = change.op == Operation::Clear;
        let known = batches.iter_mut().find(|batch| {
            if is_clear {
                batch.target.0 == change.module
            } else {
                batch.target == place
            }
        });
        match known {
            Some(batch) => {
                if !batch.places.contains(&place) {
                    batch.places.push(place);
                }
                add(&mut batch.writes, change);
            }
            None => {
                let mut batch = Batch::at(place);
                add(&mut batch.writes, change);
                batches.push(batch);
            }
        }
    }
    for batch in &mut batches {
        batch
            .writes
            .sort_by_key(|write| matches!(write, Write::Reset(_)));
    }
    batches
}

fn add(writes: &mut Vec<Write>, change: &Change) {
    if change.op != Operation::Clear {
        set(writes, &change.field, change.to.as_deref());
    } else if writes.is_empty() {
        writes.push(Write::Clear);
    }
}

/// Adds a field to the write of its kind: a pin, or without a value a reset.
fn set(writes: &mut Vec<Write>, field: &str, value: Option<&str>) {
    let field = field.to_owned();
    for write in writes.iter_mut() {
        match (write, value) {
            (Write::Pin(fields), Some(value)) => return fields.push((field, value.to_owned())),
            (Write::Reset(fields), None) => return fields.push(field),
            (Write::Pin(_) | Write::Reset(_) | Write::Clear, _) => {}
        }
    }
    writes.push(match value {
        Some(value) => Write::Pin(vec![(field, value.to_owned())]),
        None => Write::Reset(vec![field]),
    });
}

/// What puts the former values of a place back: only of fields that have what this run wrote, since any
/// other value is another user's, and of those that are `lagging`: accepted writes that no read
/// has shown yet. Where the present values are unknown, all of them.
pub(super) fn undo(
    changes: &[Change],
    place: ConfigKey,
    present: Option<&Fields>,
    is_lagging: impl Fn(&Change) -> bool,
) -> Vec<Write> {
    let mut writes = Vec::new();
    for change in changes
        .iter()
        .filter(|change| (change.module, change.infra) == place)
    {
        let is_ours = present.is_none_or(|present| {
            let value = value_of(present, &change.field);
            value == change.to.as_deref() || value == change.from.as_deref() && is_lagging(change)
        });
        if is_ours {
            set(&mut writes, &change.field, change.from.as_deref());
        }
    }
    writes
}

/// The override of a field as text; `None` if there is none.
pub(super) fn value_of<'a>(fields: &'a Fields, field: &str) -> Option<&'a str> {
    fields.get(field).map(super::text_of)
}

/// A field at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    pub(super) place: ConfigKey,
    name: String,
}

impl Field {
    pub(super) fn of(change: &Change) -> Self {
        Self::at((change.module, change.infra), &change.field)
    }

    pub(super) fn at(place: ConfigKey, name: &str) -> Self {
        let name = name.to_owned();
        Self { place, name }
    }
}

/// An override as messages show it.
pub(super) fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("no override")
}
