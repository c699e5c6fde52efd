//! Pins: a value per field, or a relative one for all.

use super::{Planner, place_of};
use crate::change::target::Target;
use crate::model::change::Operation;
use crate::model::module::full_name;
use crate::model::policy::{Identity, Pattern};
use crate::model::row::Source;
use crate::model::warning::WarningCode;
use crate::verdict::{InUse, names};

impl Planner<'_> {
    pub(super) fn pin_all(&mut self, value: &str) {
        let target = match Target::parse(value) {
            Ok(target) => target,
            Err(error) => return self.refuse("`pin`", &error),
        };
        let fields = std::mem::take(&mut self.fields);
        for field in fields.iter().filter(|field| field.source.is_field()) {
            if field.source == Source::Default && self.settings.fields.is_empty() {
                continue;
            }
            let why_not = match field.comparison() {
                None => Some("has no default to count back from, or is no image reference"),
                Some(comparison)
                    if self
                        .policy
                        .same_as
                        .identity(comparison.image, comparison.default)
                        == Identity::Other =>
                {
                    Some("is another image than the default's")
                }
                Some(_) => None,
            };
            if let Some(why_not) = why_not {
                let message = format!("{} {why_not} and was left out of `pin`", field.text);
                self.warn(place_of(field), WarningCode::NotPinned, message);
            } else {
                self.pin(field, &target);
            }
        }
        self.fields = fields;
    }

    pub(super) fn pin_field(&mut self, name: &str, value: &str) {
        let target = match Target::parse(value) {
            Ok(target) => target,
            Err(error) => return self.refuse(name, &error),
        };
        let pattern = Pattern::new(name);
        let fields = std::mem::take(&mut self.fields);
        let mut found = fields
            .iter()
            .filter(|field| {
                field.source.is_field() && names(&pattern, field.module, field.infra, &field.field)
            })
            .peekable();
        if found.peek().is_none() {
            self.refuse_unknown(&pattern);
        }
        for field in found {
            self.pin(field, &target);
        }
        self.fields = fields;
    }

    fn pin(&mut self, field: &InUse<'_>, target: &Target) {
        let name = full_name(field.module, field.infra, &field.field);
        let image = match target.resolve(field, self.policy) {
            Ok(image) => image,
            Err(error) => return self.refuse(&name, &error),
        };
        let to = image.to_string();
        if let Some(other) = self.pinned.insert(name.clone(), to.clone())
            && other != to
        {
            let why = format!("`pin` names the field twice, with {other} and with {to}");
            return self.refuse(&name, &why);
        }
        let from = (field.source == Source::Override).then(|| field.text.clone());
        if from.as_ref() != Some(&to) {
            let place = place_of(field);
            self.check_existence(place, &image);
            self.check_support(field, &image);
            self.push(place, Operation::Pin, from, Some(to), target.why());
        }
    }
}
