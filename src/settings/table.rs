//! The one table of settings: names, defaults, meanings; the help text and the README show it.

use std::fmt::Write;

use crate::model::format::Format;
use crate::model::lifecycle::LIFECYCLES;

/// A setting as users read about it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in a step; the variable is `PLUGIN_` and the name in capitals.
    pub name: &'static str,
    /// What applies if it is not set, in Markdown; empty if nothing does.
    pub default: &'static str,
    /// What it means, in Markdown, on one line; [`ENDINGS`] stands for those of report files.
    pub meaning: &'static str,
    /// Whether its value is shown nowhere.
    pub secret: bool,
    /// What it belongs to.
    pub group: Group,
}

/// What a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// How to reach Harness.
    Harness,
    /// Which images are looked at.
    Selection,
    /// How they are judged.
    Policy,
    /// What is changed.
    Change,
    /// Where tags are read.
    Registry,
    /// Files, dates and reports.
    Files,
    /// Network and log.
    Run,
}

impl Group {
    /// Its heading in the help text.
    pub fn title(self) -> &'static str {
        match self {
            Self::Harness => "Harness",
            Self::Selection => "Which images",
            Self::Policy => "How they are judged",
            Self::Change => "Changes",
            Self::Registry => "Registry",
            Self::Files => "Files and reports",
            Self::Run => "Network and log",
        }
    }
}

use Group::{Change, Files, Harness, Policy, Registry, Run, Selection};

