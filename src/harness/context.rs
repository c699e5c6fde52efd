//! What a call is about, and which failure an answer to it stands for.

use url::Url;

use super::error::{HarnessError, Told};
use super::paths::Call;
use crate::http::HttpError;
use crate::model::module::{Infra, Module};
use crate::redact::{Secrets, without_named};

/// Longest text of the server that is shown, in characters.
const LONGEST: usize = 300;

/// What a call is about: all that its errors need.
pub(super) struct Context<'a> {
    pub(super) call: Call,
    pub(super) module: Option<Module>,
    pub(super) infra: Option<Infra>,
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
        }
        .to_owned();
        if let Some(module) = self.module {
            what.push_str(&format!(" of {module}"));
        }
        if let Some(infra) = self.infra {
            what.push_str(&format!(" {infra}"));
        }
        what.push_str(&format!(
            " at {}",
            self.endpoint.host_str().unwrap_or("(no host)")
        ));
        if let Some(port) = self.endpoint.port() {
            what.push_str(&format!(":{port}"));
        }
        what
    }

    pub(super) fn writes(&self) -> bool {
        matches!(self.call, Call::Pin | Call::Reset | Call::Clear)
    }

    pub(super) fn http(&self, source: HttpError) -> HarnessError {
        HarnessError::Http {
            call: self.what(),
            source,
        }
    }

    pub(super) fn no_config(&self) -> HarnessError {
        self.shape("the module keeps no images", Told::default())
    }

    pub(super) fn shape(&self, what: &str, told: Told) -> HarnessError {
        HarnessError::Shape {
            call: self.what(),
            what: what.to_owned(),
            told,
        }
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
        match redacted.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", redacted.get(..end).unwrap_or_default()),
            None => redacted.into_owned(),
        }
    }

    /// The failure that a status stands for; `checks` are the permissions that Harness misses.
    pub(super) fn failure(
        &self,
        status: u16,
        told: Told,
        checks: &[String],
        is_json: bool,
    ) -> HarnessError {
        let call = self.what();
        let credential = self.credential;
        match status {
            200..300 => HarnessError::Failure { call, told },
            400 => HarnessError::Rejected {
                call,
                status,
                hint: self.rejection_hint(),
                told,
            },
            401 => HarnessError::Unauthorised {
                call,
                credential,
                told,
            },
            403 => HarnessError::Forbidden {
                call,
                credential,
                permission: self.permission(checks),
                told,
            },
            404 => HarnessError::NotFound { call, told },
            500 if is_json && matches!(self.call, Call::Pin | Call::Reset) => {
                HarnessError::Rejected {
                    call,
                    status,
                    hint: self.rejection_hint(),
                    told,
                }
            }
            500.. => HarnessError::Server { call, status, told },
            429 => HarnessError::Status {
                call,
                status,
                hint: "too many requests: run less often, or lower `concurrency`",
                told,
            },
            300..400 => HarnessError::Status {
                call,
                status,
                hint: "a redirect that leads nowhere: check `endpoint`",
                told,
            },
            _ => HarnessError::Status {
                call,
                status,
                hint: "check `endpoint`",
                told,
            },
        }
    }

    fn rejection_hint(&self) -> &'static str {
        match self.call {
            Call::Pin | Call::Reset => {
                "probably a field that it does not know (names match by exact case, and one rejects all)"
            }
            _ => "check `account_id`, `modules` and `infra`",
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
        }
        .to_owned();
        if !checks.is_empty() {
            text.push_str("; missing, says Harness: ");
            text.push_str(&self.shown(&checks.join(", ")));
        }
        text
    }
}
