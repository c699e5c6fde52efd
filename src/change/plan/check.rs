//! What is refused, or deserves a warning.

use std::collections::BTreeSet;

use super::{Place, Planner, fields_of};
use crate::image::ImageRef;
use crate::judgement::{InUse, names, selected};
use crate::near::nearest;
use crate::report::{Source, full_name};
use crate::support::{Case, Pattern, Verdict, judge};

/// What is checked of an image that is to come into use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// That it exists and is supported.
    All,
    /// That it exists.
    Existence,
}

impl Planner<'_> {
    /// A reset brings the default into use: it must be there to be pulled.
    pub(super) fn check_default(&mut self, place: Place<'_>) {
        let fields = std::mem::take(&mut self.fields);
        let found = fields
            .iter()
            .find(|field| (field.module, field.infra, field.field.as_str()) == place);
        if let Some((field, default)) = found.and_then(|field| Some((field, field.default()?))) {
            self.check(field, default, Checked::Existence);
        }
        self.fields = fields;
    }

    /// Refuses an image that the registry says is missing, and one that would be unsupported;
    /// with `force` both are warnings.
    pub(super) fn check(&mut self, field: &InUse<'_>, image: &ImageRef, checked: Checked) {
        let own = self.facts.repository_of(image);
        let Some(case) = field.case_of(image, own) else {
            return;
        };
        let judgement = judge(
            &Case {
                source: Source::Override,
                ..case
            },
            self.policy,
        );
        if judgement.verdict == Verdict::Custom && checked == Checked::All {
            let message = format!(
                "{image} is another image than the default's, {}",
                case.default.name()
            );
            let warning = field.warning("pins-another-image", message);
            self.planned.warnings.push(warning);
        }
        let mut problems = Vec::new();
        if judgement.is_missing {
            problems.push(format!(
                "{image} does not exist in its registry, builds that pull it will fail"
            ));
        }
        if judgement.verdict == Verdict::Unsupported && checked == Checked::All {
            problems.push(format!(
                "{image} would be unsupported: {}",
                judgement.reason
            ));
        }
        for problem in problems {
            if self.settings.force {
                self.planned.warnings.push(field.warning("forced", problem));
            } else {
                let name = full_name(field.module, field.infra, &field.field);
                self.refuse(&name, &format!("{problem} (`force: true` overrules this)"));
            }
        }
    }

    /// A field that no chosen module has, or that `fields` leaves out.
    pub(super) fn refuse_unknown(&mut self, pattern: &Pattern) {
        let configs = selected(self.facts, self.settings);
        let is_left_out = configs.iter().any(|config| {
            fields_of(config).any(|field| names(pattern, config.module, config.infra, field))
        });
        if is_left_out {
            return self.refuse(
                pattern.as_str(),
                "the setting `fields` leaves this field out",
            );
        }
        let known: BTreeSet<&str> = configs
            .iter()
            .flat_map(|config| fields_of(config))
            .collect();
        let name = pattern.as_str().rsplit('.').next().unwrap_or_default();
        let close = nearest(name, known, (name.len() / 3).clamp(1, 6));
        let close = close.get(..close.len().min(3)).unwrap_or_default();
        let modules: Vec<String> = configs
            .iter()
            .map(|config| {
                full_name(config.module, config.infra, "")
                    .trim_end_matches('.')
                    .to_owned()
            })
            .collect();
        let hint = match close.is_empty() {
            true => String::new(),
            false => format!("; close are {}", close.join(", ")),
        };
        self.refuse(
            pattern.as_str(),
            &format!("no such field in {}{hint}", modules.join(", ")),
        );
    }
}
