//! What a first run, with nothing but a key, could not see, and what would show it.

use std::collections::BTreeMap;

use crate::model::facts::{Coverage, Facts};
use crate::model::warning::{Warning, WarningCode};
use crate::settings::{FilesSetting, PipelinesSetting, RegistrySetting, Settings, UpstreamSetting};
use crate::text::counted;

/// One warning, for the end of the report; `None` if there is nothing to add, or if the step says
/// itself where to look, so that what is missing is already named one by one.
pub fn not_seen(facts: &Facts, settings: &Settings) -> Option<Warning> {
    if facts.configs.is_empty() || !is_bare(settings) {
        return None;
    }
    let mut parts = Vec::new();
    let is_unresolved = |code: WarningCode| code == WarningCode::RegistryUnresolved;
    if facts
        .notices
        .iter()
        .any(|notice| is_unresolved(notice.code))
    {
        parts.push(
            "the registry that the account pulls from (the key needs the permission `core_connector_view`, Connectors: view; or name it in `registry`)"
                .to_owned(),
        );
    }
    let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
    for repository in &facts.repositories {
        if let Coverage::Unavailable(_) = repository.coverage {
            let count = hosts.entry(&repository.registry).or_default();
            *count = count.saturating_add(1);
        }
    }
    for (host, count) in hosts {
        parts.push(format!(
            "the tags of {} at {host} (let the step reach it, if need be through a proxy with `enable_proxy`; or name a registry that it reaches in `registry`)",
            counted(count, "repository", "repositories")
        ));
    }
    parts.push(
        "images that pipelines name (set `pipelines: account`; the key needs the permissions `core_project_view`, Projects: view, `core_pipeline_view`, Pipelines: view, and `core_template_view`, Templates: view)"
            .to_owned(),
    );
    Some(Warning::general(
        WarningCode::NotSeen,
        format!("this run did not see {}", parts.join("; ")),
    ))
}

/// Whether the step has a key, and nothing that says where else to look.
fn is_bare(settings: &Settings) -> bool {
    settings.snapshot.is_none()
        && settings.registry == RegistrySetting::Auto
        && settings.upstream == UpstreamSetting::Off
        && settings.pipelines == PipelinesSetting::Off
        && settings.files == FilesSetting::Off
        && settings.images.is_empty()
}
