//! The client of Harness' `execution-config`, for every module that has one, and of the account's
//! image connector. What is known about the API stands in its documents ("Harness CI images",
//! "Harness DBOps images"); where they disagree, both readings are accepted.

mod ask;
mod connector;
mod context;
mod envelope;
mod error;
mod paths;
pub mod pipelines;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::time::Instant;

pub use connector::Connector;
#[doc(hidden)]
pub use envelope::fields_of;
pub use error::{Cause, HarnessError, ServerMessage};
pub use pipelines::{InputImages, PipelineText, PipelinesRead};

use crate::http::{Http, Method, RateLimit, Response, Turn};
use crate::model::facts::Fields;
use crate::model::module::{ApiStyle, Infra, Module, Root};
use crate::model::policy::at_most;
use crate::settings::{HarnessAccess, HarnessCredential};
use context::Context;
use paths::Call;

/// One account at one Harness.
pub struct Harness<'a> {
    http: &'a Http,
    access: &'a HarnessAccess,
    /// The documented paths that have answered.
    roots: Mutex<BTreeMap<Module, Root>>,
    /// The form in which an API of the bare style takes the fields to reset, once one was taken.
    reset_form: OnceLock<ResetForm>,
    /// Counts every call of the run.
    rate: Arc<RateLimit>,
}

/// Requests in a minute unless the settings say otherwise: well below the documented limits, 1,000
/// for a key and 400 of some calls.
const REQUESTS_PER_MINUTE: u32 = 300;

/// How the fields to reset are written. Harness' OpenAPI and its generated clients take names for
/// `dbops`; its document "Harness DBOps images" shows objects, as every other module has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResetForm {
    /// `["gitCloneTag"]`.
    Names,
    /// `[{"field":"gitCloneTag"}]`.
    Objects,
}

/// A field to pin, or without a value to reset.
#[derive(Serialize)]
struct FieldJson<'a> {
    field: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

impl<'a> Harness<'a> {
    /// The key becomes a known secret; nothing is sent.
    pub fn new(http: &'a Http, access: &'a HarnessAccess) -> Self {
        let (HarnessCredential::ApiKey(secret) | HarnessCredential::Bearer(secret)) =
            &access.credential;
        http.secrets().add(secret.expose_secret());
        Self {
            http,
            access,
            roots: Mutex::default(),
            reset_form: OnceLock::new(),
            rate: rate_limit(REQUESTS_PER_MINUTE),
        }
    }

