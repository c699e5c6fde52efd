//! Files of a workspace: which are meant, what they hold, and what had to be left out.
//!
//! The only place of this room that touches the file system.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::glob::Pattern;
use super::{Findings, MAX_IMAGES, Problem};
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
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// What was found in it.
    pub found: Findings,
}

/// What had to be left out of the files that were meant, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// A pattern that leads out of the workspace.
    Outside {
        /// The pattern as written.
        pattern: String,
    },
    /// A pattern that no file matches.
    NoMatch {
        /// The pattern as written.
        pattern: String,
    },
    /// A document that is no YAML; the others of the file were read.
    Document {
        /// Its file.
        path: String,
        /// Where and why.
        error: Problem,
    },
    /// A comment that names this program and has no effect.
    Comment {
        /// Its file.
        path: String,
        /// Where and why.
        problem: Problem,
    },
    /// A file that could not be read.
    File {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// A bound that was reached; what comes after it was not read.
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

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { pattern } => write!(
                f,
                "`{pattern}` in `files` leads out of the workspace and was left out; give paths relative to it"
            ),
            Self::NoMatch { pattern } => write!(f, "`{pattern}` in `files` matches no file"),
            Self::Document { path, error } => write!(f, "{path}, {error}"),
            Self::Comment { path, problem } => write!(f, "{path}, {problem}"),
            Self::File { path, reason } => write!(f, "{path} was not read: {reason}"),
            Self::Bound { bound, path } => write!(
                f,
                "{path} and what follows it was not read: there are more than {bound}; narrow `files`"
            ),
        }
    }
}

/// Finds images in the files of a workspace that match one of `patterns`; [`AUTO`] for none of
/// one's own, of which none has to match.
#[must_use]
pub fn scan(workspace: &Path, patterns: &[&str]) -> Scan {
    let mut scan = Scan::default();
    let mut wanted = Vec::new();
    for text in patterns {
        match Pattern::parse(text) {
            Some(pattern) => wanted.push(Wanted {
                text,
                pattern,
                is_met: AUTO.contains(text),
            }),
            None => scan.left_out.push(LeftOut::Outside {
                pattern: (*text).to_owned(),
            }),
        }
    }
    let mut walk = Walk::new(workspace, wanted, &mut scan);
    walk.folder(workspace, "");
    let Walk { wanted, paths, .. } = walk;
    for unmet in wanted.into_iter().filter(|wanted| !wanted.is_met) {
        scan.left_out.push(LeftOut::NoMatch {
            pattern: unmet.text.to_owned(),
        });
    }
    read_all(workspace, paths, &mut scan);
    scan
}

/// A file of the workspace as text, within [`MAX_FILE`] bytes.
///
/// # Errors
/// Why it is none, for a person.
pub fn read(workspace: &Path, path: &str) -> Result<String, String> {
    let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
    let bytes = crate::files::read_at_most(&workspace.join(path), most)
        .map_err(|error| error.to_string())?
        .ok_or("it has more than 10 MiB")?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let position = yaml::position(&String::from_utf8_lossy(before), valid);
        format!("{position}: it is not UTF-8")
    })
}

fn read_all(workspace: &Path, paths: Vec<String>, scan: &mut Scan) {
    let mut bytes = 0_usize;
    let mut images = 0_usize;
    for path in paths {
        let text = match read(workspace, &path) {
            Ok(text) => text,
            Err(reason) => {
                scan.left_out.push(LeftOut::File { path, reason });
                continue;
            }
        };
        bytes = bytes.saturating_add(text.len());
        if bytes > MAX_TOTAL {
            let bound = "64 MiB of files";
            scan.left_out.push(LeftOut::Bound { bound, path });
            return;
        }
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

struct Wanted<'p> {
    text: &'p str,
    pattern: Pattern,
    is_met: bool,
}

/// A walk through the folders that may hold what is meant.
struct Walk<'p, 's> {
    /// The workspace without links; what a link leads to must be in it.
    root: Option<PathBuf>,
    wanted: Vec<Wanted<'p>>,
    paths: Vec<String>,
    entries: usize,
    /// Folders that were entered through links, without links.
    entered: HashSet<PathBuf>,
    scan: &'s mut Scan,
}

impl<'p, 's> Walk<'p, 's> {
    fn new(workspace: &Path, wanted: Vec<Wanted<'p>>, scan: &'s mut Scan) -> Self {
        Self {
            root: workspace.canonicalize().ok(),
            wanted,
            paths: Vec::new(),
            entries: 0,
            entered: HashSet::new(),
            scan,
        }
    }

    fn folder(&mut self, folder: &Path, path: &str) {
        let may_hold = |wanted: &Wanted<'_>| wanted.pattern.may_be_below(path);
        if !self.wanted.iter().any(may_hold) || self.entries > MAX_ENTRIES {
            return;
        }
        let names = match self.names(folder, path) {
            Ok(names) => names,
            Err(error) => {
                self.leave_out(if path.is_empty() { "." } else { path }, error.to_string());
                return;
            }
        };
        for name in names {
            let inner = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            self.entry(&folder.join(name), inner);
        }
    }

    /// The names in a folder, sorted. Those that are no UTF-8 cannot be named in a report.
    fn names(&mut self, folder: &Path, path: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            self.entries = self.entries.saturating_add(1);
            if self.entries > MAX_ENTRIES {
                self.scan.left_out.push(LeftOut::Bound {
                    bound: "200,000 entries of folders",
                    path: path.to_owned(),
                });
                break;
            }
            match entry?.file_name().into_string() {
                Ok(name) => names.push(name),
                Err(name) => {
                    let name = name.to_string_lossy().into_owned();
                    let inner = format!("{path}/{name}");
                    let inner = inner.trim_start_matches('/');
                    if self.is_wanted(inner) {
                        self.leave_out(inner, "its name is not UTF-8".to_owned());
                    }
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn entry(&mut self, place: &Path, path: String) {
        let Ok(metadata) = place.symlink_metadata() else {
            return;
        };
        let mut kind = metadata.file_type();
        let is_link = kind.is_symlink();
        if is_link {
            let may_matter = self.is_wanted(&path) || self.is_way(&path);
            let target = place.canonicalize().ok().filter(|_| may_matter);
            let Some(target) = target else { return };
            if !self
                .root
                .as_ref()
                .is_some_and(|root| target.starts_with(root))
            {
                self.leave_out(
                    &path,
                    "it is a link that leads out of the workspace".to_owned(),
                );
                return;
            }
            let Ok(metadata) = target.metadata() else {
                return;
            };
            kind = metadata.file_type();
            if kind.is_dir() && !self.entered.insert(target) {
                return;
            }
        }
        if kind.is_dir() {
            self.folder(place, &path);
        } else if self.is_wanted(&path) {
            if !kind.is_file() {
                self.leave_out(&path, "it is not a file".to_owned());
                return;
            }
            for wanted in &mut self.wanted {
                wanted.is_met |= wanted.pattern.matches(&path);
            }
            self.paths.push(path);
        }
    }

    fn is_wanted(&self, path: &str) -> bool {
        self.wanted
            .iter()
            .any(|wanted| wanted.pattern.matches(path))
    }

    fn is_way(&self, path: &str) -> bool {
        self.wanted
            .iter()
            .any(|wanted| wanted.pattern.may_be_below(path))
    }

    fn leave_out(&mut self, path: &str, reason: String) {
        self.scan.left_out.push(LeftOut::File {
            path: path.to_owned(),
            reason,
        });
    }
}
