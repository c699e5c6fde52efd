//! How a key, an account and the address of Harness are written.

use secrecy::SecretString;
use url::Url;

use super::address;
use super::problems::Invalid;

pub(super) fn endpoint(text: &str) -> Result<Url, Invalid> {
    Ok(address::without_closing(address::base(text)?, "/gateway"))
}

/// A key or token that can be sent as a header.
pub(super) fn token(text: &str) -> Result<SecretString, Invalid> {
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

pub(super) fn account_id(text: &str) -> Result<String, Invalid> {
    if is_account(text) {
        Ok(text.to_owned())
    } else {
        Err("may hold letters, digits, `_` and `-` only".into())
    }
}

pub(super) fn is_account(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.len() <= 128 && text.bytes().all(allowed)
}
