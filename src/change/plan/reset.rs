//! Resets, and `clear`.

use super::{FieldKey, Planner, fields_of};
use crate::change::text_of;
use crate::model::change::Operation;
use crate::model::module::{Infra, Module};
use crate::model::policy::Pattern;
use crate::model::row::Source;
use crate::model::warning::WarningCode;
use crate::verdict::{Judged, is_selected, names, selected};

impl Planner<'_> {
    pub(super) fn reset_unsupported(&mut self, judged: &Judged) {
        for row in &judged.rows {
            if row.source == Source::Override && row.verdict.is_out_of_support() {
                let why = format!("{}: {}", row.verdict, row.reason);
                self.reset((row.module, row.infra, &row.field), &row.image, why);
            }
        }
    }

    pub(super) fn reset_fields(&mut self, pattern: &Pattern) {
        let is_known = selected(self.facts, self.settings).iter().any(|config| {
            fields_of(config).any(|field| names(pattern, config.module, config.infra, field))
        });
        if !is_known {
            return self.refuse_unknown(pattern);
        }
        self.reset_where(
            |module, infra, field| names(pattern, module, infra, field),
            "`reset` names this field",
        );
    }

    pub(super) fn reset_where(
        &mut self,
        chosen: impl Fn(Module, Option<Infra>, &str) -> bool,
        why: &str,
    ) {
        for config in selected(self.facts, self.settings) {
            for (field, value) in &config.overrides {
                let is_chosen = chosen(config.module, config.infra, field)
                    && is_selected(&self.settings.fields, config.module, config.infra, field);
                if is_chosen {
                    self.reset(
                        (config.module, config.infra, field),
                        text_of(value),
                        why.to_owned(),
                    );
                }
            }
        }
    }

    pub(super) fn reset(&mut self, place: FieldKey<'_>, from: &str, why: String) {
        self.check_default(place);
        self.push(place, Operation::Reset, Some(from.to_owned()), None, why);
    }

    pub(super) fn clear(&mut self) {
        if !self.settings.force {
            self.refuse("`action`", "clear removes every override of the chosen modules: set `force: true` if that is meant");
        }
        if !self.settings.fields.is_empty() {
            self.refuse(
                "`fields`",
                "clear removes every override, whatever its field: use `action: reset` for some",
            );
        }
        let modules = &self.settings.modules;
        let configs = self.facts.configs.iter();
        for config in configs.filter(|config| modules.contains(&config.module)) {
            for (field, value) in &config.overrides {
                let from = Some(text_of(value).to_owned());
                let why = "`action` is `clear`".to_owned();
                let place = (config.module, config.infra, field.as_str());
                self.check_default(place);
                self.push(place, Operation::Clear, from, None, why);
            }
        }
        let takes_both = self
            .planned
            .changes
            .iter()
            .any(|change| change.module.has_infra());
        if takes_both {
            let message =
                "clear takes the overrides of K8 and VM together, whatever `infra` says".to_owned();
            self.warn_generally(WarningCode::ClearTakesBoth, message);
        }
    }
}
