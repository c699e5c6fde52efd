//! What is secret is known as such, and shown nowhere.

use secrecy::ExposeSecret;

use super::read;

#[test]
fn every_secret_in_every_form_and_none_in_debug() {
    let config = r#"{"auths":{
        "registry.example.com":{"auth":"cm9ib3Q6Q0FOQVJZLWF1dGg="},
        "b.example.com":{"username":"u","password":"CANARY-password"},
        "c.example.com":{"identitytoken":"CANARY-identity","registrytoken":"CANARY-registry"}}}"#;
    let settings = read(&[
        ("PLUGIN_API_KEY", "pat.acme.id.CANARY-key"),
        ("PLUGIN_REGISTRY_USERNAME", "robot"),
        ("PLUGIN_REGISTRY_PASSWORD", "CANARY-login"),
        ("PLUGIN_DOCKER_CONFIG", config),
        ("https_proxy", "http://me:CANARY%2Dproxy@proxy:3128"),
        ("http_proxy", "me:CANARY-plain@proxy:3128"),
    ])
    .unwrap();
    let secrets = settings.secrets();
    let secrets: Vec<&str> = secrets
        .iter()
        .map(|secret| secret.expose_secret())
        .collect();
    for expected in [
        "pat.acme.id.CANARY-key",
        "CANARY-key",
        "CANARY-login",
        "cm9ib3Q6Q0FOQVJZLWxvZ2lu",
        "cm9ib3Q6Q0FOQVJZLWF1dGg=",
        "robot:CANARY-auth",
        "CANARY-auth",
        "CANARY-password",
        "dTpDQU5BUlktcGFzc3dvcmQ=",
        "CANARY-identity",
        "CANARY-registry",
        "http://me:CANARY%2Dproxy@proxy:3128",
        "CANARY%2Dproxy",
        "me:CANARY-proxy",
        "CANARY-proxy",
        "bWU6Q0FOQVJZLXByb3h5",
        "CANARY-plain",
    ] {
        assert!(secrets.contains(&expected), "{expected} in {secrets:?}");
    }
    assert!(secrets.iter().all(|secret| !secret.is_empty()));
    assert!(secrets.is_sorted_by_key(|secret| std::cmp::Reverse(secret.len())));
    let debug = format!("{settings:?} {settings:#?}");
    for secret in &secrets {
        assert!(!debug.contains(secret), "{secret}");
    }
    assert!(!debug.contains("CANARY"));
}

#[test]
fn bearer_tokens_are_secret_and_nothing_else_is() {
    let given = [
        ("PLUGIN_BEARER_TOKEN", "CANARY"),
        ("PLUGIN_ACCOUNT_ID", "acme"),
    ];
    let settings = read(&given).unwrap();
    assert!(!format!("{settings:?}").contains("CANARY"));
    let secrets = settings.secrets();
    let secrets: Vec<&str> = secrets
        .iter()
        .map(|secret| secret.expose_secret())
        .collect();
    assert_eq!(secrets, ["CANARY"]);
    let proxied = [&given[..], &[("http_proxy", "http://proxy:3128")]].concat();
    assert_eq!(read(&proxied).unwrap().secrets().len(), 1);
}
