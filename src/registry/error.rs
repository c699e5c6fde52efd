//! Why a registry's answer is of no use, in words that name the host and the setting that fixes it.

use crate::http::HttpError;
use crate::model::image::DOCKER_IO;

use super::credentials::CredentialSource;

/// What to set where a login is needed.
const LOGIN: &str = "`registry_username` and `registry_password`, or `docker_config`";

/// Why a registry's answer is of no use. The texts name hosts, never paths, queries or secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// No answer at all.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The registry requires authentication, and there is no login for it.
    #[error("{host} requires authentication; set {LOGIN} for it")]
    LoginNeeded {
        /// Host asked.
        host: String,
    },
    /// The registry, or its token server, does not accept the login.
    #[error("{host} does not accept the login of {setting}")]
    LoginRefused {
        /// Host that refused.
        host: String,
        /// The setting it comes from.
        setting: CredentialSource,
    },
    /// The repository is not public, or does not exist.
    #[error("{host} refuses to show it: it does not exist, or needs a login; {LOGIN} may hold one")]
    Denied {
        /// Host asked.
        host: String,
    },
    /// The repository is closed to this login, or does not exist.
    #[error(
        "{host} refuses to show it: it does not exist, or the login of {setting} may not read it"
    )]
    Forbidden {
        /// Host asked.
        host: String,
        /// The setting the login comes from.
        setting: CredentialSource,
    },
    /// The challenge offers nothing that can be answered.
    #[error(
        "{host} offers no supported authentication scheme ({offered}); {LOGIN} work with `Basic` and `Bearer`"
    )]
    Challenge {
        /// Host asked.
        host: String,
        /// The schemes it offers.
        offered: String,
    },
    /// The token server is not one to send a login to.
    #[error(
        "{host} names a token server that cannot be trusted ({reason}); nothing was sent there"
    )]
    Realm {
        /// Host asked.
        host: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The token server gave no token.
    #[error("{server}, the token server of {host}, gave no token: {reason}")]
    Token {
        /// The registry.
        host: String,
        /// Host of the token server.
        server: String,
        /// What it did instead.
        reason: String,
    },
    /// A status that helps no further.
    #[error("{host} answered {status}{codes}")]
    Status {
        /// Host asked.
        host: String,
        /// HTTP status.
        status: u16,
        /// Error codes of the answer in brackets, after a space; empty if there are none.
        codes: String,
    },
    /// No address can be made of the registry's name.
    #[error("{host} is no address that can be asked")]
    Address {
        /// The name.
        host: String,
    },
    /// Something else than Docker Hub's web API answered.
    #[error("{host} answered something that is no list of tags; check `hub_endpoint`")]
    Hub {
        /// Host asked.
        host: String,
    },
    /// Something else than a registry answered.
    #[error(
        "{host} answered something that is no {expected}; check that `registry` is a registry's address"
    )]
    Shape {
        /// Host asked.
        host: String,
        /// What was expected.
        expected: &'static str,
    },
}

impl RegistryError {
    /// The error for a status, with a hint where there is one.
    pub(super) fn status(host: &str, status: u16, body: &[u8]) -> Self {
        let host = host.to_owned();
        match status {
            429 => Self::Status {
                codes: format!(" (too many requests): {}", too_many(&host, body)),
                host,
                status,
            },
            403 => Self::Status {
                codes: format!("{}: {}", codes(body), denied(&host)),
                host,
                status,
            },
            _ => Self::Status {
                host,
                status,
                codes: codes(body),
            },
        }
    }
}

/// What helps against too many requests. Docker Hub counts those without a login by address, which
/// slower requests do not change (<https://docs.docker.com/docker-hub/usage/>).
fn too_many(host: &str, body: &[u8]) -> &'static str {
    let is_hub = host == DOCKER_IO || host.ends_with(".docker.io") || host == "hub.docker.com";
    if is_hub || codes(body).contains("TOOMANYREQUESTS") {
        "requests without a login are limited by address, which others may share; give a login, \
         for instance that of the account's connector (`registry_username` and `registry_password`)"
    } else {
        "lower `concurrency`, or give a login (`registry_username`)"
    }
}

/// What a refusal of a single repository means; Google's registry answers so to a wrong path, too.
fn denied(host: &str) -> &'static str {
    if host.ends_with(".pkg.dev") {
        "the login may not read it, or `registry` lacks the repository after the project \
         (Harness' public one is us-docker.pkg.dev/gar-prod-setup/harness-public)"
    } else {
        "the login may not read it, or its path is wrong"
    }
}

#[derive(serde::Deserialize)]
struct Errors {
    errors: Vec<ApiError>,
}

#[derive(serde::Deserialize)]
struct ApiError {
    code: String,
}

/// The error codes of an answer, if it is one of the distribution specification's.
fn codes(body: &[u8]) -> String {
    let Ok(Errors { errors }) = serde_json::from_slice(body) else {
        return String::new();
    };
    let is_code = |code: &&str| {
        code.len() <= 40
            && code
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let codes: Vec<&str> = errors
        .iter()
        .map(|entry| entry.code.as_str())
        .filter(is_code)
        .take(3)
        .collect();
    if codes.is_empty() {
        return String::new();
    }
    format!(" ({})", codes.join(", "))
}

/// Whether a server that says "not found" may be a registry: those say it in JSON, or say nothing.
pub(super) fn is_registry_error(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Errors {
        #[serde(rename = "errors")]
        _errors: Vec<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Errors>(body).is_ok()
}

/// Whether an answer is a page for people.
pub(super) fn is_html(body: &[u8]) -> bool {
    let text = body.trim_ascii_start();
    text.starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::RegistryError;

    #[test]
    fn too_many_requests_are_blamed_on_what_is_counted() {
        let hub = br#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your unauthenticated pull rate limit."}]}"#;
        // Host, answer, whether requests without a login are counted by address.
        let cases: [(&str, &[u8], bool); 7] = [
            ("docker.io", b"", true),
            ("registry-1.docker.io", b"", true),
            ("auth.docker.io", b"", true),
            (
                "hub.docker.com",
                br#"{"detail":"Rate limit exceeded"}"#,
                true,
            ),
            ("r.corp", hub, true),
            ("r.corp", b"{}", false),
            ("notdocker.io", b"", false),
        ];
        for (host, body, by_address) in cases {
            let message = RegistryError::status(host, 429, body).to_string();
            assert_eq!(message.contains("by address"), by_address, "{message}");
            assert_eq!(message.contains("`concurrency`"), !by_address, "{message}");
            assert!(message.contains("`registry_username`"), "{message}");
        }
    }

    #[test]
    fn a_refusal_names_what_may_be_wrong() {
        let body = br#"{"errors":[{"code":"DENIED"}]}"#;
        for (host, part) in [
            ("us-docker.pkg.dev", "gar-prod-setup/harness-public)"),
            ("registry.example.com", "its path is wrong"),
        ] {
            let message = RegistryError::status(host, 403, body).to_string();
            let start = format!("{host} answered 403 (DENIED): the login may not read it, or ");
            assert!(message.starts_with(&start), "{message}");
            assert!(message.ends_with(part), "{message}");
        }
    }
}
