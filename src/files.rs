//! Files that are read and written whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

/// Reads what `path` holds; `None` if that is more than `most` bytes, also where a file does not
/// say its length or grows meanwhile.
///
/// # Errors
/// What the file system says.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    refuse_pipe(path)?;
    let file = File::open(path)?;
    if file.is_terminal() {
        let reason = "it is a terminal, which may never say anything, not a file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let length = file.metadata()?.len().min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= most);
    Ok(fits.then_some(bytes))
}

/// Writes `bytes` to `path`: missing folders are created, the file appears complete under its
/// name or not at all, and others may read it (mode 0644), since another user may run the
/// next step.
///
/// # Errors
/// What the file system says, with the path's name left to the caller.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    refuse_pipe(path)?;
    write(path, bytes).map_err(explained)
}

/// Adds `text` at the end of the file at `path`, in one write; missing folders and the file are
/// created.
///
/// # Errors
/// What the file system says, with the path's name left to the caller.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    open_to_append(path, &mut OpenOptions::new())?.write_all(text.as_bytes())
}

/// Opens the file at `path` to be appended to, besides what `options` say; missing folders and the file are created.
///
/// # Errors
/// What the file system says, with the path's name left to the caller.
pub fn open_to_append(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    refuse_pipe(path)?;
    let mut open = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        options.append(true).create(true).open(path)
    };
    open().map_err(explained)
}

/// Opening a pipe waits until its other end is open, which may be for ever.
///
/// # Errors
/// If `path` is a pipe, a socket or a disk.
pub fn refuse_pipe(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let is_other = path.metadata().is_ok_and(|found| {
            let kind = found.file_type();
            kind.is_fifo() || kind.is_socket() || kind.is_block_device()
        });
        if is_other && path != Path::new("/dev/stdout") {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is a pipe, a socket or a disk, not a file",
            ));
        }
    }
    Ok(())
}

/// A refusal with what fixes it: workspaces often belong to root, and the image runs as another user.
fn explained(error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::PermissionDenied {
        return error;
    }
    let user = user().map_or_else(|| "its user".to_owned(), |uid| format!("user {uid}"));
    io::Error::new(
        error.kind(),
        format!(
            "permission denied: the step runs as {user}, who may not write there; run it as the owner of the workspace \
             (Drone: `user: \"0\"`, Woodpecker: `backend_options: {{docker: {{user: \"0\"}}}}`, Harness: `runAsUser: \"0\"`), \
             or choose another folder"
        ),
    )
}

/// Number of the user that the process runs as.
fn user() -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").ok().map(|own| own.uid())
    }
    #[cfg(not(unix))]
    None
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path == Path::new("/dev/stdout") {
        // Opened anew, a redirected file would be written over by what is printed.
        let mut output = io::stdout().lock();
        return output.write_all(bytes).and_then(|()| output.flush());
    }
    let is_of_system = path.starts_with("/dev") || path.starts_with("/proc");
    if is_of_system || path.exists() && !path.is_file() {
        // A device or a pipe cannot be replaced: it is written through.
        return OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{:016x}.part", random()));
    let unfinished = folder.join(unfinished);
    let written = create(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

/// A number that nobody can foresee, so that nobody can have put a link there.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}

/// A new file: never one that is there already, nor one that a link leads to.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_fixes_it() {
        for (kind, has_hint) in [
            (io::ErrorKind::PermissionDenied, true),
            (io::ErrorKind::NotFound, false),
            (io::ErrorKind::StorageFull, false),
        ] {
            let error = explained(io::Error::from(kind));
            assert_eq!(error.kind(), kind);
            assert_eq!(error.to_string().contains("runAsUser"), has_hint, "{error}");
        }
    }
}
