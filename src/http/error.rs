//! Why there is no answer, in words that name the host and the fix.

use std::error::Error;
use std::io;

use rustls::CertificateError;

/// Why a request got no answer. The texts name hosts, never paths, queries or userinfo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The run's time, or the request's own, was up.
    #[error(
        "{host} did not answer in time; `timeout` (seconds) is the time that the whole run has"
    )]
    Deadline {
        /// Host asked.
        host: String,
        /// Whether the request may have been sent before.
        sent: bool,
    },
    /// The host has asked for a pause that is longer than the time left; nothing was sent.
    #[error(
        "{host} asks for a pause that is longer than the time left; raise `timeout`, or lower `concurrency`"
    )]
    Throttled {
        /// Host that asked for a pause.
        host: String,
    },
    /// The limit of requests by the minute leaves no time for this one; nothing was sent.
    #[error(
        "`requests_per_minute` leaves no time for another request to {host}; raise it (Harness allows 1,000 a minute for each key, 400 of some), or `timeout`"
    )]
    RateLimited {
        /// Host to be asked.
        host: String,
    },
    /// No connection.
    #[error("cannot reach {host}: {reason}")]
    Connect {
        /// Host asked.
        host: String,
        /// What the system said, and the fix.
        reason: String,
    },
    /// A connection, but no trust.
    #[error("{host} cannot be trusted: {reason}")]
    Tls {
        /// Host asked.
        host: String,
        /// What is wrong with the certificate or the handshake, and the fix.
        reason: String,
    },
    /// No answer, or one that is cut short or garbled.
    #[error(
        "{host} closed the connection: {reason}; if that persists, a proxy or firewall may be in between (`enable_proxy`)"
    )]
    Broken {
        /// Host asked.
        host: String,
        /// What was noticed.
        reason: String,
    },
    /// The answer is larger than any that makes sense.
    #[error("{host} answers more than {max} bytes; is that the right address?")]
    TooLarge {
        /// Host asked.
        host: String,
        /// The limit, in bytes.
        max: usize,
    },
    /// A redirect to another origin, which must not get the credentials.
    #[error(
        "{host} redirects to {to}, and credentials are not taken there; if that is the right address, set it"
    )]
    Redirected {
        /// Host asked.
        host: String,
        /// Scheme and host of the redirect's target.
        to: String,
    },
    /// Redirects without end.
    #[error("{host} redirects too often; is that the right address?")]
    TooManyRedirects {
        /// Host asked last.
        host: String,
    },
    /// `ca_cert` holds no usable certificate.
    #[error(
        "`ca_cert` {reason}; it takes PEM text (-----BEGIN CERTIFICATE-----), or the path of such a file"
    )]
    Certificates {
        /// What is wrong with it.
        reason: String,
    },
    /// A proxy's address is none.
    #[error("`{setting}` is no proxy address; it looks like `http://proxy.example.com:3128`")]
    Proxy {
        /// The setting or variable: `http_proxy` or `https_proxy`.
        setting: &'static str,
    },
    /// The client or the request could not be made; nothing was sent.
    #[error("cannot ask {host}: {reason}")]
    Request {
        /// Host to be asked.
        host: String,
        /// What is wrong.
        reason: String,
    },
}

const PROXY_LOGIN: &str = "the proxy requires authentication; put it into the proxy's address (http://user:password@proxy)";

impl HttpError {
    /// The proxy requires authentication (407), which no server behind it does.
    pub(super) fn proxy_login(host: &str) -> Self {
        Self::Connect {
            host: host.to_owned(),
            reason: PROXY_LOGIN.to_owned(),
        }
    }

    /// Whether a write may have reached the server: `false` only if it certainly did not.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Deadline { sent, .. } => *sent,
            Self::Broken { .. }
            | Self::TooLarge { .. }
            | Self::Redirected { .. }
            | Self::TooManyRedirects { .. } => true,
            Self::Throttled { .. }
            | Self::RateLimited { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Certificates { .. }
            | Self::Proxy { .. }
            | Self::Request { .. } => false,
        }
    }

    /// What the client says about a request that it could not send, or that got no answer.
    pub(super) fn from_client(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let host = host.to_owned();
        let reason = innermost(&error);
        if let Some(cause) = find::<rustls::Error>(&error) {
            return Self::Tls {
                host,
                reason: tls_reason(cause),
            };
        }
        if error.is_builder() {
            return Self::Request { host, reason };
        }
        if !error.is_connect() {
            return Self::Broken { host, reason };
        }
        let reason = if error.is_dns() {
            "its name is unknown; check the address, or use a proxy (`enable_proxy`)".to_owned()
        } else if error.is_timeout() {
            "no connection within ten seconds; check the address, or use a proxy (`enable_proxy`)"
                .to_owned()
        } else if let Some(cause) = find::<io::Error>(&error)
            && cause.kind() == io::ErrorKind::ConnectionRefused
        {
            "connection refused; check the address and port, or use a proxy (`enable_proxy`)"
                .to_owned()
        } else if reason.contains("handshake") {
            "the connection ended within the TLS handshake; a firewall may be in between, or the address is meant to begin with http://".to_owned()
        } else if reason.contains("proxy auth") {
            PROXY_LOGIN.to_owned()
        } else if reason.contains("tunnel") {
            format!("the proxy refuses ({reason}); `no_proxy` names hosts that need none")
        } else {
            format!("{reason}; check the address, or use a proxy (`enable_proxy`)")
        };
        Self::Connect { host, reason }
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "the library may add kinds")]
fn tls_reason(error: &rustls::Error) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, UnknownIssuer,
    };
    match error {
        rustls::Error::InvalidCertificate(UnknownIssuer) => {
            "its certificate comes from an unknown authority; give that authority's certificate as `ca_cert`".to_owned()
        }
        rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            "its certificate is for another name; check the address".to_owned()
        }
        rustls::Error::InvalidCertificate(
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. },
        ) => "its certificate has expired or is not valid yet; check the clock, or renew it".to_owned(),
        rustls::Error::InvalidCertificate(CertificateError::Other(cause)) => format!(
            "its certificate is not one for a server ({cause}); give that very certificate as `ca_cert`"
        ),
        rustls::Error::InvalidMessage(_) => {
            "it does not speak TLS; is the address meant to begin with http://?".to_owned()
        }
        other => other.to_string(),
    }
}

/// The first cause of a type, also where an I/O error wraps it.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref::<E>())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}

/// An error and its causes, outermost first; a bounded number.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| -> &'a (dyn Error + 'static) { inner });
        wrapped.or_else(|| error.source())
    })
    .take(16)
}
