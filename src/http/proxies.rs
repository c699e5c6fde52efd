//! Proxies, from the settings alone: the client's own look at the environment is off.

use reqwest::{ClientBuilder, Proxy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::HttpError;
use super::address;
use super::no_proxy::Exceptions;
use crate::redact::Secrets;
use crate::settings::Network;

/// The proxies of a run, checked.
pub(super) struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    exceptions: Exceptions,
}

impl Proxies {
    /// Reads the proxies' addresses; their passwords become known secrets.
    pub(super) fn load(network: &Network, secrets: &Secrets) -> Result<Self, HttpError> {
        let proxy =
            |setting, text: &Option<SecretString>, make: fn(Url) -> reqwest::Result<Proxy>| {
                let Some(text) = text else {
                    return Ok(None);
                };
                let wrong = HttpError::Proxy { setting };
                let url = address(text.expose_secret(), "http").ok_or_else(|| wrong.clone())?;
                remember_login(&url, secrets);
                make(url).map(Some).map_err(|_| wrong)
            };
        Ok(Self {
            http: proxy("http_proxy", &network.http_proxy, Proxy::http::<Url>)?,
            https: proxy("https_proxy", &network.https_proxy, Proxy::https::<Url>)?,
            exceptions: Exceptions::new(network.no_proxy.as_deref().unwrap_or_default()),
        })
    }

    /// Whether an address is reached through one of them.
    pub(super) fn is_for(&self, url: &Url) -> bool {
        let proxy = if url.scheme() == "https" {
            &self.https
        } else {
            &self.http
        };
        proxy.is_some() && !self.exceptions.covers(url)
    }

    /// Makes the client use these proxies and no others.
    pub(super) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        [&self.http, &self.https]
            .into_iter()
            .flatten()
            .fold(builder.no_proxy(), |builder, proxy| {
                builder.proxy(proxy.clone())
            })
    }
}

fn remember_login(url: &Url, secrets: &Secrets) {
    let Some(password) = url.password() else {
        return;
    };
    secrets.add(password);
    let pair = format!("p={}", password.replace('+', "%2B"));
    for (_, decoded) in url::form_urlencoded::parse(pair.as_bytes()) {
        secrets.add(&decoded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_become_secrets_and_wrong_addresses_are_named() {
        let secrets = Secrets::default();
        let mut network = Network {
            https_proxy: Some("http://me:p%40ss+word@proxy.example:3128".into()),
            ..Network::default()
        };
        assert!(Proxies::load(&network, &secrets).is_ok());
        assert_eq!(secrets.redact("p%40ss+word p@ss+word"), "[secret] [secret]");
        for address in ["socks5://me:hunter22@proxy:1", "http://", "not a host"] {
            network.https_proxy = Some(address.into());
            let Err(error) = Proxies::load(&network, &secrets) else {
                panic!("{address}");
            };
            assert_eq!(
                error,
                HttpError::Proxy {
                    setting: "https_proxy"
                }
            );
            assert!(!error.to_string().contains("hunter22"));
        }
    }
}
