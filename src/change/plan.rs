//! The plan: which overrides change, from what to what, and why. Pure; checked as a whole.

use std::collections::BTreeSet;

use super::target::Target;
use super::text_of;
use crate::facts::{Config, Facts, Infra, Module};
use crate::image::ImageRef;
use crate::judgement::{InUse, Judged, in_use, is_selected, names, selected};
use crate::near::nearest;
use crate::report::{Change, ChangeState, Operation, Source, Warning, full_name};
use crate::settings::{Action, Pin, Reset, Settings};
use crate::support::{Case, Pattern, Policy, Verdict, judge};

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
    let mut planner = Planner {
        facts,
        settings,
        policy,
        fields: in_use(facts, settings),
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
        Action::Reset(Reset::All) => planner.reset_all(),
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
    planned.changes.dedup();
    refuse_contradictions(&mut planned);
    planned
}

fn key(change: &Change) -> (Module, Option<Infra>, &str) {
    (change.module, change.infra, &change.field)
}

/// Two patterns of `pin` may name the same field and ask for different images.
fn refuse_contradictions(planned: &mut Planned) {
    for pair in planned.changes.windows(2) {
        if let [one, other] = pair
            && key(one) == key(other)
        {
            let name = full_name(one.module, one.infra, &one.field);
            planned.refusals.push(format!(
                "{name}: `pin` names the field twice, with different values"
            ));
        }
    }
}

struct Planner<'a> {
    facts: &'a Facts,
    settings: &'a Settings,
    policy: &'a Policy,
    fields: Vec<InUse<'a>>,
    planned: Planned,
}

