//! A change of one override, planned or made.

use serde::Serialize;

use crate::model::module::{Infra, Module};

/// A planned or made change of one override.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The module.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    pub infra: Option<Infra>,
    /// Name of the field.
    pub field: String,
    /// What is done.
    pub op: Operation,
    /// The override before; `None` if the default was in use.
    pub from: Option<String>,
    /// The override after; `None` if the default is to be in use.
    pub to: Option<String>,
    /// How far the change has got.
    pub state: ChangeState,
    /// Why, in one sentence.
    pub why: String,
}

/// What is done to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// The override is set.
    Pin,
    /// The override is removed, the default is in use again.
    Reset,
    /// The override is removed with all others of the account.
    Clear,
}

/// How far a change has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// Not sent.
    Planned,
    /// Sent, read back and found as planned.
    Applied,
    /// The former value is back, read and found so.
    RolledBack,
    /// Sent, and refused or without effect: the field has its former value, though it was not put
    /// back; or it has a value that was not planned, and the errors say which.
    Failed,
    /// Unknown: the account could not be read afterwards.
    Unknown,
}

impl ChangeState {
    /// The state's name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applied => "applied",
            Self::RolledBack => "rolled-back",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}
