//! Kubernetes: containers of pods and of what makes pods, in manifests and in a cluster's answers.

use std::collections::HashMap;

use super::super::Property;
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
    // Generators of manifests write an empty status; a cluster fills it.
    let status = object.get("status");
    let status = status.filter(|status| status.pairs().next().is_some());
    let written = match status {
        Some(_) => Property::Running,
        None => Property::Image,
    };
    let statuses = || {
        status
            .into_iter()
            .flat_map(|status| lists(status, &STATUSES))
    };
    let mut running: HashMap<&str, Node<'_>> = statuses()
        .filter_map(|container| Some((name_of(container)?, container.get("imageID")?)))
        .collect();
    found.within(name, |found| {
        for spec in POD_SPECS.iter().filter_map(|path| object.at(path)) {
            for container in lists(spec, &CONTAINERS) {
                let identity = name_of(container).and_then(|name| running.remove(name));
                found.container(container.get("image"), identity, written);
            }
        }
        // What belongs to no container that is written.
        for container in statuses() {
            let name = name_of(container);
            if name.is_none_or(|name| running.contains_key(name)) {
                found.running(container.get("imageID"));
            }
        }
    });
}

fn name_of(container: Node<'_>) -> Option<&str> {
    container.get("name")?.as_str()
}

/// The items of several lists of a mapping.
fn lists<'d>(node: Node<'d>, names: &[&str]) -> impl Iterator<Item = Node<'d>> {
    names
        .iter()
        .filter_map(move |name| node.get(name))
        .flat_map(Node::items)
}
