//! What deserves attention but fails nothing.

use serde::Serialize;

use crate::model::module::{Infra, Module};

/// Something that deserves attention but fails nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable kebab-case code, listed in the README.
    pub code: String,
    /// The module it concerns, if one.
    pub module: Option<Module>,
    /// The infrastructure it concerns, if one.
    pub infra: Option<Infra>,
    /// The field it concerns, if one.
    pub field: Option<String>,
    /// What is the matter and what fixes it.
    pub message: String,
}
