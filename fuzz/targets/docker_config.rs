//! `docker_config`: any text, and the credentials found in it.
#![no_main]

use harness_images::redact::Secrets;
use harness_images::registry::credentials::Credentials;
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;

fuzz_target!(|text: &str| {
    let secrets = Secrets::default();
    let config = SecretString::from(text);
    let (credentials, notices) = Credentials::new(None, "docker.io", Some(&config), &secrets);
    assert!(notices.len() <= 1);
    for host in ["docker.io", "registry.example:5000"] {
        if let Some(credential) = credentials.get(host) {
            let _ = format!("{credential:?} {:?}", credential.source());
        }
        let _ = credentials.helper(host);
    }
});
