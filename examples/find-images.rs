//! Finds images in the files of a folder and prints one JSON object a line: `find-images FOLDER
//! PATTERN…`. With `--tag TAG` before the folder it prints a unified diff instead, in which every
//! image that can be replaced has that tag and no digest. No network, no settings.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;

use harness_images::sources::files::{self, ScannedFile};
use harness_images::sources::patch::{self, Edit};

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut tag = None;
    if words.first().is_some_and(|word| word == "--tag") {
        tag = words.drain(..2.min(words.len())).nth(1);
    }
    let Some((folder, patterns)) = words.split_first() else {
        eprintln!("find-images [--tag TAG] FOLDER PATTERN…");
        return;
    };
    let folder = Path::new(folder);
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let scan = files::scan(folder, &patterns);
    for left_out in &scan.left_out {
        eprintln!("{left_out}");
    }
    for file in &scan.files {
        match &tag {
            Some(tag) => diff(folder, file, tag),
            None => print(file),
        }
    }
}

fn print(file: &ScannedFile) {
    for image in &file.found.images {
        let place = serde_json::json!({
            "file": file.path,
            "line": image.position.line,
            "column": image.position.column,
            "image": image.image,
        });
        println!("{place}");
    }
}

fn diff(folder: &Path, file: &ScannedFile, tag: &str) {
    let text = match files::read(folder, &file.path) {
        Ok(text) => text,
        Err(reason) => {
            eprintln!("{}: {reason}", file.path);
            return;
        }
    };
    let mut edits: Vec<Edit> = Vec::new();
    for image in &file.found.images {
        match image.replace(&text, &retagged(&image.image, tag)) {
            Ok(edit) => edits.push(edit),
            Err(reason) => eprintln!("{}, {}: {reason}", file.path, image.position),
        }
    }
    print!("{}", patch::unified_diff(&[(&file.path, &text, &edits)]));
}

/// The image with another tag, and without a digest.
fn retagged(image: &str, tag: &str) -> String {
    let name = image.split('@').next().unwrap_or_default();
    let name = match name.rsplit_once(':') {
        Some((name, old)) if !old.contains('/') => name,
        Some(_) | None => name,
    };
    format!("{name}:{tag}")
}
