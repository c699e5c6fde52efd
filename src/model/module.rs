//! The modules of Harness that run on images of their own, and their infrastructures.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the `execution-config` of a module is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api {
    /// Paths under which it is documented, in the order in which they are tried.
    pub roots: &'static [Root],
    /// What its requests and answers look like.
    pub style: ApiStyle,
    /// Whether the module keeps one set of images per infrastructure.
    pub has_infra: bool,
}

/// The segments of a path before `execution-config`.
pub type Root = &'static [&'static str];

/// What requests and answers of an `execution-config` look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiStyle {
    /// `{"status":"SUCCESS","data":{…}}`; the account is in the query, fields to reset are objects.
    Envelope,
    /// `{…}`; the account is in the header `Harness-Account`, fields to reset are names.
    Bare,
}

/// Makes the enum of modules from the rows of the table: variant, name, meaning and API.
macro_rules! modules {
    (
        harness { $($variant:ident $name:literal: $meaning:literal, $api:expr;)+ }
        others { $($other:ident $other_name:literal: $other_meaning:literal;)+ }
    ) => {
        /// What an image in use belongs to: a module of Harness that has an `execution-config`, or
        /// the place that names the image.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Module {
            $(#[doc = $meaning] $variant,)+
            $(#[doc = $other_meaning] $other,)+
        }

        const COUNT: usize = [$($name),+].len();

        impl Module {
            /// The modules of Harness, in the order of their names.
            pub const HARNESS: [Self; COUNT] = [$(Self::$variant),+];

            /// The module's name in settings, reports and outputs.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    $(Self::$other => $other_name,)+
                }
            }

            /// How its `execution-config` is called; `None` where it is no module of Harness.
            pub fn api(self) -> Option<Api> {
                match self {
                    $(Self::$variant => Some($api),)+
                    $(Self::$other => None,)+
                }
            }
        }
    };
}

modules! {
    harness {
        Ci "ci": "Continuous Integration; SCS, STO and container step groups use its images too.",
            enveloped(&[&["gateway", "ci"]]);
        Dbops "dbops": "Database DevOps. Its path was first documented with `gateway`, later without.",
            Api {
                roots: &[&["gateway", "v1", "dbops"], &["v1", "dbops"]],
                style: ApiStyle::Bare,
                has_infra: false,
            };
        Iacm "iacm": "Infrastructure as Code Management.",
            enveloped(&[&["gateway", "iacm-manager"]]);
        Idp "idp": "Internal Developer Portal.", enveloped(&[&["gateway", "idp"]]);
    }
    others {
        Image "image": "Images that the setting `images` names.";
        File "file": "Images in files of the workspace.";
        Pipeline "pipeline": "Images in pipelines of the account.";
    }
}

const fn enveloped(roots: &'static [Root]) -> Api {
    Api {
        roots,
        style: ApiStyle::Envelope,
        has_infra: true,
    }
}

impl Module {
    /// Whether the module keeps one set of images per infrastructure.
    pub fn has_infra(self) -> bool {
        self.api().is_some_and(|api| api.has_infra)
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
    /// Both, in the order of their names.
    pub const ALL: [Self; 2] = [Self::K8, Self::Vm];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for module in Module::HARNESS {
            let json = serde_json::to_string(&module).unwrap();
            assert_eq!(json, format!("\"{module}\""));
            assert!(module.api().is_some_and(|api| !api.roots.is_empty()));
        }
        assert!(Module::HARNESS.is_sorted_by_key(|module| module.as_str()));
    }
}
