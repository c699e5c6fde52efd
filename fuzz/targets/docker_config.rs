//! `docker_config`: any text, and the credentials found in it, which are known as secrets.
#![no_main]

use harness_images::redact::Secrets;
use harness_images::registry::credentials::{Credential, CredentialSource, Credentials};
use harness_images::settings::DockerConfig;
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;

/// Shorter texts are no secrets.
const MIN_LENGTH: usize = 6;

fuzz_target!(|text: &str| {
    let secrets = Secrets::default();
    let Some(config) = DockerConfig::parse(text) else {
        return;
    };
    let (credentials, notices) = Credentials::new(None, "docker.io", Some(&config), &secrets);
    assert!(notices.len() <= 1);
    for notice in &notices {
        is_fixed(&notice.message);
    }
    for host in ["docker.io", "registry.example:5000"] {
        let Some(credential) = credentials.get(host) else {
            continue;
        };
        assert!(credentials.helper(host).is_none());
        assert_eq!(credential.source(), CredentialSource::DockerConfig);
        assert_eq!(format!("{credential:?}"), "Credential(`docker_config`)");
        let secret = match credential {
            Credential::Login(login) => {
                login.header.expose_secret().strip_prefix("Basic ").unwrap()
            }
            Credential::Identity { token, .. } | Credential::Registry { token, .. } => {
                assert!(!token.expose_secret().trim().is_empty());
                token.expose_secret()
            }
        };
        assert!(secret.len() < MIN_LENGTH || secrets.redact(secret) == "[secret]");
    }
});

/// The message about a config is the same for all of them, but for numbers.
fn is_fixed(message: &str) {
    let words: String = message.chars().filter(|c| !c.is_ascii_digit()).collect();
    let begin = "`docker_config` could not be used, so registries are read without it: ";
    let ends = [
        "it is no `config.json` (line , column )",
        " of its `auth` values are no base of `user:password`",
    ];
    assert!(
        ends.iter().any(|end| words == format!("{begin}{end}")),
        "{message}"
    );
}
