//! Logins as Docker keeps them: what a `config.json` says about each host.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Credential, Credentials, Source};
use crate::model::api_root::without_api_root;
use crate::model::image::canonical_registry;
use crate::redact::Secrets;

/// Padding is optional: people cut it off.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Credentials {
    /// Adds what the text of a `config.json` says; an error says what of it cannot be used.
    pub(super) fn add_docker_config(
        &mut self,
        text: &str,
        secrets: &Secrets,
    ) -> Result<(), String> {
        let config: DockerConfig = serde_json::from_str(text).map_err(|error| {
            // The error's own text may quote the file.
            let (line, column) = (error.line(), error.column());
            format!("it is no `config.json` (line {line}, column {column})")
        })?;
        for (host, helper) in config.cred_helpers.unwrap_or_default() {
            self.helpers.insert(host_of(&host).0, helper);
        }
        let mut unreadable = 0_usize;
        // Entries for a path below a host come first, so that the host's own replaces them.
        let mut entries: Vec<_> = config.auths.unwrap_or_default().into_iter().collect();
        entries.sort_by_key(|(key, _)| host_of(key).1);
        for (key, entry) in entries {
            let (host, _) = host_of(&key);
            let entry = entry.unwrap_or_default();
            match entry.credential(secrets) {
                Ok(Some(credential)) => {
                    self.by_host.insert(host, credential);
                }
                Ok(None) => {
                    if let Some(store) = &config.creds_store {
                        self.helpers.entry(host).or_insert_with(|| store.clone());
                    }
                }
                Err(()) => unreadable = unreadable.saturating_add(1),
            }
        }
        if unreadable > 0 {
            return Err(format!(
                "{unreadable} of its `auth` values are no base64 of `user:password`"
            ));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct DockerConfig {
    #[serde(default)]
    auths: Option<BTreeMap<String, Option<Entry>>>,
    #[serde(default, rename = "credHelpers")]
    cred_helpers: Option<BTreeMap<String, String>>,
    #[serde(default, rename = "credsStore")]
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
struct Entry {
    #[serde(default)]
    auth: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    identitytoken: Option<String>,
    #[serde(default)]
    registrytoken: Option<String>,
}

impl Entry {
    fn credential(self, secrets: &Secrets) -> Result<Option<Credential>, ()> {
        let setting = Source::DockerConfig;
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let as_token = |token: String| {
            secrets.add(&token);
            SecretString::from(token)
        };
        if let Some(token) = filled(self.registrytoken) {
            let token = as_token(token);
            return Ok(Some(Credential::Registry { token, setting }));
        }
        if let Some(token) = filled(self.identitytoken) {
            let token = as_token(token);
            return Ok(Some(Credential::Identity { token, setting }));
        }
        let (username, password) = match (filled(self.auth), self.username, self.password) {
            (Some(auth), _, _) => {
                secrets.add(auth.trim());
                let decoded = LENIENT.decode(auth.trim()).map_err(|_| ())?;
                let decoded = String::from_utf8(decoded).map_err(|_| ())?;
                let (username, password) = decoded.split_once(':').ok_or(())?;
                // Older clients pad the password with zero bytes.
                let password = password.trim_end_matches('\0');
                (username.to_owned(), password.to_owned())
            }
            (None, Some(username), Some(password)) => (username, password),
            _ => return Ok(None),
        };
        if username == "<token>" {
            let token = as_token(password);
            return Ok(Some(Credential::Identity { token, setting }));
        }
        Ok(Some(Credential::login(
            &username, &password, setting, secrets,
        )))
    }
}

/// The canonical host of a key, and whether the key names it without a path of its own.
fn host_of(key: &str) -> (String, bool) {
    let key = key.trim();
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key);
    let (host, path) = key.split_once('/').unwrap_or((key, ""));
    let is_plain = without_api_root(path).0.is_empty();
    (canonical_registry(host), is_plain)
}
