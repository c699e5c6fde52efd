//! What can go wrong, and when.

use harness_images::model::module::{Infra, Module};

/// The calls of the API, and groups of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Defaults,
    Overrides,
    Update,
    Reset,
    Clear,
    Connector,
    Projects,
    Pipelines,
    Pipeline,
    InputSets,
    InputSet,
    /// All but update, reset and clear.
    AnyRead,
    /// Update, reset and clear.
    AnyWrite,
}

impl Call {
    /// The permission that it needs, and on what.
    pub(super) fn permission(self) -> (&'static str, &'static str) {
        match self {
            Self::Connector => ("core_connector_view", "CONNECTOR"),
            Self::Defaults | Self::Overrides | Self::AnyRead => ("core_account_view", "ACCOUNT"),
            Self::Projects => ("core_project_view", "PROJECT"),
            Self::Pipelines | Self::Pipeline | Self::InputSets | Self::InputSet => {
                ("core_pipeline_view", "PIPELINE")
            }
            Self::Update | Self::Reset | Self::Clear | Self::AnyWrite => {
                ("core_account_edit", "ACCOUNT")
            }
        }
    }

    pub(super) fn includes(self, call: Self) -> bool {
        let writes = matches!(call, Self::Update | Self::Reset | Self::Clear);
        match self {
            Self::AnyRead => !writes,
            Self::AnyWrite => writes,
            one => one == call,
        }
    }
}

/// What goes wrong. Where nothing else is said, nothing is saved.
#[derive(Clone, Debug)]
pub enum Fault {
    /// An error as documented for this status, as JSON.
    Status(u16),
    /// The call does its work, then answers with this status.
    SaveThenStatus(u16),
    /// The connection ends without an answer.
    Cut,
    /// The call does its work, then the connection ends without an answer.
    SaveThenCut,
    /// The call does its work, and half of its answer arrives.
    CutBody,
    /// No answer; ends when the client leaves.
    Hang,
    /// The call does its work, but there is no answer.
    SaveThenHang,
    /// A write that answers as if it had been done.
    PretendSuccess,
    /// A write that does its work for the first fields only, and answers as if all had been done.
    SavePart(usize),
    /// Another user pins (or resets) a field once this call has done its work, before its answer.
    Meanwhile(Module, Option<Infra>, String, Option<String>),
    /// A web page with status 200.
    Page,
    /// 429 with this `Retry-After`.
    Busy(String),
    /// Any answer: status, content type, body.
    Answer(u16, String, Vec<u8>),
}

/// The faults still to come.
#[derive(Default)]
pub(super) struct Plan {
    steps: Vec<Step>,
}

struct Step {
    call: Call,
    /// Calls until it happens; `None` for always.
    left: Option<usize>,
    fault: Fault,
}

impl Plan {
    pub(super) fn add(&mut self, call: Call, left: Option<usize>, fault: Fault) {
        self.steps.push(Step { call, left, fault });
    }

    /// The fault for this call: the first planned one that is due. All that are due are used up.
    pub(super) fn next(&mut self, call: Call) -> Option<Fault> {
        let mut due = None;
        self.steps.retain_mut(|step| {
            if !step.call.includes(call) {
                return true;
            }
            let left = step.left.map(|left| left.saturating_sub(1));
            if step.left.is_none() || left == Some(0) {
                due.get_or_insert_with(|| step.fault.clone());
            }
            step.left = left;
            left != Some(0)
        });
        due
    }
}
