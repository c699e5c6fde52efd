//! The exit status of a run, as the documentation promises it.

use std::process::ExitCode;

/// How a run ended, as its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Done; there may be warnings.
    Done,
    /// The work could not be done: network, API or files.
    NotDone,
    /// The settings are wrong; nothing was sent.
    Settings,
    /// An image has a verdict that `fail_on` names.
    Verdict,
    /// A change was refused, failed, or could not be confirmed.
    Change,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::NotDone => 1,
            ExitStatus::Settings => 2,
            ExitStatus::Verdict => 3,
            ExitStatus::Change => 4,
        })
    }
}
