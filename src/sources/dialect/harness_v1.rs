//! Harness 3.0: `container` of steps that run one, `services` of stages.

use super::super::collect::Collector;
use crate::yaml::Node;

/// Steps that run in a container of their own.
const STEPS: [&str; 3] = ["run", "run-test", "background"];

/// Keys that lead to steps.
const STRUCTURE: [&str; 8] = [
    "pipeline", "stages", "stage", "jobs", "steps", "step", "group", "parallel",
];

/// Whether the root of a document of Harness is one of version 1, which has no `stage:` around
/// stages and no `spec` in templates.
pub(super) fn is_pipeline(root: Node<'_>) -> bool {
    if let Some(pipeline) = root.get("pipeline") {
        let has = |name| pipeline.get(name).is_some();
        let is_v1_stage = |stage: Node<'_>| {
            stage.is_mapping()
                && stage.get("stage").is_none()
                && !stage.get("parallel").is_some_and(Node::is_sequence)
        };
        let stages = pipeline.get("stages");
        return has("jobs")
            || has("steps")
            || stages.is_some_and(|list| list.items().any(is_v1_stage));
    }
    root.get("template").is_some_and(|template| {
        let has = |name| template.get(name).is_some();
        !has("spec") && !has("identifier") && !has("templateRef")
    })
}

/// Whether an item of `steps` is a step of version 1.
pub(super) fn is_step(item: Node<'_>) -> bool {
    STEPS
        .iter()
        .any(|name| item.get(name).is_some_and(Node::is_mapping))
}

pub(super) fn collect(root: Node<'_>, found: &mut Collector<'_>) {
    // The inputs of a set have the shape that the pipeline gives them.
    if root.get("kind").and_then(Node::as_str) == Some("input-set") {
        return;
    }
    structure(root, found);
    if let Some(template) = root.get("template") {
        structure(template, found);
    }
}

fn structure(node: Node<'_>, found: &mut Collector<'_>) {
    for item in node.items() {
        structure(item, found);
    }
    let identifier = node.get("id").or_else(|| node.get("name"));
    found.within(identifier.and_then(Node::as_str), |found| {
        for (key, value) in node.entries() {
            match key {
                "jobs" if value.is_mapping() => {
                    for (name, job) in value.entries() {
                        found.within(Some(name), |found| structure(job, found));
                    }
                }
                "services" => {
                    for (_, service) in value.entries() {
                        found.image(service.get("image"));
                    }
                }
                "spec" => {
                    container(value, found);
                    structure(value, found);
                }
                key if STEPS.contains(&key) => container(value, found),
                key if STRUCTURE.contains(&key) => structure(value, found),
                _ => {}
            }
        }
    });
}

/// The container of a step: a text, or a mapping with its image.
fn container(step: Node<'_>, found: &mut Collector<'_>) {
    let Some(container) = step.get("container") else {
        return;
    };
    if container.is_mapping() && container.get("image").is_some() {
        found.image(container.get("image"));
    } else {
        found.image(Some(container));
    }
}
