//! What Harness answers: an envelope, a bare map, a failure, or something that is not Harness.
//!
//! Every object is read as an open map of unparsed values: unknown and repeated keys, nesting
//! of any depth and values of other types do no harm where nobody looks.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use url::Url;

use super::context::Context;
use super::error::{Cause, HarnessError, ServerMessage};
use super::paths::Call;
use crate::http::{HeaderMap, Response, Turn};
use crate::model::facts::{FieldValue, Fields, fields};
use crate::model::module::{ApiStyle, Module};
use crate::redact::Secrets;

/// Most errors of a list that are shown.
const MAX_ERRORS: usize = 10;

/// An object whose values are still unparsed; of repeated keys the last one counts.
pub(super) type JsonObject<'a> = BTreeMap<String, &'a RawValue>;

/// The fields of any answer, as a module's read would find them and without the secrets: a way in
/// for the fuzz targets.
///
/// # Errors
/// [`HarnessError`] as for a read.
pub fn fields_of(
    module: Module,
    status: u16,
    body: Vec<u8>,
    url: Url,
    secrets: &Secrets,
) -> Result<Fields, HarnessError> {
    let response = Response::new(status, HeaderMap::new(), body, url);
    let context = Context {
        call: Call::Overrides,
        module: Some(module),
        infra: None,
        subject: None,
        turn: Turn::Waits,
        endpoint: &response.url,
        credential: "api_key",
        secrets,
    };
    fields(
        &response,
        module.api().map_or(ApiStyle::Envelope, |api| api.style),
        &context,
    )
}

/// The fields of a read.
pub(super) fn fields(
    response: &Response,
    style: ApiStyle,
    context: &Context<'_>,
) -> Result<Fields, HarnessError> {
    let data = match data(response, style, context)? {
        Some(data) => data,
        None => return Ok(Fields::new()),
    };
    let Some(map) = object(data) else {
        let what = format!("{} in place of the fields", kind(data.get()));
        return Err(context.shape(what));
    };
    Ok(map
        .into_iter()
        .filter_map(|(field, raw)| Some((field, fields::value(raw.get())?)))
        .map(|(field, value)| match value {
            FieldValue::Text(text) => {
                let text = context.secrets.redact(&text).into_owned();
                (field, FieldValue::Text(text))
            }
            FieldValue::Other(_) => (field, value),
        })
        .collect())
}

/// The payload of a successful read; `None` if it is null or absent.
pub(super) fn data<'a>(
    response: &'a Response,
    style: ApiStyle,
    context: &Context<'_>,
) -> Result<Option<&'a RawValue>, HarnessError> {
    let body = successful(response, context)?;
    if is_null(body) && style == ApiStyle::Bare {
        return Ok(None);
    }
    let Some(map) = object(body) else {
        let what = format!("{} in place of an object", kind(body.get()));
        return Err(context.shape(what));
    };
    match (status(&map), style) {
        (Some(true), _) => Ok(map.get("data").copied().filter(|data| !is_null(data))),
        (Some(false), _) => Err(failure(response, &map, context)),
        (None, ApiStyle::Bare) => Ok(Some(body)),
        (None, ApiStyle::Envelope) => {
            let server = server_message(&map, context);
            let error = context.shape("it has no `status`");
            Err(HarnessError { server, ..error })
        }
    }
}

/// Whether a write has succeeded: any success that is not an envelope saying otherwise.
pub(super) fn written(response: &Response, context: &Context<'_>) -> Result<(), HarnessError> {
    if response.is_success() && response.body.trim_ascii().is_empty() {
        return Ok(());
    }
    let body = successful(response, context)?;
    let says_no = |raw: &RawValue| raw.get() == "false";
    if let Some(map) = object(body) {
        let refuses =
            status(&map) == Some(false) || map.get("data").is_some_and(|raw| says_no(raw));
        return if refuses {
            Err(failure(response, &map, context))
        } else {
            Ok(())
        };
    }
    match body.get() {
        "true" | "null" => Ok(()),
        "false" => Err(failure(response, &JsonObject::new(), context)),
        other => {
            let what = format!("{} in place of `true`", kind(other));
            Err(context.shape(what))
        }
    }
}

/// The JSON of an answer with a successful status.
fn successful<'a>(
    response: &'a Response,
    context: &Context<'_>,
) -> Result<&'a RawValue, HarnessError> {
    let json = parse(&response.body);
    if response.is_success() {
        return json.ok_or_else(|| context.error(Cause::NotJson(not_json(response, context))));
    }
    Err(match json.and_then(object) {
        Some(map) => failure(response, &map, context),
        None => {
            let server = ServerMessage {
                message: (!response.body.trim_ascii().is_empty())
                    .then(|| format!("the answer is {}", not_json(response, context))),
                correlation_id: None,
            };
            context.failure(response.status, server, &[], false)
        }
    })
}

