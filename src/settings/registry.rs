//! Where tags are read, and with which login.

use std::path::PathBuf;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::outputs::read_file;
use super::problems::{Complaint, Problems};
use super::raw::Raw;
use super::{Action, RegistryLogin, RegistrySetting, UpstreamSetting, address};
use crate::model::facts::Notice;
use crate::model::warning::WarningCode;

/// `auto`, `off`, or a base. YAML readers turn an unquoted `off` into `false`.
pub(super) fn registry(text: &str) -> Result<RegistrySetting, Complaint> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => return Ok(RegistrySetting::Auto),
        "off" | "false" => return Ok(RegistrySetting::Off),
        "on" | "true" => return Err("must be `auto`, `off` or a registry's base".into()),
        _ => {}
    }
    Ok(RegistrySetting::Base(base_or("`auto`, or `off`", text)?))
}

/// `off`, `hub`, `registry`, or a base.
pub(super) fn upstream(text: &str) -> Result<UpstreamSetting, Complaint> {
    match text.to_ascii_lowercase().as_str() {
        "off" | "false" => Ok(UpstreamSetting::Off),
        "hub" => Ok(UpstreamSetting::Hub),
        "registry" => Ok(UpstreamSetting::Registry),
        "on" | "true" => Err("must be `off`, `hub`, `registry` or a registry's base".into()),
        _ => Ok(UpstreamSetting::Base(base_or(
            "`off`, `hub`, or `registry`",
            text,
        )?)),
    }
}

/// The registry that is to hold the images; used by `action: list` alone.
pub(super) fn mirror_to(raw: &Raw, action: &Action, problems: &mut Problems) -> Option<Url> {
    let mirror = problems.check("mirror_to", raw.mirror_to.as_deref(), base);
    // Whoever misspelt the action may have meant `list`.
    let is_read = |text: &str| text.eq_ignore_ascii_case(action.as_str());
    let is_chosen = raw.action.as_deref().is_none_or(is_read);
    if raw.mirror_to.is_some() && is_chosen && *action != Action::List {
        problems.hints.push(Notice {
            code: WarningCode::MirrorUnused,
            message: format!(
                "`mirror_to` is set, but `action` is `{}`, so no copy is planned; set `action: list`",
                action.as_str()
            ),
        });
    }
    mirror
}

/// A registry's base; `words` are what else the setting takes.
fn base_or(words: &str, text: &str) -> Result<Url, Complaint> {
    base(text).map_err(|complaint| {
        let or_words = |text| format!("{text} (or {words})");
        Complaint(complaint.0.into_iter().map(or_words).collect())
    })
}

/// A registry's base.
fn base(text: &str) -> Result<Url, Complaint> {
    let base = address::base(text)?;
    if base.path().contains(|c: char| c.is_ascii_uppercase()) {
        return Err(
            "its path holds capitals, which no image's path can; write it in lower case".into(),
        );
    }
    // The root of the registry's API, as some tools want it, is not part of the base.
    let root = matches!(base.path(), "/v1" | "/v2").then(|| base.path().to_owned());
    Ok(match root {
        Some(root) => address::without_closing(base, &root),
        None => base,
    })
}

/// User and password, which go together.
pub(super) fn login(raw: &Raw, problems: &mut Problems) -> Option<RegistryLogin> {
    match (&raw.registry_username, &raw.registry_password) {
        (None, None) => None,
        (Some(username), Some(password)) => {
            if username.contains(|c: char| c == ':' || c.is_control()) {
                let text = "it holds a colon or a line end, which no user name may";
                problems.add("registry_username", text);
                return None;
            }
            Some(RegistryLogin {
                username: username.clone(),
                password: SecretString::from(password.as_str()),
            })
        }
        (Some(_), None) => {
            let text = "missing, but `registry_username` is set; they go together";
            problems.add("registry_password", text);
            None
        }
        (None, Some(_)) => {
            let text = "missing, but `registry_password` is set; they go together";
            problems.add("registry_username", text);
            None
        }
    }
}

/// The text of a `config.json`: as it is given, or from its path, or from the folder it lies in.
pub(super) fn docker_config(text: &str) -> Result<SecretString, Complaint> {
    let text = if text.starts_with('{') {
        SecretString::from(text)
    } else {
        let mut path = PathBuf::from(text);
        if path.is_dir() {
            path.push("config.json");
        }
        SecretString::from(read_file(&path)?)
    };
    match serde_json::from_str(secrecy::ExposeSecret::expose_secret(&text)) {
        Ok(Value::Object(_)) => Ok(text),
        _ => Err("must be a config.json: its path, or its text, a JSON object".into()),
    }
}
