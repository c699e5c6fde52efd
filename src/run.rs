//! One run: settings → facts → judgement → plan → apply → tell.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::change::{self, Applied, Planned, apply, plan, refresh};
use crate::gather::{self, Collected, collect, seen};
use crate::gather::{history, states};
use crate::harness::Harness;
use crate::http::Http;
use crate::log;
use crate::model::concern::Newly;
use crate::model::facts;
use crate::model::facts::Facts;
use crate::model::image::DOCKER_IO;
use crate::model::location::{Found, Location};
use crate::model::policy::Policy;
use crate::redact::Secrets;
use crate::registry::RegistryBase;
use crate::report;
use crate::settings::{self, Action, RegistrySetting, Settings};
use crate::stop::Stop;
use crate::tell;
use crate::verdict::{Judged, judge_all, newly, policy, to_note};

/// How a run ended, as its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Done; there may be warnings.
    Done,
    /// The work could not be done: network, API or files.
    NotDone,
    /// The settings are wrong; nothing was sent.
    Settings,
    /// An image has a verdict that `fail_on` names.
    Verdict,
    /// A change was refused, failed, or could not be confirmed.
    Change,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::NotDone => 1,
            ExitStatus::Settings => 2,
            ExitStatus::Verdict => 3,
            ExitStatus::Change => 4,
        })
    }
}

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

/// Runs the program with its arguments and the environment.
pub fn run(
    arguments: impl Iterator<Item = OsString>,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> ExitStatus {
    if let Some(status) = answer_arguments(arguments) {
        return status;
    }
    let settings = match Settings::from_pairs(environment, &report::formats()) {
        Ok(settings) => settings,
        Err(problems) => {
            tell::eprint(&problems.to_string());
            return ExitStatus::Settings;
        }
    };
    let secrets = Secrets::default();
    for secret in settings.secrets() {
        secrets.add(secret.expose_secret());
    }
    log::start(settings.log, secrets.clone());
    let mut findings = match &settings.snapshot {
        Some(path) => from_snapshot(path, &settings),
        None => live(&settings, &secrets),
    };
    compare_with_last_run(&mut findings, &settings);
    tell::tell(&settings, &secrets, findings)
}

/// `--version` and `--help`; a step is started without arguments.
fn answer_arguments(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitStatus> {
    let argument = arguments.next()?;
    let known = match argument.to_str() {
        Some("--version" | "-V") => format!("harness-images {}\n", env!("CARGO_PKG_VERSION")),
        Some("--help" | "-h") => settings::help(&report::formats()),
        _ => {
            tell::eprint(
                "there are no arguments but --help and --version: settings are PLUGIN_* variables",
            );
            return Some(ExitStatus::Settings);
        }
    };
    Some(if tell::print(&known) {
        ExitStatus::Done
    } else {
        ExitStatus::NotDone
    })
}

fn from_snapshot(path: &Path, settings: &Settings) -> Findings {
    let facts = match facts::read(path) {
        Ok(facts) => facts,
        Err(error) => {
            let error = format!(
                "the snapshot `{}` could not be read: {error}",
                path.display()
            );
            return Findings::failed(settings, error);
        }
    };
    let facts = with_files(with_history(facts, settings), settings);
    match read_backup(settings) {
        Ok(backup) => Findings::new(
            Collected::from(with_registry(facts, settings)),
            settings,
            backup.as_ref(),
        ),
        Err(error) => Findings::failed(settings, error),
    }
}

/// Adds the defaults of the file `history` to those that the snapshot holds.
fn with_history(mut facts: Facts, settings: &Settings) -> Facts {
    if let Some(path) = &settings.history {
        let (seen, notice) = history::read(path);
        facts.history.extend(seen);
        facts.history.sort();
        facts.history.dedup();
        facts.notices.extend(notice);
    }
    facts
}

/// Adds the images of the workspace's files, unless the snapshot holds some of when it was taken.
fn with_files(mut facts: Facts, settings: &Settings) -> Facts {
    let is_in_file = |found: &Found| matches!(found.location, Location::File(_));
    if !facts.found.iter().any(is_in_file) {
        gather::found::add_files(&settings.files, &mut facts);
    }
    facts
}

/// What `restore` is to bring back; other actions need none.
fn read_backup(settings: &Settings) -> Result<Option<Facts>, String> {
    if settings.action != Action::Restore {
        return Ok(None);
    }
    let path = &settings.backup;
    facts::read(path)
        .map(Some)
        .map_err(|error| format!("`backup`: {} could not be read: {error}", path.display()))
}

/// Adds the defaults of this run to the history.
fn note_defaults(findings: &mut Findings, settings: &Settings) {
    if let Some(path) = &settings.history
        && let Err(error) = history::append(path, &seen(&findings.facts))
    {
        findings.errors.push(format!(
            "`history`: {} could not be written: {error}",
            path.display()
        ));
    }
}

/// Finds what became worse since the last run, and notes the state for the next. A run that failed,
/// or that judges as of an earlier day than the last, says nothing and notes nothing; a dry run
/// notes nothing.
fn compare_with_last_run(findings: &mut Findings, settings: &Settings) {
    let Some(path) = &settings.history else {
        return;
    };
    if !findings.errors.is_empty() {
        return;
    }
    // A history that cannot be read has been reported as a warning already.
    let Ok(noted) = states::read(path) else {
        return;
    };
    let as_of = findings.policy.as_of;
    if noted.newest.is_some_and(|newest| newest > as_of) {
        return;
    }
    let (before, rows) = (noted.states.as_ref(), &findings.judged.rows);
    findings.newly = Some(newly(before, rows));
    if settings.dry_run {
        return;
    }
    let changed = to_note(before, rows);
    if let Err(error) = states::append(path, &noted, changed, as_of) {
        findings.errors.push(format!(
            "`history`: {} could not be written: {error}",
            path.display()
        ));
    }
}

/// Reads the account, and changes it if that is asked for.
fn live(settings: &Settings, secrets: &Secrets) -> Findings {
    let failed = |error: String| Findings::failed(settings, error);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("the runtime could not be started: {error}")),
    };
    runtime.block_on(async {
        let stop = Stop::on_signals();
        let now = Instant::now();
        let deadline = now.checked_add(settings.timeout).unwrap_or(now);
        let http = match Http::new(
            &settings.network,
            settings.concurrency,
            deadline,
            secrets.clone(),
        ) {
            Ok(http) => http,
            Err(error) => return failed(error.to_string()),
        };
        let harness = settings.harness.as_ref().map(|access| {
            Harness::new(&http, access).requests_per_minute(settings.requests_per_minute)
        });
        let backup = match read_backup(settings) {
            Ok(backup) => backup,
            Err(error) => return failed(error),
        };
        let collected = collect(&http, harness.as_ref(), settings, backup.as_ref());
        let collected = match stop.unless(collected).await {
            Ok(collected) => collected,
            Err(signal) => {
                return failed(format!(
                    "the run was ended by {signal} before everything was read; nothing was changed"
                ));
            }
        };
        let mut findings = Findings::new(collected, settings, backup.as_ref());
        note_defaults(&mut findings, settings);
        if let Some(harness) = harness.filter(|_| findings.is_to_apply(settings)) {
            findings.apply(&harness, settings, deadline, &stop).await;
        }
        findings
    })
}

