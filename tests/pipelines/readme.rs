//! What the README shows is what the program says of itself.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use harness_images::model::module::Module;
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

/// The files of the project that a page links to, by path from its root.
fn linked(page: &str) -> Vec<PathBuf> {
    let folder = Path::new(page).parent().unwrap();
    let text = text(page);
    let targets = text.split("](").skip(1).map(|rest| {
        let (target, _) = rest.split_once(')').unwrap();
        target.trim_matches(['<', '>']).split('#').next().unwrap()
    });
    let files = targets.filter(|target| !target.is_empty() && !target.contains("://"));
    let resolved = files.map(|target| {
        let mut path = PathBuf::new();
        for part in folder.join(target).components() {
            match part {
                Component::ParentDir => assert!(path.pop(), "{page}: {target}"),
                part => path.push(part),
            }
        }
        path
    });
    resolved.collect()
}

#[test]
fn every_document_is_linked_and_every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = std::fs::read_dir(root.join("docs")).unwrap();
    let documents: BTreeSet<PathBuf> = documents
        .map(|entry| Path::new("docs").join(entry.unwrap().file_name()))
        .collect();
    assert!(documents.len() > 10, "{documents:?}");
    let is_page = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let pages = documents.iter().filter(is_page);
    let pages = pages.map(|path| path.to_str().unwrap());
    let mut orphans = documents.clone();
    for page in ["README.md", "CONTRIBUTING.md", "SECURITY.md"]
        .into_iter()
        .chain(pages)
    {
        for target in linked(page) {
            let is_there = root.join(&target).exists();
            assert!(is_there, "{page} links to {}", target.display());
            if target != Path::new(page) {
                orphans.remove(&target);
            }
        }
    }
    assert!(orphans.is_empty(), "no page links to {orphans:?}");
}

/// Whether the letters stand in the name, in this order: `dbops` in `DB DevOps`.
fn is_short_for(letters: &str, name: &str) -> bool {
    let mut name = name.chars().map(|c| c.to_ascii_lowercase());
    letters.chars().all(|letter| name.any(|c| c == letter))
}

#[test]
fn its_prose_names_the_modules() {
    let readme = text("README.md");
    let (_, rest) = readme.split_once("\nHarness CI, ").unwrap();
    let (named, _) = rest
        .split_once(" run on a set of images per account")
        .unwrap();
    let named = format!("CI, {}", named.replace(" and ", ", "));
    let named: Vec<&str> = named.split(", ").collect();
    assert_eq!(named.len(), Module::HARNESS.len(), "{named:?}");
    for (module, name) in Module::HARNESS.into_iter().zip(named) {
        assert!(is_short_for(module.as_str(), name), "{module}: {name}");
    }
}

#[test]
fn its_prose_names_every_verdict_once() {
    let readme = text("README.md");
    let (_, order) = readme
        .split_once("The first that fits counts, in this order: ")
        .unwrap();
    let (order, _) = order.split_once('.').unwrap();
    let mut named: Vec<&str> = order.split('`').skip(1).step_by(2).collect();
    let mut all = Verdict::ALL.map(Verdict::as_str);
    named.sort_unstable();
    all.sort_unstable();
    assert_eq!(named, all);
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
