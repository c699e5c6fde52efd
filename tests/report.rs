//! Every way of telling a report.

#[path = "support/sample.rs"]
mod sample;

use harness_images::report::{Colour, outputs, table};

#[test]
fn tables() {
    insta::assert_snapshot!("table-acme", table(&sample::acme(), Colour::Never));
    insta::assert_snapshot!("table-planned", table(&sample::planned(), Colour::Never));
    insta::assert_snapshot!("table-listed", table(&sample::listed(), Colour::Never));
    insta::assert_snapshot!("table-empty", table(&sample::empty(), Colour::Never));
    insta::assert_snapshot!("table-failed", table(&sample::failed(), Colour::Never));
}

#[test]
fn outputs_of_the_examples() {
    for (name, report) in [
        ("outputs-acme", sample::acme()),
        ("outputs-listed", sample::listed()),
        ("outputs-empty", sample::empty()),
        ("outputs-failed", sample::failed()),
    ] {
        let lines: Vec<String> = outputs(&report)
            .into_iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        insta::assert_snapshot!(name, lines.join("\n"));
    }
}
