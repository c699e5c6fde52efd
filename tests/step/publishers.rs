//! Images of files that a mirror holds are asked for at their publisher as well.

use support::registry_server::{Behaviour, Options, RegistryServer};
use support::step::Step;

const PUBLISHED: [&str; 4] = ["1.6.0", "1.11.1", "1.12.0", "1.13.4"];

#[test]
fn the_publisher_is_asked_whether_or_not_the_mirror_answers() {
    let publisher = RegistryServer::start(
        Options::default()
            .with("plugins/kaniko", &PUBLISHED, Behaviour::Healthy)
            .with("harness/drone-git", &PUBLISHED, Behaviour::Healthy),
    );
    // Nothing listens there.
    let mirror = "127.0.0.1:9";
    let all = format!(r#"{{"{mirror}/*":"*"}}"#);
    let other = format!(r#"{{"{mirror}/ci/*":"plugins/*"}}"#);
    // image, `same_as`, default
    let cases = [
        (
            "plugins/kaniko:1.6.0".to_owned(),
            "",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            format!("{mirror}/plugins/kaniko:1.6.0"),
            "",
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            format!("{mirror}/plugins/kaniko:1.6.0"),
            all.as_str(),
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            format!("{mirror}/ci/kaniko:1.6.0"),
            &other,
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            format!("{mirror}/m/plugins/kaniko:1.6.0"),
            &other,
            Some("plugins/kaniko:1.13.4"),
        ),
        (
            "harnesssecure/drone-git:1.6.0".to_owned(),
            "",
            Some("harness/drone-git:1.13.4"),
        ),
        // What a file writes behind the pattern's `*` names no host.
        (
            format!("{mirror}/evil.example/plugins/kaniko:1.6.0"),
            &all,
            Some("plugins/kaniko:1.13.4"),
        ),
    ];
    for (image, same_as, default) in cases {
        let ran = Step::new()
            .write(
                "d.yml",
                &format!("kind: pipeline\nsteps:\n- image: {image}\n"),
            )
            .set("modules", "none")
            .set("files", "d.yml")
            .set("repositories", "*")
            .set("registry", publisher.url().as_str())
            .set("upstream", "registry")
            .set("same_as", same_as)
            .run()
            .ends(0);
        let context = format!("{image} {same_as}\n{}\n{}", ran.stdout, ran.stderr);
        let row = &ran.report()["images"][0];
        assert_eq!(row["verdict"], "unsupported", "{context}");
        assert_eq!(row["default"].as_str(), default, "{context}");
        assert!(!ran.stderr.contains("//evil.example"), "{context}");
    }
}

#[test]
fn a_publishers_host_that_same_as_names_is_asked() {
    // Nothing listens at either: what is asked stands in the log.
    let (mirror, publisher) = ("127.0.0.1:9", "127.0.0.1:10");
    let ran = Step::new()
        .write(
            "d.yml",
            &format!("kind: pipeline\nsteps:\n- image: {mirror}/ci/kaniko:1.6.0\n"),
        )
        .set("modules", "none")
        .set("files", "d.yml")
        .set("registry", mirror)
        .set(
            "same_as",
            &format!(r#"{{"{mirror}/ci/*":"{publisher}/plugins/*"}}"#),
        )
        .set("timeout", "9")
        .run()
        .ends(0);
    for asked in [
        format!("https://{mirror}/v2/ci/kaniko/tags/list"),
        format!("https://{publisher}/v2/plugins/kaniko/tags/list"),
    ] {
        assert!(ran.stderr.contains(&asked), "{asked}\n{}", ran.stderr);
    }
}
