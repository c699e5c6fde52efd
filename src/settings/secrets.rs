//! Everything that no output may show.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::table::Settings;
use super::values::Credential;

impl Settings {
    /// Every secret among the settings, in every form in which it may travel: keys and the
    /// secret part of keys, passwords as they are and in base64 with their user name, proxy
    /// credentials as written and decoded. Longest first, none blank, each once; some may be as
    /// short as their owner chose them.
    pub fn secrets(&self) -> Vec<SecretString> {
        let mut found = Found::default();
        if let Some(access) = &self.harness {
            let (Credential::ApiKey(key) | Credential::Bearer(key)) = &access.credential;
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

/// The secrets found so far.
#[derive(Default)]
pub(super) struct Found(BTreeSet<String>);

impl Found {
    /// Longest first, each once.
    pub(super) fn into_secrets(self) -> Vec<SecretString> {
        let mut secrets: Vec<String> = self.0.into_iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.into_iter().map(SecretString::from).collect()
    }

    pub(super) fn add(&mut self, secret: &str) {
        if !secret.trim().is_empty() {
            self.0.insert(secret.to_owned());
        }
    }

    /// A key, and of `pat.<account>.<id>.<secret>` the last part, which is the secret one.
    fn key(&mut self, key: &str) {
        self.add(key);
        match key.rsplit_once('.') {
            Some((_, last)) if last.len() >= 8 => self.add(last),
            _ => {}
        }
    }

    /// A password, and how it is sent.
    pub(super) fn login(&mut self, username: &str, password: &str) {
        self.add(password);
        self.add(&STANDARD.encode(format!("{username}:{password}")));
    }

    /// What stands before the `@` of a proxy, whether or not the proxy is a proper URL.
    fn proxy(&mut self, proxy: &str) {
        let rest = proxy.split_once("://").map_or(proxy, |(_, rest)| rest);
        let Some((credentials, _)) = rest.rsplit_once('@') else {
            return;
        };
        self.add(proxy);
        self.add(credentials);
        self.add(&decode_percent(credentials));
        if let Some((username, password)) = credentials.split_once(':') {
            self.login(username, password);
            self.login(&decode_percent(username), &decode_percent(password));
        }
        // The form in which a URL type prints it.
        if let Ok(url) = Url::parse(proxy) {
            self.add(url.password().unwrap_or_default());
        }
    }
}

fn decode_percent(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| {
            after
                .get(at)
                .and_then(|byte| char::from(*byte).to_digit(16))
        };
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.extend(u8::try_from(high << 4 | low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
