//! All settings together: every one read, what belongs together put together, every problem
//! collected.

mod access;
mod action;
mod files;
mod network;
mod registry;
mod runner;

use std::ffi::OsString;

use tracing::Level;

use super::environment::Environment;
use super::problems::Problems;
use super::raw;
use super::scalars::boolean;
use super::sources::PipelinesSetting;
use super::table::{Composed, Raw, Settings, Values, position};
use super::values::{LogFormat, LogSettings};
use crate::model::format::Format;

impl Settings {
    /// Reads the settings from environment pairs, in whichever way the runner wrote them. Nothing
    /// but the files that `config`, `ca_cert` and `docker_config` point to is read besides.
    /// `formats` are those that report files may have: `report::formats`.
    ///
    /// # Errors
    /// [`Problems`] lists everything that is wrong, by name of the setting, never by value.
    pub fn from_pairs(
        pairs: impl IntoIterator<Item = (OsString, OsString)>,
        formats: &[Format],
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (raw, environment) = raw::gather(pairs, &mut problems);
        let mut values = Values::read(&raw, formats, &mut problems);
        let composed = compose(&raw, &mut values, &environment, &mut problems);
        let settings = Self::assemble(values, composed);
        files::check_contents(&settings, &mut problems);
        files::check_files(&settings, &mut problems);
        problems
            .finish(settings, position)
            .map(|(settings, hints)| Self { hints, ..settings })
    }
}

/// What several settings, or the environment, make together. Where one of them is wrong, what
/// applies without it stands in for it, so that the rest is checked as well.
fn compose(
    raw: &Raw,
    values: &mut Values,
    environment: &Environment,
    problems: &mut Problems,
) -> Composed {
    let has_pipelines = raw.pipelines.is_some() && values.pipelines != Some(PipelinesSetting::Off);
    let has_modules = !values.modules.as_ref().is_some_and(Vec::is_empty);
    let is_optional = !has_modules && !has_pipelines;
    let (harness, account) = access::access(raw, values, environment, is_optional, problems);
    let patch_releases_back = action::patch_releases_back(values);
    let action = action::action(raw, values, problems);
    registry::check_mirror(raw, values, &action, problems);
    Composed {
        harness,
        account,
        action,
        patch_releases_back: patch_releases_back.unwrap_or(0),
        registry_login: registry::login(raw, values, problems),
        network: network::network(values, environment),
        log: log(values, environment),
        runner: runner::runner(environment),
        hints: Vec::new(),
    }
}

/// Level and format; `DRONE_DEBUG` lowers a level that the step does not set.
fn log(values: &Values, environment: &Environment) -> LogSettings {
    let debug = environment
        .text("DRONE_DEBUG")
        .is_some_and(|text| boolean(text) == Ok(true));
    let unset = if debug { Level::DEBUG } else { Level::INFO };
    LogSettings {
        level: values.log_level.unwrap_or(unset),
        format: values.log_format.unwrap_or(LogFormat::Text),
    }
}
