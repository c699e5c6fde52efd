//! The published schema is what the program makes of its table of settings.

use harness_images::{report, settings};

#[test]
fn the_published_schema_is_that_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/config.schema.json");
    let published = std::fs::read_to_string(path).unwrap();
    assert!(
        published == settings::config_schema(&report::formats()),
        "`cargo run --example tables -- schema > docs/config.schema.json` makes it anew"
    );
}
