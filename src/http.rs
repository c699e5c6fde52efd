//! One HTTP client for the run: certificates, proxies, deadline, retries, size limits.
//!
//! Answers are returned whatever their status, after as many tries as help; an error means that
//! there is no answer. Nothing of the system's configuration is loaded unless the settings name it.

mod error;
mod hosts;
mod proxies;
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
pub use request::{Redaction, Redirect, Request, Response, Retry};
pub use reqwest::Method;
pub use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
#[doc(hidden)]
pub use retry::retry_after;

use crate::model::facts::Notice;
use crate::redact::Secrets;
use crate::settings::Network;
use hosts::{Host, Hosts};
use proxies::Proxies;
use retry::Outcome;
use roots::Roots;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Most redirects followed for one request.
const MOST_HOPS: usize = 5;

/// How much is kept of an answer with an error status, in bytes.
const LARGEST_FAILURE: usize = 64 << 10;

/// First allocation for a body, in bytes; what a server announces is not believed beyond it.
const FIRST_ALLOCATION: u64 = 1 << 20;

/// The run's HTTP client.
pub struct Http {
    roots: Roots,
    proxies: Proxies,
    hosts: Hosts,
    deadline: Instant,
    secrets: Secrets,
    reading: OnceLock<Client>,
    writing: OnceLock<Client>,
}

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
            deadline,
            secrets,
            reading: OnceLock::new(),
            writing: OnceLock::new(),
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
        for _ in 0..=MOST_HOPS {
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
        let mut last = None;
        for tries in 1.. {
            let result = self.send_once(request, &host, deadline).await;
            let asked = result.as_ref().ok().and_then(asked_pause);
            if let Some(pause) = asked {
                let pause = pause.min(retry::LONGEST_WAIT);
                host.leave_alone_until(Instant::now().checked_add(pause).unwrap_or(deadline));
            }
            let wait = retry::wait(tries, asked, retry::jitter());
            let again = request.retry == Retry::Read
                && tries < retry::most_tries(outcome(&result))
                && wait < deadline.saturating_duration_since(Instant::now());
            match result {
                Ok(response) if again => last = Some(response),
                Err(error) if again => tracing::debug!("{error}; trying again"),
                Ok(response) => return Ok(response),
                // A server that was busy and then silent is best described by its answer.
                Err(error) => return last.ok_or(error),
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
        deadline: Instant,
    ) -> Result<Response, HttpError> {
        let client = self.client(request.retry, host)?;
        let _permit = host.enter(deadline).await?;
        let started = Instant::now();
        let result = match timeout_at(deadline, exchange(client, request, &host.name)).await {
            Ok(result) => result,
            Err(_) => Err(HttpError::Deadline {
                host: host.name.clone(),
                sent: true,
            }),
        };
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
    /// open whether the write has arrived.
    fn client(&self, retry: Retry, host: &Host) -> Result<&Client, HttpError> {
        let (cell, idle) = match retry {
            Retry::Read => (&self.reading, usize::MAX),
            Retry::Never => (&self.writing, 0),
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
        let client = self
            .proxies
            .apply(builder)
            .build()
            .map_err(|error| wrong(error.without_url().to_string()))?;
        Ok(cell.get_or_init(|| client))
    }
}

/// One request over the wire, and its answer.
async fn exchange(client: &Client, request: &Request, host: &str) -> Result<Response, HttpError> {
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
    let mut body = Vec::new();
    if request.method != Method::HEAD {
        let too_large = || HttpError::TooLarge {
            host: host.to_owned(),
            largest: request.largest,
        };
        let announced = answer.content_length().unwrap_or_default();
        if !is_failure && usize::try_from(announced).map_or(true, |bytes| bytes > request.largest) {
            return Err(too_large());
        }
        body.reserve(usize::try_from(announced.min(FIRST_ALLOCATION)).unwrap_or_default());
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                // The status says enough.
                Err(_) if is_failure => break,
                Err(error) => return Err(failed(error)),
            }
            if is_failure {
                if body.len() > LARGEST_FAILURE {
                    body.truncate(LARGEST_FAILURE);
                    break;
                }
            } else if body.len() > request.largest {
                return Err(too_large());
            }
        }
    }
    Ok(Response {
        status: status.as_u16(),
        headers,
        body,
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
