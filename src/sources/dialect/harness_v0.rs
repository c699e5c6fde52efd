//! Harness: `image` of a step's `spec`, at any depth of stages and groups.

use super::super::collect::Collector;
use super::super::scanners;
use crate::yaml::Node;

/// Keys that lead to steps. What is not among them is never entered: artifacts, manifests, settings
/// of plugins, infrastructure of virtual machines.
const STRUCTURE: [&str; 16] = [
    "pipeline",
    "stages",
    "stage",
    "parallel",
    "spec",
    "execution",
    "steps",
    "rollbackSteps",
    "stepGroup",
    "insert",
    "infrastructure",
    "infrastructureDefinition",
    "environment",
    "provisioner",
    "inputSet",
    "templateInputs",
];

/// The type of a step that runs any scanner.
const CUSTOM_SCAN: &str = "Security";

pub(super) fn collect(root: Node<'_>, found: &mut Collector<'_>) {
    for (key, value) in root.entries() {
        match key {
            "pipeline" | "inputSet" => structure(value, found),
            "template" => template_entity(value, found),
            "trigger" => found.embedded(value.get("inputYaml"), collect),
            _ => {}
        }
    }
}

/// A template as such.
fn template_entity(template: Node<'_>, found: &mut Collector<'_>) {
    let Some(spec) = template.get("spec") else {
        return;
    };
    match template.get("type").and_then(Node::as_str) {
        Some("Step") => step(spec, found),
        Some(_) | None => structure(spec, found),
    }
}

/// Stages, groups and what is around them.
fn structure(node: Node<'_>, found: &mut Collector<'_>) {
    for item in node.items() {
        structure(item, found);
    }
    let identifier = node.get("identifier").and_then(Node::as_str);
    found.within(identifier, |found| {
        for (key, value) in node.entries() {
            match key {
                "step" => step(value, found),
                "serviceDependencies" => value.items().for_each(|item| step(item, found)),
                "template" => found.within_template(value, |found| {
                    if let Some(inputs) = value.get("templateInputs") {
                        structure(inputs, found);
                    }
                }),
                key if STRUCTURE.contains(&key) => structure(value, found),
                _ => {}
            }
        }
    });
}

fn step(node: Node<'_>, found: &mut Collector<'_>) {
    let identifier = node.get("identifier").and_then(Node::as_str);
    found.within(identifier, |found| {
        if let Some(template) = node.get("template") {
            found.within_template(template, |found| {
                if let Some(inputs) = template.get("templateInputs") {
                    step(inputs, found);
                }
            });
        }
        let Some(step_type) = node.get("type").and_then(Node::as_str) else {
            return;
        };
        let Some(spec) = node.get("spec") else {
            return;
        };
        found.image(spec.get("image"));
        let repository = scanners::repository(step_type);
        found.tag(spec.get("imageTag"), repository.as_deref());
        if step_type == CUSTOM_SCAN {
            found.tag(spec.at(&["settings", "runner_tag"]), None);
        }
    });
}
