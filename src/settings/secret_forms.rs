//! The forms in which keys, logins and the credentials of proxies may be sent.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use url::Url;

/// Secrets, each in every form in which it may be sent.
#[derive(Default)]
pub(super) struct SecretForms(BTreeSet<String>);

impl SecretForms {
    /// Longest first, each once.
    pub(super) fn into_secrets(self) -> Vec<SecretString> {
        let mut secrets: Vec<String> = self.0.into_iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.into_iter().map(SecretString::from).collect()
    }

    /// A secret as it is; one that is blank is none.
    pub(super) fn add(&mut self, secret: &str) {
        if !secret.trim().is_empty() {
            self.0.insert(secret.to_owned());
        }
    }

    /// A key, and of `pat.<account>.<id>.<secret>` the last part, which is the secret one.
    pub(super) fn key(&mut self, key: &str) {
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
    pub(super) fn proxy(&mut self, proxy: &str) {
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
