//! Servers that stand in for Harness and for registries, and steps as runners start them: for the
//! tests, and for the examples that let people ask such a server by hand.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod chaos_proxy;
pub mod harness_server;
pub mod raw_server;
pub mod received;
pub mod registry_server;
pub mod runtime;
pub mod sample;
pub mod step;
