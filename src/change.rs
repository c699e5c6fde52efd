//! Changing overrides: planned from the facts, checked as a whole, backed up, sent once, read
//! back, and rolled back if it did not take.

mod close;
mod plan;
mod target;

pub use plan::{Planned, plan};
pub use target::Target;