impl Findings {
    /// Nothing could be learnt.
    fn failed(settings: &Settings, error: String) -> Self {
        Self::new(Collected::failed(settings, error), settings, None)
    }

    /// Records the facts if that is asked for, judges them, and plans the action.
    fn new(collected: Collected, settings: &Settings, backup: Option<&Facts>) -> Self {
        let Collected {
            facts, mut errors, ..
        } = collected;
        if let Some(path) = &settings.record
            && let Err(error) = facts::write(&facts, path)
        {
            errors.push(format!(
                "`record`: {} could not be written: {error}",
                path.display()
            ));
        }
        let policy = policy(settings, &facts);
        let judged = judge_all(&facts, settings, &policy);
        let planned = match errors.is_empty() {
            true => plan(&facts, settings, &policy, &judged, backup),
            false => Planned::default(),
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
    fn is_to_apply(&self, settings: &Settings) -> bool {
        !settings.dry_run
            && self.errors.is_empty()
            && self.planned.refusals.is_empty()
            && !self.planned.changes.is_empty()
    }

    /// Backs the overrides up, applies the plan, and judges what came of it.
    async fn apply(
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
            let error = format!(
                "`backup`: {} could not be written: {error}; nothing was changed",
                path.display()
            );
            self.planned.refusals.push(error);
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
            let config = configs
                .iter_mut()
                .find(|config| (config.module, config.infra) == (change.module, change.infra));
            if let Some(config) = config {
                config.overrides.remove(&change.field);
                let value = change.to.clone().map(facts::FieldValue::Text);
                config
                    .overrides
                    .extend(value.map(|value| (change.field.clone(), value)));
            }
        }
        // Only the configs differ: the lists of tags are large, and stay where they are.
        let present = std::mem::replace(&mut self.facts.configs, configs);
        let judged = judge_all(&self.facts, settings, &self.policy);
        self.facts.configs = present;
        judged
    }
}

/// Where images that name no registry are looked up: as the settings say, else as found or
/// recorded, else Docker Hub. With `off`, what a registry said does not count.
fn with_registry(mut facts: Facts, settings: &Settings) -> Facts {
    match &settings.registry {
        RegistrySetting::Auto => {
            facts.registry = facts.registry.or_else(|| Some(DOCKER_IO.to_owned()))
        }
        RegistrySetting::Base(url) => {
            let base = RegistryBase::from_url(url).unwrap_or_else(RegistryBase::docker_hub);
            facts.registry = Some(base.to_string());
        }
        RegistrySetting::Off => {
            facts.registry = None;
            facts.repositories.clear();
        }
    }
    if let Some(upstream) = gather::upstream(settings, facts.registry.as_deref()) {
        facts.upstream = Some(upstream);
    }
    facts.classify();
    facts
}
