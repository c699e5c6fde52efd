//! `harness-images` judges the images that Harness builds run on, and changes them safely.
//!
//! One direction, no way back: settings → facts → judgement → plan → apply → tell.
//!
//! * [`settings`] – what a step may set, all problems at once
//! * [`facts`] – everything known from outside as one value; its JSON is the snapshot
//! * [`image`], [`tag`], [`support`] – pure: an image, its default and the evidence give a verdict
//! * [`judgement`] – every image in use, found in the facts and judged
//! * [`change`] – plan (pure), apply, verify, roll back
//! * [`collect`] – fills the facts: which calls, what runs side by side
//! * [`harness`] – the client of `execution-config` and of the account's connector
//! * [`history`] – the defaults that earlier runs saw
//! * [`http`] – one client: certificates, proxies, deadline, retries, size limits
//! * [`registry`] – tags, digests and dates that registries publish
//! * [`redact`] – what must never be shown, and how it is kept out
//! * [`report`] – what is told, and the published JSON

// Overflow is not checked in a release, where it would be a wrong verdict, and a panic ends the run
// without a report. Tests may do what they like.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::string_slice,
        clippy::unwrap_in_result
    )
)]

pub mod change;
pub mod collect;
pub mod facts;
pub mod files;
pub mod harness;
pub mod history;
pub mod http;
pub mod image;
pub mod judgement;
mod log;
mod near;
pub mod redact;
pub mod registry;
pub mod report;
mod run;
pub mod settings;
pub mod support;
pub mod tag;
mod tell;

pub use run::{ExitStatus, run};
