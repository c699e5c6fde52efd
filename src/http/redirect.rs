//! Redirects: where to go next, and what must not come along.

use reqwest::Method;
use reqwest::header::LOCATION;
use url::Url;

use super::{HttpError, Redirect, Request, Response, host_name};

/// The request that a redirect asks for; `None` if the answer is none. A write never follows one:
/// where it went, and whether it was carried out on the way, would be unknown.
pub(super) fn follow(request: &Request, response: &Response) -> Result<Option<Request>, HttpError> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    if !reads || !matches!(response.status, 301..=303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.header(LOCATION.as_str()) else {
        return Ok(None);
    };
    let Some(target) = target(&request.url, location) else {
        return Ok(None);
    };
    let mut next = request.clone();
    if target.origin() != request.url.origin() {
        let loses_tls = request.url.scheme() == "https" && target.scheme() != "https";
        if request.redirect == Redirect::SameOrigin || loses_tls {
            return Err(HttpError::Redirected {
                host: host_name(&request.url),
                to: format!("{}://{}", target.scheme(), host_name(&target)),
            });
        }
        next.drop_credentials();
    }
    next.url = target;
    Ok(Some(next))
}

/// Where a `Location` leads, without the userinfo that it may bring along.
fn target(from: &Url, location: &str) -> Option<Url> {
    let mut target = from.join(location).ok()?;
    if !matches!(target.scheme(), "http" | "https") {
        return None;
    }
    target.set_username("").ok()?;
    target.set_password(None).ok()?;
    target.set_fragment(None);
    Some(target)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

    use super::*;

    const FROM: &str = "https://a.example/v2/x";

    fn next(
        method: Method,
        redirect: Redirect,
        status: u16,
        to: &str,
    ) -> Result<Option<Request>, HttpError> {
        let value = HeaderValue::from_static("s3cret");
        let request = Request::write(method, FROM.parse().unwrap(), None)
            .redirect(redirect)
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .header(AUTHORIZATION, value.clone())
            .header(HeaderName::from_static("x-api-key"), value.clone())
            .secret_header(HeaderName::from_static("x-other"), value);
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, to.parse().unwrap());
        let url = request.url.clone();
        follow(&request, &Response::new(status, headers, Vec::new(), url))
    }

    #[test]
    fn redirects_are_followed_as_allowed() {
        use Redirect::{DropCredentials, SameOrigin};
        let (get, post) = (Method::GET, Method::POST);
        // The result: an address and the number of headers kept, or the origin refused.
        type Case<'a> = (
            &'a Method,
            Redirect,
            u16,
            &'a str,
            Result<Option<(&'a str, usize)>, &'a str>,
        );
        let cases: &[Case] = &[
            (&get, SameOrigin, 200, "/y", Ok(None)),
            (&get, SameOrigin, 304, "/y", Ok(None)),
            (
                &get,
                SameOrigin,
                302,
                "y?z#f",
                Ok(Some(("https://a.example/v2/y?z", 4))),
            ),
            (
                &get,
                SameOrigin,
                301,
                "https://u:p@a.example:443/y",
                Ok(Some(("https://a.example/y", 4))),
            ),
            (
                &get,
                SameOrigin,
                302,
                "https://b.example/y",
                Err("https://b.example"),
            ),
            (
                &get,
                SameOrigin,
                302,
                "https://a.example:444/y",
                Err("https://a.example:444"),
            ),
            (
                &get,
                SameOrigin,
                302,
                "http://a.example/y",
                Err("http://a.example"),
            ),
            (
                &get,
                DropCredentials,
                302,
                "https://b.example/y",
                Ok(Some(("https://b.example/y", 1))),
            ),
            (
                &get,
                DropCredentials,
                307,
                "//b.example/y",
                Ok(Some(("https://b.example/y", 1))),
            ),
            (
                &get,
                DropCredentials,
                302,
                "http://b.example/y",
                Err("http://b.example"),
            ),
            (&get, DropCredentials, 302, "file:///etc/passwd", Ok(None)),
            (&get, DropCredentials, 302, "http://", Ok(None)),
            (&post, SameOrigin, 302, "/y", Ok(None)),
            (&post, SameOrigin, 308, "/y", Ok(None)),
            (&post, DropCredentials, 307, "https://b.example/y", Ok(None)),
        ];
        for (method, redirect, status, to, expected) in cases {
            let got = next((*method).clone(), *redirect, *status, to);
            match (got, expected) {
                (Ok(None), Ok(None)) => {}
                (Ok(Some(request)), Ok(Some((url, headers)))) => {
                    assert_eq!(
                        (request.url.as_str(), request.headers.len()),
                        (*url, *headers),
                        "{to}"
                    );
                }
                (Err(HttpError::Redirected { to: refused, .. }), Err(origin)) => {
                    assert_eq!(refused, *origin, "{to}");
                }
                _ => panic!("{method} {status} {to}: not {expected:?}"),
            }
        }
    }
}
