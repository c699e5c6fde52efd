//! Who calls Harness, for which account, and where.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::address;
use super::environment::Environment;
use super::problems::{Complaint, Problems};
use super::raw::Raw;
use super::{Credential, HarnessAccess};
use crate::model::facts::Notice;
use crate::model::warning::WarningCode;

/// Where Harness is unless the settings say otherwise.
const ENDPOINT: &str = "https://app.harness.io";

/// Where the key comes from if the step sets none.
const KEY_VARIABLE: &str = "HARNESS_PLATFORM_API_KEY";

/// What the settings say about Harness.
pub(super) struct Access {
    /// `None` if a snapshot is judged, or if something is wrong.
    pub(super) harness: Option<HarnessAccess>,
    /// The account, if known.
    pub(super) account: Option<String>,
}

/// Reads key, account and endpoint. Where a snapshot is judged none is needed, but what the step
/// sets is checked all the same; where it `is_optional`, nothing is said of what is not set.
pub(super) fn access(
    raw: &Raw,
    environment: &Environment,
    is_optional: bool,
    problems: &mut Problems,
) -> Access {
    let endpoint = endpoint(raw, environment, problems);
    let credential = credential(raw, environment, is_optional, problems);
    let is_unused = is_optional && credential.is_none();
    let account = account(raw, environment, credential.as_ref(), is_unused, problems);
    if raw.snapshot.is_some() {
        let harness = None;
        return Access { harness, account };
    }
    let harness = credential.zip(account.clone()).zip(endpoint).map(
        |((credential, account_id), endpoint)| HarnessAccess {
            credential,
            account_id,
            endpoint,
        },
    );
    Access { harness, account }
}

fn endpoint(raw: &Raw, environment: &Environment, problems: &mut Problems) -> Option<Url> {
    let read = |text: &str| Ok(address::without_closing(address::base(text)?, "/gateway"));
    if raw.endpoint.is_some() || raw.snapshot.is_some() {
        return problems.check("endpoint", raw.endpoint.as_deref(), read);
    }
    let variable = "HARNESS_ENDPOINT";
    let text = environment.text(variable).unwrap_or(ENDPOINT);
    problems.check("endpoint", Some(text), |text| {
        read(text).map_err(|complaint| taken_from(variable, complaint))
    })
}

fn credential(
    raw: &Raw,
    environment: &Environment,
    is_optional: bool,
    problems: &mut Problems,
) -> Option<Credential> {
    let bearer = problems.check("bearer_token", raw.bearer_token.as_deref(), token);
    let key = problems.check("api_key", raw.api_key.as_deref(), token);
    if raw.bearer_token.is_some() && raw.api_key.is_some() {
        problems.add(
            "bearer_token",
            "set together with `api_key`; keep one of them",
        );
        return None;
    }
    if raw.bearer_token.is_some() {
        return bearer.map(Credential::Bearer);
    }
    if raw.api_key.is_some() {
        return key.map(Credential::ApiKey);
    }
    if raw.snapshot.is_some() {
        return None;
    }
    let variable = KEY_VARIABLE;
    if environment.is_garbled(variable) {
        problems.add("api_key", format!("{variable} is not valid UTF-8 text"));
        return None;
    }
    if environment.text(variable).is_none() && !is_optional {
        problems.add(
            "api_key",
            "missing; set it from a secret (or `bearer_token`, or the variable \
             HARNESS_PLATFORM_API_KEY), or judge a file with `snapshot`",
        );
    }
    problems
        .check("api_key", environment.text(variable), |text| {
            token(text).map_err(|complaint| taken_from(variable, complaint))
        })
        .map(Credential::ApiKey)
}

/// A key or token that can be sent as a header.
fn token(text: &str) -> Result<SecretString, Complaint> {
    if text.starts_with("<+") || text.starts_with("${") {
        return Err("still an expression; the runner did not put the secret in its place".into());
    }
    if text.contains(' ') {
        return Err("it holds a space; give the token alone, without a word before it".into());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it holds line ends or characters that no key has; copy it again".into());
    }
    Ok(SecretString::from(text))
}

/// The account that the step names, else the environment, else the key.
fn account(
    raw: &Raw,
    environment: &Environment,
    credential: Option<&Credential>,
    is_unused: bool,
    problems: &mut Problems,
) -> Option<String> {
    let variable = "HARNESS_ACCOUNT_ID";
    let of_key = credential.and_then(account_of);
    if raw.account_id.is_none() && (raw.snapshot.is_some() || is_unused) {
        return None;
    }
    let given = raw
        .account_id
        .as_deref()
        .or_else(|| environment.text(variable));
    if given.is_none() && of_key.is_none() {
        let is_unusable = raw.api_key.is_some()
            || raw.bearer_token.is_some()
            || environment.text(KEY_VARIABLE).is_some()
            || environment.is_garbled(KEY_VARIABLE);
        if credential.is_none() && is_unusable {
            // Once the key is mended it may tell the account.
            return None;
        }
        let text = format!("missing; set it or {variable}, since no key tells it");
        problems.add("account_id", text);
        return None;
    }
    if given.is_some_and(|given| of_key.as_deref().is_some_and(|of_key| given != of_key)) {
        let hint = "`account_id` is not the account that the key was made for";
        problems.hints.push(Notice {
            code: WarningCode::AccountDiffers,
            message: hint.to_owned(),
        });
    }
    let read = |text: &str| match text {
        text if is_account(text) => Ok(text.to_owned()),
        _ => Err(Complaint::from(
            "may hold letters, digits, `_` and `-` only",
        )),
    };
    match given {
        Some(_) if raw.account_id.is_some() => problems.check("account_id", given, read),
        Some(_) => problems.check("account_id", given, |text| {
            read(text).map_err(|complaint| taken_from(variable, complaint))
        }),
        None => of_key,
    }
}

/// Keys look like `pat.<account>.<id>.<secret>` or `sat.…`.
fn account_of(credential: &Credential) -> Option<String> {
    let (Credential::ApiKey(key) | Credential::Bearer(key)) = credential;
    let parts: Vec<&str> = key.expose_secret().split('.').collect();
    match parts.as_slice() {
        ["pat" | "sat", account, _, _] if is_account(account) => Some((*account).to_owned()),
        _ => None,
    }
}

fn is_account(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.len() <= 128 && text.bytes().all(allowed)
}

fn taken_from(variable: &str, complaint: Complaint) -> Complaint {
    let from = |text: String| format!("{text} (taken from the variable {variable})");
    Complaint(complaint.0.into_iter().map(from).collect())
}
