//! Woodpecker: steps, services and clone steps, as lists or maps.

use super::super::collect::Collector;
use crate::yaml::Node;

pub(super) fn collect(root: Node<'_>, found: &mut Collector<'_>) {
    if let Some(key) = root.doubled_key() {
        found.error(
            key.span().start,
            "Woodpecker refuses a key that stands twice",
        );
        return;
    }
    for list in ["clone", "steps", "services"] {
        let Some(list) = root.get(list) else { continue };
        for step in list.items() {
            let name = step.get("name").and_then(Node::as_str);
            found.within(name, |found| found.image(step.get("image")));
        }
        for (name, step) in list.entries() {
            found.within(Some(name), |found| found.image(step.get("image")));
        }
    }
}
