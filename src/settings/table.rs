//! The one table of settings. A row is all that a setting needs besides the room that uses it:
//! help, README, JSON schema, accepted names, reading and the public struct are made of it.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::access::{AccountId, Endpoint, Token};
use super::action::{ActionWord, PinForm, ResetForm};
use super::address::Address;
use super::certificates::Certificates;
use super::choices::{
    DaysByRepository, Fields, Images, Infras, Modules, ReleasesByRepository, SameAsMap,
    UnitByRepository, Verdicts, documented_ages, documented_windows,
};
use super::definition::{Group, Setting, settings};
use super::docker_config::DockerConfig;
use super::form::{Context, Count, FilePath, Flag, Form, Moment, Seconds, Whole};
use super::ignores::Ignores;
use super::logging::{LogFormats, LogLevels};
use super::outputs::Reports;
use super::problems::Problems;
use super::registry::{
    DockerConfigForm, MirrorBase, Password, RegistryBase, UpstreamBase, Username,
};
use super::sources::{
    Files, FilesSetting, Pipelines, PipelinesSetting, Repositories, RepositoriesSetting,
};
use super::values::{
    Action, HarnessAccess, LogSettings, Network, RegistryLogin, RegistrySetting, ReportFile,
    Runner, UpstreamSetting,
};
use crate::model::facts::Notice;
use crate::model::image::ImageRef;
use crate::model::module::{Infra, Module};
use crate::model::policy::{ByRepository, FailOn, Ignore, Pattern, ReleaseUnit, SameAs};

