//! One HTTP client for the run: certificates, proxies, deadline, retries, size limits.
//!
//! Answers are returned whatever their status, after as many tries as help; an error means that
//! there is no answer. Nothing of the system's configuration is loaded unless the settings name it.

mod body;
mod clients;
mod error;
mod exchange;
mod hosts;
mod no_proxy;
mod proxies;
mod rate_limit;
mod redirect;
mod request;
mod retry;
mod roots;
mod verifiers;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::RETRY_AFTER;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

pub use error::HttpError;
pub(crate) use hosts::host_name;
pub use rate_limit::{RateLimit, Turn};
pub use request::{Redirect, Request, Response, Retry};
pub use reqwest::Method;
pub use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
#[doc(hidden)]
pub use retry::retry_after;

use crate::model::facts::Notice;
use crate::redact::Secrets;
use crate::settings::Network;
use body::Bodies;
use clients::{Clients, Connection};
use exchange::exchange;
use hosts::{Host, Hosts};

/// Most redirects followed for one request.
const MAX_HOPS: usize = 5;

/// The run's HTTP client.
pub struct Http {
    clients: Clients,
    hosts: Hosts,
    bodies: Bodies,
    /// Most time for one try of a read: a connection that stalls must not take the whole run.
    max_try: Duration,
    deadline: Instant,
    secrets: Secrets,
}

/// One try of a read gets one part of so many of the run's time.
const PARTS_FOR_TRY: u32 = 3;

impl Http {
    /// Checks certificates and proxies; nothing is sent. `concurrency` is the most requests at
    /// once to one host, `deadline` the end of the run.
    ///
    /// # Errors
    /// [`HttpError::Certificates`] and [`HttpError::Proxy`].
    pub fn new(
        network: &Network,
        concurrency: usize,
        deadline: Instant,
        secrets: Secrets,
    ) -> Result<Self, HttpError> {
        Ok(Self {
            clients: Clients::load(network, &secrets)?,
            hosts: Hosts::new(concurrency),
            bodies: Bodies::default(),
            max_try: deadline
                .saturating_duration_since(Instant::now())
                .checked_div(PARTS_FOR_TRY)
                .unwrap_or_default(),
            deadline,
            secrets,
        })
    }

    /// The secrets that are taken out of bodies; callers add those that they learn.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Most requests at once to one host.
    pub fn concurrency(&self) -> usize {
        self.hosts.concurrency
    }

    /// The end of the run.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// That nothing is verified, and which certificates could not be read.
    pub fn notices(&self) -> Vec<Notice> {
        self.clients.notices()
    }

    /// Sends a request, again where that is allowed and helps, and follows redirects as allowed.
    ///
    /// # Errors
    /// [`HttpError`] if there is no answer; an answer with an error status is none.
    pub async fn send(&self, mut request: Request) -> Result<Response, HttpError> {
        let deadline = request.deadline.unwrap_or(self.deadline);
        for _ in 0..=MAX_HOPS {
            let response = self.send_again(&request, deadline).await?;
            match redirect::follow(&request, &response)? {
                Some(next) => request = next,
                None => return Ok(response),
            }
        }
        Err(HttpError::TooManyRedirects {
            host: host_name(&request.url),
        })
    }

    /// Sends to one address, as often as helps.
    async fn send_again(
        &self,
        request: &Request,
        deadline: Instant,
    ) -> Result<Response, HttpError> {
        let host = self.hosts.get(&request.url);
        let left = deadline.saturating_duration_since(Instant::now());
        let (mut connection, max_try) = match request.retry {
            Retry::Read | Retry::Patient => {
                let half = left.checked_div(2).unwrap_or(left);
                (Connection::Shared, self.max_try.min(half))
            }
            Retry::Never => (Connection::Own, left),
        };
        for tries in 1.. {
            let result = self
                .send_once(request, &host, connection, max_try, deadline)
                .await;
            let asked = result.as_ref().ok().and_then(asked_pause);
            if let Some(pause) = asked {
                let pause = pause.min(retry::MAX_WAIT);
                host.pause_until(Instant::now().checked_add(pause).unwrap_or(deadline));
            }
            let wait = retry::wait(tries, asked, retry::jitter());
            let again = tries < retry::max_tries(request.retry, &result)
                && wait < deadline.saturating_duration_since(Instant::now());
            match result {
                Ok(_) if again => {}
                Err(error) if again => {
                    if let HttpError::Deadline { .. } = error {
                        connection = Connection::Own;
                    }
                    tracing::debug!("{error}; trying again");
                }
                Ok(response) => return Ok(response),
                Err(error) => return Err(error),
            }
            sleep(wait).await;
        }
        Err(HttpError::Deadline {
            host: host.name.clone(),
            sent: true,
        })
    }

    async fn send_once(
        &self,
        request: &Request,
        host: &Host,
        connection: Connection,
        max_try: Duration,
        deadline: Instant,
    ) -> Result<Response, HttpError> {
        let client = self.clients.get(connection, &request.url, &host.name)?;
        let slot = host.enter(deadline).await?;
        if let Some((limit, turn)) = &request.rate {
            let late = |_| HttpError::RateLimited {
                host: host.name.clone(),
            };
            limit.wait(*turn, deadline).await.map_err(late)?;
        }
        // Waiting for one's turn is no part of the try.
        let started = Instant::now();
        let end = started.checked_add(max_try).unwrap_or(deadline);
        let exchange = exchange(client, request, &host.name, &self.bodies);
        let result = match timeout_at(end.min(deadline), exchange).await {
            Ok(result) => result,
            Err(_) => Err(HttpError::Deadline {
                host: host.name.clone(),
                sent: true,
            }),
        };
        match &result {
            Ok(response) if response.status == 429 => host.is_busy_now(),
            Ok(_) => slot.is_free_again(),
            Err(_) => {}
        }
        drop(slot);
        let place = place(&request.url);
        let place = self.secrets.redact(&place);
        let (method, ms) = (&request.method, started.elapsed().as_millis());
        match &result {
            Ok(response) => {
                let (status, bytes) = (response.status, response.body.len());
                tracing::debug!("{method} {place}: {status}, {bytes} bytes, {ms} ms");
                let names: Vec<&str> = response.headers.keys().map(HeaderName::as_str).collect();
                tracing::trace!("answered with the headers {}", names.join(", "));
            }
            Err(error) => tracing::debug!("{method} {place}: {error}, {ms} ms"),
        }
        result.map(|mut response| {
            if request.is_redacted {
                response.body = self.secrets.redact_bytes(response.body);
            }
            response
        })
    }
}

/// A web address as people write it, with this scheme where it has none.
pub(crate) fn address(text: &str, scheme: &str) -> Option<Url> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("{scheme}://{text}"))
    };
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    url.ok().filter(is_web)
}

/// Scheme, host and path: what may be shown of an address.
fn place(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), host_name(url), url.path())
}

/// The pause that a busy server asks for.
fn asked_pause(response: &Response) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    retry::retry_after(response.header(RETRY_AFTER.as_str())?, Timestamp::now())
}
