//! What a registry demands, and what is shown to it.

use std::rc::Rc;

use secrecy::ExposeSecret;

use super::Session;
use crate::http::header::WWW_AUTHENTICATE;
use crate::http::{HeaderValue, Response};
use crate::registry::challenge::{self, Challenge};
use crate::registry::credentials::{Credential, Login};
use crate::registry::error::RegistryError;
use crate::registry::fetch::Fetch;
use crate::registry::realm::{Scope, TokenServer};
use crate::registry::token::Given;

/// What a registry demands.
#[derive(Clone)]
pub(super) enum Demand {
    Unknown,
    Nothing,
    Basic,
    Token(Rc<TokenServer>),
    /// The token that `docker_config` holds for the registry itself.
    OwnToken,
}

/// What a request was sent with.
pub(super) enum Shown {
    Nothing,
    Basic,
    Token(Given),
    OwnToken,
}

impl Session<'_> {
    pub(super) fn is_known(&self) -> bool {
        !matches!(*self.demand.borrow(), Demand::Unknown)
    }

    /// An answer without demand: nothing is demanded, or what was shown meets the demand. What
    /// one repository demands is good for those as well that demand nothing.
    pub(super) fn learn_from(&self, demand: &Demand, shown: &Shown) {
        let mut known = self.demand.borrow_mut();
        match (&*known, shown) {
            (Demand::Unknown, Shown::Nothing) => *known = Demand::Nothing,
            (_, Shown::Nothing) => {}
            (Demand::Unknown | Demand::Nothing, _) => *known = demand.clone(),
            _ => {}
        }
    }

    pub(super) async fn answer_to(
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
    pub(super) async fn demand_of(
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

    pub(super) fn not_for_us(&self) -> RegistryError {
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
