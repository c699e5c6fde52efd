//! Which servers are trusted: the built-in roots, and the user's on top of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, RootCertStore};

use super::HttpError;
use super::verifiers::{AcceptAll, AcceptNamed};
use crate::files::read_at_most;
use crate::model::facts::Notice;
use crate::model::warning::WarningCode;
use crate::settings::Network;

/// Largest file of certificates, in bytes.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// Most files read of a folder.
const MAX_FILES: usize = 1_000;

/// What the user trusts besides the built-in roots.
pub(super) struct Roots {
    user: RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
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
            certificates: Vec::new(),
            skip_verify: network.skip_verify,
            notices: Vec::new(),
        };
        if network.skip_verify {
            roots.notices.push(Notice {
                code: WarningCode::SkipVerify,
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
            code: WarningCode::CertificatesUnreadable,
            message: format!(
                "certificates in {} are not used: it {reason}",
                path.display()
            ),
        });
    }

    /// Adds the certificates of a PEM text, all or none; other sections are passed over.
    fn add(&mut self, pem: &[u8]) -> Result<usize, String> {
        let mut added = RootCertStore::empty();
        let mut certificates = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| format!("is no valid PEM ({error})"))?;
            added
                .add(certificate.clone())
                .map_err(|error| format!("holds a certificate that cannot be used ({error})"))?;
            certificates.push(certificate);
        }
        let count = certificates.len();
        self.user.roots.append(&mut added.roots);
        self.certificates.append(&mut certificates);
        Ok(count)
    }

    /// The TLS side of the client: nothing of the system, no process-wide provider.
    pub(super) fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(CryptoProvider {
            key_provider: &NoKeys,
            ..ring::default_provider()
        });
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        if self.skip_verify {
            return Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAll::new(provider)))
                .with_no_client_auth());
        }
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if self.certificates.is_empty() {
            return Ok(builder.with_root_certificates(roots).with_no_client_auth());
        }
        roots.roots.extend_from_slice(&self.user.roots);
        let by_authority = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;
        let verifier = AcceptNamed::new(by_authority, self.certificates.clone());
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }
}

/// This client shows no certificate of its own; what reads and uses private keys is left out of
/// the program.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General(
            "no private keys are used".to_owned(),
        ))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("cannot be read ({error})");
    if !std::fs::metadata(file).map_err(cannot)?.is_file() {
        return Err("is no file".to_owned());
    }
    read_at_most(file, MAX_FILE_BYTES)
        .map_err(cannot)?
        .ok_or_else(|| format!("is larger than {MAX_FILE_BYTES} bytes"))
}

/// The entries of a folder in order of names, so that runs are alike.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot be read ({error})"))?
        .take(MAX_FILES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    Ok(files)
}
