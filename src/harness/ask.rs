//! One call to Harness: what is sent, with which credential, and on which of the documented paths.

use std::sync::Arc;

use secrecy::ExposeSecret;
use tokio::time::Instant;
use url::Url;

use super::Harness;
use super::context::Context;
use super::error::HarnessError;
use super::paths::{self, Call};
use crate::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use crate::http::{HeaderName, HeaderValue, HttpError, Method, Request, Response, Turn};
use crate::model::module::{ApiStyle, Infra, Module, Root};
use crate::settings::{HarnessAccess, HarnessCredential};

impl Harness<'_> {
    /// One call, on the documented path that works, which the first call finds out.
    pub(super) async fn ask<T>(
        &self,
        module: Module,
        infra: Option<Infra>,
        body: Option<Vec<u8>>,
        deadline: Instant,
        context: &Context<'_>,
        read: impl Fn(Response) -> Result<T, HarnessError>,
    ) -> Result<T, HarnessError> {
        let api = module.api().ok_or_else(|| context.no_config())?;
        let answered = self.answered_root(module);
        let roots = answered.as_ref().map_or(api.roots, std::slice::from_ref);
        let mut failure = None;
        for root in roots {
            let result = self
                .ask_at(root, module, infra, body.clone(), deadline, context)
                .await
                .and_then(&read);
            match result {
                Ok(answer) => {
                    if let Ok(mut answered) = self.roots.lock() {
                        answered.insert(module, root);
                    }
                    return Ok(answer);
                }
                Err(error) => {
                    let elsewhere = error.may_be_elsewhere(context.writes());
                    failure = Some(match failure {
                        Some(first) => HarnessError::more_telling(first, error),
                        None => error,
                    });
                    if !elsewhere {
                        break;
                    }
                }
            }
        }
        Err(failure.unwrap_or_else(|| context.no_config()))
    }

    /// The one of a module's documented paths that has answered in this run.
    fn answered_root(&self, module: Module) -> Option<Root> {
        self.roots.lock().ok()?.get(&module).copied()
    }

    async fn ask_at(
        &self,
        root: Root,
        module: Module,
        infra: Option<Infra>,
        body: Option<Vec<u8>>,
        deadline: Instant,
        context: &Context<'_>,
    ) -> Result<Response, HarnessError> {
        let HarnessAccess {
            endpoint,
            account_id,
            ..
        } = self.access;
        let (method, url) = paths::config(endpoint, account_id, module, infra, context.call, root)
            .ok_or_else(|| context.no_config())?;
        let mut request = self.request(method, url, body, context)?.deadline(deadline);
        if module.api().is_some_and(|api| api.style == ApiStyle::Bare) {
            let account = HeaderValue::from_str(account_id)
                .map_err(|_| self.no_header("account_id", context))?;
            request = request.header(HeaderName::from_static("harness-account"), account);
        }
        self.send(request, context).await
    }

    pub(super) async fn send(
        &self,
        request: Request,
        context: &Context<'_>,
    ) -> Result<Response, HarnessError> {
        let sent = self.http.send(request).await;
        sent.map_err(|error| context.http(error))
    }

    pub(super) fn request(
        &self,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        context: &Context<'_>,
    ) -> Result<Request, HarnessError> {
        let has_body = body.is_some();
        let mut request = if method == Method::GET {
            Request::get(url)
        } else {
            Request::write(method, url, body)
        };
        request = request
            .rate(Arc::clone(&self.rate), context.turn)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if has_body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let (name, value) = match &self.access.credential {
            HarnessCredential::ApiKey(key) => (
                HeaderName::from_static("x-api-key"),
                HeaderValue::from_str(key.expose_secret()),
            ),
            HarnessCredential::Bearer(token) => (
                AUTHORIZATION,
                HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())),
            ),
        };
        let value = value.map_err(|_| self.no_header(context.credential, context))?;
        Ok(request.secret_header(name, value))
    }

    fn no_header(&self, setting: &str, context: &Context<'_>) -> HarnessError {
        let host = self.access.endpoint.host_str().unwrap_or_default();
        context.http(HttpError::Request {
            host: host.to_owned(),
            reason: format!(
                "`{setting}` holds characters that cannot be sent; was it pasted with a line break or quotes?"
            ),
        })
    }

    pub(super) fn context(
        &self,
        call: Call,
        module: Option<Module>,
        infra: Option<Infra>,
    ) -> Context<'_> {
        Context {
            call,
            module,
            infra: infra.filter(|_| module.is_some_and(Module::has_infra)),
            subject: None,
            turn: Turn::Waits,
            endpoint: &self.access.endpoint,
            credential: match self.access.credential {
                HarnessCredential::ApiKey(_) => "api_key",
                HarnessCredential::Bearer(_) => "bearer_token",
            },
            secrets: self.http.secrets(),
        }
    }
}
