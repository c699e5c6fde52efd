//! The defaults that earlier runs saw: one JSON line each, only ever appended, so that two runs
//! at once and a run that was cut off lose nothing but their own last line.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::lines::{append_lines, end_of};
use super::states::is_state;
use crate::model::facts::{Notice, Seen};
use crate::model::module::{Infra, Module};
use crate::model::warning::WarningCode;

/// Reads the defaults seen, oldest first, each (module, infrastructure, field, image) once with
/// the first day that it was seen. A file that does not exist yet is an empty one. Lines that
/// cannot be read are passed over, and counted in the notice `history-unreadable`.
pub fn read(path: &Path) -> (Vec<Seen>, Option<Notice>) {
    match read_lines(path) {
        Ok((seen, unreadable)) => {
            let reason =
                format!("{unreadable} of its lines are no defaults seen and were passed over");
            let notice = (unreadable > 0).then(|| notice(path, &reason));
            (seen, notice)
        }
        Err(error) => (Vec::new(), Some(notice(path, &error.to_string()))),
    }
}

/// Appends the defaults that the file does not have yet, in one write; missing folders are
/// created. With nothing new, nothing is written.
///
/// # Errors
/// What the file system says, with the path's name left to the caller.
pub fn append(path: &Path, seen: &[Seen]) -> io::Result<()> {
    let (known, _) = read_lines(path)?;
    let mut known: BTreeSet<Key> = known.iter().map(key).collect();
    let mut new: Vec<&Seen> = seen
        .iter()
        .filter(|entry| known.insert(key(entry)))
        .collect();
    new.sort_by_cached_key(|entry| key(entry));
    append_lines(path, new)
}

type Key = (Module, Option<Infra>, String, String);

fn key(seen: &Seen) -> Key {
    (
        seen.module,
        seen.infra,
        seen.field.clone(),
        seen.image.clone(),
    )
}

/// The defaults of the file, and the number of lines that cannot be read.
fn read_lines(path: &Path) -> io::Result<(Vec<Seen>, usize)> {
    let (text, is_cut) = end_of(path)?;
    let mut seen: Vec<Seen> = Vec::new();
    let mut unreadable = usize::from(is_cut);
    let mut first: BTreeMap<Key, usize> = BTreeMap::new();
    for line in text.split(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Ok(entry) = serde_json::from_slice::<Seen>(line) else {
            unreadable = unreadable.saturating_add(usize::from(!is_state(line)));
            continue;
        };
        let at = *first.entry(key(&entry)).or_insert(seen.len());
        match seen.get_mut(at) {
            Some(known) => known.first_seen = known.first_seen.min(entry.first_seen),
            None => seen.push(entry),
        }
    }
    seen.sort_by_key(|entry| entry.first_seen);
    Ok((seen, unreadable))
}

fn notice(path: &Path, reason: &str) -> Notice {
    Notice {
        code: WarningCode::HistoryUnreadable,
        message: format!("`history` ({}): {reason}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(field: &str, image: &str, day: &str) -> Seen {
        Seen {
            module: Module::Ci,
            infra: Some(Infra::K8),
            field: field.to_owned(),
            image: image.to_owned(),
            first_seen: day.parse().unwrap(),
        }
    }

    fn shown(entries: &[Seen]) -> Vec<String> {
        entries
            .iter()
            .map(|entry| format!("{} {} {}", entry.field, entry.image, entry.first_seen))
            .collect()
    }

    #[test]
    fn defaults_are_noted_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/history.jsonl");
        assert_eq!(read(&path), (vec![], None));
        let first = [
            seen("a", "x:1", "2026-11-01"),
            seen("b", "x:1", "2026-11-01"),
        ];
        append(&path, &first).unwrap();
        append(
            &path,
            &[
                seen("a", "x:1", "2026-11-02"),
                seen("a", "x:2", "2026-11-02"),
            ],
        )
        .unwrap();
        append(
            &path,
            &[
                seen("a", "x:2", "2026-11-03"),
                seen("a", "x:2", "2026-11-03"),
            ],
        )
        .unwrap();
        append(&path, &[]).unwrap();
        let (entries, notice) = read(&path);
        assert_eq!(notice, None);
        assert_eq!(
            shown(&entries),
            ["a x:1 2026-11-01", "b x:1 2026-11-01", "a x:2 2026-11-02"]
        );
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert_eq!(
            text.lines().next(),
            Some(
                r#"{"module":"ci","infra":"K8","field":"a","image":"x:1","first_seen":"2026-11-01"}"#
            )
        );
    }

    #[test]
    fn torn_and_foreign_lines_are_passed_over_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.jsonl");
        let whole = r#"{"module":"dbops","field":"a","image":"x:1","first_seen":"2026-11-05","note":"kept"}"#;
        let earlier = whole.replace("11-05", "11-04");
        let torn = &whole[..40];
        std::fs::write(
            &path,
            format!("{whole}\n\n{{}}\nnonsense\n{earlier}\r\n\u{feff}\n{torn}"),
        )
        .unwrap();
        append(&path, &[seen("b", "y:1", "2026-11-06")]).unwrap();
        let (entries, notice) = read(&path);
        assert_eq!(shown(&entries), ["a x:1 2026-11-04", "b y:1 2026-11-06"]);
        let notice = notice.unwrap();
        assert_eq!(notice.code, WarningCode::HistoryUnreadable);
        assert!(
            notice.message.contains("4 of its lines"),
            "{}",
            notice.message
        );
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(&format!("{torn}\n{{\"module\":\"ci\"")),
            "{text}"
        );
    }

    #[test]
    fn two_runs_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.jsonl");
        std::thread::scope(|scope| {
            for run in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..20 {
                        let image = format!("x:{run}.{number}");
                        append(path, &[seen("a", &image, "2026-11-05")]).unwrap();
                    }
                });
            }
        });
        let (entries, notice) = read(&path);
        assert_eq!((entries.len(), notice), (160, None));
    }

    #[test]
    fn what_is_no_file_is_a_notice() {
        let folder = tempfile::tempdir().unwrap();
        let (entries, notice) = read(folder.path());
        assert_eq!(entries, []);
        assert!(notice.unwrap().message.starts_with("`history` ("));
        assert!(append(folder.path(), &[seen("a", "x:1", "2026-11-05")]).is_err());
    }
}
