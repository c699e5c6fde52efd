//! Every way of telling a report.

#[path = "support/sample.rs"]
mod sample;

#[path = "report/files.rs"]
mod files;
#[path = "report/snapshots.rs"]
mod snapshots;
