//! How registries and their logins are written.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::address;
use super::docker_config::DockerConfig;
use super::named_file::read_file;
use super::problems::Invalid;
use super::schema;
use super::values::{RegistrySetting, UpstreamSetting};
use crate::model::api_root::without_api_root;

/// The schema of a base, of which image paths allow no capitals.
pub(super) fn lower_base() -> Value {
    schema::pattern(r"^([hH][tT][tT][pP][sS]?://)?[^\s/@?#\\]+(/[^\s@?#\\A-Z]*)?$")
}

/// The schema of words, and of bases. YAML readers turn an unquoted `off` into `false`.
pub(super) fn base_or_words(words: &[&str]) -> Value {
    let words = schema::words(words.iter().copied());
    schema::any_of([words, json!({"const": false}), lower_base()])
}

/// `auto`, `off`, or a base. YAML readers turn an unquoted `off` into `false`.
pub(super) fn registry(text: &str) -> Result<RegistrySetting, Invalid> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => return Ok(RegistrySetting::Auto),
        "off" | "false" => return Ok(RegistrySetting::Off),
        "on" | "true" => return Err("must be `auto`, `off` or a registry's base".into()),
        _ => {}
    }
    Ok(RegistrySetting::Base(base_or("`auto`, or `off`", text)?))
}

/// `off`, `hub`, `registry`, or a base.
pub(super) fn upstream(text: &str) -> Result<UpstreamSetting, Invalid> {
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

/// A registry's base; `words` are what else the setting takes.
fn base_or(words: &str, text: &str) -> Result<Url, Invalid> {
    base(text).map_err(|invalid| {
        let or_words = |text| format!("{text} (or {words})");
        invalid.map(or_words)
    })
}

/// A registry's base.
pub(super) fn base(text: &str) -> Result<Url, Invalid> {
    let mut base = address::base(text)?;
    if base.path().contains(|c: char| c.is_ascii_uppercase()) {
        return Err(
            "its path holds capitals, which no image's path can; write it in lower case".into(),
        );
    }
    // The root of the registry's API, as some tools require it, is not part of the base.
    if matches!(without_api_root(base.path()), (rest, Some(_)) if rest.is_empty()) {
        base.set_path("");
    }
    Ok(base)
}

/// Any text at all may be a password, quotes included.
pub(super) fn password(text: &str) -> Result<SecretString, Invalid> {
    Ok(SecretString::from(text))
}

pub(super) fn username(text: &str) -> Result<String, Invalid> {
    if text.contains(|c: char| c == ':' || c.is_control()) {
        return Err("it holds a colon or a line end, which no user name may".into());
    }
    Ok(text.to_owned())
}

/// A `config.json`: its text, its path, or the folder it lies in.
pub(super) fn docker_config(text: &str) -> Result<DockerConfig, Invalid> {
    let config = if text.starts_with('{') {
        DockerConfig::parse(text)
    } else {
        let mut path = PathBuf::from(text);
        if path.is_dir() {
            path.push("config.json");
        }
        let text = SecretString::from(read_file(&path)?);
        DockerConfig::parse(text.expose_secret())
    };
    config.ok_or("must be a config.json: its path, or its text, a JSON object".into())
}
