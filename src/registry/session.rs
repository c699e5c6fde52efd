//! Requests to one registry, with the authentication that it requires.
//!
//! The first request goes without credentials. What the registry requires by its `401` is then
//! known for all that follow.

mod auth_scheme;
mod first_request;
pub(super) mod login;

use std::cell::RefCell;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::credentials::Credential;
use super::error::RegistryError;
use super::token::Tokens;
use super::token_server::TokenScope;
use crate::http::header::AUTHORIZATION;
use crate::http::{Http, Redirect, Request, Response};
use crate::model::image::DOCKER_IO;
use auth_scheme::AuthScheme;
use login::LoginCheck;

/// How often one request is sent: with nothing, `Basic`, a shared token, one of its own, one more
/// because that had expired.
const MAX_TRIES: usize = 5;

/// How long others wait for the first answer of a host that is likely to require authentication, and how long for
/// room to go before it.
const MAX_FIRST_ANSWER_WAIT: Duration = Duration::from_secs(2);

/// Hosts that are known to require a token even of anonymous readers.
const TOKEN_HOSTS: [&str; 4] = [DOCKER_IO, "public.ecr.aws", "ghcr.io", "quay.io"];

/// One registry during a run.
pub(super) struct Session<'a> {
    http: &'a Http,
    /// Canonical host, with port.
    pub(super) host: String,
    /// Scheme, host and port that requests go to.
    pub(super) origin: Url,
    credential: Option<&'a Credential>,
    login: LoginCheck,
    /// How long others wait for the first answer.
    first_answer_wait: Duration,
    deadline: Instant,
    scheme: RefCell<AuthScheme>,
    first: Mutex<()>,
    /// Room for requests that go before the first answer is there.
    early: Semaphore,
    tokens: Tokens,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        http: &'a Http,
        host: String,
        origin: Url,
        credential: Option<&'a Credential>,
        first_answer_wait: Duration,
        deadline: Instant,
    ) -> Self {
        let is_likely_to_refuse = credential.is_some()
            || TOKEN_HOSTS.contains(&host.as_str())
            || host.ends_with(".pkg.dev");
        let left = deadline.saturating_duration_since(Instant::now());
        let max_login_wait = left
            .checked_div(3)
            .unwrap_or_default()
            .min(MAX_FIRST_ANSWER_WAIT);
        Self {
            http,
            host,
            origin,
            credential,
            login: LoginCheck::new(max_login_wait),
            first_answer_wait: if is_likely_to_refuse {
                MAX_FIRST_ANSWER_WAIT
            } else {
                first_answer_wait
            },
            deadline,
            scheme: RefCell::new(AuthScheme::Unknown),
            first: Mutex::new(()),
            early: Semaphore::new(1),
            tokens: Tokens::default(),
        }
    }

    /// That the login was refused, once it was.
    pub(super) fn login_problem(&self) -> Option<RegistryError> {
        self.login.is_refused().then(|| self.refused_login())
    }

    /// The address of a path on this host.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(path);
        url
    }

    /// Sends a read, and again with what the registry requires. The answer has any status but a
    /// `401` of this registry.
    pub(super) async fn send(
        &self,
        request: Request,
        scope: TokenScope<'_>,
    ) -> Result<Response, RegistryError> {
        let mut guard = Some(self.wait_for_first_answer().await);
        let mut scheme = self.scheme.borrow().clone();
        for _ in 0..MAX_TRIES {
            let (header, sent) = self.authorize(&scheme, scope).await?;
            let mut request = request
                .clone()
                .redirect(Redirect::DropCredentials)
                .deadline(self.deadline);
            if let Some(header) = header {
                request = request.secret_header(AUTHORIZATION, header);
            }
            let response = self.http.send(request).await?;
            if response.status != 401 {
                self.learn_from(&scheme, &sent);
                sent.accept();
                return Ok(response);
            }
            if response.url.origin() != self.origin.origin() {
                // The `401` is another host's: what is known here is not for it.
                let host = response.url.host_str().unwrap_or_default().to_owned();
                return Err(RegistryError::Denied { host });
            }
            let next = self.next_scheme(&response, sent, scope).await?;
            if !self.is_known() {
                *self.scheme.borrow_mut() = next.clone();
            }
            scheme = next;
            drop(guard.take());
        }
        Err(self.access_denied())
    }
}
