//! One request over the wire, and its answer.

use reqwest::{Client, Method, StatusCode};

use super::body::{Bodies, Body, MAX_LARGE};
use super::{HttpError, Request, Response};

/// How much is kept of an answer with an error status, in bytes.
const MAX_FAILURE_BYTES: usize = 64 << 10;

/// Sends a request once and reads the answer, up to the request's limit.
pub(super) async fn exchange(
    client: &Client,
    request: &Request,
    host: &str,
    bodies: &Bodies,
) -> Result<Response, HttpError> {
    let mut builder = client.request(request.method.clone(), request.url.clone());
    for (name, value) in &request.headers {
        builder = builder.header(name.clone(), value.clone());
    }
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    let failed = |error| HttpError::from_client(error, host);
    let mut answer = builder.send().await.map_err(failed)?;
    let status = answer.status();
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(HttpError::proxy_login(host));
    }
    let is_failure = status.is_client_error() || status.is_server_error();
    let headers = std::mem::take(answer.headers_mut());
    let mut body = Body::new(bodies);
    if request.method != Method::HEAD {
        let max = request.max_body.min(MAX_LARGE);
        let too_large = || HttpError::TooLarge {
            host: host.to_owned(),
            max,
        };
        let _place = bodies.place().await;
        let announced = answer.content_length().unwrap_or_default();
        if !is_failure && usize::try_from(announced).map_or(true, |bytes| bytes > max) {
            return Err(too_large());
        }
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend(&chunk).await,
                Ok(None) => break,
                // The status says enough.
                Err(_) if is_failure => break,
                Err(error) => return Err(failed(error)),
            }
            if is_failure {
                if body.bytes.len() > MAX_FAILURE_BYTES {
                    body.bytes.truncate(MAX_FAILURE_BYTES);
                    break;
                }
            } else if body.bytes.len() > max {
                return Err(too_large());
            }
        }
    }
    Ok(Response {
        status: status.as_u16(),
        headers,
        body: body.bytes,
        _room: body.room,
        url: request.url.clone(),
    })
}
