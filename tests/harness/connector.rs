//! The account's connector.

use super::*;

const DOCKER_HUB: Connector = Connector::DockerHub {
    is_anonymous: false,
};

#[test]
fn the_connector_shows_where_images_come_from() {
    let docker = |spec: &str| {
        format!(
            r#"{{"status":"SUCCESS","data":{{"connector":{{"type":"DockerRegistry","identifier":"harnessImage","spec":{{{spec}}}}}}}}}"#
        )
    };
    let harbor = docker(
        r#""dockerRegistryUrl":"https://harbor.example:8443/mirror/","providerType":"Harbor","auth":{"type":"UsernamePassword","spec":{"username":"u","passwordRef":"account.p"}}"#,
    );
    let hub =
        docker(r#""dockerRegistryUrl":"https://index.docker.io/v2/","providerType":"DockerHub""#);
    let anonymous =
        docker(r#""dockerRegistryUrl":"https://index.docker.io/v2/","auth":{"type":"Anonymous"}"#);
    let bare = docker(r#""dockerRegistryUrl":"https://other.example/v2/""#);
    let wrong = docker(r#""dockerRegistryUrl":"not an address""#);
    let google =
        r#"{"status":"SUCCESS","data":{"connector":{"type":"Gcp","spec":{"credential":{}}}}}"#;
    let registry = |url: &str| {
        let url = url.parse().unwrap();
        Ok(Connector::Registry { url })
    };
    // The answer, 404 if none; what is made of it, or which failure.
    type AnswerAndResult<'a> = (Option<(u16, &'a str)>, Result<Connector, &'a str>);
    let cases: Vec<AnswerAndResult> = vec![
        (None, Ok(DOCKER_HUB)),
        (Some((404, "<html>")), Ok(DOCKER_HUB)),
        (
            Some((200, &harbor)),
            registry("https://harbor.example:8443/mirror"),
        ),
        (Some((200, &hub)), Ok(DOCKER_HUB)),
        (
            Some((200, &anonymous)),
            Ok(Connector::DockerHub { is_anonymous: true }),
        ),
        (Some((200, &bare)), registry("https://other.example/")),
        (
            Some((200, google)),
            Ok(Connector::NeedsSetting {
                kind: "Gcp".to_owned(),
            }),
        ),
        (Some((200, &wrong)), Err("shape")),
        (
            Some((200, r#"{"status":"SUCCESS","data":null}"#)),
            Err("shape"),
        ),
        (
            Some((200, r#"{"status":"SUCCESS","data":{"connector":[]}}"#)),
            Err("shape"),
        ),
        (Some((200, r#"{"status":"FAILURE"}"#)), Err("failure")),
        (Some((200, "<html>")), Err("not json")),
        (Some((403, r#"{"status":"ERROR"}"#)), Err("forbidden")),
    ];
    for (answer, expected) in cases {
        let server = HarnessServer::with(Options {
            connector: answer.map(|(status, body)| (status, body.to_owned())),
            ..Options::default()
        });
        let found = with(&server, async |harness| harness.connector().await);
        let found = found.as_ref().map_err(name);
        assert_eq!(
            found,
            expected.as_ref().map_err(|error| *error),
            "{answer:?}"
        );
        let got = &server.log()[0];
        assert_eq!(got.line(), "GET /gateway/ng/api/connectors/harnessImage");
        assert_eq!(got.query("accountIdentifier"), Some(ACCOUNT));
    }
}

#[test]
fn a_connector_that_may_not_be_read_names_its_own_permission() {
    let server = HarnessServer::with(Options {
        connector: Some((403, r#"{"status":"ERROR"}"#.to_owned())),
        ..Options::default()
    });
    let found = with(&server, async |harness| harness.connector().await);
    let text = found.unwrap_err().to_string();
    assert!(text.contains("`core_connector_view`"), "{text}");
}
