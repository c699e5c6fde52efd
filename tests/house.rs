//! The house as docs/architecture.md describes it: imports lead downwards, a noun has one room, and
//! what is in a table is used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use harness_images::model::warning::WarningCode;

/// The source files, each with its room and without its tests.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if path.is_file() && name != "tests.rs" {
                let text = std::fs::read_to_string(&path).unwrap();
                let marks = text.match_indices("#[cfg(test)]\n");
                let opens = |rest: &str| rest.lines().nth(1).unwrap().ends_with("mod tests {");
                let end = marks.map(|(at, _)| at).find(|at| opens(&text[*at..]));
                let text = &text[..end.unwrap_or(text.len())];
                let below = path.strip_prefix(&root).unwrap().to_owned();
                let room = below.components().next().unwrap().as_os_str();
                let room = room.to_str().unwrap().trim_end_matches(".rs");
                sources.push((room.to_owned(), below, text.to_owned()));
            }
        }
    }
    assert!(sources.len() > 100, "the sources are read");
    sources
}

/// The floor of every room, by the rows of the table in docs/architecture.md.
fn floors() -> BTreeMap<String, usize> {
    let document = include_str!("../docs/architecture.md");
    let table = document.split("\n## ").nth(1).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let floors = rows.enumerate().flat_map(|(floor, row)| {
        let rooms = row.split('|').nth(1).unwrap().split(',');
        rooms.map(move |room| (room.trim().trim_matches('`').to_owned(), floor))
    });
    floors.collect()
}

#[test]
fn imports_lead_downwards() {
    let floors = floors();
    let rooms: BTreeSet<String> = sources().into_iter().map(|(room, ..)| room).collect();
    for room in floors.keys() {
        assert!(
            rooms.contains(room),
            "docs/architecture.md has a row for `{room}`"
        );
    }
    for (room, path, text) in sources() {
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let own = floors.get(&room);
        let own = own.unwrap_or_else(|| panic!("docs/architecture.md has no row for `{room}`"));
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        assert!(
            !code.contains("use crate::{"),
            "{}: one room a line",
            path.display()
        );
        for import in code.split("crate::").skip(1) {
            let end = import.find(|c: char| !c.is_ascii_lowercase() && c != '_');
            let other = &import[..end.unwrap_or(import.len())];
            if let Some(floor) = floors.get(other) {
                assert!(
                    floor <= own,
                    "{}: `{room}` is below `{other}`",
                    path.display()
                );
            }
        }
    }
}

/// Whether a text raises the code: names it, and not only to look whether it was raised.
fn raises(text: &str, variant: &str) -> bool {
    let name = format!("WarningCode::{variant}");
    text.match_indices(&name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_whole = !after.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_compared = before.ends_with("== ") || after.trim_start().starts_with("=>");
        is_whole && !is_compared
    })
}

/// Reports show warnings and raise none; the table of codes is in `model`.
#[test]
fn every_warning_is_raised_somewhere() {
    let sources = sources();
    let rooms = sources
        .iter()
        .filter(|(room, path, _)| room != "report" && !path.starts_with("model/warning"));
    let code: String = rooms
        .flat_map(|(_, _, text)| text.lines())
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let codes = WarningCode::ALL.iter();
    let dead: Vec<&WarningCode> = codes
        .filter(|one| !raises(&code, &format!("{one:?}")))
        .collect();
    assert!(dead.is_empty(), "nothing raises {dead:?}");
}

#[test]
fn a_noun_has_one_room() {
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, _, text) in sources() {
        for line in text.lines() {
            // Macros make types of indented lines, and traits have types of their own.
            let is_indented = line.starts_with(' ');
            let line = line.trim_start();
            let line = match line.strip_prefix("pub") {
                Some(rest) if rest.starts_with('(') => {
                    rest.split_once(')').map_or(line, |(_, rest)| rest)
                }
                Some(rest) => rest,
                None => line,
            };
            let mut words = line.trim_start().split([' ', '<', '(', ';', '{', ':', '=']);
            let is_kind = |word: &&str| {
                ["struct", "enum", "trait"].contains(word) || *word == "type" && !is_indented
            };
            if let (Some(_), Some(name)) = (words.next().filter(is_kind), words.next()) {
                rooms
                    .entry(name.to_owned())
                    .or_default()
                    .insert(room.clone());
            }
        }
    }
    assert!(rooms.len() > 200, "the types are found: {}", rooms.len());
    rooms.retain(|_, rooms| rooms.len() > 1);
    assert!(
        rooms.is_empty(),
        "types of one name in several rooms: {rooms:#?}"
    );
}