/// Every setting, in the order in which it is explained.
#[rustfmt::skip]
pub static SETTINGS: &[Setting] = &[
    secret("api_key", "`HARNESS_PLATFORM_API_KEY`", "API key of a user or service account, sent as `X-API-KEY`", Harness),
    secret("bearer_token", "", "token sent as `Authorization: Bearer`, instead of `api_key`", Harness),
    plain("account_id", "`HARNESS_ACCOUNT_ID`, else read from the key", "account identifier", Harness),
    plain("endpoint", "`HARNESS_ENDPOINT`, else `https://app.harness.io`", "Harness, with or without `/gateway`; a path prefix is kept", Harness),
    plain("modules", "`ci`", "list of `ci`, `dbops`, `iacm`, `idp`; or `none`: only `images`, `files` and `pipelines` are judged, and without `pipelines` no key is needed", Selection),
    plain("infra", "`K8`", "list of `K8`, `VM`", Selection),
    plain("fields", "all", "list of fields; `*` matches within a name (`ssca*`)", Selection),
    plain("images", "", "list of further images in use, from pipelines or manifests, to judge as well", Selection),
    plain("files", "`off`", "YAML and JSON files of the workspace in which images are found: `auto` (`.harness/**`, `.drone.yml`, `.woodpecker/**`, `.woodpecker.yml`), or a list of paths with `*`, `**`", Selection),
    plain("pipelines", "`off`", "pipelines of the account in which images are found: `account`, or a list of `org/project` or `org/project/pipeline` with `*`", Selection),
    plain("repositories", "`harness/*`, `harnesssecure/*`, `plugins/*` and the defaults'", "list of the repositories that are judged among the images in `files` and `pipelines`; `*` for all", Selection),
    plain("same_as", "", "map from repositories of a mirror to the publisher's where their paths differ: `{\"reg.corp/ci/*\":\"harness/*\"}`", Selection),
    plain("supported_releases", "`3`", "size of the support window, `0` for none; or a map by repository, longest pattern first: `{\"*\":3,\"plugins/*\":10}`", Policy),
    plain("supported_days", "STO scanners `90`, else none", "age in days after which an image is unsupported where a newer version exists, `0` for none; or a map by repository", Policy),
    plain("release_unit", "`minor`", "what counts as one release: `minor` (`x.y`; `z` is a hotfix) or `patch` (every `x.y.z`); or a map by repository", Policy),
    plain("deploy_window_days", "`30`", "days within which a new version must be deployed", Policy),
    plain("fail_on", "`never`", "list of verdicts that fail the step, and `missing` for an image that its registry lacks; `any` for all verdicts but `current`, `supported` and `ignored`", Policy),
    plain("ignore", "", "list of fields that never fail the step: `field@2026-12-31`, or `{\"field\",\"reason\",\"until\"}`", Policy),
    plain("action", "`check`", "`check`, `list`, `pin`, `reset`, `clear` or `restore`", Change),
    plain("pin", "", "what `pin` sets: a map of field to image, tag or `latest-N`; or one `latest-N` for all selected overrides", Change),
    plain("reset", "`unsupported`", "what `reset` removes: `unsupported`, `all`, or a list of fields", Change),
    plain("dry_run", "`false`", "plan and print, send no write", Change),
    plain("force", "`false`", "allow what is refused otherwise: a pin to a missing or unsupported image, `clear`", Change),
    plain("backup", "`harness-images-backup.json`", "file in which overrides are kept before a change, and which `restore` reads", Change),
    plain("registry", "`auto`", "where tags are read: `auto` (the account's connector, else Docker Hub), `off`, or a base such as `registry.example.com:5000/mirror`", Registry),
    plain("registry_username", "", "user at the registry, together with `registry_password`", Registry),
    secret("registry_password", "", "password or token of `registry_username`", Registry),
    secret("docker_config", "", "registry logins as Docker keeps them: path or text of a `config.json`", Registry),
    plain("upstream", "`off`", "where releases are counted if `registry` is a mirror: `hub`, `registry` (it has every tag itself), or a base", Registry),
    plain("mirror_to", "", "for `list`: the registry that is to hold the images, written as `registry`; reports what it lacks", Registry),
    plain("hub_endpoint", "`https://hub.docker.com`", "Docker Hub's web API, or a mirror of it", Registry),
    plain("history", "", "file in which each run notes the defaults it saw, as evidence for later runs", Files),
    plain("snapshot", "", "judge from this file; no network at all", Files),
    plain("record", "", "file to which the facts of this run are written as a snapshot", Files),
    plain("as_of", "now; a snapshot's `taken_at`", "day or RFC 3339 time from which all dates are counted", Files),
    plain("reports", "", "list of files to write; the ending chooses the format: {endings}", Files),
    plain("timeout", "`60`", "seconds for the whole run, 3600 at most", Run),
    plain("requests_per_minute", "`300`", "most requests to Harness in a minute, 100000 at most", Run),
    plain("concurrency", "`16`", "most requests at once to one host, 256 at most", Run),
    plain("ca_cert", "", "further certificates to trust: path or text of a PEM bundle", Run),
    plain("skip_verify", "`false`", "trust any certificate; reported as a warning", Run),
    plain("enable_proxy", "`false`", "use `HARNESS_HTTP_PROXY`, `HARNESS_HTTPS_PROXY` and `HARNESS_NO_PROXY`", Run),
    plain("log_level", "`info`", "`trace`, `debug`, `info`, `warn` or `error`, to standard error", Run),
    plain("log_format", "`text`", "`text` or `json`", Run),
];

const fn plain(
    name: &'static str,
    default: &'static str,
    meaning: &'static str,
    group: Group,
) -> Setting {
    Setting {
        name,
        default,
        meaning,
        secret: false,
        group,
    }
}

const fn secret(
    name: &'static str,
    default: &'static str,
    meaning: &'static str,
    group: Group,
) -> Setting {
    Setting {
        secret: true,
        ..plain(name, default, meaning, group)
    }
}

/// Stands for the endings of report files in a setting's meaning.
const ENDINGS: &str = "{endings}";

impl Setting {
    /// Its meaning with the endings of `formats`, and their names where the endings do not say
    /// them.
    fn meaning(&self, formats: &[Format]) -> String {
        let explained = formats.iter().map(|format| {
            let endings: Vec<String> = format.endings.iter().map(|e| format!("`{e}`")).collect();
            let says_name = |ending: &&'static str| {
                ending
                    .trim_start_matches('.')
                    .eq_ignore_ascii_case(format.name)
            };
            let name = match format.endings.iter().any(says_name) {
                true => String::new(),
                false => format!(" ({})", format.name),
            };
            endings.join(", ") + &name
        });
        let explained: Vec<String> = explained.collect();
        self.meaning.replace(ENDINGS, &explained.join(", "))
    }
}

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Where in the table a setting stands.
pub(super) fn position(name: &str) -> usize {
    SETTINGS
        .iter()
        .position(|setting| setting.name == name)
        .unwrap_or(SETTINGS.len())
}

