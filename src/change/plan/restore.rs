//! `restore`: the overrides as a backup holds them.

use std::collections::BTreeSet;

use super::{FieldKey, Planner};
use crate::change::{config_at, text_of};
use crate::model::change::Operation;
use crate::model::facts::{Config, Facts};
use crate::model::image::ImageRef;
use crate::model::module::full_name;
use crate::model::warning::WarningCode;
use crate::verdict::{is_selected, selected};

impl Planner<'_> {
    pub(super) fn restore(&mut self, backup: Option<&Facts>) {
        let Some(backup) = backup else {
            return self.refuse("`backup`", "there is nothing to restore from");
        };
        let accounts = (&backup.account, &self.facts.account);
        if let (Some(theirs), Some(ours)) = accounts
            && theirs != ours
            && !self.settings.force
        {
            return self.refuse(
                "`backup`",
                "it was taken from another account: set `force: true` if that is meant",
            );
        }
        let chosen = selected(self.facts, self.settings);
        for config in &chosen {
            match config_at(backup, (config.module, config.infra)) {
                Some(former) => self.restore_config(config, former),
                None => {
                    let place = full_name(config.module, config.infra, "*");
                    let message =
                        format!("the backup does not hold {place}, which was left as it is");
                    self.warn_generally(WarningCode::NotInBackup, message);
                }
            }
        }
        for former in &backup.configs {
            let place = (former.module, former.infra);
            let is_selected = chosen
                .iter()
                .any(|config| (config.module, config.infra) == place);
            if !is_selected && !former.overrides.is_empty() {
                let place = full_name(former.module, former.infra, "*");
                let message = format!(
                    "the backup also holds overrides of {place}, which were left as they are: `modules` and `infra` choose what is restored"
                );
                self.warn_generally(WarningCode::NotRestored, message);
            }
        }
    }

    fn restore_config(&mut self, config: &Config, former: &Config) {
        let fields: BTreeSet<&String> = config
            .overrides
            .keys()
            .chain(former.overrides.keys())
            .collect();
        for field in fields {
            if !is_selected(&self.settings.fields, config.module, config.infra, field) {
                continue;
            }
            let place = (config.module, config.infra, field.as_str());
            let from = config
                .overrides
                .get(field)
                .map(|value| text_of(value).to_owned());
            match former.overrides.get(field).map(text_of) {
                to if to == from.as_deref() => {}
                Some(to) if self.is_restorable(config, place, to) => {
                    self.push(
                        place,
                        Operation::Pin,
                        from,
                        Some(to.to_owned()),
                        "the backup holds this override".to_owned(),
                    );
                }
                Some(_) => {}
                None => self.reset(
                    place,
                    &from.unwrap_or_default(),
                    "the backup holds no override".to_owned(),
                ),
            }
        }
    }

    /// Whether the field can have the backup's value; if not, it is refused, or with `force` left out.
    fn is_restorable(&mut self, config: &Config, place: FieldKey<'_>, to: &str) -> bool {
        let image = match ImageRef::parse(to) {
            Ok(image) => image,
            Err(error) => {
                let why = format!("the backup's value is no image reference: {error}");
                self.refuse_at(place, &why);
                return false;
            }
        };
        let is_known =
            config.default.contains_key(place.2) || config.overrides.contains_key(place.2);
        if is_known {
            self.check_existence(place, &image);
        } else if self.settings.force {
            let name = full_name(place.0, place.1, place.2);
            let message = format!("Harness no longer has the field {name}: it was left out");
            self.warn_generally(WarningCode::NotRestored, message);
        } else {
            let why = "Harness no longer has this field (`force: true` leaves it out)";
            self.refuse_at(place, why);
        }
        is_known
    }
}
