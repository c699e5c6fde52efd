//! Certificates and proxies, of settings and of the environment.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::settings::collections::pieces;
use crate::settings::environment::Environment;
use crate::settings::table::Values;
use crate::settings::values::Network;

/// Puts together the settings and the usual variables, in lower case before upper case as curl does. Only `ca_cert` must be right: what the
/// environment names is best effort.
pub(super) fn network(values: &mut Values, environment: &Environment) -> Network {
    let harness_proxies = values.enable_proxy == Some(true);
    let first = |names: &[&str]| names.iter().find_map(|name| environment.text(name));
    let proxy = |of_harness: &str, names: &[&str]| {
        harness_proxies
            .then(|| environment.text(of_harness))
            .flatten()
            .or_else(|| first(names))
    };
    let secret = |of_harness: &str, names: &[&str]| {
        proxy(of_harness, names)
            .or_else(|| first(&["all_proxy", "ALL_PROXY"]))
            .map(SecretString::from)
    };
    Network {
        ca_cert: values.ca_cert.take(),
        certificate_files: certificate_files(environment),
        certificate_folders: certificate_folders(environment),
        skip_verify: values.skip_verify.unwrap_or(false),
        http_proxy: secret("HARNESS_HTTP_PROXY", &["http_proxy", "HTTP_PROXY"]),
        https_proxy: secret("HARNESS_HTTPS_PROXY", &["https_proxy", "HTTPS_PROXY"]),
        no_proxy: proxy("HARNESS_NO_PROXY", &["no_proxy", "NO_PROXY"]).map(str::to_owned),
    }
}

fn certificate_files(environment: &Environment) -> Vec<PathBuf> {
    let single = ["SSL_CERT_FILE", "HARNESS_CA_PATH"];
    let mut files: Vec<PathBuf> = single
        .into_iter()
        .filter_map(|name| environment.path(name))
        .collect();
    let list = environment.text("HARNESS_ADDITIONAL_CERTS_LIST");
    files.extend(pieces(list.unwrap_or_default()).map(PathBuf::from));
    files
}

fn certificate_folders(environment: &Environment) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Some(list) = environment.path("SSL_CERT_DIR") {
        let named = |folder: &PathBuf| !folder.as_os_str().is_empty();
        folders.extend(std::env::split_paths(&list).filter(named));
    }
    folders.extend(environment.path("HARNESS_SHARED_CERTS_PATH"));
    folders
}
