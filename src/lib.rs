//! `harness-images` judges the images that Harness builds run on, and changes them safely.
//!
//! One direction, no way back: settings → facts → judgement → plan → apply → tell.
//!
//! * [`settings`] – what a step may set, all problems at once
//! * [`facts`] – everything known from outside as one value; its JSON is the snapshot
//! * [`image`], [`tag`], [`support`] – pure: an image, its default and the evidence give a verdict
//! * [`history`] – the defaults that earlier runs saw
//! * [`http`] – one client: certificates, proxies, deadline, retries, size limits
//! * [`registry`] – tags, digests and dates that registries publish
//! * [`redact`] – what must never be shown, and how it is kept out
//! * [`report`] – what is told, and the published JSON

pub mod facts;
pub mod files;
pub mod history;
pub mod http;
pub mod image;
pub mod redact;
pub mod registry;
pub mod report;
pub mod settings;
pub mod support;
pub mod tag;
