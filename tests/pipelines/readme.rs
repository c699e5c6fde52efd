//! What the README shows is what the program says of itself.

use harness_images::model::verdict::Verdict;
use harness_images::model::warning::WarningCode;
use harness_images::report;
use harness_images::settings;

use crate::pipelines::examples::{PLACEHOLDER, read};
use crate::pipelines::runner::Runner;
use crate::pipelines::steps::{Step, steps};
use crate::pipelines::text;
use support::step::Step as Run;

#[test]
fn tables_are_those_of_the_program() {
    for (file, name, table) in [
        (
            "README.md",
            "settings",
            settings::markdown(&report::formats()),
        ),
        ("README.md", "verdicts", Verdict::markdown()),
        (
            "docs/lifecycles.md",
            "lifecycles",
            harness_images::model::lifecycle::markdown(),
        ),
        ("docs/reports.md", "formats", report::formats_markdown()),
        ("docs/warnings.md", "warnings", WarningCode::markdown()),
    ] {
        let page = text(file);
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        assert_eq!(page.matches(&start).count(), 1, "{start}");
        let (_, rest) = page.split_once(&start).unwrap();
        let (shown, _) = rest.split_once(&end).expect("the table has an end");
        assert_eq!(
            shown, table,
            "{name}: `cargo run --example tables` writes it anew"
        );
    }
}

#[test]
fn its_first_command_prints_what_it_shows() {
    let readme = text("README.md");
    let (_, command) = readme.split_once("```sh\n").unwrap();
    let (command, rest) = command.split_once("\n```").unwrap();
    let (_, shown) = rest.split_once("```text\n").unwrap();
    let (shown, _) = shown.split_once("\n```").unwrap();
    let (variables, _) = command.split_once(" cargo run --release").unwrap();
    let mut step = Run::new();
    std::fs::create_dir(step.path("examples")).unwrap();
    for variable in variables.split(' ') {
        let (name, value) = variable.split_once('=').unwrap();
        if value.starts_with("examples/") {
            step = step.write(value, &text(value));
        }
        step = step.env(name, value);
    }
    let ran = step.set("reports", "fix.patch").run().ends(0);
    assert_eq!(ran.stdout.trim_end(), shown);
    let patch = std::fs::read_to_string(ran.path("fix.patch")).unwrap();
    assert!(
        patch.contains("+                    image: plugins/kaniko:1.13.4\n"),
        "{patch}"
    );
}

#[test]
fn it_is_short_and_every_document_that_it_names_is_there() {
    let readme = text("README.md");
    assert!(readme.len() <= 14 << 10, "{} bytes", readme.len());
    for link in readme.split("](").skip(1) {
        let (link, _) = link.split_once(')').unwrap();
        let is_there = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(link)
            .exists();
        assert!(is_there || link.starts_with("https://"), "{link}");
    }
}

#[test]
fn its_pipelines_are_right() {
    let readme = text("README.md");
    let mut seen = Vec::new();
    for block in readme.split("```yaml\n").skip(1) {
        let (block, _) = block.split_once("\n```").expect("the block has an end");
        let runner = if block.contains("connectorRef:") {
            Runner::Harness
        } else {
            Runner::Drone
        };
        for step in steps(block).iter().filter(|step: &&Step| step.is_ours()) {
            if let Err(wrong) = read(runner, step) {
                panic!("{wrong:?} in\n{block}");
            }
            assert_eq!(step.image, PLACEHOLDER);
            seen.push(runner);
        }
    }
    assert_eq!(seen, [Runner::Drone, Runner::Harness]);
}