settings! {
    Harness {
        secret api_key: Token,
            "`HARNESS_PLATFORM_API_KEY`", "API key of a user or service account, sent as `X-API-KEY`";
        secret bearer_token: Token,
            "", "token sent as `Authorization: Bearer`, instead of `api_key`";
        plain account_id: AccountId,
            "`HARNESS_ACCOUNT_ID`, else read from the key", "account identifier";
        plain endpoint: Endpoint,
            "`HARNESS_ENDPOINT`, else `https://app.harness.io`", "Harness, with or without `/gateway`; a path prefix is kept";
    }
    Selection {
        plain modules: Modules => Vec<Module> = vec![Module::Ci],
            "`ci`", "list of {modules}; or `none`: only `images`, `files` and `pipelines` are judged, and without `pipelines` no key is needed";
        plain infra: Infras => Vec<Infra> = vec![Infra::K8],
            "`K8`", "list of `K8`, `VM`";
        plain fields: Fields => Vec<Pattern> = Vec::new(),
            "all", "list of fields; `*` matches within a name (`ssca*`)";
        plain images: Images => Vec<ImageRef> = Vec::new(),
            "", "list of further images in use, from pipelines or manifests, to judge as well";
        plain files: Files => FilesSetting = FilesSetting::Off,
            "`off`", "YAML and JSON files of the workspace in which images are found: `auto` (`.harness/**`, `.drone.yml`, `.woodpecker/**`, `.woodpecker.yml`), or a list of paths with `*`, `**`";
        plain pipelines: Pipelines => PipelinesSetting = PipelinesSetting::Off,
            "`off`", "pipelines of the account in which images are found: `account`, or a list of `org/project` or `org/project/pipeline` with `*`";
        plain repositories: Repositories => RepositoriesSetting = RepositoriesSetting::default(),
            "`harness/*`, `harnesssecure/*`, `plugins/*` and the defaults'", "list of the repositories that are judged among the images in `files` and `pipelines`; `*` for all";
        plain same_as: SameAsMap => SameAs = SameAs::default(),
            "", "map from repositories of a mirror to the publisher's where their paths differ: `{\"reg.corp/ci/*\":\"harness/*\"}`";
    }
    Policy {
        plain supported_releases: ReleasesByRepository => ByRepository<u32> = documented_windows(),
            "`3`", "size of the support window, `0` for none and 1000 at most; or a map by repository, longest pattern first: `{\"*\":3,\"plugins/*\":10}`";
        plain supported_days: DaysByRepository => ByRepository<u32> = documented_ages(),
            "STO scanners `90`, else none", "age in days after which an image is unsupported where a newer version exists, `0` for none and 36500 at most; or a map by repository";
        plain release_unit: UnitByRepository => ByRepository<ReleaseUnit> = ByRepository::all(ReleaseUnit::Minor),
            "`minor`", "what counts as one release: `minor` (`x.y`; `z` is a hotfix) or `patch` (every `x.y.z`); or a map by repository";
        plain deploy_window_days: Whole<0, 3_650> => u32 = 30,
            "`30`", "days within which a new version must be deployed, 3650 at most";
        plain fail_on: Verdicts => FailOn = FailOn::default(),
            "`never`", "list of verdicts that fail the step, and `missing` for an image that its registry lacks; `any` for all verdicts but `current`, `supported` and `ignored`";
        plain ignore: Ignores => Vec<Ignore> = Vec::new(),
            "", "list of fields that never fail the step: `field@2026-12-31`, or `{\"field\",\"reason\",\"until\"}`";
    }
    Change {
        plain action: ActionWord,
            "`check`", "`check`, `list`, `pin`, `reset`, `clear` or `restore`";
        plain pin: PinForm,
            "", "what `pin` sets: a map of field to image, tag or `latest-N`; or one `latest-N` for all selected overrides";
        plain reset: ResetForm,
            "`unsupported`", "what `reset` removes: `unsupported`, `all`, or a list of fields";
        plain dry_run: Flag => bool = false,
            "`false`", "plan and print, send no write";
        plain force: Flag => bool = false,
            "`false`", "allow what is refused otherwise: a pin to a missing or unsupported image, `clear`";
        plain backup: FilePath => PathBuf = PathBuf::from("harness-images-backup.json"),
            "`harness-images-backup.json`", "file in which overrides are kept before a change, and which `restore` reads";
    }
    Registry {
        plain registry: RegistryBase => RegistrySetting = RegistrySetting::Auto,
            "`auto`", "where tags are read: `auto` (the account's connector, else Docker Hub), `off`, or a base such as `registry.example.com:5000/mirror`";
        plain registry_username: Username,
            "", "user at the registry, together with `registry_password`";
        secret registry_password: Password,
            "", "password or token of `registry_username`";
        secret docker_config: DockerConfigForm => Option<DockerConfig> = None,
            "", "registry logins as Docker keeps them: path or text of a `config.json`";
        plain upstream: UpstreamBase => UpstreamSetting = UpstreamSetting::Off,
            "`off`", "where releases are counted if `registry` is a mirror: `hub`, `registry` (it has every tag itself), or a base";
        plain mirror_to: MirrorBase => Option<Url> = None,
            "", "for `list`: the registry that is to hold the images, written as `registry`; reports what it lacks";
        plain hub_endpoint: Address => Option<Url> = None,
            "`https://hub.docker.com`", "Docker Hub's web API, or a mirror of it";
    }
    Files {
        plain history: FilePath => Option<PathBuf> = None,
            "", "file in which each run notes the defaults it saw, as evidence for later runs";
        plain snapshot: FilePath => Option<PathBuf> = None,
            "", "judge from this file; no network at all";
        plain record: FilePath => Option<PathBuf> = None,
            "", "file to which the facts of this run are written as a snapshot";
        plain as_of: Moment => Option<Timestamp> = None,
            "now; a snapshot's `taken_at`", "day or RFC 3339 time from which all dates are counted";
        plain reports: Reports => Vec<ReportFile> = Vec::new(),
            "", "list of files to write; the ending chooses the format: {endings}";
        plain config: FilePath => Option<PathBuf> = None,
            "", "YAML or JSON file with these settings, secrets excepted; the environment wins";
    }
    Run {
        plain timeout: Seconds<1, 3_600> => Duration = Duration::from_secs(60),
            "`60`", "seconds for the whole run, 3600 at most";
        plain requests_per_minute: Whole<1, 100_000> => u32 = 300,
            "`300`", "most requests to Harness in a minute, 100000 at most";
        plain concurrency: Count<1, 256> => usize = 16,
            "`16`", "most requests at once to one host, 256 at most";
        plain ca_cert: Certificates,
            "", "further certificates to trust: path or text of a PEM bundle";
        plain skip_verify: Flag,
            "`false`", "trust any certificate; reported as a warning";
        plain enable_proxy: Flag,
            "`false`", "use `HARNESS_HTTP_PROXY`, `HARNESS_HTTPS_PROXY` and `HARNESS_NO_PROXY`";
        plain log_level: LogLevels,
            "`info`", "`trace`, `debug`, `info`, `warn` or `error`, to standard error";
        plain log_format: LogFormats,
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
