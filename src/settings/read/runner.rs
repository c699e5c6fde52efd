//! What the runner's environment says about where results go.

use std::collections::BTreeMap;

use crate::settings::environment::Environment;
use crate::settings::values::Runner;

/// Variables that say which run this is, for annotations.
const IDENTIFIERS: [&str; 16] = [
    "DRONE_STAGE_TYPE",
    "HARNESS_ACCOUNT_ID",
    "HARNESS_BUILD_ID",
    "HARNESS_EXECUTION_ID",
    "HARNESS_INFRA",
    "HARNESS_ORG_ID",
    "HARNESS_PIPELINE_ID",
    "HARNESS_PLAN_EXECUTION_ID",
    "HARNESS_PROJECT_ID",
    "HARNESS_STAGE_EXECUTION_ID",
    "HARNESS_STAGE_ID",
    "HARNESS_STAGE_UUID",
    "HARNESS_STEP_EXECUTION_ID",
    "HARNESS_STEP_GROUP_ID",
    "HARNESS_STEP_ID",
    "HARNESS_STEP_UUID",
];

/// Where the runner expects results.
pub(super) fn runner(environment: &Environment) -> Runner {
    let identifier = |name: &str| {
        let text = environment.text(name)?;
        let usable = text.len() <= 256 && !text.chars().any(char::is_control);
        usable.then(|| (name.to_owned(), text.to_owned()))
    };
    Runner {
        output: environment
            .path("DRONE_OUTPUT")
            .or_else(|| environment.path("HARNESS_OUTPUT_FILE")),
        card: environment.path("DRONE_CARD_PATH"),
        annotations: environment.path("HARNESS_ANNOTATIONS_FILE"),
        identifiers: IDENTIFIERS
            .into_iter()
            .filter_map(identifier)
            .collect::<BTreeMap<_, _>>(),
    }
}
