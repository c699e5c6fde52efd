//! Requests to one registry, with whatever it demands of them.
//!
//! The first request goes without credentials. What the registry demands in its `401` is then
//! known for all that follow. So that only one request is refused, the others wait for the first
//! answer: for a while where a demand is likely, else for a moment only, since an
//! open registry should not cost a round trip more than it must. After that moment only so many
//! go as would be left over from full waves of requests: with 40 requests, 16 at once, 8 go
//! first, and it takes three waves all the same. A first request that is never answered holds
//! nobody up for longer than [`LONG_PATIENCE`].

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};
use url::Url;

use super::challenge::{self, Challenge};
use super::credentials::{Credential, Login};
use super::error::RegistryError;
use super::fetch::Fetch;
use super::realm::{Scope, TokenServer};
use super::token::{Given, Tokens};
use crate::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use crate::http::{HeaderValue, Http, Redirect, Request, Response};
use crate::image::DOCKER_IO;

/// How often one request answers a demand: none, `Basic`, a shared token, one of its own, one more
/// because that had expired.
const MOST_TRIES: usize = 5;

/// How long others wait for the first answer of a host where a demand is likely, and how long for
/// room to go before it.
const LONG_PATIENCE: Duration = Duration::from_secs(2);

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
    /// How long others wait for the first answer.
    patience: Duration,
    deadline: Instant,
    demand: RefCell<Demand>,
    first: Mutex<()>,
    /// Room for requests that go before the first answer is there.
    early: Semaphore,
    tokens: Tokens,
}

/// What is held while a registry's demand is unknown.
enum Turn<'s> {
    First {
        _lock: MutexGuard<'s, ()>,
    },
    Early {
        _permit: SemaphorePermit<'s>,
    },
    /// The demand is known.
    Free,
}

/// What a registry demands.
#[derive(Clone)]
enum Demand {
    Unknown,
    Nothing,
    Basic,
    Token(Rc<TokenServer>),
    /// The token that `docker_config` holds for the registry itself.
    OwnToken,
}

