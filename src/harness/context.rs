//! What a call is about, and which failure an answer to it stands for.

use url::Url;

use super::error::{Cause, HarnessError, ServerMessage};
use super::paths::Call;
use crate::http::{HttpError, Turn, host_name};
use crate::model::module::{Infra, Module};
use crate::redact::{Secrets, without_named};

/// Longest text of the server that is shown, in characters.
const MAX_MESSAGE: usize = 300;

/// What a call is about: all that its errors need.
pub(super) struct Context<'a> {
    pub(super) call: Call,
    pub(super) module: Option<Module>,
    pub(super) infra: Option<Infra>,
    /// The project, pipeline or input set, if it concerns one.
    pub(super) subject: Option<String>,
    /// Whether it waits for `requests_per_minute`.
    pub(super) turn: Turn,
    pub(super) endpoint: &'a Url,
    pub(super) credential: &'static str,
    pub(super) secrets: &'a Secrets,
}

impl Context<'_> {
    /// `the overrides of ci K8 at app.harness.io`.
    pub(super) fn what(&self) -> String {
        let mut what = match self.call {
            Call::Defaults => "reading the defaults",
            Call::Overrides => "reading the overrides",
            Call::Pin => "pinning images",
            Call::Reset => "resetting images",
            Call::Clear => "clearing the overrides",
            Call::Connector => "reading the connector `account.harnessImage`",
            Call::Projects => "listing the projects of the account",
            Call::Pipelines => "listing the pipelines of",
            Call::Pipeline => "reading the pipeline",
            Call::InputSets => "listing the input sets of",
            Call::InputSet => "reading the input set",
        }
        .to_owned();
        if let Some(subject) = &self.subject {
            what.push_str(&format!(" {subject}"));
        }
        if let Some(module) = self.module {
            what.push_str(&format!(" of {module}"));
        }
        if let Some(infra) = self.infra {
            what.push_str(&format!(" {infra}"));
        }
        what.push_str(&format!(" at {}", host_name(self.endpoint)));
        what
    }

    pub(super) fn writes(&self) -> bool {
        matches!(self.call, Call::Pin | Call::Reset | Call::Clear)
    }

    /// A failure about which the server has said nothing.
    pub(super) fn error(&self, cause: Cause) -> HarnessError {
        HarnessError {
            call: self.what().into(),
            cause,
            server: ServerMessage::default(),
        }
    }

    pub(super) fn http(&self, error: HttpError) -> HarnessError {
        self.error(Cause::Http(error))
    }

    pub(super) fn no_config(&self) -> HarnessError {
        self.shape("the module keeps no images")
    }

    pub(super) fn shape(&self, what: impl Into<String>) -> HarnessError {
        self.error(Cause::Shape(what.into()))
    }

    /// A text of the server as it may be shown: without secrets, on one line, of bounded length.
    pub(super) fn shown(&self, text: &str) -> String {
        let one_line: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let one_line = one_line.join(" ");
        let redacted = self.secrets.redact(&one_line);
        let redacted = without_named(&redacted);
        match redacted.char_indices().nth(MAX_MESSAGE) {
            Some((end, _)) => format!("{}…", redacted.get(..end).unwrap_or_default()),
            None => redacted.into_owned(),
        }
    }

    /// The failure that a status stands for; `checks` are the permissions that Harness names as missing.
    pub(super) fn failure(
        &self,
        status: u16,
        server: ServerMessage,
        checks: &[String],
        is_json: bool,
    ) -> HarnessError {
        // A list of fields that Harness does not accept is answered by 500 as well.
        let is_rejected_list =
            status == 500 && is_json && matches!(self.call, Call::Pin | Call::Reset);
        let cause = match status {
            200..300 => Cause::Failure,
            _ if status == 400 || is_rejected_list => {
                Cause::Rejected(status, self.rejection_hint())
            }
            401 => Cause::Unauthorised(self.credential),
            403 => Cause::Forbidden(self.credential, self.permission(checks)),
            404 => Cause::NotFound(self.absence_hint()),
            500.. => Cause::Server(status, server.next_step()),
            429 => Cause::Status(
                status,
                "too many requests: lower `requests_per_minute`, or run less often",
            ),
            300..=399 => Cause::Status(status, "a redirect that leads nowhere: check `endpoint`"),
            _ => Cause::Status(status, "check `endpoint`"),
        };
        HarnessError {
            server,
            ..self.error(cause)
        }
    }

    fn rejection_hint(&self) -> &'static str {
        match self.call {
            Call::Pin | Call::Reset => {
                "probably a field that it does not know (names match by exact case, and one rejects all)"
            }
            Call::Defaults | Call::Overrides | Call::Clear | Call::Connector => {
                "check `account_id`, `modules` and `infra`"
            }
            Call::Projects
            | Call::Pipelines
            | Call::Pipeline
            | Call::InputSets
            | Call::InputSet => "check `account_id` and `pipelines`",
        }
    }

    fn absence_hint(&self) -> &'static str {
        match self.call {
            Call::Defaults
            | Call::Overrides
            | Call::Pin
            | Call::Reset
            | Call::Clear
            | Call::Connector => {
                "there is no such API; check `endpoint`, and that the account has the module"
            }
            Call::Projects => "there is no such API; check `endpoint`",
            Call::Pipelines | Call::Pipeline | Call::InputSets | Call::InputSet => {
                "there is nothing of that name; check `pipelines`"
            }
        }
    }

    fn permission(&self, checks: &[String]) -> String {
        let mut text = match self.call {
            Call::Pin | Call::Reset | Call::Clear => {
                "it needs the permission `core_account_edit` (Account settings: edit), as in the role Account Admin"
            }
            Call::Connector => {
                "it needs the permission `core_connector_view` (Connectors: view), as in the role Account Viewer"
            }
            Call::Defaults | Call::Overrides => {
                "it needs the permission `core_account_view`, as in the role Account Viewer"
            }
            Call::Projects => {
                "it needs the permission `core_project_view` (Projects: view), or entries of `pipelines` that name org and project in full"
            }
            Call::Pipelines | Call::InputSets | Call::InputSet => {
                "it needs the permission `core_pipeline_view` (Pipelines: view)"
            }
            Call::Pipeline => {
                "it needs the permissions `core_pipeline_view` (Pipelines: view) and, for what comes from templates, `core_template_view` (Templates: view)"
            }
        }
        .to_owned();
        if !checks.is_empty() {
            text.push_str("; missing, says Harness: ");
            text.push_str(&self.shown(&checks.join(", ")));
        }
        text
    }
}
