//! What a run has found and done: the facts are judged, the plan is made of them and carried out.

use std::fmt::Display;
use std::path::Path;

use tokio::time::Instant;

use crate::change::{self, Applied, Planned, apply, plan, refresh};
use crate::gather::Collected;
use crate::harness::Harness;
use crate::model::concern::Newly;
use crate::model::facts::{self, Config, Facts, FieldValue};
use crate::model::policy::Policy;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::verdict::{Judged, judge_all, policy};

/// What a run has found and done, for the report.
#[derive(Debug)]
pub(crate) struct Findings {
    /// The facts, with the overrides as they are at the end.
    pub(crate) facts: Facts,
    pub(crate) policy: Policy,
    pub(crate) judged: Judged,
    pub(crate) planned: Planned,
    pub(crate) applied: Option<Applied>,
    /// What became worse since the last run; `None` without a history that could be read.
    pub(crate) newly: Option<Vec<Newly>>,
    /// Why the work could not be done.
    pub(crate) errors: Vec<String>,
}

/// That the file of a setting could not be written.
pub(crate) fn unwritten(setting: &str, path: &Path, error: &impl Display) -> String {
    let path = path.display();
    format!("`{setting}`: {path} could not be written: {error}")
}

impl Findings {
    /// Nothing could be learnt.
    pub(crate) fn failed(settings: &Settings, error: String) -> Self {
        Self::new(Collected::failed(settings, error), settings, None)
    }

    /// Records the facts if that is asked for, judges them, and plans the action.
    pub(crate) fn new(collected: Collected, settings: &Settings, backup: Option<&Facts>) -> Self {
        let Collected {
            facts, mut errors, ..
        } = collected;
        if let Some(path) = &settings.record
            && let Err(error) = facts::write(&facts, path)
        {
            errors.push(unwritten("record", path, &error));
        }
        let policy = policy(settings, &facts);
        let judged = judge_all(&facts, settings, &policy);
        let planned = if errors.is_empty() {
            plan(&facts, settings, &policy, &judged, backup)
        } else {
            Planned::default()
        };
        Self {
            facts,
            policy,
            judged,
            planned,
            applied: None,
            newly: None,
            errors,
        }
    }

    /// Whether there is something to send.
    pub(crate) fn is_to_apply(&self, settings: &Settings) -> bool {
        !settings.dry_run
            && self.errors.is_empty()
            && self.planned.refusals.is_empty()
            && !self.planned.changes.is_empty()
    }

    /// Backs the overrides up, applies the plan, and judges what came of it.
    pub(crate) async fn apply(
        &mut self,
        harness: &Harness<'_>,
        settings: &Settings,
        deadline: Instant,
        stop: &Stop,
    ) {
        let path = change::backup_path(settings);
        let changes = &self.planned.changes;
        if let Err(mut errors) = refresh(harness, &mut self.facts, changes, deadline, stop).await {
            self.planned.refusals.append(&mut errors);
            return;
        }
        if let Err(error) = change::back_up(&self.facts, &path) {
            let error = unwritten("backup", &path, &error);
            self.planned
                .refusals
                .push(format!("{error}; nothing was changed"));
            return;
        }
        let changes = std::mem::take(&mut self.planned.changes);
        let applied = apply(harness, &self.facts, changes, &path, deadline, stop).await;
        for config in &mut self.facts.configs {
            if let Some(overrides) = applied.overrides.get(&(config.module, config.infra)) {
                config.overrides = overrides.clone();
            }
        }
        self.judged = judge_all(&self.facts, settings, &self.policy);
        self.applied = Some(applied);
    }

    /// How the account would be judged if the plan were carried out.
    pub(crate) fn judged_as_planned(&mut self, settings: &Settings) -> Judged {
        let mut configs = self.facts.configs.clone();
        for change in &self.planned.changes {
            let is_its = |config: &&mut Config| {
                (config.module, config.infra) == (change.module, change.infra)
            };
            let Some(config) = configs.iter_mut().find(is_its) else {
                continue;
            };
            match change.to.clone().map(FieldValue::Text) {
                Some(value) => config.overrides.insert(change.field.clone(), value),
                None => config.overrides.remove(&change.field),
            };
        }
        // Only the configs differ: the lists of tags are large, and stay where they are.
        let present = std::mem::replace(&mut self.facts.configs, configs);
        let judged = judge_all(&self.facts, settings, &self.policy);
        self.facts.configs = present;
        judged
    }
}
