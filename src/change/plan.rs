//! The plan: which overrides change, from what to what, and why. Pure; checked as a whole.

mod check;
mod pin;
mod reset;
mod restore;

use std::collections::BTreeMap;

use crate::model::change::{Change, ChangeState, Operation};
use crate::model::facts::{Config, Facts};
use crate::model::module::full_name;
use crate::model::module::{Infra, Module};
use crate::model::policy::Policy;
use crate::model::warning::{Warning, WarningCode};
use crate::redact::PLACEHOLDER;
use crate::settings::{Action, Pin, Reset, Settings};
use crate::verdict::{InUse, Judged, in_use};

/// What is to be changed, or why nothing may be.
#[derive(Debug, Clone, Default)]
pub struct Planned {
    /// Changes, all in the state `planned`; what is already so is left out.
    pub changes: Vec<Change>,
    /// Why the plan is refused; one is enough to send nothing.
    pub refusals: Vec<String>,
    /// What deserves attention but does not stop the plan.
    pub warnings: Vec<Warning>,
}

/// Plans the action that the settings ask for. `judged` are the rows of the present state;
/// `backup` is what `restore` brings back.
pub fn plan(
    facts: &Facts,
    settings: &Settings,
    policy: &Policy,
    judged: &Judged,
    backup: Option<&Facts>,
) -> Planned {
    if matches!(settings.action, Action::Check | Action::List) {
        return Planned::default();
    }
    let mut planner = Planner {
        facts,
        settings,
        policy,
        fields: in_use(facts, settings),
        pinned: BTreeMap::new(),
        planned: Planned::default(),
    };
    match &settings.action {
        Action::Check | Action::List => {}
        Action::Pin(Pin::All(value)) => planner.pin_all(value),
        Action::Pin(Pin::Fields(values)) => {
            for (field, value) in values {
                planner.pin_field(field, value);
            }
        }
        Action::Reset(Reset::Unsupported) => planner.reset_unsupported(judged),
        Action::Reset(Reset::All) => planner.reset_where(|_, _, _| true, "`reset` is `all`"),
        Action::Reset(Reset::Fields(patterns)) => {
            for pattern in patterns {
                planner.reset_fields(pattern);
            }
        }
        Action::Clear => planner.clear(),
        Action::Restore => planner.restore(backup),
    }
    let mut planned = planner.planned;
    planned
        .changes
        .sort_by(|one, other| key(one).cmp(&key(other)));
    planned
        .changes
        .dedup_by(|one, other| key(one) == key(other));
    planned
}

/// Where the field of an image in use is.
fn place_of<'a>(field: &'a InUse<'_>) -> FieldKey<'a> {
    (field.module, field.infra, &field.field)
}

fn key(change: &Change) -> FieldKey<'_> {
    (change.module, change.infra, &change.field)
}

/// A field, where it is.
type FieldKey<'a> = (Module, Option<Infra>, &'a str);

struct Planner<'a> {
    facts: &'a Facts,
    settings: &'a Settings,
    policy: &'a Policy,
    fields: Vec<InUse<'a>>,
    /// What `pin` asks for so far, by full name of the field.
    pinned: BTreeMap<String, String>,
    planned: Planned,
}

impl Planner<'_> {
    /// Plans a change; `from` and `to` differ.
    fn push(
        &mut self,
        place: FieldKey<'_>,
        op: Operation,
        from: Option<String>,
        to: Option<String>,
        why: String,
    ) {
        let (module, infra, field) = place;
        self.check_former(place, from.as_deref().unwrap_or_default());
        let field = field.to_owned();
        self.planned.changes.push(Change {
            module,
            infra,
            field,
            op,
            from,
            to,
            state: ChangeState::Planned,
            why,
        });
    }

    /// A value that cannot be put back must not be taken away.
    fn check_former(&mut self, place: FieldKey<'_>, from: &str) {
        let why = if from.contains(PLACEHOLDER) {
            "the present value holds one of this run's secrets, such as `registry_password`, so it could not be put back: use a secret that is no part of an image's name"
        } else if from.starts_with(['[', '{']) {
            "the present value is no text, so it could not be put back: change it by hand"
        } else {
            return;
        };
        self.refuse_at(place, why);
    }

    fn warn(&mut self, (module, infra, field): FieldKey<'_>, code: WarningCode, message: String) {
        self.planned.warnings.push(Warning {
            code,
            module: Some(module),
            infra,
            field: Some(field.to_owned()),
            message,
        });
    }

    /// A warning about no field.
    fn warn_generally(&mut self, code: WarningCode, message: String) {
        self.planned.warnings.push(Warning::general(code, message));
    }

    fn refuse_at(&mut self, (module, infra, field): FieldKey<'_>, why: &str) {
        self.refuse(&full_name(module, infra, field), why);
    }

    fn refuse(&mut self, name: &str, why: &str) {
        self.planned.refusals.push(format!("{name}: {why}"));
    }
}

fn fields_of(config: &Config) -> impl Iterator<Item = &str> {
    config
        .default
        .keys()
        .chain(config.overrides.keys())
        .map(String::as_str)
}
