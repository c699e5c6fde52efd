//! Servers that stand in for Harness and for registries, and steps as runners start them.

pub mod chaos_proxy;
pub mod harness_server;
pub mod raw_server;
pub mod registry_server;
pub mod runtime;
pub mod sample;
pub mod step;
