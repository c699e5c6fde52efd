//! Files of a workspace: which are meant, what they hold, and what had to be left out.
//!
//! The only place of this room that touches the file system.

mod walk;

use std::path::Path;

use super::{ImagesOfText, MAX_IMAGES, TextProblem};
use crate::model::location::{self, FileLocation, Location};
use crate::yaml;

/// What `auto` stands for.
pub const AUTO: [&str; 8] = [
    ".drone.yaml",
    ".drone.yml",
    ".harness/**/*.yaml",
    ".harness/**/*.yml",
    ".woodpecker.yaml",
    ".woodpecker.yml",
    ".woodpecker/**/*.yaml",
    ".woodpecker/**/*.yml",
];

/// Most bytes of a file.
pub const MAX_FILE: usize = yaml::MAX_BYTES;
/// Most bytes of all files together.
pub const MAX_TOTAL: usize = 64 * 1024 * 1024;
/// Most entries of folders that are looked at.
pub const MAX_ENTRIES: usize = 200_000;

/// What the files of a workspace hold.
#[derive(Debug, Default)]
pub struct Scan {
    /// Files with images, or with places that may have some, in the order of their paths.
    pub files: Vec<ScannedFile>,
    /// What had to be left out, in the order in which it was met.
    pub left_out: Vec<LeftOut>,
}

/// A file and what it holds.
#[derive(Debug)]
pub struct ScannedFile {
    /// Relative to the workspace, with `/`, links followed: as version control names it.
    pub path: String,
    /// What was found in it.
    pub found: ImagesOfText,
}

/// What had to be left out of the files that were meant, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// A pattern that leads out of the workspace.
    #[error(
        "`{pattern}` in `files` leads out of the workspace and was left out; give paths relative to it"
    )]
    Outside {
        /// The pattern as written.
        pattern: String,
    },
    /// A pattern that no file matches.
    #[error("`{pattern}` in `files` matches no file")]
    NoMatch {
        /// The pattern as written.
        pattern: String,
    },
    /// A document that is no YAML; the others of the file were read.
    #[error("{path}, {error}")]
    Document {
        /// Its file.
        path: String,
        /// Where and why.
        error: TextProblem,
    },
    /// A comment that names this program and has no effect.
    #[error("{path}, {problem}")]
    Comment {
        /// Its file.
        path: String,
        /// Where and why.
        problem: TextProblem,
    },
    /// A file that could not be read.
    #[error("{path} was not read: {reason}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// A bound that was reached; what comes after it was not read.
    #[error(
        "{path} and what follows it was not read in full: there are more than {bound}; narrow `files`"
    )]
    Bound {
        /// Which, with its figure.
        bound: &'static str,
        /// The first path that was left out.
        path: String,
    },
}

impl ScannedFile {
    /// The images as they are judged.
    pub fn images(&self) -> impl Iterator<Item = location::Found> {
        self.found.images.iter().map(|image| location::Found {
            image: image.image.clone(),
            location: Location::File(FileLocation {
                file: self.path.clone(),
                line: image.position.line,
                column: image.position.column,
            }),
            ignored: image.ignore.clone(),
        })
    }
}

/// Finds images in the files of a workspace that match one of `patterns`; [`AUTO`] for none of
/// one's own, of which none has to match.
#[must_use]
pub fn scan(workspace: &Path, patterns: &[&str]) -> Scan {
    let mut scan = Scan::default();
    let paths = walk::paths(workspace, patterns, &mut scan.left_out);
    read_all(workspace, paths, &mut scan);
    scan
}

/// A file of the workspace as text, within [`MAX_FILE`] bytes.
///
/// # Errors
/// Why it is none, for a person.
pub fn read(workspace: &Path, path: &str) -> Result<String, String> {
    text(bytes(workspace, path)?)
}

fn bytes(workspace: &Path, path: &str) -> Result<Vec<u8>, String> {
    let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
    crate::files::read_at_most(&workspace.join(path), most)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "it has more than 10 MiB".to_owned())
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let position = yaml::position(&String::from_utf8_lossy(before), valid);
        format!("{position}: it is not UTF-8")
    })
}

fn read_all(workspace: &Path, paths: Vec<String>, scan: &mut Scan) {
    let mut bytes_read = 0_usize;
    let mut images = 0_usize;
    for path in paths {
        let read = bytes(workspace, &path);
        bytes_read = bytes_read.saturating_add(read.as_ref().map_or(0, Vec::len));
        if bytes_read > MAX_TOTAL {
            let bound = "64 MiB of files";
            scan.left_out.push(LeftOut::Bound { bound, path });
            return;
        }
        let text = match read.and_then(text) {
            Ok(text) => text,
            Err(reason) => {
                scan.left_out.push(LeftOut::File { path, reason });
                continue;
            }
        };
        let mut found = super::find(&text);
        for error in std::mem::take(&mut found.errors) {
            let path = path.clone();
            scan.left_out.push(LeftOut::Document { path, error });
        }
        for problem in std::mem::take(&mut found.useless_comments) {
            let path = path.clone();
            scan.left_out.push(LeftOut::Comment { path, problem });
        }
        let space = MAX_IMAGES.saturating_sub(images);
        let is_full = found.is_cut || found.images.len() > space;
        found.images.truncate(space);
        images = images.saturating_add(found.images.len());
        if !found.images.is_empty() || !found.not_literal.is_empty() {
            let path = path.clone();
            scan.files.push(ScannedFile { path, found });
        }
        if is_full {
            let bound = "100,000 images";
            scan.left_out.push(LeftOut::Bound { bound, path });
            return;
        }
    }
}