    /// Sets the most requests in a minute. Calls that belong to a change count, but never wait.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.rate = rate_limit(requests);
        self
    }

    /// The images that Harness uses unless the account has pinned others.
    ///
    /// # Errors
    /// [`HarnessError`] if there is no usable answer.
    pub async fn defaults(
        &self,
        module: Module,
        infra: Option<Infra>,
    ) -> Result<Fields, HarnessError> {
        let deadline = self.http.deadline();
        self.read(Call::Defaults, module, infra, deadline, Turn::Waits)
            .await
    }

    /// What the account has pinned: overrides only, never merged with the defaults.
    ///
    /// # Errors
    /// [`HarnessError`] if there is no usable answer.
    pub async fn overrides(
        &self,
        module: Module,
        infra: Option<Infra>,
    ) -> Result<Fields, HarnessError> {
        let deadline = self.http.deadline();
        self.read(Call::Overrides, module, infra, deadline, Turn::Waits)
            .await
    }

    /// [`Harness::overrides`] with a deadline of its own, to see what a write has done.
    ///
    /// # Errors
    /// [`HarnessError`] if there is no usable answer.
    pub async fn overrides_by(
        &self,
        module: Module,
        infra: Option<Infra>,
        deadline: Instant,
    ) -> Result<Fields, HarnessError> {
        self.read(Call::Overrides, module, infra, deadline, Turn::AtOnce)
            .await
    }

    /// Pins fields to values: one POST, sent once.
    ///
    /// # Errors
    /// [`HarnessError`]; [`HarnessError::may_have_arrived`] says whether to read before anything else.
    pub async fn pin(
        &self,
        module: Module,
        infra: Option<Infra>,
        fields: &[(String, String)],
        deadline: Instant,
    ) -> Result<(), HarnessError> {
        let pins = fields.iter().map(|(field, value)| FieldJson {
            field,
            value: Some(value),
        });
        let body = json(&pins.collect::<Vec<_>>());
        self.write(Call::Pin, module, infra, body, deadline).await
    }

    /// Resets fields to their defaults: one POST, sent once. To `dbops` a second one in the other form
    /// if Harness has rejected the first, and the overrides, read in between, are still there.
    ///
    /// # Errors
    /// [`HarnessError`]; [`HarnessError::may_have_arrived`] says whether to read before anything else.
    pub async fn reset(
        &self,
        module: Module,
        infra: Option<Infra>,
        fields: &[String],
        deadline: Instant,
    ) -> Result<(), HarnessError> {
        let is_bare = module.api().is_some_and(|api| api.style == ApiStyle::Bare);
        let form = if !is_bare {
            ResetForm::Objects
        } else {
            *self.reset_form.get().unwrap_or(&ResetForm::Names)
        };
        let result = self.reset_as(form, module, infra, fields, deadline).await;
        if !is_bare || self.reset_form.get().is_some() {
            return result;
        }
        let form = match result {
            Err(HarnessError {
                cause: Cause::Rejected(400, _),
                ..
            }) => {
                let present = self.overrides_by(module, infra, deadline).await?;
                if !fields.iter().any(|field| present.contains_key(field)) {
                    return result;
                }
                self.reset_as(ResetForm::Objects, module, infra, fields, deadline)
                    .await?;
                ResetForm::Objects
            }
            Err(_) => return result,
            Ok(()) => form,
        };
        let _ = self.reset_form.set(form);
        Ok(())
    }

    async fn reset_as(
        &self,
        form: ResetForm,
        module: Module,
        infra: Option<Infra>,
        fields: &[String],
        deadline: Instant,
    ) -> Result<(), HarnessError> {
        let body = match form {
            ResetForm::Names => json(&fields),
            ResetForm::Objects => {
                let objects = fields.iter().map(|field| FieldJson { field, value: None });
                json(&objects.collect::<Vec<_>>())
            }
        };
        self.write(Call::Reset, module, infra, body, deadline).await
    }

    /// Removes every override of the module, for `K8` and `VM` together whichever is named: one
    /// DELETE, sent once.
    ///
    /// # Errors
    /// [`HarnessError`]; [`HarnessError::may_have_arrived`] says whether to read before anything else.
    pub async fn clear(
        &self,
        module: Module,
        infra: Option<Infra>,
        deadline: Instant,
    ) -> Result<(), HarnessError> {
        self.write(Call::Clear, module, infra, None, deadline).await
    }

    /// Where the account pulls Harness' images from.
    ///
    /// # Errors
    /// [`HarnessError`] if there is no usable answer.
    pub async fn connector(&self) -> Result<Connector, HarnessError> {
        let url = paths::connector(&self.access.endpoint, &self.access.account_id);
        let context = self.context(Call::Connector, None, None);
        let request = self.request(Method::GET, url, None, &context)?;
        connector::read(&self.send(request, &context).await?, &context)
    }

    async fn read(
        &self,
        call: Call,
        module: Module,
        infra: Option<Infra>,
        deadline: Instant,
        turn: Turn,
    ) -> Result<Fields, HarnessError> {
        let context = Context {
            turn,
            ..self.context(call, Some(module), infra)
        };
        let read = |response: Response| {
            let style = module.api().map_or(ApiStyle::Envelope, |api| api.style);
            let fields = envelope::fields(&response, style, &context)?;
            tracing::trace!("{} holds {} fields", context.what(), fields.len());
            Ok(fields)
        };
        self.ask(module, infra, None, deadline, &context, read)
            .await
    }

    async fn write(
        &self,
        call: Call,
        module: Module,
        infra: Option<Infra>,
        body: Option<Vec<u8>>,
        deadline: Instant,
    ) -> Result<(), HarnessError> {
        let context = Context {
            turn: Turn::AtOnce,
            ..self.context(call, Some(module), infra)
        };
        let read = |response: Response| envelope::written(&response, &context);
        self.ask(module, infra, body, deadline, &context, read)
            .await
    }
}

fn rate_limit(requests: u32) -> Arc<RateLimit> {
    Arc::new(RateLimit::per_minute(at_most(requests)))
}

/// Names and texts always have a JSON.
fn json(body: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(body).ok()
}
