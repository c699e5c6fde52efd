//! The HTTP clients of a run: through a proxy or directly, on shared connections or on new ones. Each
//! is made when it is first needed.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Client;
use url::Url;

use super::HttpError;
use super::proxies::Proxies;
use super::roots::Roots;
use crate::model::facts::Notice;
use crate::redact::Secrets;
use crate::settings::Network;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Which connection a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// One that others may have used before.
    Shared,
    /// A new one for this request alone.
    Own,
}

/// All clients of a run.
pub(super) struct Clients {
    roots: Roots,
    proxies: Proxies,
    clients: [OnceLock<Client>; 4],
}

impl Clients {
    /// Reads certificates and proxies.
    pub(super) fn load(network: &Network, secrets: &Secrets) -> Result<Self, HttpError> {
        Ok(Self {
            roots: Roots::load(network)?,
            proxies: Proxies::load(network, secrets)?,
            clients: Default::default(),
        })
    }

    /// That nothing is verified, and which certificates could not be read.
    pub(super) fn notices(&self) -> Vec<Notice> {
        self.roots.notices.clone()
    }

    /// Writes get a connection of their own: one that the server has just given up would leave
    /// open whether the write has arrived. So do reads after one that stalled.
    pub(super) fn get(
        &self,
        connection: Connection,
        url: &Url,
        host: &str,
    ) -> Result<&Client, HttpError> {
        let is_proxied = self.proxies.is_for(url);
        let [shared, own, shared_proxied, own_proxied] = &self.clients;
        let (cell, idle) = match (connection, is_proxied) {
            (Connection::Shared, false) => (shared, usize::MAX),
            (Connection::Own, false) => (own, 0),
            (Connection::Shared, true) => (shared_proxied, usize::MAX),
            (Connection::Own, true) => (own_proxied, 0),
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let wrong = |reason: String| HttpError::Request {
            host: host.to_owned(),
            reason,
        };
        let tls = self
            .roots
            .client_config()
            .map_err(|error| wrong(error.to_string()))?;
        let builder = Client::builder()
            .user_agent(concat!("harness-images/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(idle)
            .tls_backend_preconfigured(tls);
        let builder = if is_proxied {
            self.proxies.apply(builder)
        } else {
            builder.no_proxy()
        };
        let client = builder
            .build()
            .map_err(|error| wrong(error.without_url().to_string()))?;
        Ok(cell.get_or_init(|| client))
    }
}
