//! What a step may set: `PLUGIN_*` in, one checked [`Settings`] out, all problems at once.

mod access;
mod action;
mod address;
mod choices;
mod collections;
mod config;
mod config_schema;
mod definition;
mod docker_config;
mod environment;
mod help;
mod ignores;
mod named_file;
mod outputs;
mod problems;
mod raw;
mod read;
mod registry;
mod scalars;
mod schema;
mod secret_forms;
mod secrets;
mod sources;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use config_schema::config_schema;
pub use definition::{Group, Setting};
pub use docker_config::{DockerConfig, DockerLogin};
pub use help::{help, markdown};
pub use problems::{Problem, Problems};
pub use sources::{FilesSetting, PipelinePattern, PipelinesSetting, RepositoriesSetting};
pub use table::{SETTINGS, Settings};
pub use values::{
    Action, HarnessAccess, HarnessCredential, LogFormat, LogSettings, Network, Pin, RegistryLogin,
    RegistrySetting, ReportFile, Reset, Runner, UpstreamSetting,
};

use crate::model::format::Requirement;

impl Settings {
    /// Whether a report is a patch of files.
    pub fn makes_patch(&self) -> bool {
        self.patch_file().is_some()
    }

    /// The report that is a patch of files.
    pub fn patch_file(&self) -> Option<String> {
        let mut reports = self.reports.iter();
        let patch = reports.find(|file| file.format.requires == Requirement::Files)?;
        Some(patch.path.display().to_string())
    }

    /// Whether images are searched for in files or pipelines.
    pub fn reads_files_or_pipelines(&self) -> bool {
        self.files != FilesSetting::Off || self.pipelines != PipelinesSetting::Off
    }
}
