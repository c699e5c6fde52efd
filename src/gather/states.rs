//! The state of images as runs note it in the history: a line for each image whose state changed,
//! and one line that says since when. What no run has changed is not written again, so the file
//! grows with what happens, not with the number of runs.

use std::io;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lines::{append_lines, end_of};
use crate::model::concern::{Concerns, States};

/// What the history holds about the state of images.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The newest state of every image with which something was wrong once; `None` if no run has
    /// noted states yet.
    pub states: Option<States>,
    /// The newest day on which a state was noted, UTC.
    pub newest: Option<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StateLine {
    State {
        state_of: String,
        state: Concerns,
        on: Date,
    },
    Since {
        states_since: Date,
    },
}

/// Whether a line of the history is about states.
pub(super) fn is_state(line: &[u8]) -> bool {
    serde_json::from_slice::<StateLine>(line).is_ok()
}

/// Reads the states that earlier runs have noted; lines that say something else are passed over.
///
/// # Errors
/// What the file system says; a file that does not exist yet is an empty one.
pub fn read(path: &Path) -> io::Result<Noted> {
    let mut noted = Noted::default();
    let (text, _) = end_of(path)?;
    let lines = text.split(|byte| *byte == b'\n');
    for line in lines.filter_map(|line| serde_json::from_slice::<StateLine>(line).ok()) {
        let states = noted.states.get_or_insert_default();
        let day = match line {
            StateLine::State {
                state_of,
                state,
                on,
            } => {
                states.insert(state_of, state);
                on
            }
            StateLine::Since { states_since } => states_since,
        };
        noted.newest = noted.newest.max(Some(day));
    }
    Ok(noted)
}

/// Appends the states that differ from those noted, as of a day, in one write; with nothing to
/// say, nothing is written.
///
/// # Errors
/// What the file system says, with the path's name left to the caller.
pub fn append(path: &Path, noted: &Noted, changed: States, on: Date) -> io::Result<()> {
    let is_first = noted.states.is_none();
    let since = is_first.then_some(StateLine::Since { states_since: on });
    let changed = changed
        .into_iter()
        .map(|(state_of, state)| StateLine::State {
            state_of,
            state,
            on,
        });
    append_lines(path, since.into_iter().chain(changed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gather::history;
    use crate::model::concern::Concern;

    fn state(key: &str, concerns: &[Concern]) -> States {
        States::from([(key.to_owned(), concerns.iter().copied().collect())])
    }

    #[test]
    fn states_are_read_back_and_leave_defaults_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.jsonl");
        assert_eq!(read(&path).unwrap(), Noted::default());
        let day = |text: &str| text.parse::<Date>().unwrap();
        append(&path, &Noted::default(), States::new(), day("2026-11-01")).unwrap();
        let first = read(&path).unwrap();
        assert_eq!(first.states, Some(States::new()));
        let bad = state("ci.K8.addonTag", &[Concern::Unsupported, Concern::Missing]);
        append(&path, &first, bad.clone(), day("2026-11-02")).unwrap();
        let second = read(&path).unwrap();
        assert_eq!(
            (second.states.as_ref(), second.newest),
            (Some(&bad), Some(day("2026-11-02")))
        );
        let good = state("ci.K8.addonTag", &[]);
        append(&path, &second, good.clone(), day("2026-11-03")).unwrap();
        let third = read(&path).unwrap();
        assert_eq!(third.states, Some(good));
        let before = std::fs::read(&path).unwrap();
        append(&path, &third, States::new(), day("2026-11-04")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), before);
        let (seen, notice) = history::read(&path);
        assert!(seen.is_empty() && notice.is_none(), "{notice:?}");
    }
}
