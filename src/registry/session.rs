//! Requests to one registry, with whatever it demands of them.
//!
//! The first request goes without credentials. What the registry demands in its `401` is then
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
use super::token_server::Scope;
use crate::http::header::AUTHORIZATION;
use crate::http::{Http, Redirect, Request, Response};
use crate::model::image::DOCKER_IO;
use auth_scheme::AuthScheme;
use login::LoginCheck;

/// How often one request answers a demand: none, `Basic`, a shared token, one of its own, one more
/// because that had expired.
const MAX_TRIES: usize = 5;

/// How long others wait for the first answer of a host where a demand is likely, and how long for
/// room to go before it.
const MAX_PATIENCE: Duration = Duration::from_secs(2);

/// Hosts that are known to demand a token even of anonymous readers.
const DEMANDING: [&str; 4] = [DOCKER_IO, "public.ecr.aws", "ghcr.io", "quay.io"];

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
    patience: Duration,
    deadline: Instant,
    demand: RefCell<AuthScheme>,
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
        patience: Duration,
        deadline: Instant,
    ) -> Self {
        let is_demanding = credential.is_some()
            || DEMANDING.contains(&host.as_str())
            || host.ends_with(".pkg.dev");
        let left = deadline.saturating_duration_since(Instant::now());
        let login_patience = left.checked_div(3).unwrap_or_default().min(MAX_PATIENCE);
        Self {
            http,
            host,
            origin,
            credential,
            login: LoginCheck::new(login_patience),
            patience: if is_demanding { MAX_PATIENCE } else { patience },
            deadline,
            demand: RefCell::new(AuthScheme::Unknown),
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

    /// Sends a read, and again with what the registry demands. The answer has any status but a
    /// `401` of this registry.
    pub(super) async fn send(
        &self,
        request: Request,
        scope: Scope<'_>,
    ) -> Result<Response, RegistryError> {
        let mut turn = Some(self.turn().await);
        let mut demand = self.demand.borrow().clone();
        for _ in 0..MAX_TRIES {
            let (header, shown) = self.authorize(&demand, scope).await?;
            let mut request = request
                .clone()
                .redirect(Redirect::DropCredentials)
                .deadline(self.deadline);
            if let Some(header) = header {
                request = request.secret_header(AUTHORIZATION, header);
            }
            let response = self.http.send(request).await?;
            if response.status != 401 {
                self.learn_from(&demand, &shown);
                shown.accept();
                return Ok(response);
            }
            if response.url.origin() != self.origin.origin() {
                // Another host's demand: what is known here is not for it.
                let host = response.url.host_str().unwrap_or_default().to_owned();
                return Err(RegistryError::Denied { host });
            }
            let next = self.demand_of(&response, shown, scope).await?;
            if !self.is_known() {
                *self.demand.borrow_mut() = next.clone();
            }
            demand = next;
            drop(turn.take());
        }
        Err(self.access_denied())
    }
}
