//! `docker_config`: the logins of registries as Docker keeps them in a `config.json`.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::secret_forms::SecretForms;
use crate::model::api_root::without_api_root;
use crate::model::image::canonical_registry;

/// Padding is optional: people cut it off.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a `config.json` says about each host. It is parsed once a run: registries take the logins
/// from it, and the redaction the secrets.
pub struct DockerConfig {
    /// Logins, by canonical host.
    pub logins: BTreeMap<String, DockerLogin>,
    /// The programs that alone know the login, by canonical host; they are not run here.
    pub helpers: BTreeMap<String, String>,
    /// What of the file cannot be used, if anything; never a value of it.
    pub problem: Option<String>,
    /// Every secret anywhere in the file, in each form in which it may be sent.
    pub secrets: Vec<SecretString>,
}

/// What identifies the user at one registry.
pub enum DockerLogin {
    /// A user name and a password.
    Password {
        /// The user name.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A refresh token, exchanged for a token at the token server.
    IdentityToken(SecretString),
    /// A token that the registry itself accepts.
    RegistryToken(SecretString),
}

impl fmt::Debug for DockerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DockerConfig")
    }
}

impl DockerConfig {
    /// Reads the text of a `config.json`; `None` if it is no JSON object. Entries that cannot be
    /// used are named in `problem`, and everything secret in them is among the secrets.
    pub fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        if !json.is_object() {
            return None;
        }
        let mut found = SecretForms::default();
        add_secrets(&json, &mut found);
        let mut config = Self {
            logins: BTreeMap::new(),
            helpers: BTreeMap::new(),
            problem: None,
            secrets: found.into_secrets(),
        };
        match serde_json::from_str(text) {
            Ok(document) => config.add(document),
            Err(error) => {
                // The error's own text may quote the file.
                let (line, column) = (error.line(), error.column());
                config.problem = Some(format!(
                    "it is no `config.json` (line {line}, column {column})"
                ));
            }
        }
        Some(config)
    }

    fn add(&mut self, document: DockerConfigJson) {
        for (host, helper) in document.cred_helpers.unwrap_or_default() {
            self.helpers.insert(host_of(&host).0, helper);
        }
        let mut unreadable = 0_usize;
        // Entries for a path below a host come first, so that the host's own replaces them.
        let mut entries: Vec<_> = document.auths.unwrap_or_default().into_iter().collect();
        entries.sort_by_key(|(key, _)| host_of(key).1);
        for (key, entry) in entries {
            let (host, _) = host_of(&key);
            match entry.unwrap_or_default().login() {
                Ok(Some(login)) => {
                    self.logins.insert(host, login);
                }
                Ok(None) => {
                    if let Some(store) = &document.creds_store {
                        self.helpers.entry(host).or_insert_with(|| store.clone());
                    }
                }
                Err(()) => unreadable = unreadable.saturating_add(1),
            }
        }
        if unreadable > 0 {
            self.problem = Some(format!(
                "{unreadable} of its `auth` values are no base64 of `user:password`"
            ));
        }
    }
}

#[derive(Deserialize)]
struct DockerConfigJson {
    auths: Option<BTreeMap<String, Option<AuthEntry>>>,
    #[serde(rename = "credHelpers")]
    cred_helpers: Option<BTreeMap<String, String>>,
    #[serde(rename = "credsStore")]
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
struct AuthEntry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl AuthEntry {
    fn login(self) -> Result<Option<DockerLogin>, ()> {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        if let Some(token) = filled(self.registrytoken) {
            return Ok(Some(DockerLogin::RegistryToken(token.into())));
        }
        if let Some(token) = filled(self.identitytoken) {
            return Ok(Some(DockerLogin::IdentityToken(token.into())));
        }
        let (username, password) = match (filled(self.auth), self.username, self.password) {
            (Some(auth), _, _) => {
                let decoded = decode_auth(&auth).ok_or(())?;
                let decoded = String::from_utf8(decoded).map_err(|_| ())?;
                let (username, password) = decoded.split_once(':').ok_or(())?;
                (username.to_owned(), password.to_owned())
            }
            (None, Some(username), Some(password)) => (username, password),
            _ => return Ok(None),
        };
        let password = SecretString::from(password);
        Ok(Some(if username == "<token>" {
            DockerLogin::IdentityToken(password)
        } else {
            DockerLogin::Password { username, password }
        }))
    }
}

/// The `user:password` of an `auth`, without the zero bytes with which older clients pad it.
fn decode_auth(auth: &str) -> Option<Vec<u8>> {
    let mut decoded = LENIENT.decode(auth.trim()).ok()?;
    let padding = decoded.iter().rev().take_while(|byte| **byte == 0).count();
    decoded.truncate(decoded.len().saturating_sub(padding));
    Some(decoded)
}

/// Collects what is secret in a `config.json`, wherever in it that is.
fn add_secrets(value: &Value, found: &mut SecretForms) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| add_secrets(value, found)),
        Value::Object(object) => {
            let text = |key: &str| object.get(key).and_then(Value::as_str);
            if let (Some(username), Some(password)) = (text("username"), text("password")) {
                found.login(username, password);
            }
            for (key, value) in object {
                match (key.to_ascii_lowercase().as_str(), value) {
                    ("auth", Value::String(auth)) => add_auth(auth, found),
                    ("password" | "identitytoken" | "registrytoken", Value::String(secret)) => {
                        found.add(secret);
                    }
                    _ => add_secrets(value, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn add_auth(auth: &str, found: &mut SecretForms) {
    found.add(auth.trim());
    let Some(decoded) = decode_auth(auth) else {
        return;
    };
    let decoded = String::from_utf8_lossy(&decoded);
    found.add(&decoded);
    if let Some((username, password)) = decoded.split_once(':') {
        found.login(username, password);
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
