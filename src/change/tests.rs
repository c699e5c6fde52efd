//! What is sent for a plan, and what is reported of how it ended.

mod batches;
mod others;
mod scene;
mod sentences;
mod states;

use super::batch::ConfigKey;
use crate::model::change::{Change, ChangeState, Operation};
use crate::model::facts::{FieldValue, Fields};
use crate::model::module::{Infra, Module};

const K8: ConfigKey = (Module::Ci, Some(Infra::K8));
const VM: ConfigKey = (Module::Ci, Some(Infra::Vm));
const DBOPS: ConfigKey = (Module::Dbops, None);

/// A pin, or where there is no value a reset.
fn change(place: ConfigKey, field: &str, from: Option<&str>, to: Option<&str>) -> Change {
    Change {
        module: place.0,
        infra: place.1,
        field: field.to_owned(),
        op: match to {
            Some(_) => Operation::Pin,
            None => Operation::Reset,
        },
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        state: ChangeState::Planned,
        why: String::new(),
    }
}

fn clear(place: ConfigKey, field: &str, from: &str) -> Change {
    Change {
        op: Operation::Clear,
        ..change(place, field, Some(from), None)
    }
}

fn fields(values: &[(&str, &str)]) -> Fields {
    values
        .iter()
        .map(|(field, value)| ((*field).to_owned(), FieldValue::Text((*value).to_owned())))
        .collect()
}
