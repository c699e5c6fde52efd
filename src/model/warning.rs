//! What deserves attention but fails nothing.

mod code;

pub use code::{Level, WarningCode};

use crate::model::module::{Infra, Module};

/// Something that deserves attention but fails nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing it is.
    pub code: WarningCode,
    /// The module it concerns, if one.
    pub module: Option<Module>,
    /// The infrastructure it concerns, if one.
    pub infra: Option<Infra>,
    /// The field it concerns, if one.
    pub field: Option<String>,
    /// What is the matter and what fixes it.
    pub message: String,
}

impl Warning {
    /// A warning about the run as a whole.
    pub fn general(code: WarningCode, message: String) -> Self {
        Self {
            code,
            module: None,
            infra: None,
            field: None,
            message,
        }
    }
}
