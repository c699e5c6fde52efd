//! A walk through the folders of a workspace that may hold what is meant.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::super::glob::PathPattern;
use super::{AUTO, LeftOut, MAX_ENTRIES};

/// Why a file cannot be named.
const NOT_UTF8: &str = "its name is not UTF-8";

/// The paths of the files that match one of `patterns`, each once, links followed; what had to be
/// left out is added to `left_out`.
pub(super) fn paths(
    workspace: &Path,
    patterns: &[&str],
    left_out: &mut Vec<LeftOut>,
) -> Vec<String> {
    let mut selectors = Vec::new();
    for text in patterns {
        match PathPattern::parse(text) {
            Some(pattern) => selectors.push(Selector {
                text,
                pattern,
                is_met: AUTO.contains(text),
            }),
            None => left_out.push(LeftOut::Outside {
                pattern: (*text).to_owned(),
            }),
        }
    }
    let mut walk = FileWalk {
        root: workspace.canonicalize().ok(),
        selectors,
        paths: Vec::new(),
        taken: HashSet::new(),
        entries: 0,
        entered: HashSet::new(),
        left_out,
    };
    walk.folder(workspace, &Names::default());
    let FileWalk {
        selectors, paths, ..
    } = walk;
    for unmet in selectors.into_iter().filter(|selector| !selector.is_met) {
        left_out.push(LeftOut::NoMatch {
            pattern: unmet.text.to_owned(),
        });
    }
    paths
}

struct Selector<'p> {
    text: &'p str,
    pattern: PathPattern,
    is_met: bool,
}

/// How a file or folder is called, relative to the workspace; the workspace itself has no name.
#[derive(Clone, Default)]
struct Names {
    /// As it was reached, which patterns match.
    path: String,
    /// Without links, which reports and patches name.
    real: String,
}

impl Names {
    fn inner(&self, name: &str) -> Self {
        let join = |folder: &str| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        Self {
            path: join(&self.path),
            real: join(&self.real),
        }
    }
}

struct FileWalk<'p, 's> {
    /// The workspace without links; what a link leads to must be in it.
    root: Option<PathBuf>,
    selectors: Vec<Selector<'p>>,
    paths: Vec<String>,
    taken: HashSet<String>,
    entries: usize,
    /// Folders that were entered through links, without links.
    entered: HashSet<PathBuf>,
    left_out: &'s mut Vec<LeftOut>,
}

impl FileWalk<'_, '_> {
    fn folder(&mut self, folder: &Path, names: &Names) {
        let path = names.path.as_str();
        if !self.is_way(path) || self.entries > MAX_ENTRIES {
            return;
        }
        let inner = match self.names(folder, path) {
            Ok(inner) => inner,
            Err(error) => {
                self.leave_out(if path.is_empty() { "." } else { path }, error.to_string());
                return;
            }
        };
        for name in inner {
            self.entry(&folder.join(&name), names.inner(&name));
        }
    }

    /// The names in a folder, sorted. Those that are no UTF-8 cannot be named in a report.
    fn names(&mut self, folder: &Path, path: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            self.entries = self.entries.saturating_add(1);
            if self.entries > MAX_ENTRIES {
                self.left_out.push(LeftOut::Bound {
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
                    if self.is_selected(inner) {
                        self.leave_out(inner, NOT_UTF8.to_owned());
                    }
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn entry(&mut self, place: &Path, mut names: Names) {
        let Ok(metadata) = place.symlink_metadata() else {
            return;
        };
        let mut kind = metadata.file_type();
        if kind.is_symlink() {
            let may_matter = self.is_selected(&names.path) || self.is_way(&names.path);
            let target = place.canonicalize().ok().filter(|_| may_matter);
            let Some(target) = target else { return };
            let root = self.root.as_ref();
            let Some(inside) = root.and_then(|root| target.strip_prefix(root).ok()) else {
                let reason = "it is a link that leads out of the workspace".to_owned();
                self.leave_out(&names.path, reason);
                return;
            };
            let Some(real) = inside.to_str() else {
                self.leave_out(&names.path, NOT_UTF8.to_owned());
                return;
            };
            names.real = real.to_owned();
            let Ok(metadata) = target.metadata() else {
                return;
            };
            kind = metadata.file_type();
            if kind.is_dir() && !self.entered.insert(target) {
                return;
            }
        }
        if kind.is_dir() {
            self.folder(place, &names);
        } else if self.is_selected(&names.path) {
            if !kind.is_file() {
                self.leave_out(&names.path, "it is not a file".to_owned());
                return;
            }
            for selector in &mut self.selectors {
                selector.is_met |= selector.pattern.matches(&names.path);
            }
            if self.taken.insert(names.real.clone()) {
                self.paths.push(names.real);
            }
        }
    }

    fn is_selected(&self, path: &str) -> bool {
        self.selectors
            .iter()
            .any(|selector| selector.pattern.matches(path))
    }

    fn is_way(&self, path: &str) -> bool {
        self.selectors
            .iter()
            .any(|selector| selector.pattern.may_be_below(path))
    }

    fn leave_out(&mut self, path: &str, reason: String) {
        self.left_out.push(LeftOut::File {
            path: path.to_owned(),
            reason,
        });
    }
}
