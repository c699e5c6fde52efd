//! All settings together: every one read, every problem collected.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::format::Format;
use crate::model::lifecycle;
use crate::model::module::{Infra, Module};
use crate::model::policy::ByRepository;

use super::environment::Environment;
use super::problems::{Complaint, Problems};
use super::raw::{self, Raw};
use super::spelling::{boolean, moment, number};
use super::{
    PipelinesSetting, RegistrySetting, Settings, UpstreamSetting, access, action, address, choices,
    ignores, logging, network, outputs, registry, sources,
};

/// File for overrides unless the step names another.
const BACKUP: &str = "harness-images-backup.json";

/// Reads one setting if it is given; its name is written once.
macro_rules! read {
    ($raw:ident, $problems:ident, $name:ident, $read:expr) => {
        $problems.check(stringify!($name), $raw.$name.as_deref(), $read)
    };
}

impl Settings {
    /// Reads the settings from environment pairs, in whichever way the runner spelt them. Nothing
    /// but the files that `ca_cert` and `docker_config` point to is read besides. `formats` are
    /// those that report files may have: `report::formats`.
    ///
    /// # Errors
    /// [`Problems`] lists everything that is wrong, by name of the setting, never by value.
    pub fn from_pairs(
        pairs: impl IntoIterator<Item = (OsString, OsString)>,
        formats: &[Format],
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (raw, environment) = raw::gather(pairs, &mut problems);
        let settings = assemble(&raw, &environment, formats, &mut problems);
        outputs::check_requirements(&settings, &mut problems);
        outputs::check_files(&settings, &mut problems);
        problems
            .finish(settings)
            .map(|(settings, hints)| Self { hints, ..settings })
    }
}

/// Reads every setting. What is wrong is noted, and its default stands in for it, so that the
/// rest is read as well.
fn assemble(
    raw: &Raw,
    environment: &Environment,
    formats: &[Format],
    problems: &mut Problems,
) -> Settings {
    let dry_run = match raw.dry_run {
        Some(_) => read!(raw, problems, dry_run, boolean),
        None => Some(false),
    };
    // Whoever misspelt it has thought of it, so nothing is said about its absence.
    let dry_run = dry_run.unwrap_or(true);
    let modules = read!(raw, problems, modules, choices::modules);
    let modules = modules.unwrap_or_else(|| vec![Module::Ci]);
    let pipelines = read!(raw, problems, pipelines, sources::pipelines).unwrap_or_default();
    let is_optional = modules.is_empty() && pipelines == PipelinesSetting::Off;
    let access = access::access(raw, environment, is_optional, problems);
    let action = action::action(raw, dry_run, &modules, problems);
    let infra = read!(raw, problems, infra, choices::infra).filter(|list| !list.is_empty());
    let window = read!(
        raw,
        problems,
        supported_releases,
        choices::supported_releases
    );
    let age = read!(raw, problems, supported_days, choices::supported_days);
    let unit = read!(raw, problems, release_unit, choices::release_unit);
    let timeout = read!(raw, problems, timeout, in_range(1, 3600)).unwrap_or(60);
    let concurrency = read!(raw, problems, concurrency, in_range(1, 256)).unwrap_or(16);
    let mirror_to = registry::mirror_to(raw, &action, problems);
    Settings {
        harness: access.harness,
        account: access.account,
        modules,
        infra: infra.unwrap_or_else(|| vec![Infra::K8]),
        fields: read!(raw, problems, fields, choices::fields).unwrap_or_default(),
        images: read!(raw, problems, images, choices::images).unwrap_or_default(),
        files: read!(raw, problems, files, sources::files).unwrap_or_default(),
        pipelines,
        repositories: read!(raw, problems, repositories, sources::repositories).unwrap_or_default(),
        same_as: read!(raw, problems, same_as, choices::same_as).unwrap_or_default(),
        supported_releases: window.unwrap_or_else(|| {
            lifecycle::with_documented_windows(ByRepository::all(lifecycle::WINDOW), false)
        }),
        supported_days: age
            .unwrap_or_else(|| lifecycle::with_documented_ages(ByRepository::all(0), false)),
        release_unit: unit.unwrap_or_else(|| ByRepository::all(choices::UNIT)),
        deploy_window_days: read!(raw, problems, deploy_window_days, in_range(0, 3650))
            .unwrap_or(30),
        fail_on: read!(raw, problems, fail_on, choices::fail_on).unwrap_or_default(),
        ignore: read!(raw, problems, ignore, ignores::ignores).unwrap_or_default(),
        action,
        dry_run,
        force: read!(raw, problems, force, boolean).unwrap_or(false),
        backup: path(&raw.backup).unwrap_or_else(|| PathBuf::from(BACKUP)),
        registry: read!(raw, problems, registry, registry::registry)
            .unwrap_or(RegistrySetting::Auto),
        upstream: read!(raw, problems, upstream, registry::upstream)
            .unwrap_or(UpstreamSetting::Off),
        registry_login: registry::login(raw, problems),
        docker_config: read!(raw, problems, docker_config, registry::docker_config),
        mirror_to,
        history: path(&raw.history),
        snapshot: path(&raw.snapshot),
        record: path(&raw.record),
        as_of: read!(raw, problems, as_of, |text| Ok(moment(text)?)),
        reports: read!(raw, problems, reports, |text| outputs::reports(
            formats, text
        ))
        .unwrap_or_default(),
        timeout: Duration::from_secs(timeout.into()),
        requests_per_minute: read!(raw, problems, requests_per_minute, in_range(1, 100_000))
            .unwrap_or(300),
        concurrency: usize::try_from(concurrency).unwrap_or(16),
        network: network::network(raw, environment, problems),
        log: logging::log(raw, environment, problems),
        runner: outputs::runner(environment),
        hints: Vec::new(),
        hub_endpoint: read!(raw, problems, hub_endpoint, address::base),
    }
}

fn in_range(least: u32, most: u32) -> impl Fn(&str) -> Result<u32, Complaint> {
    move |text| Ok(number(least..=most)(text)?)
}

fn path(text: &Option<String>) -> Option<PathBuf> {
    text.as_ref().map(PathBuf::from)
}
