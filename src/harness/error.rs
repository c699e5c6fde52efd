//! What goes wrong between this program and Harness, in words for the pipeline's log.

use std::fmt;

use crate::http::HttpError;

/// A call that has failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{call}: {cause}{server}")]
pub struct HarnessError {
    /// Which call, on what, at which host.
    pub call: Box<str>,
    /// Why it has failed.
    #[source]
    pub cause: Cause,
    /// What the server said, if it is Harness that has answered.
    pub server: ServerMessage,
}

/// Why a call has failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// 401, with the setting that holds the credential.
    #[error(
        "Harness does not accept `{0}` (401); it may have expired, or belong to another account or `endpoint`"
    )]
    Unauthorised(&'static str),
    /// 403, with the setting that holds the credential, and the permission that is missing and who can give it.
    #[error("`{0}` may not do this (403); {1}")]
    Forbidden(&'static str, String),
    /// 400, or the 500 with which servers reject a field, and what is probably wrong.
    #[error("Harness has rejected it ({0}); {1}")]
    Rejected(u16, &'static str),
    /// 404, and what is probably wrong.
    #[error("{0} (404)")]
    NotFound(&'static str),
    /// 5xx, and what to do.
    #[error("Harness has failed ({0}); {1}")]
    Server(u16, &'static str),
    /// The run was asked to end.
    #[error("the run was ended by {signal}")]
    Stopped {
        /// The signal.
        signal: &'static str,
        /// Whether the call was under way.
        is_sent: bool,
    },
    /// Any other status that is no success, and what fixes it.
    #[error("an answer of status {0} was not expected; {1}")]
    Status(u16, &'static str),
    /// A successful HTTP status around an answer that says it is no success.
    #[error("Harness says that it has failed")]
    Failure,
    /// Something else answers; what it is.
    #[error(
        "the answer is {0}, not JSON; check `endpoint`, or whether a proxy answers in its place (`enable_proxy`)"
    )]
    NotJson(String),
    /// JSON, but not what the documents promise; what is different.
    #[error("the answer is not as documented: {0}; check `endpoint`")]
    Shape(String),
    /// No answer, and why.
    #[error("{0} (`endpoint` names the host)")]
    Http(#[source] HttpError),
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
    pub(super) fn next_step(&self) -> &'static str {
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
        match &self.cause {
            Cause::Http(error) => error.may_have_arrived(),
            Cause::Rejected(status, _) | Cause::Status(status, _) => {
                !(400..500).contains(status) || *status == 408
            }
            Cause::Stopped { is_sent, .. } => *is_sent,
            Cause::Server(..) | Cause::Failure | Cause::NotJson(_) | Cause::Shape(_) => true,
            Cause::Unauthorised(_) | Cause::Forbidden(..) | Cause::NotFound(_) => false,
        }
    }

    /// Whether there was no time left for the call: then there is none for others of its kind.
    pub(super) fn is_late(&self) -> bool {
        match &self.cause {
            Cause::Http(error) => matches!(
                error,
                HttpError::Deadline { .. }
                    | HttpError::Throttled { .. }
                    | HttpError::RateLimited { .. }
            ),
            Cause::Status(status, _) => *status == 429,
            Cause::Stopped { .. } => true,
            Cause::Unauthorised(_)
            | Cause::Forbidden(..)
            | Cause::Rejected(..)
            | Cause::NotFound(_)
            | Cause::Server(..)
            | Cause::Failure
            | Cause::NotJson(_)
            | Cause::Shape(_) => false,
        }
    }

    /// Whether a pipeline may be there in Git all the same, though not in the cache.
    pub(super) fn may_be_absent_from_cache(&self) -> bool {
        match &self.cause {
            Cause::Rejected(..)
            | Cause::NotFound(_)
            | Cause::Server(..)
            | Cause::Failure
            | Cause::Shape(_) => true,
            Cause::Unauthorised(_)
            | Cause::Forbidden(..)
            | Cause::Status(..)
            | Cause::NotJson(_)
            | Cause::Http(_)
            | Cause::Stopped { .. } => false,
        }
    }

    /// Whether the same call may succeed at the module's other documented path. A write is taken
    /// there only if it has certainly done nothing here.
    pub(super) fn may_be_elsewhere(&self, writes: bool) -> bool {
        match self.cause {
            Cause::NotFound(_) => true,
            Cause::NotJson(_) => !writes,
            Cause::Unauthorised(_)
            | Cause::Forbidden(..)
            | Cause::Rejected(..)
            | Cause::Server(..)
            | Cause::Stopped { .. }
            | Cause::Status(..)
            | Cause::Failure
            | Cause::Shape(_)
            | Cause::Http(_) => false,
        }
    }

    /// The one of two failures at two paths that says more.
    pub(super) fn more_telling(first: Self, second: Self) -> Self {
        let rank = |error: &Self| match error.cause {
            Cause::NotJson(_) => 0,
            Cause::NotFound(_) if error.server.correlation_id.is_none() => 1,
            Cause::NotFound(_) => 2,
            Cause::Unauthorised(_)
            | Cause::Forbidden(..)
            | Cause::Rejected(..)
            | Cause::Server(..)
            | Cause::Stopped { .. }
            | Cause::Status(..)
            | Cause::Failure
            | Cause::Shape(_)
            | Cause::Http(_) => 3,
        };
        if rank(&second) > rank(&first) {
            second
        } else {
            first
        }
    }
}
