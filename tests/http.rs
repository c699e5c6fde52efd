//! The HTTP client against servers that misbehave.

mod answers;
mod network;
mod retries;

use std::path::PathBuf;
use std::time::Duration;

use harness_images::http::{
    HeaderName, HeaderValue, Http, HttpError, Method, Redirect, Request, Response,
};
use harness_images::redact::Secrets;
use harness_images::settings::Network;
use jiff::Timestamp;
use support::raw_server::{RawServer, Refusing, Reply, answer};
use support::runtime::run;
use tokio::time::Instant;
use url::Url;

const KEY: &str = "pat.acme.0123456789.topsecret";

fn client(network: &Network, seconds: u64) -> Http {
    let secrets = Secrets::default();
    secrets.add(KEY);
    let deadline = Instant::now() + Duration::from_secs(seconds);
    Http::new(network, 4, deadline, secrets).unwrap()
}

fn url(server: &RawServer) -> Url {
    format!("http://{}/v2/list?token=hidden", server.address)
        .parse()
        .unwrap()
}

fn key() -> (HeaderName, HeaderValue) {
    (
        HeaderName::from_static("x-api-key"),
        HeaderValue::from_static(KEY),
    )
}

fn send(request: Request, seconds: u64) -> Result<Response, HttpError> {
    run(async { client(&Network::default(), seconds).send(request).await })
}

fn get(server: &RawServer, seconds: u64) -> Result<Response, HttpError> {
    send(Request::get(url(server)), seconds)
}

fn pem() -> String {
    std::fs::read_to_string(tls("ca.pem")).unwrap()
}

fn tls(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/data/tls", name]
        .iter()
        .collect()
}
