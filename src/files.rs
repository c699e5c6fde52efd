//! Files that are read and written whole or not at all.

use std::io::{self, Read, Write};
use std::path::Path;

/// Reads what `path` holds; `None` if that is more than `most` bytes, also where a file does not
/// say its length or grows meanwhile.
///
/// # Errors
/// What the file system says.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let file = std::fs::File::open(path)?;
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
        return std::fs::OpenOptions::new()
            .append(true)
            .open(path)?
            .write_all(bytes);
    }
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{}.part", std::process::id()));
    let unfinished = folder.join(unfinished);
    let written = create(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

fn create(path: &Path) -> io::Result<std::fs::File> {
    let file = std::fs::File::create(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(file)
}
