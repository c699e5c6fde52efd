//! Every way of telling a report.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/sample.rs"]
mod sample;

#[path = "report/files.rs"]
mod files;
#[path = "report/page.rs"]
mod page;
#[path = "report/snapshots.rs"]
mod snapshots;

#[path = "report/codes.rs"]
mod codes;
#[path = "report/dotenv.rs"]
mod dotenv;
#[path = "report/hostile.rs"]
mod hostile;
