//! Asking a token server for a token.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::time::Instant;

use super::credentials::Credential;
use super::error::RegistryError;
use super::session::login::LoginCheck;
use super::token_server::TokenServer;
use crate::http::header::{AUTHORIZATION, CONTENT_TYPE};
use crate::http::{HeaderValue, Http, Method, Request, Response, Retry};

/// Longest answer of a token server, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// How long a token serves unless the server says otherwise: what the token specification says.
const LIFETIME: u64 = 60;

/// The alphabet of JSON web tokens; padding is optional.
const LENIENT_URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A token as it was handed out.
pub(super) struct Token {
    /// The value of `Authorization`.
    pub(super) header: HeaderValue,
    pub(super) fetched: Instant,
    pub(super) until: Instant,
    /// Repositories that it opens, if that can be read from it.
    pub(super) opens: Option<BTreeSet<String>>,
}

/// Who fetches, and for whom.
pub(super) struct TokenRequest<'f> {
    pub(super) http: &'f Http,
    pub(super) host: &'f str,
    pub(super) credential: Option<&'f Credential>,
    pub(super) login: &'f LoginCheck,
    pub(super) deadline: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

impl TokenAnswer {
    /// How long the token serves, in whole seconds; some servers write numbers as text.
    fn lifetime(&self) -> Option<u64> {
        let value = self.expires_in.as_ref()?;
        let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
        Some(Duration::try_from_secs_f64(seconds).ok()?.as_secs()).filter(|seconds| *seconds > 0)
    }
}