impl Planner<'_> {
    fn pin_all(&mut self, value: &str) {
        let target = match Target::parse(value) {
            Ok(target) => target,
            Err(error) => return self.refuse("`pin`", &error),
        };
        let fields = std::mem::take(&mut self.fields);
        for field in fields
            .iter()
            .filter(|field| field.source != Source::Setting)
        {
            if field.source == Source::Default && self.settings.fields.is_empty() {
                continue;
            }
            let is_custom = field
                .case()
                .is_some_and(|case| !case.image.is_image_of(case.default));
            if is_custom {
                let message = format!(
                    "{} is another image than the default's and was left out of `pin`",
                    field.text
                );
                self.planned
                    .warnings
                    .push(field.warning("not-pinned", message));
            } else {
                self.pin(field, &target);
            }
        }
        self.fields = fields;
    }

    fn pin_field(&mut self, name: &str, value: &str) {
        let target = match Target::parse(value) {
            Ok(target) => target,
            Err(error) => return self.refuse(name, &error),
        };
        let pattern = Pattern::new(name);
        let fields = std::mem::take(&mut self.fields);
        let mut found = fields
            .iter()
            .filter(|field| {
                field.source != Source::Setting
                    && names(&pattern, field.module, field.infra, &field.field)
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
        self.check(field, &image, Checked::All);
        let from = (field.source == Source::Override).then(|| field.text.clone());
        let place = (field.module, field.infra, field.field.as_str());
        self.push(
            place,
            Operation::Pin,
            from,
            Some(image.to_string()),
            target.why(),
        );
    }

    fn reset_unsupported(&mut self, judged: &Judged) {
        for row in &judged.rows {
            if row.source == Source::Override && row.verdict == Verdict::Unsupported {
                let why = format!("unsupported: {}", row.reason);
                self.reset((row.module, row.infra, &row.field), &row.image, why);
            }
        }
    }

    fn reset_all(&mut self) {
        self.reset_where(|_, _, _| true, "`reset` is `all`");
    }

    fn reset_fields(&mut self, pattern: &Pattern) {
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

    fn reset_where(&mut self, chosen: impl Fn(Module, Option<Infra>, &str) -> bool, why: &str) {
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

    fn reset(&mut self, place: (Module, Option<Infra>, &str), from: &str, why: String) {
        self.check_default(place);
        self.push(place, Operation::Reset, Some(from.to_owned()), None, why);
    }

    /// A reset brings the default into use: it must be there to be pulled.
    fn check_default(&mut self, place: (Module, Option<Infra>, &str)) {
        let fields = std::mem::take(&mut self.fields);
        let found = fields
            .iter()
            .find(|field| (field.module, field.infra, field.field.as_str()) == place);
        if let Some((field, default)) = found.and_then(|field| Some((field, field.default()?))) {
            self.check(field, default, Checked::Existence);
        }
        self.fields = fields;
    }

    fn clear(&mut self) {
        if !self.settings.force {
            self.refuse("`action`", "clear removes every override of the chosen modules: set `force: true` if that is meant");
        }
        if !self.settings.fields.is_empty() {
            self.refuse(
                "`fields`",
                "clear removes every override, whatever its field: use `action: reset` for some",
            );
        }
        for config in self
            .facts
            .configs
            .iter()
            .filter(|config| self.settings.modules.contains(&config.module))
        {
            for (field, value) in &config.overrides {
                let from = Some(text_of(value).to_owned());
                let why = "`action` is `clear`".to_owned();
                self.push(
                    (config.module, config.infra, field),
                    Operation::Clear,
                    from,
                    None,
                    why,
                );
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
            self.planned
                .warnings
                .push(crate::judgement::general("clear-takes-both", message));
        }
    }

    fn restore(&mut self, backup: Option<&Facts>) {
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
        for config in selected(self.facts, self.settings) {
            let former = backup
                .configs
                .iter()
                .find(|former| (former.module, former.infra) == (config.module, config.infra));
            match former {
                Some(former) => self.restore_config(config, former),
                None => {
                    let place = full_name(config.module, config.infra, "*");
                    let message =
                        format!("the backup does not hold {place}, which was left as it is");
                    self.planned
                        .warnings
                        .push(crate::judgement::general("not-in-backup", message));
                }
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
                Some(to) => {
                    self.check_restored(place, to);
                    self.push(
                        place,
                        Operation::Pin,
                        from,
                        Some(to.to_owned()),
                        "the backup holds this override".to_owned(),
                    );
                }
                None => self.reset(
                    place,
                    &from.unwrap_or_default(),
                    "the backup holds no override".to_owned(),
                ),
            }
        }
    }

    fn check_restored(&mut self, place: (Module, Option<Infra>, &str), to: &str) {
        let name = full_name(place.0, place.1, place.2);
        let image = match ImageRef::parse(to) {
            Ok(image) => image,
            Err(error) => {
                return self.refuse(
                    &name,
                    &format!("the backup's value is no image reference: {error}"),
                );
            }
        };
        let fields = std::mem::take(&mut self.fields);
        match fields
            .iter()
            .find(|field| (field.module, field.infra, field.field.as_str()) == place)
        {
            Some(field) => self.check(field, &image, Checked::Existence),
            None => self.refuse_unknown(&Pattern::new(place.2)),
        }
        self.fields = fields;
    }

    /// Refuses an image that the registry says is missing, and one that would be unsupported;
    /// with `force` both are warnings.
    fn check(&mut self, field: &InUse<'_>, image: &ImageRef, checked: Checked) {
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

    fn push(
        &mut self,
        (module, infra, field): (Module, Option<Infra>, &str),
        op: Operation,
        from: Option<String>,
        to: Option<String>,
        why: String,
    ) {
        if from != to {
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
    }

    fn refuse(&mut self, name: &str, why: &str) {
        self.planned.refusals.push(format!("{name}: {why}"));
    }

    /// A field that no chosen module has, or that `fields` leaves out.
    fn refuse_unknown(&mut self, pattern: &Pattern) {
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

/// What is checked of an image that is to come into use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checked {
    /// That it exists and is supported.
    All,
    /// That it exists.
    Existence,
}

fn fields_of(config: &Config) -> impl Iterator<Item = &str> {
    config
        .default
        .keys()
        .chain(config.overrides.keys())
        .map(String::as_str)
}
