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
#[path = "support/harness_server.rs"]
mod harness_server;
#[path = "changes/matrix.rs"]
mod matrix;
#[path = "changes/pins.rs"]
mod pins;
#[path = "changes/planning.rs"]
mod planning;
#[path = "changes/removals.rs"]
mod removals;
#[path = "support/step.rs"]
mod step;
