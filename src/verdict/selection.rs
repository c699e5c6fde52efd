//! Which configs and fields the settings select.

use crate::model::facts::{Config, Facts};
use crate::model::module::{Infra, Module, full_name};
use crate::model::policy::Pattern;
use crate::settings::{Action, Settings};

/// The configs to read. `clear` takes K8 and VM together, so both are read.
pub(crate) fn configs_to_read(settings: &Settings) -> Vec<(Module, Option<Infra>)> {
    let infra = match settings.action {
        Action::Clear => Infra::ALL.to_vec(),
        Action::Check | Action::List | Action::Pin(_) | Action::Reset(_) | Action::Restore => {
            settings.infra.clone()
        }
    };
    let mut places = Vec::new();
    for module in &settings.modules {
        if module.has_infra() {
            places.extend(infra.iter().map(|infra| (*module, Some(*infra))));
        } else {
            places.push((*module, None));
        }
    }
    places
}

/// The configs that the settings select, in the order of modules and infrastructures.
pub fn selected<'a>(facts: &'a Facts, settings: &Settings) -> Vec<&'a Config> {
    let mut configs: Vec<&Config> = facts
        .configs
        .iter()
        .filter(|config| {
            settings.modules.contains(&config.module)
                && config.infra.is_none_or(|infra| {
                    !config.module.has_infra() || settings.infra.contains(&infra)
                })
        })
        .collect();
    configs.sort_by_key(|config| (config.module, config.infra));
    configs
}

/// Whether the setting `fields` selects a field: by name, `module.field` or `module.infra.field`.
pub fn is_selected(fields: &[Pattern], module: Module, infra: Option<Infra>, field: &str) -> bool {
    fields.is_empty()
        || fields
            .iter()
            .any(|pattern| names(pattern, module, infra, field))
}

/// Whether a pattern names a field: `field`, `module.field` or `module.infra.field`.
pub fn names(pattern: &Pattern, module: Module, infra: Option<Infra>, field: &str) -> bool {
    pattern.matches(field)
        || pattern.matches(&full_name(module, None, field))
        || infra.is_some() && pattern.matches(&full_name(module, infra, field))
}
