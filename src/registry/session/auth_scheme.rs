//! What a registry requires, and what is sent to it.

use std::rc::Rc;

use secrecy::ExposeSecret;

use super::Session;
use super::login::LoginPermit;
use crate::http::header::WWW_AUTHENTICATE;
use crate::http::{HeaderValue, Response};
use crate::registry::challenge::{self, Challenge};
use crate::registry::credentials::{Credential, Login};
use crate::registry::error::RegistryError;
use crate::registry::token::CachedToken;
use crate::registry::token_request::TokenRequest;
use crate::registry::token_server::{TokenScope, TokenServer};

/// What a registry requires.
#[derive(Clone)]
pub(super) enum AuthScheme {
    Unknown,
    Nothing,
    Basic,
    Token(Rc<TokenServer>),
    /// The token that `docker_config` holds for the registry itself.
    OwnToken,
}

/// What a request was sent with.
pub(super) enum SentAuth<'l> {
    Nothing,
    Basic(LoginPermit<'l>),
    Token(CachedToken),
    OwnToken(LoginPermit<'l>),
}

impl SentAuth<'_> {
    /// The registry has taken it.
    pub(super) fn accept(self) {
        match self {
            Self::Basic(permit) | Self::OwnToken(permit) => permit.note(true),
            Self::Nothing | Self::Token(_) => {}
        }
    }
}

impl Session<'_> {
    pub(super) fn is_known(&self) -> bool {
        !matches!(*self.scheme.borrow(), AuthScheme::Unknown)
    }

    /// Notes an answer that is no `401`: nothing is required, or what was sent is right. What one
    /// repository requires is good for those as well that require nothing.
    pub(super) fn learn_from(&self, scheme: &AuthScheme, sent: &SentAuth<'_>) {
        let mut known = self.scheme.borrow_mut();
        if !matches!(*known, AuthScheme::Unknown | AuthScheme::Nothing) {
            return;
        }
        match sent {
            SentAuth::Nothing => *known = AuthScheme::Nothing,
            SentAuth::Basic(_) | SentAuth::OwnToken(_) | SentAuth::Token(_) => {
                *known = scheme.clone();
            }
        }
    }

    pub(super) async fn authorize(
        &self,
        scheme: &AuthScheme,
        scope: TokenScope<'_>,
    ) -> Result<(Option<HeaderValue>, SentAuth<'_>), RegistryError> {
        let unsendable = || self.refused_login();
        match (scheme, self.credential) {
            (AuthScheme::Basic, Some(Credential::Login(Login { header, .. }))) => {
                let header = HeaderValue::from_str(header.expose_secret());
                let header = header.map_err(|_| unsendable())?;
                Ok(match self.login.permit().await {
                    Some(permit) => (Some(header), SentAuth::Basic(permit)),
                    None => (None, SentAuth::Nothing),
                })
            }
            (AuthScheme::OwnToken, Some(Credential::Registry { token, .. })) => {
                let header = format!("Bearer {}", token.expose_secret());
                let header = HeaderValue::from_str(&header).map_err(|_| unsendable())?;
                Ok(match self.login.permit().await {
                    Some(permit) => (Some(header), SentAuth::OwnToken(permit)),
                    None => (None, SentAuth::Nothing),
                })
            }
            (AuthScheme::Token(server), _) => {
                let cached = self
                    .tokens
                    .get(&self.token_request(), server, scope)
                    .await?;
                Ok((Some(cached.header.clone()), SentAuth::Token(cached)))
            }
            (
                AuthScheme::Unknown
                | AuthScheme::Nothing
                | AuthScheme::Basic
                | AuthScheme::OwnToken,
                _,
            ) => Ok((None, SentAuth::Nothing)),
        }
    }

    fn token_request(&self) -> TokenRequest<'_> {
        TokenRequest {
            http: self.http,
            host: &self.host,
            credential: self.credential,
            login: &self.login,
            deadline: self.deadline,
        }
    }

    /// What to try after a `401` to a request with `sent`.
    pub(super) async fn next_scheme(
        &self,
        response: &Response,
        sent: SentAuth<'_>,
        scope: TokenScope<'_>,
    ) -> Result<AuthScheme, RegistryError> {
        let values = response.headers.get_all(WWW_AUTHENTICATE);
        let values: Vec<&str> = values
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let challenges = challenge::parse(values);
        let find = |scheme: &str| challenges.iter().find(|known| known.scheme == scheme);
        match sent {
            SentAuth::Token(cached) => {
                if !self.tokens.refused(&cached, scope).await {
                    return Err(self.access_denied());
                }
                let server = find("bearer").map(|challenge| self.server(challenge, scope));
                return match server.transpose()? {
                    Some(server) => Ok(AuthScheme::Token(Rc::new(server))),
                    None => Err(self.access_denied()),
                };
            }
            SentAuth::Basic(permit) | SentAuth::OwnToken(permit) => {
                permit.note(false);
                return Err(self.refused_login());
            }
            SentAuth::Nothing => {}
        }
        let is_login = matches!(self.credential, Some(Credential::Login(_)));
        let may_be_basic = find("basic").is_some();
        match (self.credential, find("bearer")) {
            (Some(Credential::Registry { .. }), _) if !self.login.is_refused() => {
                Ok(AuthScheme::OwnToken)
            }
            // Of both, a token: checking a password may take the registry a second each time.
            (_, Some(challenge)) => match self.server(challenge, scope) {
                Err(_) if is_login && may_be_basic && !self.login.is_refused() => {
                    Ok(AuthScheme::Basic)
                }
                server => Ok(AuthScheme::Token(Rc::new(server?))),
            },
            (_, None) if self.login.is_refused() => Err(self.refused_login()),
            _ if is_login && may_be_basic => Ok(AuthScheme::Basic),
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
        scope: TokenScope<'_>,
    ) -> Result<TokenServer, RegistryError> {
        TokenServer::new(challenge, scope, &self.origin).map_err(|reason| RegistryError::Realm {
            host: self.host.clone(),
            reason,
        })
    }

    pub(super) fn refused_login(&self) -> RegistryError {
        let host = self.host.clone();
        match self.credential.map(Credential::source) {
            Some(setting) => RegistryError::LoginRefused { host, setting },
            None => RegistryError::LoginNeeded { host },
        }
    }

    pub(super) fn access_denied(&self) -> RegistryError {
        let host = self.host.clone();
        match self.credential.map(Credential::source) {
            Some(_) if self.login.is_refused() => self.refused_login(),
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