impl TokenRequest<'_> {
    /// Asks for one token for all of `scopes`.
    ///
    /// # Errors
    /// [`RegistryError`] says why there is none.
    pub(super) async fn token(
        &self,
        server: &TokenServer,
        scopes: &[String],
    ) -> Result<Token, RegistryError> {
        let fetched = Instant::now();
        let answer = self.ask(server, scopes).await?;
        let lifetime = answer.lifetime().unwrap_or(LIFETIME);
        let text = [answer.token, answer.access_token]
            .into_iter()
            .flatten()
            .find(|token| !token.trim().is_empty())
            .ok_or_else(|| self.failed(server, "its answer holds none"))?;
        let text = text.trim();
        self.http.secrets().add(text);
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
            .map_err(|_| self.failed(server, "what it gave cannot be sent"))?;
        header.set_sensitive(true);
        // A little less than the server grants: the way to the registry takes time.
        let lifetime = Duration::from_secs(lifetime.min(24 * 3600)).mul_f32(0.9);
        Ok(Token {
            header,
            fetched,
            until: fetched.checked_add(lifetime).unwrap_or(fetched),
            opens: opens(text),
        })
    }

    /// Asks with the login, and without it once that was refused.
    async fn ask(
        &self,
        server: &TokenServer,
        scopes: &[String],
    ) -> Result<TokenAnswer, RegistryError> {
        let login = match self.credential {
            Some(credential @ (Credential::Login(_) | Credential::Identity { .. })) => {
                Some(credential)
            }
            Some(Credential::Registry { .. }) | None => None,
        };
        let mut refused = None;
        if let Some(login) = login
            && let Some(permit) = self.login.permit().await
        {
            let request = self.request(server, scopes, Some(login))?;
            let response = self.http.send(request).await?;
            match self.answer(server, &response, Some(login)) {
                Err(error @ RegistryError::LoginRefused { .. }) => {
                    permit.note(false);
                    tracing::warn!("{error}; it is asked without");
                    refused = Some(error);
                }
                Ok(answer) => {
                    permit.note(true);
                    return Ok(answer);
                }
                Err(error) => return Err(error),
            }
        }
        let response = self.http.send(self.request(server, scopes, None)?).await?;
        match (self.answer(server, &response, None), login) {
            (Err(RegistryError::Denied { .. }), Some(login)) => {
                Err(refused.unwrap_or_else(|| RegistryError::LoginRefused {
                    host: server.host(),
                    setting: login.source(),
                }))
            }
            (answer, _) => answer,
        }
    }

    /// A `GET` as the token specification describes it; with a refresh token a `POST`.
    fn request(
        &self,
        server: &TokenServer,
        scopes: &[String],
        login: Option<&Credential>,
    ) -> Result<Request, RegistryError> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        if let Some(service) = &server.service {
            pairs.push(("service", service));
        }
        let request = if let Some(Credential::Identity { token, .. }) = login {
            let scopes = scopes.join(" ");
            pairs.extend([
                ("client_id", "harness-images"),
                ("grant_type", "refresh_token"),
                ("scope", &scopes),
                ("refresh_token", token.expose_secret()),
            ]);
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            let mut request =
                Request::write(Method::POST, server.realm.clone(), Some(body.into_bytes()));
            // It changes nothing, so it may be sent again.
            request.retry = Retry::Read;
            request.header(CONTENT_TYPE, form)
        } else {
            pairs.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
            let mut url = server.realm.clone();
            url.query_pairs_mut().extend_pairs(pairs);
            let request = Request::get(url);
            match login {
                Some(Credential::Login(login)) => {
                    let header = HeaderValue::from_str(login.header.expose_secret())
                        .map_err(|_| self.failed(server, "the login cannot be sent"))?;
                    request.secret_header(AUTHORIZATION, header)
                }
                _ => request,
            }
        };
        Ok(request
            .max_body(MAX_BYTES)
            .deadline(self.deadline)
            .unredacted())
    }

    fn answer(
        &self,
        server: &TokenServer,
        response: &Response,
        login: Option<&Credential>,
    ) -> Result<TokenAnswer, RegistryError> {
        match (response.status, login) {
            (200..=299, _) => serde_json::from_slice(&response.body)
                .map_err(|_| self.failed(server, "its answer is no JSON with a token")),
            (401, Some(credential)) | (400, Some(credential @ Credential::Identity { .. })) => {
                Err(RegistryError::LoginRefused {
                    host: server.host(),
                    setting: credential.source(),
                })
            }
            (401 | 403, None) => Err(RegistryError::Denied {
                host: self.host.to_owned(),
            }),
            (status @ (429 | 500..), _) => Err(RegistryError::status(
                &server.host(),
                status,
                &response.body,
            )),
            (status, _) => Err(self.failed(server, &format!("it answered {status}"))),
        }
    }

    fn failed(&self, server: &TokenServer, reason: &str) -> RegistryError {
        RegistryError::Token {
            host: self.host.to_owned(),
            server: server.host(),
            reason: reason.to_owned(),
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    access: Vec<Access>,
}

#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    name: String,
    #[serde(default)]
    actions: Vec<String>,
}

/// Which repositories a token lets one read, if it is a JSON web token that says so. Only an
/// estimate, to spare requests: whether it is genuine is the registry's business.
fn opens(token: &str) -> Option<BTreeSet<String>> {
    let payload = token.split('.').nth(1)?;
    let payload = LENIENT_URL.decode(payload).ok()?;
    let Claims { access } = serde_json::from_slice(&payload).ok()?;
    let reads = |access: &Access| {
        access
            .actions
            .iter()
            .any(|action| action == "pull" || action == "*")
    };
    Some(
        access
            .into_iter()
            .filter(reads)
            .map(|access| access.name)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_tokens_say_what_they_open() {
        let jwt = |claims: &str| format!("e30.{}.c2ln", LENIENT_URL.encode(claims));
        let cases = [
            ("opaque".to_owned(), None),
            ("a.b.c".to_owned(), None),
            (jwt(r#"{"sub":"x"}"#), None),
            (jwt(r#"{"access":[]}"#), Some("")),
            (
                jwt(
                    r#"{"access":[{"type":"repository","name":"a/b","actions":["pull","push"]},{"name":"c","actions":["push"]},{"name":"d","actions":["*"]}]}"#,
                ),
                Some("a/b d"),
            ),
        ];
        for (token, expected) in cases {
            let found = opens(&token).map(|names| Vec::from_iter(names).join(" "));
            assert_eq!(found.as_deref(), expected, "{token}");
        }
    }
}
