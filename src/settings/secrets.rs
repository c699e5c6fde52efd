//! Everything that no output may show.

use secrecy::{ExposeSecret, SecretString};

use super::secret_forms::SecretForms;
use super::table::Settings;
use super::values::HarnessCredential;

impl Settings {
    /// Every secret among the settings, in every form in which it may travel: keys and the
    /// secret part of keys, passwords as they are and in base64 with their user name, proxy
    /// credentials as written and decoded. Longest first, none blank, each once; some may be as
    /// short as their owner chose them.
    pub fn secrets(&self) -> Vec<SecretString> {
        let mut found = SecretForms::default();
        if let Some(access) = &self.harness {
            let (HarnessCredential::ApiKey(key) | HarnessCredential::Bearer(key)) =
                &access.credential;
            found.key(key.expose_secret());
        }
        if let Some(login) = &self.registry_login {
            found.login(&login.username, login.password.expose_secret());
        }
        if let Some(config) = &self.docker_config {
            for secret in &config.secrets {
                found.add(secret.expose_secret());
            }
        }
        let network = &self.network;
        for proxy in [&network.http_proxy, &network.https_proxy] {
            found.proxy(proxy.as_ref().map_or("", |proxy| proxy.expose_secret()));
        }
        found.into_secrets()
    }
}
