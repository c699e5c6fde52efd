//! Every way of telling a report.

mod files;
mod page;
mod snapshots;

mod codes;
mod dotenv;
mod hostile;
