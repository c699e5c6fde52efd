//! Registry, network, log and runner.

use std::path::PathBuf;

use secrecy::ExposeSecret;
use tracing::Level;

use super::super::{LogFormat, RegistrySetting};
use super::{offline, refuses, wrong};

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

#[test]
fn registries() {
    for (value, expected) in [
        ("auto", None),
        ("Off", Some("off")),
        ("false", Some("off")),
        ("docker.io", Some("https://docker.io/")),
        ("localhost:5000", Some("https://localhost:5000/")),
        (
            "registry.example.com:5000/mirror",
            Some("https://registry.example.com:5000/mirror"),
        ),
        ("http://localhost:5000/", Some("http://localhost:5000/")),
        (
            "https://app.harness.io/registry",
            Some("https://app.harness.io/registry"),
        ),
        (
            "https://registry.example.com/v2/",
            Some("https://registry.example.com/"),
        ),
        (
            "Registry.Example.com/m",
            Some("https://registry.example.com/m"),
        ),
        ("[::1]:5000/m", Some("https://[::1]:5000/m")),
    ] {
        let found = match offline(&[("PLUGIN_REGISTRY", value)]).unwrap().registry {
            RegistrySetting::Auto => None,
            RegistrySetting::Off => Some("off".to_owned()),
            RegistrySetting::Base(url) => Some(url.to_string()),
        };
        assert_eq!(found.as_deref(), expected, "{value}");
    }
    refuses(
        "registry",
        &[
            "true",
            "ht!tp",
            "registry.example.com/Mirror",
            "http://r.corp/m/V2",
        ],
    );
}

#[test]
fn registry_logins() {
    let user = ("PLUGIN_REGISTRY_USERNAME", "robot$ci");
    let password = ("PLUGIN_REGISTRY_PASSWORD", "p:w");
    let login = offline(&[user, password]).unwrap().registry_login.unwrap();
    assert_eq!(
        (login.username.as_str(), login.password.expose_secret()),
        ("robot$ci", "p:w")
    );
    assert_eq!(wrong(offline(&[user])), ["registry_password"]);
    assert_eq!(wrong(offline(&[password])), ["registry_username"]);
    let colon = ("PLUGIN_REGISTRY_USERNAME", "a:b");
    assert_eq!(wrong(offline(&[colon, password])), ["registry_username"]);
}

#[test]
fn files_that_settings_point_to() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let config = write("config.json", "{\"auths\":{}}");
    let home = folder.path().to_str().unwrap();
    let certificates = write("ca.pem", PEM);
    for value in ["{\"auths\": {}}", &config, home] {
        let settings = offline(&[("PLUGIN_DOCKER_CONFIG", value)]).unwrap();
        assert!(settings.docker_config.is_some(), "{value}");
    }
    for value in [PEM, &PEM.replace('\n', "\\n"), &certificates] {
        let settings = offline(&[("PLUGIN_CA_CERT", value)]).unwrap();
        assert_eq!(
            settings.network.ca_cert.unwrap().trim(),
            PEM.trim(),
            "{value}"
        );
    }
    let key = PEM.replace("CERTIFICATE", "PRIVATE KEY");
    let (both, long) = (format!("{PEM}{key}"), "#".repeat(1024 * 1024 + 1));
    let (list, long, garbled) = (
        write("list.json", "[]"),
        write("long", &long),
        folder.path().join("garbled"),
    );
    std::fs::write(&garbled, [0xff, 0xfe]).unwrap();
    let (garbled, missing) = (garbled.to_str().unwrap(), format!("{home}/missing"));
    refuses(
        "docker_config",
        &[
            "{",
            "[]",
            "null",
            &missing,
            &list,
            &certificates,
            &long,
            garbled,
            "/dev/null",
        ],
    );
    let cut = "-----BEGIN CERTIFICATE-----\nMIIB\n";
    refuses(
        "ca_cert",
        &[
            &missing,
            home,
            &config,
            &long,
            garbled,
            &key,
            &both,
            cut,
            "/dev/zero",
        ],
    );
}

