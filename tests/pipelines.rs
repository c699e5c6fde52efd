//! What users paste and what this project is built with: every pipeline parses, and the settings
//! in it are settings that the program takes, written as the runner writes them.

mod docker;
mod examples;
mod own;
mod readme;
mod runner;
mod steps;
mod yaml;

/// The text of a file of this repository.
fn text(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder, sorted, as paths within this repository.
fn files(folder: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<String> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}
