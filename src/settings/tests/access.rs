//! Who calls Harness, for which account, and where.

use super::super::HarnessCredential;
use super::{KEY, offline, online, read, wrong};

#[test]
fn credentials_and_accounts() {
    let bearer = ("PLUGIN_BEARER_TOKEN", "eyJ0.eyJz.c2ln");
    let key = ("PLUGIN_API_KEY", KEY);
    let of_environment = ("HARNESS_PLATFORM_API_KEY", "sat.env_acme.id.secret");
    let account = ("PLUGIN_ACCOUNT_ID", "given");
    let account_env = ("HARNESS_ACCOUNT_ID", "env");
    for (given, kind, expected) in [
        (vec![key], "key", "acme"),
        (vec![key, of_environment], "key", "acme"),
        (vec![of_environment], "key", "env_acme"),
        (vec![key, account], "key", "given"),
        (vec![key, account_env], "key", "env"),
        (vec![key, account, account_env], "key", "given"),
        (vec![bearer, account], "bearer", "given"),
        (vec![bearer, of_environment, account_env], "bearer", "env"),
        (vec![("PLUGIN_BEARER_TOKEN", KEY)], "bearer", "acme"),
        (
            vec![("PLUGIN_API_KEY", " \n pat.acme.i.s\n")],
            "key",
            "acme",
        ),
    ] {
        let settings = read(&given).unwrap();
        let access = settings.harness.unwrap();
        let found = match access.credential {
            HarnessCredential::ApiKey(_) => "key",
            HarnessCredential::Bearer(_) => "bearer",
        };
        let found = (found, access.account_id.as_str());
        assert_eq!(found, (kind, expected), "{given:?}");
        assert_eq!(settings.account.as_deref(), Some(expected));
        let differs = expected != "acme" && given.contains(&key);
        assert_eq!(settings.hints.len(), usize::from(differs), "{given:?}");
    }
    let api_key = |text| ("PLUGIN_API_KEY", text);
    let broken = ("HARNESS_PLATFORM_API_KEY", "a b");
    let expression = "<+secrets.getValue(\"k\")>";
    let with_word = ("PLUGIN_BEARER_TOKEN", "Bearer abc");
    let of_account = ("PLUGIN_ACCOUNT_ID", "<+account.identifier>");
    for (given, expected) in [
        (vec![], vec!["api_key", "account_id"]),
        (vec![account], vec!["api_key"]),
        (vec![key, bearer], vec!["bearer_token"]),
        (vec![bearer], vec!["account_id"]),
        (vec![api_key("a b")], vec!["api_key"]),
        (vec![broken], vec!["api_key"]),
        (vec![bearer, of_environment], vec!["account_id"]),
        (vec![api_key("opaque")], vec!["account_id"]),
        (vec![api_key("a\nb"), account], vec!["api_key"]),
        (vec![api_key("schlüssel"), account], vec!["api_key"]),
        (vec![api_key(expression), account], vec!["api_key"]),
        (vec![with_word, account], vec!["bearer_token"]),
        (vec![broken, account], vec!["api_key"]),
        (vec![key, of_account], vec!["account_id"]),
        (vec![key, ("HARNESS_ACCOUNT_ID", "a b")], vec!["account_id"]),
    ] {
        let mut found = wrong(read(&given));
        found.dedup();
        assert_eq!(found, expected, "{given:?}");
    }
}

#[test]
fn a_snapshot_needs_no_key() {
    let surrounded = [
        ("HARNESS_ACCOUNT_ID", "env"),
        ("HARNESS_PLATFORM_API_KEY", "a b"),
        ("HARNESS_ENDPOINT", "ftp://x"),
    ];
    let settings = offline(&surrounded).unwrap();
    assert!(settings.harness.is_none() && settings.account.is_none());
    let settings = offline(&[("PLUGIN_ACCOUNT_ID", "acme"), ("PLUGIN_API_KEY", KEY)]).unwrap();
    assert!(settings.harness.is_none());
    assert_eq!(settings.account.as_deref(), Some("acme"));
    assert_eq!(wrong(offline(&[("PLUGIN_API_KEY", "a b")])), ["api_key"]);
}

#[test]
fn endpoints() {
    let cloud = "https://app.harness.io/";
    for (value, expected) in [
        ("", cloud),
        ("app3.harness.io", "https://app3.harness.io/"),
        ("https://app.harness.io/gateway", cloud),
        ("https://app.harness.io/gateway//", cloud),
        (
            "HTTPS://Harness.Corp/prefix/gateway/",
            "https://harness.corp/prefix",
        ),
        (
            "harness.corp:8443/prefix/",
            "https://harness.corp:8443/prefix",
        ),
        ("http://localhost:7457", "http://localhost:7457/"),
        (
            "https://harness.corp/mygateway",
            "https://harness.corp/mygateway",
        ),
        ("http://[::1]:80/gateway", "http://[::1]/"),
        ("https://App_1.example.:443", "https://app_1.example./"),
        (
            "https://xn--bcher-kva.example",
            "https://xn--bcher-kva.example/",
        ),
    ] {
        for key in ["PLUGIN_ENDPOINT", "HARNESS_ENDPOINT"] {
            let endpoint = online(&[(key, value)]).unwrap().harness.unwrap().endpoint;
            assert_eq!(endpoint.as_str(), expected, "{key} {value}");
        }
    }
    let both = [
        ("PLUGIN_ENDPOINT", "a.example"),
        ("HARNESS_ENDPOINT", "b.example"),
    ];
    let endpoint = online(&both).unwrap().harness.unwrap().endpoint;
    assert_eq!(endpoint.as_str(), "https://a.example/");
    for value in [
        "ftp://app.harness.io",
        "https://",
        "https:/user:pw@app.harness.io",
        "https:app.harness.io",
        "//app.harness.io",
        "user:pw@app.harness.io",
        "https://user@app.harness.io",
        "https://@app.harness.io",
        "https://app.harness.io?x=1",
        "https://app.harness.io/#x",
        "https://app harness.io",
        "https://app.\nharness.io",
        "https://app.harness.io\\x",
        "https://bücher.example",
        "BÜCHER.example",
        "app.harness.io:port",
        "<+variable.host>",
        "ht!tp",
        "https://app..harness.io",
        "https://app.harness.io%21/x",
        "https://a,b.example",
    ] {
        for (key, name) in [
            ("PLUGIN_ENDPOINT", "endpoint"),
            ("HARNESS_ENDPOINT", "endpoint"),
            ("PLUGIN_HUB_ENDPOINT", "hub_endpoint"),
            ("PLUGIN_REGISTRY", "registry"),
        ] {
            assert_eq!(wrong(online(&[(key, value)])), [name], "{key} {value}");
        }
    }
    let hub = online(&[("PLUGIN_HUB_ENDPOINT", "http://127.0.0.1:9/hub/")]).unwrap();
    assert_eq!(hub.hub_endpoint.unwrap().as_str(), "http://127.0.0.1:9/hub");
}
