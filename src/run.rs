//! One run: settings → facts → judgement → plan → apply → report.

use std::ffi::OsString;
use std::path::Path;

use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::exit_status::ExitStatus;
use crate::findings::{Findings, unwritten};
use crate::gather::{self, Collected, collect, seen};
use crate::gather::{history, states};
use crate::harness::Harness;
use crate::http::Http;
use crate::log;
use crate::model::date::day;
use crate::model::facts;
use crate::model::facts::{Facts, Notice};
use crate::model::image::DOCKER_IO;
use crate::model::location::{Found, Location};
use crate::model::warning::WarningCode;
use crate::output;
use crate::redact::Secrets;
use crate::registry::RegistryBase;
use crate::report;
use crate::settings::{self, Action, RegistrySetting, Settings};
use crate::stop::Stop;
use crate::verdict::{newly, to_note};

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
            output::eprint(&problems.to_string());
            return ExitStatus::Settings;
        }
    };
    let secrets = Secrets::default();
    for secret in settings.secrets() {
        secrets.add(secret.expose_secret());
    }
    log::start(settings.log, secrets.clone());
    let findings = match &settings.snapshot {
        Some(path) => from_snapshot(path, &settings),
        None => live(&settings, &secrets),
    };
    let mut findings = findings.unwrap_or_else(|error| Findings::failed(&settings, error));
    compare_with_last_run(&mut findings, &settings);
    output::publish(&settings, &secrets, findings)
}

/// `--version` and `--help`; a step is started without arguments.
fn answer_arguments(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitStatus> {
    let argument = arguments.next()?;
    let known = match argument.to_str() {
        Some("--version" | "-V") => format!("harness-images {}\n", env!("CARGO_PKG_VERSION")),
        Some("--help" | "-h") => settings::help(&report::formats()),
        _ => {
            output::eprint(
                "there are no arguments but --help and --version: settings are PLUGIN_* variables",
            );
            return Some(ExitStatus::Settings);
        }
    };
    Some(if output::print(&known) {
        ExitStatus::Done
    } else {
        ExitStatus::NotDone
    })
}

fn from_snapshot(path: &Path, settings: &Settings) -> Result<Findings, String> {
    let unreadable = |error| {
        let path = path.display();
        format!("the snapshot `{path}` could not be read: {error}")
    };
    let facts = facts::read(path).map_err(unreadable)?;
    let facts = with_files(with_history(facts, settings), settings);
    let backup = read_backup(settings)?;
    let collected = Collected::from(with_registry(facts, settings));
    Ok(Findings::new(collected, settings, backup.as_ref()))
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

/// Leaves the images found that the settings select, and adds those of the workspace's files, unless
/// the snapshot holds some of when it was taken.
fn with_files(mut facts: Facts, settings: &Settings) -> Facts {
    let is_in_file = |found: &Found| matches!(found.location, Location::File(_));
    let has_files = facts.found.iter().any(is_in_file);
    gather::found::select(&mut facts, settings);
    if !has_files {
        gather::found::add_files(&settings.files, &mut facts);
    } else if facts.found.iter().any(is_in_file) {
        facts.notices.push(Notice {
            code: WarningCode::FilesOfSnapshot,
            message: format!(
                "the images of files are those that the snapshot holds, of {}; the files of the workspace were not read: to judge them, record a snapshot without `files`",
                day(facts.taken_at)
            ),
        });
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
        findings.errors.push(unwritten("history", path, &error));
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
        findings.errors.push(unwritten("history", path, &error));
    }
}

/// Reads the account, and changes it if that is asked for.
fn live(settings: &Settings, secrets: &Secrets) -> Result<Findings, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime could not be started: {error}"))?;
    runtime.block_on(async {
        let stop = Stop::on_signals();
        let now = Instant::now();
        let deadline = now.checked_add(settings.timeout).unwrap_or(now);
        let network = &settings.network;
        let http = Http::new(network, settings.concurrency, deadline, secrets.clone())
            .map_err(|error| error.to_string())?;
        let harness = settings.harness.as_ref().map(|access| {
            Harness::new(&http, access).requests_per_minute(settings.requests_per_minute)
        });
        let backup = read_backup(settings)?;
        let collected = collect(&http, harness.as_ref(), settings, backup.as_ref());
        let collected = stop.unless(collected).await.map_err(|signal| {
            format!("the run was ended by {signal} before everything was read; nothing was changed")
        })?;
        let mut findings = Findings::new(collected, settings, backup.as_ref());
        note_defaults(&mut findings, settings);
        if let Some(harness) = harness.filter(|_| findings.is_to_apply(settings)) {
            findings.apply(&harness, settings, deadline, &stop).await;
        }
        Ok(findings)
    })
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
