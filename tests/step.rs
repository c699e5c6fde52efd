//! The whole step: settings in, reports, outputs and exit status out.

mod live;
mod registries;
mod snapshots;
