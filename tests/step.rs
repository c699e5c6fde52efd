//! The whole step: settings in, reports, outputs and exit status out.

mod found;
mod hosts;
mod lifecycles;
mod live;
mod logs;
mod memory;
mod mirror;
mod pipelines;
mod publishers;
mod registries;
mod since;
mod snapshots;
mod troubleshooting;
