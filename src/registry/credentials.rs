//! Who may read where: `registry_username` and `registry_password`, and `docker_config`.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::facts::Notice;
use crate::image::canonical_registry;
use crate::redact::Secrets;
use crate::settings::RegistryLogin;

/// Padding is optional: people cut it off.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The same with the alphabet of JSON web tokens.
pub(super) const LENIENT_URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What identifies the user at one registry.
pub enum Credential {
    /// A user name and a password, sent as `Basic` to the registry or to its token server.
    Login(Login),
    /// A refresh token, exchanged for a token at the token server.
    Identity {
        /// The token.
        token: SecretString,
        /// The setting it comes from.
        setting: Source,
    },
    /// A token that the registry itself accepts.
    Registry {
        /// The token.
        token: SecretString,
        /// The setting it comes from.
        setting: Source,
    },
}

/// A user name and a password.
pub struct Login {
    /// `Basic` and the base64 of both: the whole value of `Authorization`.
    pub header: SecretString,
    /// The setting it comes from.
    pub setting: Source,
}

/// The setting that a credential comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `registry_username` and `registry_password`.
    Login,
    /// `docker_config`.
    DockerConfig,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "`registry_username` and `registry_password`",
            Self::DockerConfig => "`docker_config`",
        })
    }
}

impl Credential {
    /// The setting it comes from.
    pub fn source(&self) -> Source {
        match self {
            Self::Login(login) => login.setting,
            Self::Identity { setting, .. } | Self::Registry { setting, .. } => *setting,
        }
    }

    fn login(username: &str, password: &str, setting: Source, secrets: &Secrets) -> Self {
        let encoded = STANDARD.encode(format!("{username}:{password}"));
        secrets.add(password);
        secrets.add(&encoded);
        Self::Login(Login {
            header: format!("Basic {encoded}").into(),
            setting,
        })
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.source())
    }
}

/// All credentials of a run, by canonical host. Whatever is secret in them is made known to the
/// run's [`Secrets`].
#[derive(Debug, Default)]
pub struct Credentials {
    by_host: BTreeMap<String, Credential>,
    helpers: BTreeMap<String, String>,
}

impl Credentials {
    /// Puts the settings together: the login belongs to the base's host, everything else to the
    /// host that `docker_config` names. A `docker_config` that cannot be read is a notice.
    pub fn new(
        login: Option<&RegistryLogin>,
        base_host: &str,
        docker_config: Option<&SecretString>,
        secrets: &Secrets,
    ) -> (Self, Vec<Notice>) {
        let mut credentials = Self::default();
        let mut notices = Vec::new();
        if let Some(config) = docker_config
            && let Err(problem) = credentials.add_docker_config(config.expose_secret(), secrets)
        {
            notices.push(Notice {
                code: "docker-config-unreadable".to_owned(),
                message: format!(
                    "`docker_config` could not be used, so registries are read without it: {problem}"
                ),
            });
        }
        if let Some(RegistryLogin { username, password }) = login {
            let credential =
                Credential::login(username, password.expose_secret(), Source::Login, secrets);
            credentials.by_host.insert(base_host.to_owned(), credential);
        }
        (credentials, notices)
    }

    /// What is known for a canonical host.
    pub fn get(&self, host: &str) -> Option<&Credential> {
        self.by_host.get(host)
    }

    /// The program that alone knows the credentials of a host, and which is not run here.
    pub fn helper(&self, host: &str) -> Option<&str> {
        if self.by_host.contains_key(host) {
            return None;
        }
        self.helpers.get(host).map(String::as_str)
    }

