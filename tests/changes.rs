//! Changing overrides: what is planned, what is sent, and how every failure ends.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "changes/cell.rs"]
mod cell;
#[path = "changes/documents.rs"]
mod documents;
#[path = "changes/fields.rs"]
mod fields;
#[path = "support/harness_server.rs"]
mod harness_server;
#[path = "changes/kept.rs"]
mod kept;
#[path = "changes/matrix.rs"]
mod matrix;
#[path = "changes/pins.rs"]
mod pins;
#[path = "changes/planning.rs"]
mod planning;
#[path = "changes/properties.rs"]
mod properties;
#[path = "changes/refusals.rs"]
mod refusals;
#[path = "changes/removals.rs"]
mod removals;
#[path = "changes/rows.rs"]
mod rows;
#[path = "support/runtime.rs"]
mod runtime;
#[path = "changes/safety.rs"]
mod safety;
#[path = "support/step.rs"]
mod step;
