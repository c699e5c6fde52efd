//! The whole step: settings in, reports, outputs and exit status out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/harness_server.rs"]
mod harness_server;
#[path = "step/live.rs"]
mod live;
#[path = "step/registries.rs"]
mod registries;
#[path = "support/registry_server.rs"]
mod registry_server;
#[path = "step/snapshots.rs"]
mod snapshots;
#[path = "support/step.rs"]
mod step;
