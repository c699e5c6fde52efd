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
    // image, `same_as`, name of the default
    let cases = [
        ("plugins/kaniko", "", "plugins/kaniko"),
        ("{mirror}/plugins/kaniko", "", "plugins/kaniko"),
        ("{mirror}/plugins/kaniko", all.as_str(), "plugins/kaniko"),
        ("{mirror}/ci/kaniko", &other, "plugins/kaniko"),
        ("{mirror}/m/plugins/kaniko", &other, "plugins/kaniko"),
        ("harnesssecure/drone-git", "", "harness/drone-git"),
        // What a file writes behind the pattern's `*` names no host.
        (
            "{mirror}/evil.example/plugins/kaniko",
            &all,
            "plugins/kaniko",
        ),
    ];
    for (image, same_as, default) in cases {
        let image = format!("{}:1.6.0", image.replace("{mirror}", mirror));
        let ran = Step::new()
            .drone("d.yml", &[&image])
            .set("modules", "none")
            .set("repositories", "*")
            .set("registry", publisher.url().as_str())
            .set("upstream", "registry")
            .set("same_as", same_as)
            .run()
            .ends(0);
        let context = format!("{image} {same_as}\n{}\n{}", ran.stdout, ran.stderr);
        let row = &ran.report()["images"][0];
        assert_eq!(row["verdict"], "unsupported", "{context}");
        assert_eq!(row["default"], format!("{default}:1.13.4"), "{context}");
        assert!(!ran.stderr.contains("//evil.example"), "{context}");
    }
}

#[test]
fn a_publishers_host_that_same_as_names_is_asked() {
    // Nothing listens at either: what is asked stands in the log.
    let (mirror, publisher) = ("127.0.0.1:9", "127.0.0.1:10");
    let ran = Step::new()
        .drone("d.yml", &[&format!("{mirror}/ci/kaniko:1.6.0")])
        .set("modules", "none")
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
