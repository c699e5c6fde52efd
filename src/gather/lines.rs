//! The lines of the history's file, whatever they say: whole lines are appended, the end is read.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::files::{open_to_append, refuse_pipe};

/// Appends whole lines in one write, after a line that was cut off on a line of their own;
/// missing folders are created.
pub(super) fn append_lines(path: &Path, mut text: Vec<u8>) -> io::Result<()> {
    let mut file = open_to_append(path, OpenOptions::new().read(true))?;
    if !ends_with_newline(&mut file)? {
        text.insert(0, b'\n');
    }
    file.write_all(&text)?;
    file.sync_all()
}

/// The end of the file, as far as it is read.
#[derive(Default)]
pub(super) struct Text {
    pub(super) text: Vec<u8>,
    /// Whether the beginning of the file was passed over.
    pub(super) is_cut: bool,
}

/// What of the file is read; a file that does not exist yet is an empty one.
pub(super) fn lines_of(path: &Path) -> io::Result<Text> {
    refuse_pipe(path)?;
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Text::default()),
        file => file?,
    };
    let passed_over = file.metadata()?.len().saturating_sub(MAX_BYTES);
    if passed_over > 0 {
        file.seek(SeekFrom::Start(passed_over))?;
    }
    let mut text = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut text)?;
    Ok(Text {
        text,
        is_cut: passed_over > 0,
    })
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
