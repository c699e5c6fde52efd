//! What credentials are found, in whichever way they are written, and what stays hidden.

use super::*;

fn shown(credentials: &Credentials, host: &str) -> String {
    match credentials.get(host) {
        Some(Credential::Login(login)) => {
            let header = login.header.expose_secret();
            let decoded = STANDARD
                .decode(header.strip_prefix("Basic ").unwrap())
                .unwrap();
            String::from_utf8(decoded).unwrap()
        }
        Some(Credential::Identity { token, .. }) => {
            format!("identity {}", token.expose_secret())
        }
        Some(Credential::Registry { token, .. }) => {
            format!("registry {}", token.expose_secret())
        }
        None => format!("none {}", credentials.helper(host).unwrap_or_default()),
    }
}

#[test]
fn docker_configs_are_read_as_docker_writes_them() {
    let login = STANDARD.encode("anna:geheim-1");
    let cases = [
        (format!(r#"{{"auths":{{"r.corp":{{"auth":"{login}"}}}}}}"#), "r.corp", "anna:geheim-1"),
        (format!(r#"{{"auths":{{"r.corp":{{"auth":"{}"}}}}}}"#, login.trim_end_matches('=')), "r.corp", "anna:geheim-1"),
        (format!(r#"{{"auths":{{"https://R.corp:5000/v2/":{{"auth":"{login}"}}}}}}"#), "r.corp:5000", "anna:geheim-1"),
        (format!(r#"{{"auths":{{"https://index.docker.io/v1/":{{"auth":"{login}"}}}}}}"#), "docker.io", "anna:geheim-1"),
        (r#"{"auths":{"r.corp":{"username":"b","password":"c:d"}}}"#.into(), "r.corp", "b:c:d"),
        (r#"{"auths":{"r.corp":{"auth":"","identitytoken":"idt-123456"}}}"#.into(), "r.corp", "identity idt-123456"),
        (format!(r#"{{"auths":{{"r.corp":{{"auth":"{}"}}}}}}"#, STANDARD.encode("<token>:idt-123456")), "r.corp", "identity idt-123456"),
        (r#"{"auths":{"r.corp":{"registrytoken":"reg-123456"}}}"#.into(), "r.corp", "registry reg-123456"),
        (r#"{"auths":{"r.corp":{}},"credsStore":"desktop"}"#.into(), "r.corp", "none desktop"),
        (r#"{"auths":{"r.corp":null},"credsStore":"desktop"}"#.into(), "r.corp", "none desktop"),
        (r#"{"credHelpers":{"r.corp":"ecr-login"}}"#.into(), "r.corp", "none ecr-login"),
        (r#"{"auths":{"other.corp":{"username":"b","password":"c"}}}"#.into(), "r.corp", "none "),
        (r#"{"auths":null}"#.into(), "r.corp", "none "),
        ("{}".into(), "r.corp", "none "),
        (r#"{"auths":{"r.corp":{"username":"host","password":"own"},"r.corp/team":{"username":"path","password":"own"}}}"#.into(), "r.corp", "host:own"),
        (r#"{"auths":{"r.corp/team":{"username":"path","password":"own"}}}"#.into(), "r.corp", "path:own"),
    ];
    for (text, host, expected) in cases {
        let config = DockerConfig::parse(&text).unwrap();
        let (credentials, notices) =
            Credentials::new(None, "base.corp", Some(&config), &Secrets::default());
        assert_eq!(shown(&credentials, host), expected, "{text}");
        assert!(notices.is_empty(), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_named_without_being_shown() {
    let readable = STANDARD.encode("anna:geheim-1");
    let cases = [
        r#"{"auths":{"r.corp":{"auth":17,"password":"geheim-1"}}}"#.to_owned(),
        r#"{"auths":{"r.corp":{"auth":"geheim-1 is no base64"}}}"#.to_owned(),
        format!(
            r#"{{"auths":{{"r.corp":{{"auth":"{}"}},"s.corp":{{"auth":"{readable}"}}}}}}"#,
            STANDARD.encode("geheim-1")
        ),
    ];
    for text in cases {
        let config = DockerConfig::parse(&text).unwrap();
        let (credentials, notices) =
            Credentials::new(None, "base.corp", Some(&config), &Secrets::default());
        assert_eq!(notices.len(), 1, "{text}");
        assert!(notices[0].message.contains("`docker_config`"), "{text}");
        assert!(!notices[0].message.contains("geheim-1"), "{text}");
        assert!(!format!("{config:?}").contains("geheim-1"), "{text}");
        assert!(!format!("{credentials:?}").contains("geheim-1"), "{text}");
    }
}

#[test]
fn the_login_belongs_to_the_base_and_secrets_are_known() {
    let secrets = Secrets::default();
    let login = RegistryLogin {
        username: "anna".to_owned(),
        password: "geheim-1".to_owned().into(),
    };
    let config = DockerConfig::parse(
        r#"{"auths":{"base.corp":{"username":"x","password":"verdeckt-2"},"r.corp":{"identitytoken":"verdeckt-3"}}}"#,
    )
    .unwrap();
    let (credentials, _) = Credentials::new(Some(&login), "base.corp", Some(&config), &secrets);
    assert_eq!(shown(&credentials, "base.corp"), "anna:geheim-1");
    assert_eq!(shown(&credentials, "r.corp"), "identity verdeckt-3");
    let encoded = STANDARD.encode("anna:geheim-1");
    let text = format!("geheim-1 verdeckt-2 verdeckt-3 {encoded}");
    assert_eq!(secrets.redact(&text), "[secret] [secret] [secret] [secret]");
}

proptest::proptest! {
    #[test]
    fn any_docker_config_is_read_without_harm(text in ".{0,80}", auth in "[A-Za-z0-9+/=]{0,24}") {
        let whole = format!(r#"{{"auths":{{"r.corp":{{"auth":"{auth}"}}}}}}"#);
        for text in [text, whole] {
            let config = DockerConfig::parse(&text);
            let _ = Credentials::new(None, "base.corp", config.as_ref(), &Secrets::default());
        }
    }
}
