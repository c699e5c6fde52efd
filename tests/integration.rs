//! Everything that is tested from outside: a module for each room.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod changes;
mod chaos;
mod config;
mod harness;
mod house;
mod http;
mod judging;
mod pipelines;
mod registry;
mod report;
mod sources;
mod step;