/// Widest line of the help text.
const WIDTH: usize = 100;

/// Column in which meanings start in the help text.
const INDENT: usize = 22;

/// The text that `--help` prints: every setting by group, no line wider than 100 columns.
/// `formats` are those of report files.
pub fn help(formats: &[Format]) -> String {
    let mut text = format!(
        "harness-images {}\n{}.\n\n\
         Settings are environment variables: PLUGIN_ and the name in capitals, as in PLUGIN_API_KEY.\n\
         Lists are separated by commas or line ends, maps are JSON or key=value. Empty means unset.\n",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_DESCRIPTION"),
    );
    let mut group = None;
    for setting in SETTINGS {
        if group != Some(setting.group) {
            group = Some(setting.group);
            text.push_str(&format!("\n{}\n", setting.group.title()));
        }
        let mut meaning = setting.meaning(formats).replace('`', "");
        if setting.secret {
            meaning.push_str("; secret");
        }
        if !setting.default.is_empty() {
            meaning.push_str(&format!(" (default: {})", setting.default.replace('`', "")));
        }
        let mut line = format!("  {:<width$}", setting.name, width = INDENT - 3);
        for word in meaning.split(' ') {
            let word = format!(" {word}");
            if line.len().saturating_add(word.len()) > WIDTH {
                let _ = writeln!(text, "{line}");
                line = " ".repeat(INDENT - 1);
            }
            line.push_str(&word);
        }
        let _ = writeln!(text, "{line}");
    }
    text.push_str("\nHow long images are supported, as far as documents say\n");
    for row in LIFECYCLES {
        let _ = writeln!(text, "  {:<21} {}", row.repositories, row.rule);
        let _ = writeln!(
            text,
            "{:23} by \"{}\", read on {}",
            "", row.document, row.read_on
        );
    }
    text
}

/// The table of settings as Markdown, as the README shows it. `formats` are those of report files.
pub fn markdown(formats: &[Format]) -> String {
    let mut text = String::from("| setting | default | meaning |\n|---|---|---|\n");
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "–",
            default => default,
        };
        let meaning = setting.meaning(formats).replace('|', "\\|");
        let secret = if setting.secret { "; secret" } else { "" };
        let _ = writeln!(
            text,
            "| `{}` | {default} | {meaning}{secret} |",
            setting.name
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::formats;

    #[test]
    fn help_fits_and_names_everything() {
        let help = help(&formats());
        for line in help.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
            assert_eq!(line, line.trim_end());
        }
        for setting in SETTINGS {
            let entry = format!("\n  {} ", setting.name);
            assert_eq!(help.matches(&entry).count(), 1, "{}", setting.name);
        }
        for group in [Harness, Selection, Policy, Change, Registry, Files, Run] {
            let heading = format!("\n\n{}\n", group.title());
            assert_eq!(
                help.matches(&heading).count(),
                1,
                "{group:?} is in one piece"
            );
        }
    }

    #[test]
    fn markdown_has_one_row_of_three_cells_per_setting() {
        let markdown = markdown(&formats());
        assert_eq!(markdown.lines().count(), SETTINGS.len() + 2);
        for line in markdown.lines() {
            let cells = line.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(cells, 3, "{line}");
        }
    }

    #[test]
    fn secrets_are_marked() {
        let secrets: Vec<&str> = SETTINGS
            .iter()
            .filter(|setting| setting.secret)
            .map(|setting| setting.name)
            .collect();
        let expected = [
            "api_key",
            "bearer_token",
            "registry_password",
            "docker_config",
        ];
        assert_eq!(secrets, expected);
    }
}
