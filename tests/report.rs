//! Every way of telling a report.

mod files;
mod page;
mod places;
mod snapshots;
mod verdicts;

mod dotenv;
mod hostile;
