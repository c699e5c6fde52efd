//! Patterns of paths: `*` within a name, `**` for any folders. A pattern with either means YAML and
//! JSON files outside of `.git`; a path without means the file, whatever its name ends in.

use crate::model::policy::Pattern as NamePattern;

/// A path with `/` between names, relative to the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathPattern {
    names: Vec<NamePattern>,
    has_wildcard: bool,
}

/// What the names of YAML and JSON files end in.
const ENDINGS: [&str; 3] = [".yml", ".yaml", ".json"];
/// What no wildcard looks into.
const VERSION_CONTROL: &str = ".git";

impl PathPattern {
    /// Reads a pattern; `./` before it is left out. None if it leads out of the workspace: absolute,
    /// or with `..`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return None;
        }
        let names = text.split('/');
        let names: Vec<&str> = names.filter(|name| !matches!(*name, "" | ".")).collect();
        let is_inside = !names.is_empty() && !names.contains(&"..");
        is_inside.then(|| Self {
            has_wildcard: names.iter().any(|name| name.contains('*')),
            names: names.into_iter().map(NamePattern::new).collect(),
        })
    }

    /// Whether a file of this path is meant.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        let is_meant = !self.has_wildcard
            || (!names.contains(&VERSION_CONTROL)
                && ENDINGS.iter().any(|ending| path.ends_with(ending)));
        is_meant && self.reached(&names).last() == Some(&true)
    }

    /// Whether a folder of this path may hold files that are meant.
    pub(super) fn may_be_below(&self, folder: &str) -> bool {
        let path: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
        if self.has_wildcard && path.contains(&VERSION_CONTROL) {
            return false;
        }
        let reached = self.reached(&path);
        let names = self.names.len();
        let is_open = self.names.last().is_some_and(is_any);
        let part = reached.iter().take(names).any(|reached| *reached);
        part || (is_open && reached.last() == Some(&true))
    }

    /// Which beginnings of the pattern match the whole path: of the number of names that is the index.
    fn reached(&self, path: &[&str]) -> Vec<bool> {
        let mut reached = vec![true];
        // `**` matches nothing, too.
        let skip = |reached: &mut Vec<bool>| {
            for (at, name) in self.names.iter().enumerate() {
                let here = reached.get(at).copied().unwrap_or(false);
                let next = reached.get(at.saturating_add(1)).copied().unwrap_or(false);
                let is_reached = next || (here && is_any(name));
                match reached.get_mut(at.saturating_add(1)) {
                    Some(place) => *place = is_reached,
                    None => reached.push(is_reached),
                }
            }
        };
        skip(&mut reached);
        for part in path {
            let mut next = vec![false];
            for (name, pair) in self.names.iter().zip(reached.windows(2)) {
                let (before, after) = match pair {
                    [before, after] => (*before, *after),
                    _ => (false, false),
                };
                let stays = after && is_any(name);
                next.push(stays || (before && (is_any(name) || name.matches(part))));
            }
            skip(&mut next);
            reached = next;
        }
        reached
    }
}

/// Whether it stands for any folders.
fn is_any(name: &NamePattern) -> bool {
    name.as_str() == "**"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_by_names() {
        for (pattern, path, matches) in [
            (".drone.yml", ".drone.yml", true),
            (".drone.yml", "a/.drone.yml", false),
            ("./a/b.yml", "a/b.yml", true),
            ("*.yml", "a.yml", true),
            ("*.yml", "a/b.yml", false),
            ("**/*.yml", "a.yml", true),
            ("**/*.yml", "a/b/c.yml", true),
            (".harness/**", ".harness/a.yml", true),
            (".harness/**", ".harness/a/b/c.json", true),
            (".harness/**", ".harness/readme.md", false),
            ("images", "images", true),
            (".harness/**/*.yaml", ".harness/b.yaml", true),
            (".harness/**/*.yaml", ".harness/x/b.yml", false),
            ("a/**/b/*.yml", "a/x/b/c/b/d.yml", true),
            ("a/*/b.yml", "a/x/y/b.yml", false),
            ("a*c*e.yml", "abcde.yml", true),
            ("a*c*e.yml", "ae.yml", false),
            ("*ab.yml", "aab.yml", true),
            ("ab*ba.yml", "aba.yml", false),
            ("**", "a/b.yaml", true),
            ("**", "a/b", false),
            ("**", ".git/b.yaml", false),
            ("**/*.yml", "a/.git/b.yml", false),
            (".git/b.yml", ".git/b.yml", true),
        ] {
            let pattern = PathPattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(path), matches, "{pattern:?} {path}");
        }
        for outside in ["/etc/passwd", "../a.yml", "a/../../b", "", "."] {
            assert_eq!(PathPattern::parse(outside), None);
        }
    }

    #[test]
    fn folders_are_entered_only_where_something_may_be() {
        for (pattern, folder, enters) in [
            ("*.yml", "", true),
            ("*.yml", "a", false),
            ("a/b.yml", "a", true),
            ("a/b.yml", "a/b.yml", false),
            (".harness/**", "node_modules", false),
            (".harness/**", ".harness/x/y", true),
            ("**/*.yml", "a/b/c", true),
            ("**/*.yml", ".git", false),
            ("**", "a/.git/x", false),
            (".git/b.yml", ".git", true),
        ] {
            let pattern = PathPattern::parse(pattern).unwrap();
            assert_eq!(pattern.may_be_below(folder), enters, "{pattern:?} {folder}");
        }
    }
}
