//! Kubernetes: containers of pods and of what makes pods, in manifests and in a cluster's answers.

use super::super::collect::Collector;
use crate::yaml::Node;

/// Where an object has the specification of its pods.
const POD_SPECS: [&[&str]; 4] = [
    &["spec"],
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    // A PodTemplate.
    &["template", "spec"],
];

const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

const STATUSES: [&str; 3] = [
    "initContainerStatuses",
    "containerStatuses",
    "ephemeralContainerStatuses",
];

pub(super) fn collect(object: Node<'_>, found: &mut Collector<'_>) {
    for item in object.get("items").into_iter().flat_map(Node::items) {
        collect(item, found);
    }
    let name = object.at(&["metadata", "name"]).and_then(Node::as_str);
    found.within(name, |found| {
        for spec in POD_SPECS.iter().filter_map(|path| object.at(path)) {
            for container in lists(spec, &CONTAINERS) {
                found.image(container.get("image"));
            }
        }
        if let Some(status) = object.get("status") {
            for container in lists(status, &STATUSES) {
                found.running(container.get("imageID"));
            }
        }
    });
}

/// The items of several lists of a mapping.
fn lists<'d>(node: Node<'d>, names: &[&str]) -> impl Iterator<Item = Node<'d>> {
    names
        .iter()
        .filter_map(move |name| node.get(name))
        .flat_map(Node::items)
}
