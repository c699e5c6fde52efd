//! Writes the tables of the README and the docs, and the schema of config files, from the program's own:
//! `cargo run --example tables`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use harness_images::model::lifecycle;
use harness_images::model::verdict::Verdict;
use harness_images::model::warning::WarningCode;
use harness_images::report;
use harness_images::settings;

fn main() {
    let formats = report::formats();
    for (file, name, table) in [
        ("README.md", "settings", settings::markdown(&formats)),
        ("README.md", "verdicts", Verdict::markdown()),
        ("docs/lifecycles.md", "lifecycles", lifecycle::markdown()),
        ("docs/reports.md", "formats", report::formats_markdown()),
        ("docs/warnings.md", "warnings", WarningCode::markdown()),
    ] {
        let page = std::fs::read_to_string(path(file)).unwrap();
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = page.split_once(&start).expect("the table has a place");
        let (_, after) = rest.split_once(&end).expect("the table has an end");
        write(file, &format!("{before}{start}{table}{end}{after}"));
    }
    write(
        "docs/config.schema.json",
        &settings::config_schema(&formats),
    );
}

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn write(file: &str, text: &str) {
    std::fs::write(path(file), text).unwrap();
}
