//! What kinds of documents have images, and how a document shows which it is.

mod drone;
mod harness_v0;
mod harness_v1;
mod kubernetes;
mod woodpecker;

use super::collect::Collector;
use crate::yaml::Node;

/// A kind of document that has images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Pipelines, templates, input sets and triggers of Harness.
    HarnessV0,
    /// Pipelines of Harness 3.0.
    HarnessV1,
    /// Pipelines of Drone.
    Drone,
    /// Workflows of Woodpecker.
    Woodpecker,
    /// Manifests of Kubernetes, and what a cluster answers.
    Kubernetes,
}

/// Keys of the root of a document of Harness.
const HARNESS_ROOTS: [&str; 4] = ["pipeline", "template", "inputSet", "trigger"];

impl Dialect {
    /// The dialect of a document, by what it says itself.
    pub(super) fn of(root: Node<'_>) -> Option<Self> {
        if !root.is_mapping() {
            return None;
        }
        let text = |name| root.get(name).and_then(Node::as_str);
        let kind = text("kind");
        if text("apiVersion").is_some() {
            return kind.map(|_| Self::Kubernetes);
        }
        if text("version") == Some("1") {
            return Some(Self::HarnessV1);
        }
        if kind.is_some() {
            let is_harness = root.get("spec").is_some_and(Node::is_mapping);
            return Some(if is_harness {
                Self::HarnessV1
            } else {
                Self::Drone
            });
        }
        let mut roots = HARNESS_ROOTS.iter().filter_map(|name| root.get(name));
        if roots.any(Node::is_mapping) {
            let is_v1 = harness_v1::is_pipeline(root);
            return Some(if is_v1 {
                Self::HarnessV1
            } else {
                Self::HarnessV0
            });
        }
        let steps = root.get("steps")?;
        if steps.items().any(harness_v1::is_step) {
            return Some(Self::HarnessV1);
        }
        (steps.is_mapping() || steps.is_sequence()).then_some(Self::Woodpecker)
    }

    /// Collects the images of a document.
    pub(super) fn collect(self, root: Node<'_>, found: &mut Collector<'_>) {
        match self {
            Self::HarnessV0 => harness_v0::collect(root, found),
            Self::HarnessV1 => harness_v1::collect(root, found),
            Self::Drone => drone::collect(root, found),
            Self::Woodpecker => woodpecker::collect(root, found),
            Self::Kubernetes => kubernetes::collect(root, found),
        }
    }
}