/// The failure that an error object, with its HTTP status, stands for.
pub(super) fn failure(
    response: &Response,
    map: &JsonObject<'_>,
    context: &Context<'_>,
) -> HarnessError {
    let checks: Vec<String> = list(map, "failedPermissionChecks")
        .iter()
        .filter_map(|raw| match object(raw) {
            Some(check) => text(&check, "permission"),
            None => serde_json::from_str(raw.get()).ok(),
        })
        .take(MAX_ERRORS)
        .collect();
    context.failure(response.status, server_message(map, context), &checks, true)
}

/// What an error object says, as it may be shown.
fn server_message(map: &JsonObject<'_>, context: &Context<'_>) -> ServerMessage {
    let mut parts: Vec<String> = Vec::new();
    let nested = || {
        list(map, "responseMessages")
            .into_iter()
            .find_map(|raw| text(&object(raw)?, "message"))
    };
    parts.extend(
        text(map, "message")
            .or_else(nested)
            .or_else(|| text(map, "detailedMessage"))
            .or_else(|| text(map, "code")),
    );
    for raw in list(map, "errors").into_iter().take(MAX_ERRORS) {
        let Some(entry) = object(raw) else {
            continue;
        };
        match (text(&entry, "fieldId"), text(&entry, "error")) {
            (Some(field), Some(error)) => parts.push(format!("{field}: {error}")),
            (field, error) => parts.extend(field.or(error)),
        }
    }
    ServerMessage {
        message: (!parts.is_empty()).then(|| context.shown(&parts.join("; "))),
        correlation_id: text(map, "correlationId").map(|id| context.shown(&id)),
    }
}

/// Whether an object's `status` says success; `None` if it is no envelope.
fn status(map: &JsonObject<'_>) -> Option<bool> {
    let status = text(map, "status")?;
    match status.to_ascii_uppercase().as_str() {
        "SUCCESS" => Some(true),
        "ERROR" | "FAILURE" => Some(false),
        // A field of that name in a bare map, unless the rest is an envelope's.
        _ => (map.contains_key("correlationId") || map.contains_key("data")).then_some(false),
    }
}

/// A JSON text; a byte order mark before it is passed over.
fn parse(body: &[u8]) -> Option<&RawValue> {
    serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()
}

/// The members of an object; `None` if it is none.
pub(super) fn object(raw: &RawValue) -> Option<JsonObject<'_>> {
    serde_json::from_str(raw.get()).ok()
}

/// The members of a member that is an object.
pub(super) fn member<'a>(map: &JsonObject<'a>, key: &str) -> Option<JsonObject<'a>> {
    object(map.get(key)?)
}

/// A member that is a text and not blank.
pub(super) fn text(map: &JsonObject<'_>, key: &str) -> Option<String> {
    let text: String = serde_json::from_str(map.get(key)?.get()).ok()?;
    (!text.trim().is_empty()).then_some(text)
}

/// The entries of a member that is a list; of anything else none.
pub(super) fn list<'a>(map: &JsonObject<'a>, key: &str) -> Vec<&'a RawValue> {
    map.get(key)
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

/// What a JSON value is, in words.
fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b't' | b'f') => "`true` or `false`",
        Some(b'n') => "`null`",
        _ => "a number",
    }
}

/// What an answer is that is no JSON, in words.
fn not_json(response: &Response, context: &Context<'_>) -> String {
    let body = String::from_utf8_lossy(&response.body);
    let body = body.trim();
    if body.is_empty() {
        return "empty".to_owned();
    }
    if body.starts_with(['{', '[']) {
        return "cut short or garbled".to_owned();
    }
    let lower = body.to_ascii_lowercase();
    if !lower.contains("<html") && !lower.starts_with("<!doctype") {
        return "some other text".to_owned();
    }
    let title = lower
        .split_once("<title>")
        .and_then(|(before, rest)| {
            let title = body.get(before.len()..)?.get("<title>".len()..)?;
            title.get(..rest.find("</title>")?)
        })
        .map(|title| context.shown(title))
        .filter(|title| !title.is_empty());
    match title {
        Some(title) => format!("a web page (“{title}”)"),
        None => "a web page".to_owned(),
    }
}
