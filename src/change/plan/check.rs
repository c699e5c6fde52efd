//! What is refused, or deserves a warning.

use std::collections::BTreeSet;

use super::{FieldKey, Planner, fields_of, place_of};
use crate::change::config_at;
use crate::model::image::ImageRef;
use crate::model::module::full_name;
use crate::model::policy::Pattern;
use crate::model::verdict::Verdict;
use crate::model::warning::WarningCode;
use crate::text::nearest;
use crate::verdict::{InUse, is_selected, names, selected};
use crate::verdict::{is_missing, judge};

impl Planner<'_> {
    /// Taking an override away brings the default into use: it must be there to be pulled.
    pub(super) fn check_default(&mut self, place: FieldKey<'_>) {
        let default = config_at(self.facts, (place.0, place.1))
            .and_then(|config| config.default.get(place.2)?.as_text())
            .and_then(|default| ImageRef::parse(default).ok());
        if let Some(default) = default {
            self.check_existence(place, &default);
        }
    }

    /// An image that is to come into use must not be missing, as far as the registry says.
    pub(super) fn check_existence(&mut self, place: FieldKey<'_>, image: &ImageRef) {
        if is_missing(image, self.facts.repository_of(image)) {
            let problem =
                format!("{image} does not exist in its registry, builds that pull it will fail");
            self.object(place, problem);
        }
    }

    /// An image that is pinned must not be unsupported, and should be the one that the default is.
    pub(super) fn check_support(&mut self, field: &InUse<'_>, image: &ImageRef) {
        let own = self.facts.repository_of(image);
        let Some(comparison) = field.comparison_with(image, own) else {
            return;
        };
        let judgement = judge(&comparison, self.policy);
        let place = place_of(field);
        if judgement.verdict == Verdict::Custom {
            let message = format!(
                "{image} is another image than the default's, {}",
                comparison.default.name()
            );
            self.warn(place, WarningCode::PinsAnotherImage, message);
        }
        if judgement.verdict.is_out_of_support() {
            let problem = format!(
                "{image} would be {}: {}",
                judgement.verdict, judgement.reason
            );
            self.object(place, problem);
        }
    }

    /// Refuses what only `force` allows; then it is a warning.
    fn object(&mut self, place: FieldKey<'_>, problem: String) {
        if self.settings.force {
            self.warn(place, WarningCode::Forced, problem);
        } else {
            self.refuse_at(place, &format!("{problem} (`force: true` overrules this)"));
        }
    }

    /// A field that no chosen module has, that `fields` leaves out, or that is not for images.
    pub(super) fn refuse_unknown(&mut self, pattern: &Pattern) {
        let configs = selected(self.facts, self.settings);
        let mut named = configs
            .iter()
            .flat_map(|config| fields_of(config).map(move |field| (config, field)))
            .filter(|(config, field)| names(pattern, config.module, config.infra, field))
            .peekable();
        if named.peek().is_some() {
            let is_chosen = named.any(|(config, field)| {
                is_selected(&self.settings.fields, config.module, config.infra, field)
            });
            let why = if is_chosen {
                "the field is not for images: its default is no text"
            } else {
                "the setting `fields` leaves this field out"
            };
            return self.refuse(pattern.as_str(), why);
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
        let hint = if close.is_empty() {
            String::new()
        } else {
            format!("; close are {}", close.join(", "))
        };
        self.refuse(
            pattern.as_str(),
            &format!("no such field in {}{hint}", modules.join(", ")),
        );
    }
}
