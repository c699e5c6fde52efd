//! Who calls Harness, for which account, and where: settings, else the environment, else the key.

use secrecy::ExposeSecret;
use url::Url;

use crate::model::warning::WarningCode;
use crate::settings::access::{account_id, endpoint, is_account, token};
use crate::settings::environment::Environment;
use crate::settings::problems::{Invalid, Problems};
use crate::settings::table::{Raw, Values};
use crate::settings::values::{HarnessAccess, HarnessCredential};

/// Where Harness is unless the settings say otherwise.
const ENDPOINT: &str = "https://app.harness.io";

/// Where the key comes from if the step sets none.
const KEY_VARIABLE: &str = "HARNESS_PLATFORM_API_KEY";

/// Puts key, account and endpoint together: how to reach Harness, `None` if a snapshot is judged or something is wrong,
/// and the account, if known. Where a snapshot is judged none is needed, but what the
/// step sets is checked anyway; where it `is_optional`, what is not set is no problem.
pub(super) fn access(
    raw: &Raw,
    values: &mut Values,
    environment: &Environment,
    is_optional: bool,
    problems: &mut Problems,
) -> (Option<HarnessAccess>, Option<String>) {
    let is_live = raw.snapshot.is_none();
    let endpoint = match (values.endpoint.take(), &raw.endpoint) {
        (None, None) if is_live => endpoint_of(environment, problems),
        (given, _) => given,
    };
    let credential = credential(raw, values, environment, is_optional, problems);
    let is_unused = is_optional && credential.is_none();
    let account = account(
        raw,
        values.account_id.take(),
        environment,
        credential.as_ref(),
        is_unused,
        problems,
    );
    let harness = credential
        .zip(account.clone())
        .zip(endpoint)
        .filter(|_| is_live)
        .map(|((credential, account_id), endpoint)| HarnessAccess {
            credential,
            account_id,
            endpoint,
        });
    (harness, account)
}

fn endpoint_of(environment: &Environment, problems: &mut Problems) -> Option<Url> {
    let variable = "HARNESS_ENDPOINT";
    let text = environment.text(variable).unwrap_or(ENDPOINT);
    problems.check("endpoint", Some(taken_from(variable, endpoint(text))))
}

fn credential(
    raw: &Raw,
    values: &mut Values,
    environment: &Environment,
    is_optional: bool,
    problems: &mut Problems,
) -> Option<HarnessCredential> {
    let (bearer, key) = (values.bearer_token.take(), values.api_key.take());
    if raw.bearer_token.is_some() && raw.api_key.is_some() {
        problems.add(
            "bearer_token",
            "set together with `api_key`; keep one of them",
        );
        return None;
    }
    if raw.bearer_token.is_some() {
        return bearer.map(HarnessCredential::Bearer);
    }
    if raw.api_key.is_some() {
        return key.map(HarnessCredential::ApiKey);
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
    let text = environment.text(variable);
    let key = text.map(|text| taken_from(variable, token(text)));
    problems
        .check("api_key", key)
        .map(HarnessCredential::ApiKey)
}

/// The account that the step names, else the environment, else the key.
fn account(
    raw: &Raw,
    given: Option<String>,
    environment: &Environment,
    credential: Option<&HarnessCredential>,
    is_unused: bool,
    problems: &mut Problems,
) -> Option<String> {
    let variable = "HARNESS_ACCOUNT_ID";
    let of_key = credential.and_then(account_of);
    let is_set = raw.account_id.is_some();
    if !is_set && (raw.snapshot.is_some() || is_unused) {
        return None;
    }
    let of_environment = environment.text(variable).filter(|_| !is_set);
    if !is_set && of_environment.is_none() && of_key.is_none() {
        let is_unusable = raw.api_key.is_some()
            || raw.bearer_token.is_some()
            || environment.text(KEY_VARIABLE).is_some()
            || environment.is_garbled(KEY_VARIABLE);
        if credential.is_none() && is_unusable {
            // Once the key is right it may name the account.
            return None;
        }
        let text = format!("missing; set it or {variable}, since no key names it");
        problems.add("account_id", text);
        return None;
    }
    let named = raw.account_id.as_deref().or(of_environment);
    if let (Some(of_key), Some(named)) = (of_key.as_deref(), named)
        && of_key != named
    {
        let hint = "`account_id` is not the account that the key was made for";
        problems.hint(WarningCode::AccountDiffers, hint.to_owned());
    }
    if is_set {
        return given;
    }
    match of_environment {
        Some(text) => problems.check("account_id", Some(taken_from(variable, account_id(text)))),
        None => of_key,
    }
}

/// Keys look like `pat.<account>.<id>.<secret>` or `sat.…`.
fn account_of(credential: &HarnessCredential) -> Option<String> {
    let (HarnessCredential::ApiKey(key) | HarnessCredential::Bearer(key)) = credential;
    let parts: Vec<&str> = key.expose_secret().split('.').collect();
    match parts.as_slice() {
        ["pat" | "sat", account, _, _] if is_account(account) => Some((*account).to_owned()),
        _ => None,
    }
}

/// Names the variable where what it holds is wrong.
fn taken_from<T>(variable: &str, read: Result<T, Invalid>) -> Result<T, Invalid> {
    let from = |text| format!("{text} (taken from the variable {variable})");
    read.map_err(|invalid| invalid.map(from))
}
