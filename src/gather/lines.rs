//! The lines of the history's file, whatever they say: whole lines are appended, the end is read.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;

use crate::files::{open_to_append, refuse_pipe};

/// Appends a line of JSON for each entry in one write, after a line that was cut off on lines of their
/// own; missing folders are created. Without entries nothing is written.
pub(super) fn append_lines<T: Serialize>(
    path: &Path,
    entries: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, &entry)?;
        text.push(b'\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let mut file = open_to_append(path, OpenOptions::new().read(true))?;
    if !ends_with_newline(&mut file)? {
        text.insert(0, b'\n');
    }
    file.write_all(&text)?;
    file.sync_all()
}

/// The end of the file, as far as it is read, and whether its beginning was passed over; a file that
/// does not exist yet is an empty one.
pub(super) fn end_of(path: &Path) -> io::Result<(Vec<u8>, bool)> {
    refuse_pipe(path)?;
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), false)),
        file => file?,
    };
    let passed_over = file.metadata()?.len().saturating_sub(MAX_BYTES);
    if passed_over > 0 {
        file.seek(SeekFrom::Start(passed_over))?;
    }
    let mut text = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut text)?;
    Ok((text, passed_over > 0))
}

/// Whether a further line can simply be appended; so it can to an empty file.
fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// How much of the file is read, from its end, in bytes: some hundred thousand defaults.
const MAX_BYTES: u64 = 32 << 20;
