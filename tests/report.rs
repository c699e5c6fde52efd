//! Every way of telling a report.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/sample.rs"]
mod sample;

#[path = "report/files.rs"]
mod files;
#[path = "report/snapshots.rs"]
mod snapshots;

#[path = "report/dotenv.rs"]
mod dotenv;
#[path = "report/hostile.rs"]
mod hostile;
