//! Who may read where: `registry_username` and `registry_password`, and `docker_config`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::model::facts::Notice;
use crate::model::warning::WarningCode;
use crate::redact::Secrets;
use crate::settings::{DockerConfig, DockerLogin, RegistryLogin};

/// What identifies the user at one registry.
pub enum Credential {
    /// A user name and a password, sent as `Basic` to the registry or to its token server.
    Login(Login),
    /// A refresh token, exchanged for a token at the token server.
    Identity {
        /// The token.
        token: SecretString,
        /// The setting it comes from.
        setting: CredentialSource,
    },
    /// A token that the registry itself accepts.
    Registry {
        /// The token.
        token: SecretString,
        /// The setting it comes from.
        setting: CredentialSource,
    },
}

/// A user name and a password.
pub struct Login {
    /// `Basic` and the base64 of both: the whole value of `Authorization`.
    pub header: SecretString,
    /// The setting it comes from.
    pub setting: CredentialSource,
}

/// The setting that a credential comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialSource {
    /// `registry_username` and `registry_password`.
    Login,
    /// `docker_config`.
    DockerConfig,
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "`registry_username` and `registry_password`",
            Self::DockerConfig => "`docker_config`",
        })
    }
}

impl Credential {
    /// The setting it comes from.
    pub fn source(&self) -> CredentialSource {
        match self {
            Self::Login(login) => login.setting,
            Self::Identity { setting, .. } | Self::Registry { setting, .. } => *setting,
        }
    }
}

impl Login {
    fn new(username: &str, password: &SecretString, setting: CredentialSource) -> Self {
        let encoded = STANDARD.encode(format!("{username}:{}", password.expose_secret()));
        let header = format!("Basic {encoded}").into();
        Self { header, setting }
    }

    /// The base64 of both.
    fn encoded(&self) -> &str {
        let header = self.header.expose_secret();
        header.strip_prefix("Basic ").unwrap_or(header)
    }
}

impl From<&DockerLogin> for Credential {
    fn from(login: &DockerLogin) -> Self {
        let setting = CredentialSource::DockerConfig;
        match login {
            DockerLogin::Password { username, password } => {
                Self::Login(Login::new(username, password, setting))
            }
            DockerLogin::IdentityToken(token) => Self::Identity {
                token: token.clone(),
                setting,
            },
            DockerLogin::RegistryToken(token) => Self::Registry {
                token: token.clone(),
                setting,
            },
        }
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
        docker_config: Option<&DockerConfig>,
        secrets: &Secrets,
    ) -> (Self, Vec<Notice>) {
        let mut credentials = Self::default();
        let mut notices = Vec::new();
        if let Some(config) = docker_config {
            for secret in &config.secrets {
                secrets.add(secret.expose_secret());
            }
            let logins = config.logins.iter();
            credentials.by_host = logins
                .map(|(host, login)| (host.clone(), Credential::from(login)))
                .collect();
            credentials.helpers.clone_from(&config.helpers);
            notices.extend(config.problem.as_ref().map(|problem| Notice {
                code: WarningCode::DockerConfigUnreadable,
                message: format!(
                    "`docker_config` could not be used, so registries are read without it: {problem}"
                ),
            }));
        }
        if let Some(RegistryLogin { username, password }) = login {
            let login = Login::new(username, password, CredentialSource::Login);
            secrets.add(password.expose_secret());
            secrets.add(login.encoded());
            let host = base_host.to_owned();
            credentials.by_host.insert(host, Credential::Login(login));
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
}