/// What a request was sent with.
enum Shown {
    Nothing,
    Basic,
    Token(Given),
    OwnToken,
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
        Self {
            http,
            host,
            origin,
            credential,
            patience: if is_demanding {
                LONG_PATIENCE
            } else {
                patience
            },
            deadline,
            demand: RefCell::new(Demand::Unknown),
            first: Mutex::new(()),
            early: Semaphore::new(1),
            tokens: Tokens::default(),
        }
    }

    /// Announces repositories that are going to be read, so many at once.
    pub(super) fn announce(&self, names: &[&str], at_once: usize) {
        self.tokens.announce(names);
        let is_new = !self.is_known();
        if let (true, Some(others), Some(at_once)) = (
            is_new,
            names.len().checked_sub(1),
            NonZeroUsize::new(at_once),
        ) {
            // The very first is none of them, and for one there is always room.
            let left_over = others % at_once;
            self.early.add_permits(left_over.saturating_sub(1));
        }
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
        for _ in 0..MOST_TRIES {
            let (header, shown) = self.answer_to(&demand, scope).await?;
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
                return Ok(response);
            }
            if response.url.origin() != self.origin.origin() {
                // Another host's demand: what is known here is not for it.
                let host = response.url.host_str().unwrap_or_default().to_owned();
                return Err(RegistryError::Denied { host });
            }
            let next = self.demand_of(&response, &shown, scope).await?;
            if !self.is_known() {
                *self.demand.borrow_mut() = next.clone();
            }
            demand = next;
            drop(turn.take());
        }
        Err(self.not_for_us())
    }

    /// An answer without demand: nothing is demanded, or what was shown meets the demand. What
    /// one repository demands is good for those as well that demand nothing.
    fn learn_from(&self, demand: &Demand, shown: &Shown) {
        let mut known = self.demand.borrow_mut();
        match (&*known, shown) {
            (Demand::Unknown, Shown::Nothing) => *known = Demand::Nothing,
            (_, Shown::Nothing) => {}
            (Demand::Unknown | Demand::Nothing, _) => *known = demand.clone(),
            _ => {}
        }
    }

    /// Whoever comes first holds the lock until the registry's demand is known.
    async fn turn(&self) -> Turn<'_> {
        if self.is_known() {
            return Turn::Free;
        }
        if let Ok(lock) = self.first.try_lock() {
            return Turn::First { _lock: lock };
        }
        drop(timeout(self.patience, self.first.lock()).await);
        if self.is_known() {
            return Turn::Free;
        }
        match timeout(LONG_PATIENCE, self.early.acquire()).await {
            Ok(Ok(permit)) if !self.is_known() => Turn::Early { _permit: permit },
            _ => Turn::Free,
        }
    }

    fn is_known(&self) -> bool {
        !matches!(*self.demand.borrow(), Demand::Unknown)
    }

    async fn answer_to(
        &self,
        demand: &Demand,
        scope: Scope<'_>,
    ) -> Result<(Option<HeaderValue>, Shown), RegistryError> {
        let unsendable = || self.refused_login();
        match (demand, self.credential) {
            (Demand::Basic, Some(Credential::Login(Login { header, .. }))) => {
                let header = HeaderValue::from_str(header.expose_secret());
                Ok((Some(header.map_err(|_| unsendable())?), Shown::Basic))
            }
            (Demand::OwnToken, Some(Credential::Registry { token, .. })) => {
                let header = format!("Bearer {}", token.expose_secret());
                let header = HeaderValue::from_str(&header).map_err(|_| unsendable())?;
                Ok((Some(header), Shown::OwnToken))
            }
            (Demand::Token(server), _) => {
                let given = self.tokens.get(&self.fetch(), server, scope).await?;
                Ok((Some(given.header.clone()), Shown::Token(given)))
            }
            _ => Ok((None, Shown::Nothing)),
        }
    }

    fn fetch(&self) -> Fetch<'_> {
        Fetch {
            http: self.http,
            host: &self.host,
            credential: self.credential,
            deadline: self.deadline,
        }
    }

    /// What to try after a `401` to a request that showed `shown`.
    async fn demand_of(
        &self,
        response: &Response,
        shown: &Shown,
        scope: Scope<'_>,
    ) -> Result<Demand, RegistryError> {
        let values = response.headers.get_all(WWW_AUTHENTICATE);
        let values: Vec<&str> = values
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let challenges = challenge::parse(values);
        let find = |scheme: &str| challenges.iter().find(|known| known.scheme == scheme);
        match shown {
            Shown::Token(given) => {
                if !self.tokens.refused(given, scope).await {
                    return Err(self.not_for_us());
                }
                let server = find("bearer").map(|challenge| self.server(challenge, scope));
                return match server.transpose()? {
                    Some(server) => Ok(Demand::Token(Rc::new(server))),
                    None => Err(self.not_for_us()),
                };
            }
            Shown::OwnToken => return Err(self.refused_login()),
            Shown::Basic if find("bearer").is_none() => return Err(self.refused_login()),
            Shown::Basic | Shown::Nothing => {}
        }
        let is_login = matches!(self.credential, Some(Credential::Login(_)));
        let may_be_basic = matches!(shown, Shown::Nothing) && find("basic").is_some();
        match (self.credential, find("bearer")) {
            (Some(Credential::Registry { .. }), _) => Ok(Demand::OwnToken),
            // Of both, `Basic` needs no token.
            _ if is_login && may_be_basic => Ok(Demand::Basic),
            (_, Some(challenge)) => Ok(Demand::Token(Rc::new(self.server(challenge, scope)?))),
            (None, None) if may_be_basic => Err(RegistryError::LoginNeeded {
                host: self.host.clone(),
            }),
            (Some(_), None) if may_be_basic => Err(self.refused_login()),
            _ => Err(RegistryError::Challenge {
                host: self.host.clone(),
                offered: offered(&challenges),
            }),
        }
    }

    fn server(
        &self,
        challenge: &Challenge,
        scope: Scope<'_>,
    ) -> Result<TokenServer, RegistryError> {
        TokenServer::new(challenge, scope, &self.origin).map_err(|reason| RegistryError::Realm {
            host: self.host.clone(),
            reason,
        })
    }

    fn refused_login(&self) -> RegistryError {
        let host = self.host.clone();
        match self.credential.map(Credential::source) {
            Some(setting) => RegistryError::LoginRefused { host, setting },
            None => RegistryError::LoginNeeded { host },
        }
    }

    fn not_for_us(&self) -> RegistryError {
        let host = self.host.clone();
        match self.credential.map(Credential::source) {
            Some(setting) => RegistryError::Forbidden { host, setting },
            None => RegistryError::Denied { host },
        }
    }
}

/// Names of the schemes a registry offers, as far as they can be shown.
fn offered(challenges: &[Challenge]) -> String {
    let names: Vec<&str> = challenges
        .iter()
        .map(|challenge| challenge.scheme.as_str())
        .filter(|name| name.len() <= 20)
        .take(4)
        .collect();
    if names.is_empty() {
        return "it names none".to_owned();
    }
    names.join(", ")
}
