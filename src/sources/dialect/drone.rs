//! Drone: steps and services of pipelines that run in containers.

use super::super::collect::Collector;
use crate::yaml::Node;

pub(super) fn collect(root: Node<'_>, found: &mut Collector<'_>) {
    let text = |name| root.get(name).and_then(Node::as_str);
    let runs_containers = match text("type") {
        None | Some("" | "docker" | "kubernetes") => true,
        // `exec`, `ssh`, `macstadium`, `digitalocean`: machines.
        Some(_) => false,
    };
    if text("kind") != Some("pipeline") || !runs_containers {
        return;
    }
    for list in ["steps", "services"] {
        let Some(list) = root.get(list) else { continue };
        for step in list.items() {
            let name = step.get("name").and_then(Node::as_str);
            found.within(name, |found| found.image(step.get("image")));
        }
    }
}
