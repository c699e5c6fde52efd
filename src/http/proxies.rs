//! Proxies, from the settings alone: the client's own look at the environment is off.

use reqwest::{ClientBuilder, NoProxy, Proxy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::HttpError;
use crate::redact::Secrets;
use crate::settings::Network;

/// The proxies of a run, checked.
pub(super) struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
}

impl Proxies {
    /// Reads the proxies' addresses; their passwords become known secrets.
    pub(super) fn load(network: &Network, secrets: &Secrets) -> Result<Self, HttpError> {
        let exceptions = network.no_proxy.as_deref().map(exceptions);
        let proxy =
            |setting, address: &Option<SecretString>, make: fn(Url) -> reqwest::Result<Proxy>| {
                let Some(address) = address else {
                    return Ok(None);
                };
                let wrong = HttpError::Proxy { setting };
                let url = parse(address.expose_secret()).ok_or_else(|| wrong.clone())?;
                remember_login(&url, secrets);
                let proxy = make(url).map_err(|_| wrong)?;
                Ok(Some(proxy.no_proxy(
                    exceptions.as_deref().and_then(NoProxy::from_string),
                )))
            };
        Ok(Self {
            http: proxy("http_proxy", &network.http_proxy, Proxy::http::<Url>)?,
            https: proxy("https_proxy", &network.https_proxy, Proxy::https::<Url>)?,
        })
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

/// A proxy's address; `http://` may be left out.
fn parse(address: &str) -> Option<Url> {
    let address = address.trim();
    let url = if address.contains("://") {
        Url::parse(address)
    } else {
        Url::parse(&format!("http://{address}"))
    }
    .ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
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

/// `no_proxy` in the spelling that the client knows: no `*.` before a domain, no port.
fn exceptions(list: &str) -> String {
    let entries: Vec<&str> = list
        .split([',', ' ', '\n'])
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|entry| entry.strip_prefix("*.").unwrap_or(entry))
        .map(|entry| match entry.rsplit_once(':') {
            Some((host, port))
                if !host.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                host
            }
            _ => entry,
        })
        .collect();
    entries.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_spelt_as_the_client_knows_them() {
        let cases = [
            ("", ""),
            ("a.example, b.example", "a.example,b.example"),
            ("*.corp.example .svc", "corp.example,.svc"),
            ("host:8443,10.0.0.0/8,::1", "host,10.0.0.0/8,::1"),
            ("*", "*"),
        ];
        for (list, expected) in cases {
            assert_eq!(exceptions(list), expected, "{list}");
        }
    }

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
