//! Ignores: fields that are judged and shown, but never fail a step.

use jiff::civil::Date;

use super::Pattern;

/// An entry of the setting `ignore`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// `field`, `module.field` or `module.infra.field`; `*` matches within a name.
    pub field: Pattern,
    /// Why, for the reader of the report.
    pub reason: Option<String>,
    /// Last day on which the entry applies.
    pub until: Option<Date>,
}

impl Ignore {
    /// Whether the entry still applies on `day`.
    pub fn applies_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}
