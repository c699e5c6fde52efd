//! Changing overrides: planned from the facts, checked as a whole, backed up, sent once, read
//! back, and rolled back if it did not take.

mod apply;
mod backup;
mod batch;
mod concurrent_changes;
mod observed;
mod outcome;
mod plan;
mod refresh;
mod suggest;
mod target;
#[cfg(test)]
mod tests;
mod time_budget;
mod writer;

pub use apply::apply;
pub use backup::{back_up, backup_path};
pub use outcome::Applied;
pub use plan::{Planned, plan};
pub use refresh::refresh;
pub use suggest::{Suggestion, suggest};
pub use target::Target;

use crate::model::facts::{Config, Facts, FieldValue};
use batch::ConfigKey;

/// A value as it is compared and shown.
pub(crate) fn text_of(value: &FieldValue) -> &str {
    match value {
        FieldValue::Text(text) | FieldValue::Other(text) => text,
    }
}

/// What is known of the fields of a place.
fn config_at(facts: &Facts, place: ConfigKey) -> Option<&Config> {
    let mut configs = facts.configs.iter();
    configs.find(|config| (config.module, config.infra) == place)
}
