//! `harness-images` judges the images that Harness builds run on, and changes them safely.
//!
//! One direction, no way back: settings → facts → verdicts → plan → apply → report.
//!
//! * [`model`] – the nouns: image, tag, module, facts, verdict, policy, change, warning
//! * [`settings`] – what a step may set, all problems at once
//! * [`harness`] – the client of `execution-config` and of the account's connector
//! * [`registry`] – tags, digests and dates that registries publish
//! * [`http`] – one client: certificates, proxies, deadline, retries, size limits
//! * [`gather`] – fills the facts: which calls, what runs side by side
//! * [`verdict`] – pure: an image, its default and the evidence give a verdict
//! * [`change`] – plan (pure), apply, verify, roll back
//! * [`report`] – the report in all its forms, and the published JSON
//! * [`sources`] – images in files and pipelines, with their places
//! * [`yaml`] – documents with positions, for files and settings
//! * [`redact`] – what must never be shown, and how it is kept out

// Overflow is not checked in a release, where it would be a wrong verdict, and a panic ends the run
// without a report. A new verdict, action or error has to be thought of in every `match`. Tests may
// do what they like.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::match_wildcard_for_single_variants,
        clippy::string_slice,
        clippy::unwrap_in_result,
        clippy::wildcard_enum_match_arm
    )
)]

pub mod change;
mod exit_status;
pub mod files;
mod findings;
pub mod gather;
pub mod harness;
pub mod http;
mod log;
pub mod mirror;
pub mod model;
mod output;
mod patch;
pub mod redact;
pub mod registry;
pub mod report;
mod run;
pub mod settings;
pub mod sources;
pub mod stop;
mod text;
pub mod verdict;
pub mod yaml;

pub use exit_status::ExitStatus;
pub use run::run;
