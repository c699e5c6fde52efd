//! One HTTP client for the run: certificates, proxies, deadline, retries, size limits.
//!
//! Answers are returned whatever their status, after as many tries as help; an error means that
//! there is no answer. Nothing of the system's configuration is loaded unless the settings name it.

mod body;
mod error;
mod hosts;
mod no_proxy;
mod proxies;
mod rate_limit;
mod redirect;
mod request;
mod retry;
mod roots;
mod verifiers;

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::RETRY_AFTER;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

pub use error::HttpError;
pub use rate_limit::{RateLimit, Turn};
pub use request::{Redaction, Redirect, Request, Response, Retry};
pub use reqwest::Method;
pub use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
#[doc(hidden)]
pub use retry::retry_after;

use crate::model::facts::Notice;
use crate::redact::Secrets;
use crate::settings::Network;
use body::{Bodies, Body, MAX_LARGE};
use hosts::{Host, Hosts};
use proxies::Proxies;
use retry::Outcome;
use roots::Roots;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Most redirects followed for one request.
const MAX_HOPS: usize = 5;

/// How much is kept of an answer with an error status, in bytes.
const MAX_FAILURE_BYTES: usize = 64 << 10;

/// The run's HTTP client.
pub struct Http {
    roots: Roots,
    proxies: Proxies,
    hosts: Hosts,
    bodies: Bodies,
    /// Longest time for one try of a read: a connection that stalls must not take the whole run.
    max_try: Duration,
    deadline: Instant,
    secrets: Secrets,
    clients: [OnceLock<Client>; 4],
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
            roots: Roots::load(network)?,
            proxies: Proxies::load(network, &secrets)?,
            hosts: Hosts::new(concurrency),
            bodies: Bodies::default(),
            max_try: deadline
                .saturating_duration_since(Instant::now())
                .checked_div(PARTS_FOR_TRY)
                .unwrap_or_default(),
            deadline,
            secrets,
            clients: Default::default(),
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
        self.roots.notices.clone()
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
            host: hosts::host_name(&request.url),
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
            let again = tries < retry::max_tries(request.retry, outcome(&result))
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
        let client = self.client(connection, request, host)?;
        let entry = host.enter(deadline).await?;
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
            Ok(_) => entry.is_free_again(),
            Err(_) => {}
        }
        drop(entry);
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
            if request.redaction == Redaction::On {
                response.body = self.secrets.redact_bytes(response.body);
            }
            response
        })
    }

    /// Writes get a connection of their own: one that the server has just given up would leave
    /// open whether the write has arrived. So do reads after one that stalled.
    fn client(
        &self,
        connection: Connection,
        request: &Request,
        host: &Host,
    ) -> Result<&Client, HttpError> {
        let is_proxied = self.proxies.is_for(&request.url);
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
            host: host.name.clone(),
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

/// Which connection a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connection {
    /// One that others may have used before.
    Shared,
    /// A new one for this request alone.
    Own,
}

/// One request over the wire, and its answer.
async fn exchange(
    client: &Client,
    request: &Request,
    host: &str,
    bodies: &Bodies,
) -> Result<Response, HttpError> {
    let mut builder = client.request(request.method.clone(), request.url.clone());
    for (name, value) in &request.headers {
        builder = builder.header(name.clone(), value.clone());
    }
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    let failed = |error| HttpError::from_client(error, host);
    let mut answer = builder.send().await.map_err(failed)?;
    let status = answer.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let headers = std::mem::take(answer.headers_mut());
    let mut body = Body::new(bodies);
    if request.method != Method::HEAD {
        let largest = request.largest.min(MAX_LARGE);
        let too_large = || HttpError::TooLarge {
            host: host.to_owned(),
            largest,
        };
        let _place = bodies.place().await;
        let announced = answer.content_length().unwrap_or_default();
        if !is_failure && usize::try_from(announced).map_or(true, |bytes| bytes > largest) {
            return Err(too_large());
        }
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend(&chunk).await,
                Ok(None) => break,
                // The status says enough.
                Err(_) if is_failure => break,
                Err(error) => return Err(failed(error)),
            }
            if is_failure {
                if body.bytes.len() > MAX_FAILURE_BYTES {
                    body.bytes.truncate(MAX_FAILURE_BYTES);
                    break;
                }
            } else if body.bytes.len() > largest {
                return Err(too_large());
            }
        }
    }
    Ok(Response {
        status: status.as_u16(),
        headers,
        body: body.bytes,
        _room: body.room,
        url: request.url.clone(),
    })
}

/// Scheme, host and path: what may be shown of an address.
fn place(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), hosts::host_name(url), url.path())
}

fn outcome(result: &Result<Response, HttpError>) -> Outcome {
    match result {
        Ok(response) => Outcome::Status(response.status),
        Err(HttpError::Broken { .. }) => Outcome::Broken,
        Err(HttpError::Connect { .. }) => Outcome::NoConnection,
        Err(HttpError::Deadline { sent: true, .. }) => Outcome::Stalled,
        Err(_) => Outcome::Final,
    }
}

/// The pause that a busy server asks for.
fn asked_pause(response: &Response) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    retry::retry_after(response.header(RETRY_AFTER.as_str())?, Timestamp::now())
}
