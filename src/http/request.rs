//! One request and its answer.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::body::Room;
use super::rate_limit::{RateLimit, Turn};

/// Largest body of an answer unless a request says otherwise, in bytes.
const MAX_BODY: usize = 8 << 20;

/// One request. Its deadline is the run's unless it has one of its own.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to; without userinfo.
    pub url: Url,
    /// Headers; values that are secret are marked sensitive.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body, for writes.
    pub body: Option<Vec<u8>>,
    /// Largest body of the answer, in bytes.
    pub max_body: usize,
    /// Whether it may be sent again.
    pub retry: Retry,
    /// How far redirects are followed.
    pub redirect: Redirect,
    /// When to give up, if not at the end of the run.
    pub deadline: Option<Instant>,
    /// Whether known secrets are taken out of the answer's body.
    pub is_redacted: bool,
    /// The limit that it counts against, and whether it waits for its turn.
    pub rate: Option<(Arc<RateLimit>, Turn)>,
}

/// Whether a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It only reads: sent again while that may help and time is left.
    Read,
    /// One of many reads: while the server says that there are too many (429), again until the
    /// deadline, since a limit by the minute need not say how long to wait; less often than
    /// [`Retry::Read`] where the server itself fails.
    Patient,
    /// It may change something: sent once.
    Never,
}

/// How far redirects are followed; five hops at most, and never from `https` to `http`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Within the same scheme, host and port only.
    SameOrigin,
    /// Also to other origins, which get no credentials.
    DropCredentials,
}

impl Request {
    /// A read with `GET`.
    pub fn get(url: Url) -> Self {
        Self::read(Method::GET, url)
    }

    /// A read with `HEAD`.
    pub fn head(url: Url) -> Self {
        Self::read(Method::HEAD, url)
    }

    /// A write: sent once.
    pub fn write(method: Method, url: Url, body: Option<Vec<u8>>) -> Self {
        Self {
            body,
            retry: Retry::Never,
            ..Self::read(method, url)
        }
    }

    fn read(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: None,
            max_body: MAX_BODY,
            retry: Retry::Read,
            redirect: Redirect::SameOrigin,
            deadline: None,
            is_redacted: true,
            rate: None,
        }
    }

    /// Makes it count against a limit, each time that it is sent.
    #[must_use]
    pub fn rate(mut self, limit: Arc<RateLimit>, turn: Turn) -> Self {
        self.rate = Some((limit, turn));
        self
    }

    /// Sets whether it may be sent again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a header whose value is secret: it is never shown and never leaves the origin.
    #[must_use]
    pub fn secret_header(self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.header(name, value)
    }

    /// Sets the maximum size of the body of the answer, in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how far redirects are followed.
    #[must_use]
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// Sets when to give up, in place of the run's end.
    #[must_use]
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Leaves known secrets in the answer's body: for answers that hand out a token, which may be one that
    /// is already known.
    #[must_use]
    pub fn unredacted(mut self) -> Self {
        self.is_redacted = false;
        self
    }

    /// Removes everything that only the first origin may see.
    pub(super) fn drop_credentials(&mut self) {
        self.headers.retain(|(name, value)| {
            !value.is_sensitive()
                && *name != AUTHORIZATION
                && *name != COOKIE
                && !name.as_str().eq_ignore_ascii_case("x-api-key")
        });
    }
}

/// The last answer to a request, whatever its status.
#[derive(Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers as received: redact what is shown of them.
    pub headers: HeaderMap,
    /// The body, without known secrets unless the request was [`Request::unredacted`]. Of an answer with
    /// an error status only the beginning is kept.
    pub body: Vec<u8>,
    /// The room that the body takes of the run's.
    pub(super) _room: Room,
    /// Where the answer came from, after redirects.
    pub url: Url,
}

impl Response {
    /// An answer that did not come from the network, as tests make them.
    pub fn new(status: u16, headers: HeaderMap, body: Vec<u8>, url: Url) -> Self {
        Self {
            status,
            headers,
            body,
            _room: None,
            url,
        }
    }

    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the status is 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
