//! Which servers are trusted: the built-in roots, and the user's on top of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::HttpError;
use crate::facts::Notice;
use crate::settings::Network;

/// Largest file of certificates, in bytes.
const LARGEST_FILE: u64 = 16 << 20;

/// Most files read of a folder.
const MOST_FILES: usize = 1_000;

/// What the user trusts besides the built-in roots.
pub(super) struct Roots {
    user: RootCertStore,
    skip_verify: bool,
    /// What could not be read, and that nothing is verified.
    pub(super) notices: Vec<Notice>,
}

impl Roots {
    /// Reads what the settings name. Only `ca_cert` must be right: bundles that the environment
    /// names are best effort, and a message where they cannot be used.
    pub(super) fn load(network: &Network) -> Result<Self, HttpError> {
        let mut roots = Self {
            user: RootCertStore::empty(),
            skip_verify: network.skip_verify,
            notices: Vec::new(),
        };
        if network.skip_verify {
            roots.notices.push(Notice {
                code: "skip-verify".to_owned(),
                message: "`skip_verify` is on: any server can pose as Harness or the registry and read the credentials; `ca_cert` is the safe way".to_owned(),
            });
        }
        if let Some(pem) = &network.ca_cert {
            let reason = match roots.add(pem.as_bytes()) {
                Ok(0) => Some("holds no certificate".to_owned()),
                Ok(_) => None,
                Err(reason) => Some(reason),
            };
            if let Some(reason) = reason {
                return Err(HttpError::Certificates { reason });
            }
        }
        for file in &network.certificate_files {
            match read(file).and_then(|pem| roots.add(&pem)) {
                Ok(0) => roots.note(file, "holds no certificate"),
                Ok(_) => {}
                Err(reason) => roots.note(file, &reason),
            }
        }
        for folder in &network.certificate_folders {
            match files_of(folder) {
                // Such folders hold other things too: keys, revocation lists, links gone astray.
                Ok(files) => {
                    for file in files {
                        let _ = read(&file).and_then(|pem| roots.add(&pem));
                    }
                }
                Err(reason) => roots.note(folder, &reason),
            }
        }
        Ok(roots)
    }

    fn note(&mut self, path: &Path, reason: &str) {
        self.notices.push(Notice {
            code: "certificates-unreadable".to_owned(),
            message: format!(
                "certificates in {} are not used: it {reason}",
                path.display()
            ),
        });
    }

    /// Adds the certificates of a PEM text, all or none; other sections are passed over.
    fn add(&mut self, pem: &[u8]) -> Result<usize, String> {
        let mut added = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| format!("is no valid PEM ({error})"))?;
            added
                .add(certificate)
                .map_err(|error| format!("holds a certificate that cannot be used ({error})"))?;
        }
        let count = added.len();
        self.user.roots.append(&mut added.roots);
        Ok(count)
    }

    /// The TLS side of the client: nothing of the system, no process-wide provider.
    pub(super) fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        if self.skip_verify {
            return Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAll(provider)))
                .with_no_client_auth());
        }
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        roots.roots.extend_from_slice(&self.user.roots);
        Ok(builder.with_root_certificates(roots).with_no_client_auth())
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("cannot be read ({error})");
    let about = std::fs::metadata(file).map_err(cannot)?;
    if !about.is_file() {
        return Err("is no file".to_owned());
    }
    if about.len() > LARGEST_FILE {
        return Err(format!("is larger than {LARGEST_FILE} bytes"));
    }
    std::fs::read(file).map_err(cannot)
}

/// The entries of a folder in order of names, so that runs are alike.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot be read ({error})"))?
        .take(MOST_FILES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    Ok(files)
}

/// `skip_verify`: any certificate will do.
#[derive(Debug)]
struct AcceptAll(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
