//! The client of `execution-config` against a server that behaves, and one that does not.

mod connector;
mod failures;
mod pipelines;
mod reads;
mod reset_forms;
mod server;
mod writes;

use std::time::Duration;

use harness_images::harness::{Cause, Connector, Harness, HarnessError};
use harness_images::http::{HeaderName, HeaderValue, Http, HttpError, Method, Request};
use harness_images::model::facts::{FieldValue, Fields};
use harness_images::model::module::{ApiStyle, Infra, Module};
use harness_images::settings::{HarnessAccess, HarnessCredential};
use support::harness_server::{
    ACCOUNT, Call, DbopsPaths, Fault, HarnessServer, KEY, Logged, NoneStyle, OTHER_KEY, Options,
    Rejection, VIEWER_KEY,
};
use support::raw_server::Refusing;
use support::runtime::run;
use tokio::time::Instant;

const K8: Option<Infra> = Some(Infra::K8);
const VM: Option<Infra> = Some(Infra::Vm);

/// Every module of Harness with each of its infrastructures.
fn everywhere() -> Vec<(Module, Option<Infra>)> {
    let places = Module::HARNESS.into_iter().flat_map(|module| {
        let infra: &[Option<Infra>] = if module.has_infra() {
            &[K8, VM]
        } else {
            &[None]
        };
        infra.iter().map(move |infra| (module, *infra))
    });
    places.collect()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn http(seconds: u64) -> Http {
    support::runtime::http(4, seconds)
}

fn access(server: &HarnessServer, credential: HarnessCredential) -> HarnessAccess {
    HarnessAccess {
        credential,
        account_id: ACCOUNT.to_owned(),
        endpoint: server.url().parse().unwrap(),
    }
}

/// Runs `work` with the account's key.
fn with<T>(server: &HarnessServer, work: impl AsyncFnOnce(&Harness<'_>) -> T) -> T {
    with_key(server, HarnessCredential::ApiKey(KEY.into()), work)
}

fn with_key<T>(
    server: &HarnessServer,
    credential: HarnessCredential,
    work: impl AsyncFnOnce(&Harness<'_>) -> T,
) -> T {
    let access = access(server, credential);
    run(async {
        let http = http(20);
        work(&Harness::new(&http, &access)).await
    })
}

fn defaults(server: &HarnessServer, module: Module) -> Result<Fields, HarnessError> {
    with(server, async |harness| harness.defaults(module, K8).await)
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(field, value): &(&str, &str)| ((*field).to_owned(), (*value).to_owned());
    fields.iter().map(own).collect()
}

fn texts(fields: &Fields) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(field, value)| (field.clone(), value.as_text().unwrap().to_owned()))
        .collect()
}

/// Which failure it is, in one word.
fn name(error: &HarnessError) -> &'static str {
    match error.cause {
        Cause::Unauthorised(_) => "unauthorised",
        Cause::Forbidden(..) => "forbidden",
        Cause::Rejected(..) => "rejected",
        Cause::NotFound(_) => "not found",
        Cause::Server(..) => "server",
        Cause::Status(..) => "status",
        Cause::Failure => "failure",
        Cause::NotJson(_) => "not json",
        Cause::Shape(_) => "shape",
        Cause::Http(_) => "http",
        Cause::Stopped { .. } => "stopped",
    }
}

fn json(status: u16, body: &str) -> Fault {
    Fault::Answer(status, "application/json".to_owned(), body.into())
}
