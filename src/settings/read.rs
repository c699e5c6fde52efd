//! All settings together: every one read, every problem collected.

use std::ffi::OsString;

use crate::model::format::Format;

use super::environment::Environment;
use super::form::Context;
use super::problems::Problems;
use super::table::{Composed, Raw, Settings, Values};
use super::{PipelinesSetting, access, action, logging, network, outputs, raw, registry};

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
        let mut values = Values::read(&raw, &Context { formats }, &mut problems);
        let composed = compose(&raw, &mut values, &environment, &mut problems);
        let settings = Self::assemble(values, composed);
        outputs::check_requirements(&settings, &mut problems);
        outputs::check_files(&settings, &mut problems);
        problems
            .finish(settings)
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
    let access = access::access(raw, values, environment, is_optional, problems);
    let patch_releases_back = action::patch_releases_back(values);
    let action = action::action(raw, values, problems);
    registry::check_mirror(raw, &action, problems);
    Composed {
        harness: access.harness,
        account: access.account,
        action,
        patch_releases_back: patch_releases_back.unwrap_or(0),
        registry_login: registry::login(raw, values, problems),
        network: network::network(values, environment),
        log: logging::log(values, environment),
        runner: outputs::runner(environment),
        hints: Vec::new(),
    }
}
