//! How certificates are written.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::form::form;
use super::named_file::read_file;
use super::problems::Invalid;
use super::schema;

form! {
    /// Certificates: PEM text, or the path of it.
    Certificates => String, ca_cert, schema::text()
}

/// PEM text, given as it is, with its line ends written `\n`, or by its path.
fn ca_cert(text: &str) -> Result<String, Invalid> {
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