#[test]
fn certificates_and_proxies_of_the_environment() {
    let network = offline(&[
        ("SSL_CERT_FILE", "/a.pem"),
        ("HARNESS_CA_PATH", " /b.pem "),
        ("HARNESS_ADDITIONAL_CERTS_LIST", "/c.pem, /d.pem,"),
        ("SSL_CERT_DIR", "/certs:/more::"),
        ("HARNESS_SHARED_CERTS_PATH", "/shared"),
        ("PLUGIN_SKIP_VERIFY", "true"),
    ]);
    let network = network.unwrap().network;
    let paths = |list: &[&str]| list.iter().map(PathBuf::from).collect::<Vec<_>>();
    let files = paths(&["/a.pem", "/b.pem", "/c.pem", "/d.pem"]);
    assert_eq!(network.certificate_files, files);
    let folders = paths(&["/certs", "/more", "/shared"]);
    assert_eq!(network.certificate_folders, folders);
    assert!(network.skip_verify && network.ca_cert.is_none());

    let harness = [
        ("HARNESS_HTTP_PROXY", "http://h"),
        ("HARNESS_HTTPS_PROXY", "http://hs"),
        ("HARNESS_NO_PROXY", "hn"),
    ];
    let enabled = [&harness[..], &[("PLUGIN_ENABLE_PROXY", "true")]].concat();
    let usual = [
        ("HTTP_PROXY", "http://upper"),
        ("http_proxy", "http://lower"),
        ("HTTPS_PROXY", "http://upper"),
        ("https_proxy", " "),
        ("NO_PROXY", "upper"),
    ];
    let none = (None, None, None);
    let of_harness = (Some("http://h"), Some("http://hs"), Some("hn"));
    let lower = (Some("http://lower"), Some("http://upper"), Some("upper"));
    let all = [("ALL_PROXY", "http://all"), ("https_proxy", "http://s")];
    let switch = [("PLUGIN_ENABLE_PROXY", "true"), usual[1]];
    for (given, (http, https, no)) in [
        (vec![], none),
        (harness.to_vec(), none),
        (enabled.clone(), of_harness),
        (usual.to_vec(), lower),
        ([&usual[..], &enabled].concat(), of_harness),
        (all.to_vec(), (Some("http://all"), Some("http://s"), None)),
        (switch.to_vec(), (Some("http://lower"), None, None)),
    ] {
        let network = offline(&given).unwrap().network;
        let text = |proxy: &Option<secrecy::SecretString>| {
            proxy.as_ref().map(|proxy| proxy.expose_secret().to_owned())
        };
        assert_eq!(text(&network.http_proxy).as_deref(), http, "{given:?}");
        assert_eq!(text(&network.https_proxy).as_deref(), https, "{given:?}");
        assert_eq!(network.no_proxy.as_deref(), no, "{given:?}");
    }
}

#[test]
fn log() {
    for (given, level, format) in [
        (vec![], Level::INFO, LogFormat::Text),
        (vec![("DRONE_DEBUG", "true")], Level::DEBUG, LogFormat::Text),
        (vec![("DRONE_DEBUG", "no")], Level::INFO, LogFormat::Text),
        (
            vec![("DRONE_DEBUG", "true"), ("PLUGIN_LOG_LEVEL", "Warn")],
            Level::WARN,
            LogFormat::Text,
        ),
        (
            vec![("PLUGIN_LOG-FORMAT", "JSON"), ("PLUGIN_LOG_LEVEL", "trace")],
            Level::TRACE,
            LogFormat::Json,
        ),
    ] {
        let log = offline(&given).unwrap().log;
        assert_eq!((log.level, log.format), (level, format), "{given:?}");
    }
    let wrong_itself = [("PLUGIN_LOG_LEVEL", "loud"), ("PLUGIN_LOG_FORMAT", "xml")];
    assert_eq!(wrong(offline(&wrong_itself)), ["log_level", "log_format"]);
}

#[test]
fn runner() {
    let runner = |given: &[(&str, &str)]| offline(given).unwrap().runner;
    assert_eq!(runner(&[]), Default::default());
    let both = [("DRONE_OUTPUT", "/o"), ("HARNESS_OUTPUT_FILE", "/h")];
    assert_eq!(runner(&both).output, Some("/o".into()));
    assert_eq!(runner(&both[1..]).output, Some("/h".into()));
    let others = [
        ("DRONE_CARD_PATH", "/dev/stdout"),
        ("HARNESS_ANNOTATIONS_FILE", "/a.json"),
        ("HARNESS_STEP_ID", "check"),
        ("HARNESS_ORG_ID", ""),
        ("HARNESS_BUILD_ID", "a\u{1b}b"),
        ("HARNESS_DELEGATE_TOKEN", "secret"),
    ];
    let runner = runner(&others);
    assert_eq!(runner.card, Some("/dev/stdout".into()));
    assert_eq!(runner.annotations, Some("/a.json".into()));
    let expected = [("HARNESS_STEP_ID".to_owned(), "check".to_owned())];
    assert_eq!(runner.identifiers, expected.into());
}
