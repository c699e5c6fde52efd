//! The bodies of answers, as documented.

use serde_json::{Value, json};

use super::ACCOUNT;
use super::faults::Call;
use super::wire::Answer;

pub(super) const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>";

pub(super) fn json_answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        content_type: "application/json".to_owned(),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    }
}

pub(super) fn page(status: u16) -> Answer {
    Answer {
        status,
        content_type: "text/html".to_owned(),
        headers: Vec::new(),
        body: PAGE.as_bytes().to_vec(),
    }
}

/// The envelope of a success; without `data` if there is none.
pub(super) fn success(id: &str, data: Option<Value>) -> Answer {
    let mut body = json!({"status": "SUCCESS", "metaData": null, "correlationId": id});
    if let Some(data) = data {
        body["data"] = data;
    }
    json_answer(200, &body)
}

/// 400, naming what is wrong.
pub(super) fn invalid(id: &str, field: &str, error: &str) -> Answer {
    json_answer(
        400,
        &json!({
            "status": "FAILURE", "code": "INVALID_REQUEST",
            "message": format!("Invalid request: {field} {error}"),
            "correlationId": id,
            "errors": [{"fieldId": field, "error": error}],
        }),
    )
}

/// 403, naming the permission that the call needs.
pub(super) fn forbidden(id: &str, call: Call) -> Answer {
    let (permission, resource) = call.permission();
    json_answer(
        403,
        &json!({
            "status": "ERROR", "code": "NG_ACCESS_DENIED",
            "message": format!("Missing permission {permission} on {}", resource.to_lowercase()),
            "correlationId": id, "detailedMessage": null, "responseMessages": [],
            "failedPermissionChecks": [{
                "permission": permission, "resourceType": resource, "resourceIdentifier": ACCOUNT,
            }],
        }),
    )
}

/// The documented error of a status.
pub(super) fn error(id: &str, status: u16) -> Answer {
    let (code, message) = match status {
        400 => return invalid(id, "infra", "is not valid"),
        401 => (
            "INVALID_TOKEN",
            "Invalid call: Invalid token or token expired",
        ),
        404 => ("RESOURCE_NOT_FOUND", "HTTP 404 Not Found"),
        415 => ("UNSUPPORTED_MEDIA_TYPE", "HTTP 415 Unsupported Media Type"),
        500 => (
            "UNKNOWN_ERROR",
            "Oops, something went wrong on our end. Please contact Harness Support.",
        ),
        502..=504 => return page(status),
        _ => ("UNKNOWN_ERROR", "Something is wrong"),
    };
    json_answer(
        status,
        &json!({
            "status": "ERROR", "code": code, "message": message, "correlationId": id,
            "detailedMessage": null, "metadata": null,
            "responseMessages": [{
                "code": code, "level": "ERROR", "message": message, "exception": null, "failureTypes": [],
            }],
        }),
    )
}
