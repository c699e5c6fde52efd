//! The modules of Harness that run on images of their own, and their infrastructures.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Harness module that has an `execution-config` of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Module {
    /// Continuous Integration; SCS, STO and container step groups use its images too.
    Ci,
    /// Database DevOps.
    Dbops,
    /// Infrastructure as Code Management.
    Iacm,
    /// Internal Developer Portal.
    Idp,
    /// Not a module of Harness: images that the setting `images` names.
    Image,
    /// Not a module of Harness: images in files of the workspace.
    File,
    /// Not a module of Harness: images in pipelines of the account.
    Pipeline,
}

impl Module {
    /// The module's name in settings, reports and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ci => "ci",
            Self::Dbops => "dbops",
            Self::Iacm => "iacm",
            Self::Idp => "idp",
            Self::Image => "image",
            Self::File => "file",
            Self::Pipeline => "pipeline",
        }
    }

    /// Whether the module keeps one set of images per infrastructure.
    pub fn has_infra(self) -> bool {
        matches!(self, Self::Ci | Self::Iacm | Self::Idp)
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Build infrastructure, the API's `infra` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Infra {
    /// Kubernetes clusters.
    K8,
    /// Virtual machines.
    #[serde(rename = "VM")]
    Vm,
}

impl Infra {
    /// The spelling that the API expects.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::K8 => "K8",
            Self::Vm => "VM",
        }
    }
}

impl fmt::Display for Infra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A module and its infrastructure as a person reads them: `ci K8`.
pub(crate) fn place_name(module: Module, infra: Option<Infra>) -> String {
    match infra {
        Some(infra) => format!("{module} {infra}"),
        None => module.to_string(),
    }
}

/// `module.infra.field`, or `module.field` where the module knows no infrastructure.
pub fn full_name(module: Module, infra: Option<Infra>, field: &str) -> String {
    match infra {
        Some(infra) => format!("{module}.{infra}.{field}"),
        None => format!("{module}.{field}"),
    }
}
