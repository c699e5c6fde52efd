//! What goes wrong between this program and Harness, in words for the pipeline's log.

use std::fmt;

use crate::http::HttpError;

/// Why a call has failed. `call` says which call, on what, at which host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HarnessError {
    /// 401.
    #[error(
        "{call}: Harness does not accept `{credential}` (401); it may have expired, or belong to another account or `endpoint`{server}"
    )]
    Unauthorised {
        /// The call.
        call: String,
        /// The setting that holds the credential.
        credential: &'static str,
        /// What the server said.
        server: ServerMessage,
    },
    /// 403.
    #[error("{call}: `{credential}` may not do this (403); {permission}{server}")]
    Forbidden {
        /// The call.
        call: String,
        /// The setting that holds the credential.
        credential: &'static str,
        /// The permission that is missing, and who can give it.
        permission: String,
        /// What the server said.
        server: ServerMessage,
    },
    /// 400, or the 500 with which servers reject a field.
    #[error("{call}: Harness has rejected it ({status}); {hint}{server}")]
    Rejected {
        /// The call.
        call: String,
        /// HTTP status.
        status: u16,
        /// What is probably wrong.
        hint: &'static str,
        /// What the server said.
        server: ServerMessage,
    },
    /// 404.
    #[error("{call}: {hint} (404){server}")]
    NotFound {
        /// The call.
        call: String,
        /// What is probably wrong.
        hint: &'static str,
        /// What the server said.
        server: ServerMessage,
    },
    /// 5xx.
    #[error("{call}: Harness has failed ({status}); {}{server}", server.next_step())]
    Server {
        /// The call.
        call: String,
        /// HTTP status.
        status: u16,
        /// What the server said.
        server: ServerMessage,
    },
    /// The run was asked to end.
    #[error("{call}: the run was ended by {signal}")]
    Stopped {
        /// The call.
        call: String,
        /// The signal.
        signal: &'static str,
        /// Whether the call was under way.
        is_sent: bool,
    },
    /// Any other status that is no success.
    #[error("{call}: an answer of status {status} was not expected; {hint}{server}")]
    Status {
        /// The call.
        call: String,
        /// HTTP status.
        status: u16,
        /// What fixes it.
        hint: &'static str,
        /// What the server said.
        server: ServerMessage,
    },
    /// A successful HTTP status around an answer that says it is no success.
    #[error("{call}: Harness says that it has failed{server}")]
    Failure {
        /// The call.
        call: String,
        /// What the server said.
        server: ServerMessage,
    },
    /// Something else answers.
    #[error(
        "{call}: the answer is {what}, not JSON; check `endpoint`, or whether a proxy answers in its place (`enable_proxy`)"
    )]
    NotJson {
        /// The call.
        call: String,
        /// What it is instead.
        what: String,
    },
    /// JSON, but not what the documents promise.
    #[error("{call}: the answer is not as documented: {what}; check `endpoint`{server}")]
    Shape {
        /// The call.
        call: String,
        /// What is different.
        what: String,
        /// What the server said.
        server: ServerMessage,
    },
    /// No answer.
    #[error("{call}: {source} (`endpoint` names the host)")]
    Http {
        /// The call.
        call: String,
        /// Why there is none.
        source: HttpError,
    },
}

/// What the server said besides its status; nothing secret, on one line, at most 300 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerMessage {
    /// Its message.
    pub message: Option<String>,
    /// What Harness' support asks for.
    pub correlation_id: Option<String>,
}

impl ServerMessage {
    /// What to do after a failure of Harness' own.
    fn next_step(&self) -> &'static str {
        match self.correlation_id {
            Some(_) => "try again later, or show its support the correlation id",
            None => "try again later",
        }
    }
}

impl fmt::Display for ServerMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(message) = &self.message {
            write!(f, ": \"{message}\"")?;
        }
        if let Some(id) = &self.correlation_id {
            write!(f, " (correlation id {id})")?;
        }
        Ok(())
    }
}

impl HarnessError {
    /// Whether a write may have been carried out in spite of the error: then read before anything else.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Http { source, .. } => source.may_have_arrived(),
            Self::Rejected { status, .. } | Self::Status { status, .. } => {
                !(400..500).contains(status) || *status == 408
            }
            Self::Server { .. } | Self::Failure { .. } => true,
            Self::Stopped { is_sent, .. } => *is_sent,
            Self::NotJson { .. } | Self::Shape { .. } => true,
            Self::Unauthorised { .. } | Self::Forbidden { .. } | Self::NotFound { .. } => false,
        }
    }

    /// What the server said, if it is Harness that has answered.
    pub fn server_message(&self) -> Option<&ServerMessage> {
        match self {
            Self::Unauthorised { server, .. }
            | Self::Forbidden { server, .. }
            | Self::Rejected { server, .. }
            | Self::NotFound { server, .. }
            | Self::Server { server, .. }
            | Self::Status { server, .. }
            | Self::Failure { server, .. }
            | Self::Shape { server, .. } => Some(server),
            Self::NotJson { .. } | Self::Http { .. } | Self::Stopped { .. } => None,
        }
    }

    /// Whether there was no time left for the call: then there is none for others of its kind.
    pub(super) fn is_late(&self) -> bool {
        match self {
            Self::Http { source, .. } => matches!(
                source,
                HttpError::Deadline { .. }
                    | HttpError::Throttled { .. }
                    | HttpError::RateLimited { .. }
            ),
            Self::Status { status, .. } => *status == 429,
            Self::Stopped { .. } => true,
            Self::Unauthorised { .. }
            | Self::Forbidden { .. }
            | Self::Rejected { .. }
            | Self::NotFound { .. }
            | Self::Server { .. }
            | Self::Failure { .. }
            | Self::NotJson { .. }
            | Self::Shape { .. } => false,
        }
    }

    /// Whether a pipeline may be there in Git all the same, though not in the cache.
    pub(super) fn may_be_absent_from_cache(&self) -> bool {
        match self {
            Self::Rejected { .. }
            | Self::NotFound { .. }
            | Self::Server { .. }
            | Self::Failure { .. }
            | Self::Shape { .. } => true,
            Self::Unauthorised { .. }
            | Self::Forbidden { .. }
            | Self::Status { .. }
            | Self::NotJson { .. }
            | Self::Http { .. }
            | Self::Stopped { .. } => false,
        }
    }

    /// Whether the same call may succeed at the module's other documented path. A write is taken
    /// there only if it has certainly done nothing here.
    pub(super) fn may_be_elsewhere(&self, writes: bool) -> bool {
        match self {
            Self::NotFound { .. } => true,
            Self::NotJson { .. } => !writes,
            _ => false,
        }
    }

    /// The one of two failures at two paths that says more.
    pub(super) fn more_telling(first: Self, second: Self) -> Self {
        let rank = |error: &Self| match error {
            Self::NotJson { .. } => 0,
            Self::NotFound { server, .. } if server.correlation_id.is_none() => 1,
            Self::NotFound { .. } => 2,
            _ => 3,
        };
        if rank(&second) > rank(&first) {
            second
        } else {
            first
        }
    }
}