    fn add_docker_config(&mut self, text: &str, secrets: &Secrets) -> Result<(), String> {
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
    let is_plain = matches!(path.trim_matches('/'), "" | "v1" | "v2");
    (canonical_registry(host), is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(credentials: &Credentials, host: &str) -> String {
        match credentials.get(host) {
            Some(Credential::Login(login)) => {
                let header = login.header.expose_secret();
                let decoded = STANDARD
                    .decode(header.strip_prefix("Basic ").unwrap())
                    .unwrap();
                String::from_utf8(decoded).unwrap()
            }
            Some(Credential::Identity { token, .. }) => {
                format!("identity {}", token.expose_secret())
            }
            Some(Credential::Registry { token, .. }) => {
                format!("registry {}", token.expose_secret())
            }
            None => format!("none {}", credentials.helper(host).unwrap_or_default()),
        }
    }

    #[test]
    fn docker_configs_are_read_as_docker_writes_them() {
        let login = STANDARD.encode("anna:geheim-1");
        let cases = [
            (format!(r#"{{"auths":{{"r.corp":{{"auth":"{login}"}}}}}}"#), "r.corp", "anna:geheim-1"),
            (format!(r#"{{"auths":{{"r.corp":{{"auth":"{}"}}}}}}"#, login.trim_end_matches('=')), "r.corp", "anna:geheim-1"),
            (format!(r#"{{"auths":{{"https://R.corp:5000/v2/":{{"auth":"{login}"}}}}}}"#), "r.corp:5000", "anna:geheim-1"),
            (format!(r#"{{"auths":{{"https://index.docker.io/v1/":{{"auth":"{login}"}}}}}}"#), "docker.io", "anna:geheim-1"),
            (r#"{"auths":{"r.corp":{"username":"b","password":"c:d"}}}"#.into(), "r.corp", "b:c:d"),
            (r#"{"auths":{"r.corp":{"auth":"","identitytoken":"idt-123456"}}}"#.into(), "r.corp", "identity idt-123456"),
            (format!(r#"{{"auths":{{"r.corp":{{"auth":"{}"}}}}}}"#, STANDARD.encode("<token>:idt-123456")), "r.corp", "identity idt-123456"),
            (r#"{"auths":{"r.corp":{"registrytoken":"reg-123456"}}}"#.into(), "r.corp", "registry reg-123456"),
            (r#"{"auths":{"r.corp":{}},"credsStore":"desktop"}"#.into(), "r.corp", "none desktop"),
            (r#"{"auths":{"r.corp":null},"credsStore":"desktop"}"#.into(), "r.corp", "none desktop"),
            (r#"{"credHelpers":{"r.corp":"ecr-login"}}"#.into(), "r.corp", "none ecr-login"),
            (r#"{"auths":{"other.corp":{"username":"b","password":"c"}}}"#.into(), "r.corp", "none "),
            (r#"{"auths":null}"#.into(), "r.corp", "none "),
            ("{}".into(), "r.corp", "none "),
            (r#"{"auths":{"r.corp":{"username":"host","password":"own"},"r.corp/team":{"username":"path","password":"own"}}}"#.into(), "r.corp", "host:own"),
            (r#"{"auths":{"r.corp/team":{"username":"path","password":"own"}}}"#.into(), "r.corp", "path:own"),
        ];
        for (text, host, expected) in cases {
            let config = SecretString::from(text.clone());
            let (credentials, notices) =
                Credentials::new(None, "base.corp", Some(&config), &Secrets::default());
            assert_eq!(shown(&credentials, host), expected, "{text}");
            assert!(notices.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_without_being_shown() {
        let readable = STANDARD.encode("anna:geheim-1");
        let cases = [
            "geheim-1".to_owned(),
            r#"{"auths":{"r.corp":{"auth":17,"password":"geheim-1"}}}"#.to_owned(),
            r#"{"auths":{"r.corp":{"auth":"geheim-1 is no base64"}}}"#.to_owned(),
            format!(
                r#"{{"auths":{{"r.corp":{{"auth":"{}"}},"s.corp":{{"auth":"{readable}"}}}}}}"#,
                STANDARD.encode("geheim-1")
            ),
        ];
        for text in cases {
            let config = SecretString::from(text.clone());
            let (credentials, notices) =
                Credentials::new(None, "base.corp", Some(&config), &Secrets::default());
            assert_eq!(notices.len(), 1, "{text}");
            assert!(notices[0].message.contains("`docker_config`"), "{text}");
            assert!(!notices[0].message.contains("geheim-1"), "{text}");
            assert!(!format!("{credentials:?}").contains("geheim-1"), "{text}");
        }
    }

    #[test]
    fn the_login_belongs_to_the_base_and_secrets_are_known() {
        let secrets = Secrets::default();
        let login = RegistryLogin {
            username: "anna".to_owned(),
            password: "geheim-1".to_owned().into(),
        };
        let config = SecretString::from(
            r#"{"auths":{"base.corp":{"username":"x","password":"verdeckt-2"},"r.corp":{"identitytoken":"verdeckt-3"}}}"#,
        );
        let (credentials, _) = Credentials::new(Some(&login), "base.corp", Some(&config), &secrets);
        assert_eq!(shown(&credentials, "base.corp"), "anna:geheim-1");
        assert_eq!(shown(&credentials, "r.corp"), "identity verdeckt-3");
        let encoded = STANDARD.encode("anna:geheim-1");
        let text = format!("geheim-1 verdeckt-2 verdeckt-3 {encoded}");
        assert_eq!(secrets.redact(&text), "[secret] [secret] [secret] [secret]");
    }

    proptest::proptest! {
        #[test]
        fn any_docker_config_is_read_without_harm(text in ".{0,80}", auth in "[A-Za-z0-9+/=]{0,24}") {
            let whole = format!(r#"{{"auths":{{"r.corp":{{"auth":"{auth}"}}}}}}"#);
            for text in [text, whole] {
                let config = SecretString::from(text);
                let _ = Credentials::new(None, "base.corp", Some(&config), &Secrets::default());
            }
        }
    }
}
