//! The one table of settings. A row is all that a setting needs besides the room that uses it:
//! help, README, JSON schema, accepted names, reading and the public struct are made of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use tracing::Level;
use url::Url;

use super::definition::{Group, Setting, settings};
use super::docker_config::DockerConfig;
use super::problems::Problems;
use super::scalars::{boolean, file_path, moment, one_word, whole};
use super::sources::{FilesSetting, PipelinesSetting, RepositoriesSetting};
use super::values::{
    Action, HarnessAccess, LogFormat, LogSettings, Network, Pin, RegistryLogin, RegistrySetting,
    ReportFile, Reset, Runner, UpstreamSetting,
};
use super::{
    access, action, address, choices, ignores, named_file, outputs, registry, schema, sources,
};
use crate::model::facts::Notice;
use crate::model::format::Format;
use crate::model::image::ImageRef;
use crate::model::lifecycle;
use crate::model::module::{Infra, Module};
use crate::model::policy::{ByRepository, FailOn, Ignore, Pattern, ReleaseUnit, SameAs, at_most};
use crate::text::nearest;

settings! {
    |formats|
    Harness {
        secret api_key: SecretString, (access::token, schema::text),
            "`HARNESS_PLATFORM_API_KEY`", "API key of a user or service account, sent as `X-API-KEY`";
        secret bearer_token: SecretString, (access::token, schema::text),
            "", "token sent as `Authorization: Bearer`, instead of `api_key`";
        plain account_id: String, (access::account_id, || schema::pattern("^[A-Za-z0-9_-]{1,128}$")),
            "`HARNESS_ACCOUNT_ID`, else read from the key", "account identifier";
        plain endpoint: Url, (access::endpoint, schema::base),
            "`HARNESS_ENDPOINT`, else `https://app.harness.io`", "Harness, with or without `/gateway`; a path prefix is kept";
    }
    Selection {
        plain modules: Vec<Module> = vec![Module::Ci], (choices::modules, choices::modules_schema),
            "`ci`", "list of {modules}; or `none`: only `images`, `files` and `pipelines` are judged, and without `pipelines` no key is needed";
        plain infra: Vec<Infra> = vec![Infra::K8], (choices::infra, || schema::list_of_words(Infra::ALL.map(Infra::as_str))),
            "`K8`", "list of `K8`, `VM`";
        plain fields: Vec<Pattern> = Vec::new(), (choices::fields, || schema::list(schema::name())),
            "all", "list of fields; `*` matches within a name (`ssca*`)";
        plain images: Vec<ImageRef> = Vec::new(), (choices::images, || schema::list(schema::pattern(r"^\S+$"))),
            "", "list of further images in use, from pipelines or manifests, to judge as well";
        plain files: FilesSetting = FilesSetting::Off, (sources::files, sources::files_schema),
            "`off`", "YAML and JSON files of the workspace in which images are found: `auto` (`.harness/**`, `.drone.yml`, `.woodpecker/**`, `.woodpecker.yml`), or a list of paths with `*`, `**`";
        plain pipelines: PipelinesSetting = PipelinesSetting::Off, (sources::pipelines, sources::pipelines_schema),
            "`off`", "pipelines of the account in which images are found: `account`, or a list of `org/project` or `org/project/pipeline` with `*`";
        plain repositories: RepositoriesSetting = RepositoriesSetting::default(), (sources::repositories, || schema::list(schema::pattern(r#"^[^\s"{}@:]{1,512}$"#))),
            "`harness/*`, `harnesssecure/*`, `plugins/*` and the defaults'", "list of the repositories that are judged among the images in `files` and `pipelines`; `*` for all";
        plain same_as: SameAs = SameAs::default(), (choices::same_as, || schema::map(&schema::pattern("^[^*]*[*]?[^*]*$"))),
            "", "map from repositories of a mirror to the publisher's where their paths differ: `{\"reg.corp/ci/*\":\"harness/*\"}`";
    }
    Policy {
        plain supported_releases: ByRepository<u32> = lifecycle::windows(None, BTreeMap::new()), (choices::supported_releases, choices::supported_releases_schema),
            "`3`", "size of the support window, `0` for none and 1000 at most; or a map by repository, longest pattern first: `{\"*\":3,\"plugins/*\":10}`";
        plain supported_days: ByRepository<u32> = lifecycle::ages(None, BTreeMap::new()), (choices::supported_days, choices::supported_days_schema),
            "STO scanners `90`, else none", "age in days after which an image is unsupported where a newer version exists, `0` for none and 36500 at most; or a map by repository";
        plain release_unit: ByRepository<ReleaseUnit> = ByRepository::all(ReleaseUnit::Minor), (choices::release_unit, choices::release_unit_schema),
            "`minor`", "what counts as one release: `minor` (`x.y`; `z` is a hotfix) or `patch` (every `x.y.z`); or a map by repository";
        plain deploy_window_days: u32 = 30, whole(0..=3_650, u32::from),
            "`30`", "days within which a new version must be deployed, 3650 at most";
        plain fail_on: FailOn = FailOn::default(), (choices::fail_on, choices::fail_on_schema),
            "`never`", "list of verdicts that fail the step, and `missing` for an image that its registry lacks; `any` for all verdicts but `current`, `supported` and `ignored`";
        plain ignore: Vec<Ignore> = Vec::new(), (ignores::ignores, ignores::ignores_schema),
            "", "list of fields that never fail the step: `field@2026-12-31`, or `{\"field\",\"reason\",\"until\"}`";
    }
    Change {
        plain action: Action, (action::action, action::action_schema),
            "`check`", "`check`, `list`, `pin`, `reset`, `clear` or `restore`";
        plain pin: Pin, (action::pin, action::pin_schema),
            "", "what `pin` sets: a map of field to image, tag or `latest-N`; or one `latest-N` for all selected overrides";
        plain reset: Reset, (action::reset, || schema::list(schema::name())),
            "`unsupported`", "what `reset` removes: `unsupported`, `all`, or a list of fields";
        plain dry_run: bool = false, (boolean, schema::boolean),
            "`false`", "plan and print, send no write";
        plain force: bool = false, (boolean, schema::boolean),
            "`false`", "allow what is refused otherwise: a pin to a missing or unsupported image, `clear`";
        plain backup: PathBuf = PathBuf::from("harness-images-backup.json"), (file_path, schema::text),
            "`harness-images-backup.json`", "file in which overrides are kept before a change, and which `restore` reads";
    }
    Registry {
        plain registry: RegistrySetting = RegistrySetting::Auto, (registry::registry, || registry::base_or_words(&["auto", "off"])),
            "`auto`", "where tags are read: `auto` (the account's connector, else Docker Hub), `off`, or a base such as `registry.example.com:5000/mirror`";
        plain registry_username: String, (registry::username, schema::text),
            "", "user at the registry, together with `registry_password`";
        verbatim registry_password: SecretString, (registry::password, schema::text),
            "", "password or token of `registry_username`";
        secret docker_config: Option<DockerConfig> = None, (registry::docker_config, schema::text),
            "", "registry logins as Docker keeps them: path or text of a `config.json`";
        plain upstream: UpstreamSetting = UpstreamSetting::Off, (registry::upstream, || registry::base_or_words(&["off", "hub", "registry"])),
            "`off`", "where releases are counted if `registry` is a mirror: `hub`, `registry` (it has every tag itself), or a base";
        plain mirror_to: Option<Url> = None, (registry::base, registry::lower_base),
            "", "for `list`: the registry that is to hold the images, written as `registry`; reports what it lacks";
        plain hub_endpoint: Option<Url> = None, (address::base, schema::base),
            "`https://hub.docker.com`", "Docker Hub's web API, or a mirror of it";
    }
    Files {
        plain history: Option<PathBuf> = None, (file_path, schema::text),
            "", "file in which each run notes the defaults it saw, as evidence for later runs";
        plain snapshot: Option<PathBuf> = None, (file_path, schema::text),
            "", "judge from this file; no network at all";
        plain record: Option<PathBuf> = None, (file_path, schema::text),
            "", "file to which the facts of this run are written as a snapshot";
        plain as_of: Option<Timestamp> = None, (moment, schema::day_or_time),
            "now; a snapshot's `taken_at`", "day or RFC 3339 time from which all dates are counted";
        plain reports: Vec<ReportFile> = Vec::new(), (|text: &str| outputs::reports(formats, text), || outputs::reports_schema(formats)),
            "", "list of files to write; the ending chooses the format: {endings}";
        plain config: Option<PathBuf> = None, (file_path, schema::text),
            "", "YAML or JSON file with these settings, secrets excepted; the environment wins";
    }
    Run {
        plain timeout: Duration = Duration::from_secs(60), whole(1..=3_600, |seconds| Duration::from_secs(seconds.into())),
            "`60`", "seconds for the whole run, 3600 at most";
        plain requests_per_minute: u32 = 300, whole(1..=100_000, u32::from),
            "`300`", "most requests to Harness in a minute, 100000 at most";
        plain concurrency: usize = 16, whole(1..=256, at_most),
            "`16`", "most requests at once to one host, 256 at most";
        plain ca_cert: String, (named_file::ca_cert, schema::text),
            "", "further certificates to trust: path or text of a PEM bundle";
        plain skip_verify: bool, (boolean, schema::boolean),
            "`false`", "trust any certificate; reported as a warning";
        plain enable_proxy: bool, (boolean, schema::boolean),
            "`false`", "use `HARNESS_HTTP_PROXY`, `HARNESS_HTTPS_PROXY` and `HARNESS_NO_PROXY`";
        plain log_level: Level, one_word(&LogSettings::LEVELS),
            "`info`", "`trace`, `debug`, `info`, `warn` or `error`, to standard error";
        plain log_format: LogFormat, one_word(&LogFormat::WORDS),
            "`text`", "`text` or `json`";
    }
    ;
    composed {
        #[doc = "How to reach Harness; `None` if a snapshot is judged, and where neither `modules` nor `pipelines` are set and no key is given."]
        harness: Option<HarnessAccess>,
        #[doc = "Account identifier: that of `harness`, or what the step says about a snapshot's."]
        account: Option<String>,
        #[doc = "What to do: `action` with `pin` and `reset`."]
        action: Action,
        #[doc = "How many releases before the default's a report `.patch` moves images to: what `pin: latest-N` says where `action` pins nothing."]
        patch_releases_back: usize,
        #[doc = "`registry_username` and `registry_password`."]
        registry_login: Option<RegistryLogin>,
        #[doc = "Certificates and proxies."]
        network: Network,
        #[doc = "`log_level` and `log_format`."]
        log: LogSettings,
        #[doc = "Where the runner expects results, from its environment."]
        runner: Runner,
        #[doc = "What looks misspelled, or not as meant; never a value."]
        hints: Vec<Notice>,
    }
}

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// A sentence if the normalised `name` is close to a setting's; `written` is how it was written.
pub(super) fn misspelling(written: &str, name: &str) -> Option<String> {
    let printable = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    // No setting's name is nearly as long.
    if name.len() > 40 || !written.bytes().all(printable) {
        return None;
    }
    let names = SETTINGS.iter().map(|setting| setting.name);
    let setting = *nearest(name, names, 2).first()?;
    let is_near = setting.len() >= 6 || !nearest(name, [setting], 1).is_empty();
    is_near.then(|| format!("`{written}` is not a setting; did you mean `{setting}`?"))
}

/// Where in the table a setting stands.
pub(super) fn position(name: &str) -> usize {
    let mut settings = SETTINGS.iter();
    settings
        .position(|setting| setting.name == name)
        .unwrap_or(SETTINGS.len())
}

#[cfg(test)]
mod tests {
    use super::SETTINGS;

    #[test]
    fn secrets_are_marked() {
        let secrets = SETTINGS.iter().filter(|setting| setting.secret);
        let secrets: Vec<&str> = secrets.map(|setting| setting.name).collect();
        let expected = [
            "api_key",
            "bearer_token",
            "registry_password",
            "docker_config",
        ];
        assert_eq!(secrets, expected);
    }
}
