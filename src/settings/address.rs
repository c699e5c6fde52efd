//! Bases of HTTP services: Harness, Docker Hub's web API, a registry.

use url::Url;

use super::problems::Invalid;

/// Reads a base: `https://` where no scheme is written, no credentials, no query, no closing
/// slash. `http://` is kept only where it is written.
pub(super) fn base(text: &str) -> Result<Url, Invalid> {
    let expected = "must be a host such as app.harness.io, or an http(s) URL";
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), text),
    };
    if scheme != "http" && scheme != "https" {
        return Err(format!("its scheme is neither http nor https; it {expected}").into());
    }
    if rest.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(format!("it holds white space or a backslash; it {expected}").into());
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("credentials do not belong in a URL; there are settings of their own".into());
    }
    if !authority.is_ascii() {
        return Err("a host name beyond ASCII must be written as `xn--…` here".into());
    }
    if rest.contains(['?', '#']) {
        return Err("a query or fragment does not belong here; give the base alone".into());
    }
    if authority.is_empty() || authority.ends_with(':') {
        return Err(expected.into());
    }
    let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| expected)?;
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(expected.into());
    }
    if url.domain().is_some_and(|name| !is_host_name(name)) {
        return Err(format!("its host is no host name; it {expected}").into());
    }
    strip_slashes(&mut url);
    Ok(url)
}

/// Letters, digits, `-` and, as in the networks of containers, `_`, between single dots.
fn is_host_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.strip_suffix('.')
        .unwrap_or(name)
        .split('.')
        .all(|label| !label.is_empty() && label.bytes().all(is_part))
}

/// Removes a closing part of the path, such as `/gateway`, with the slashes around it.
pub(super) fn without_closing(mut url: Url, part: &str) -> Url {
    if let Some(path) = url.path().strip_suffix(part) {
        let path = path.to_owned();
        url.set_path(&path);
        strip_slashes(&mut url);
    }
    url
}

/// A URL without path still prints one slash.
fn strip_slashes(url: &mut Url) {
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
}
