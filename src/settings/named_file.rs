//! Text files that settings name, and certificates, which may be such a file.

use std::io::ErrorKind;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::problems::Invalid;
use crate::files::read_at_most;

/// Most bytes of one setting's value.
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// Reads a text file that a setting names; what cannot end or has no bound is refused.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard library may add kinds"
)]
pub(super) fn read_file(path: &Path) -> Result<String, Invalid> {
    let unreadable = |error: std::io::Error| {
        Invalid::from(match error.kind() {
            ErrorKind::NotFound => "cannot be read: no such file".to_owned(),
            ErrorKind::InvalidData => "cannot be read: not UTF-8 text".to_owned(),
            kind => format!("cannot be read: {kind}"),
        })
    };
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err("cannot be read: not a file".into());
    }
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = read_at_most(path, most)
        .map_err(unreadable)?
        .ok_or("its file is longer than 1 MiB, which is the most")?;
    String::from_utf8(bytes).map_err(|_| unreadable(ErrorKind::InvalidData.into()))
}

/// Certificates: PEM text, given as it is, with its line ends written `\n`, or by its path.
pub(super) fn ca_cert(text: &str) -> Result<String, Invalid> {
    let text = if text.contains("-----BEGIN") {
        text.replace("\\n", "\n")
    } else {
        read_file(Path::new(text))?
    };
    if text.contains("PRIVATE KEY-----") {
        return Err("it holds a private key; give certificates only".into());
    }
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(text),
        _ => Err("no certificate in it can be read; it must be PEM, as text or as a path".into()),
    }
}
