//! Digests and dates of single tags.

use super::*;
use harness_images::model::facts::ListKind;
use harness_images::registry::{TagProperty, TagQuery};
use support::registry_server::{Access, Behaviour, Image, Options, Tokens};

fn digest(number: usize) -> String {
    format!("sha256:{number:064}")
}

fn with_created(number: usize, created: &str) -> Image {
    Image {
        digest: digest(number),
        created: created.to_owned(),
        ..Image::default()
    }
}

fn options(elsewhere: &str) -> Options {
    let index = |image: Image| Image {
        is_index: true,
        ..image
    };
    Options {
        access: Access::Bearer(Tokens::default()),
        ..Options::default()
    }
    .with(
        "harness/a",
        &["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "latest"],
        Behaviour::Healthy,
    )
    .image(
        "harness/a",
        "1.0.0",
        Image {
            sizes: vec![20, 3],
            ..with_created(1, "2026-01-02T03:04:05.678901234Z")
        },
    )
    .image(
        "harness/a",
        "1.1.0",
        index(Image {
            sizes: vec![20, 3],
            ..with_created(2, "2026-02-02T00:00:00Z")
        }),
    )
    .image(
        "harness/a",
        "1.2.0",
        with_created(3, "1970-01-01T00:00:00Z"),
    )
    .image(
        "harness/a",
        "1.3.0",
        with_created(4, "0001-01-01T00:00:00Z"),
    )
    .image(
        "harness/a",
        "1.4.0",
        Image {
            config_at: Some(elsewhere.to_owned()),
            ..index(with_created(5, "2026-05-02T00:00:00Z"))
        },
    )
    .image("harness/a", "latest", with_created(2, ""))
    .image("harness/a", "unlisted", with_created(6, ""))
}

#[test]
fn tags_are_described_where_a_verdict_turns_on_them() {
    let storage = RegistryServer::start(
        Options::default()
            .with("x", &["1"], Behaviour::Healthy)
            .image("x", "1", with_created(5, "2026-05-02T00:00:00Z")),
    );
    let options = options(storage.url().as_str().trim_end_matches('/'));
    let scene = Scene::new(options, Set::default());
    let server = &scene.server;
    let registries = scene.registries();
    let mut collected = run(read_in(&registries, &["harness/a:1.0.0"]));
    let before = server.log().len();
    let query = |tag: &str, property| TagQuery {
        registry: server.address.clone(),
        repository: "harness/a".to_owned(),
        tag: tag.to_owned(),
        property,
    };
    let mut all = vec![
        query("latest", TagProperty::Digest),
        query("gone", TagProperty::Digest),
        query("unlisted", TagProperty::Digest),
    ];
    for tag in ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "gone-too"] {
        all.push(query(tag, TagProperty::Published));
    }
    all.push(query("latest", TagProperty::Digest));
    all.push(TagQuery {
        repository: "harness/unknown".to_owned(),
        ..query("1.0.0", TagProperty::Digest)
    });
    run(registries.describe(&mut collected.repositories, &all));
    let repository = find(&collected, "harness/a");
    let described: Vec<String> = repository
        .tags
        .iter()
        .map(|tag| {
            let published = tag.published.map(|at| at.strftime("%F").to_string());
            let digest = tag.digest.as_deref().map(|digest| {
                digest
                    .trim_start_matches("sha256:0")
                    .trim_start_matches('0')
                    .to_owned()
            });
            let size = tag.size.map(|size| format!(" {size}"));
            format!(
                "{} {} {}{}",
                tag.name,
                digest.as_deref().unwrap_or("-"),
                published.as_deref().unwrap_or("-"),
                size.unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        described,
        [
            // A manifest that is read anyway shows the size, one of several platforms does not.
            "1.0.0 - 2026-01-02 123 B",
            "1.1.0 - 2026-02-02",
            "1.2.0 - - 100 B",
            "1.3.0 - - 100 B",
            "1.4.0 - 2026-05-02",
            "latest 2 -",
            "unlisted 6 -"
        ]
    );
    assert_eq!(repository.absent, ["gone", "gone-too"]);
    // The token serves on; digests cost a `HEAD` each, dates two or three `GET`s.
    let log = server.log();
    let heads = log.iter().filter(|logged| logged.method == "HEAD").count();
    assert_eq!(heads, 4);
    assert_eq!(server.count("/token"), 2);
    assert!(log[before..].iter().all(|logged| logged.status != 401));
    // Storage elsewhere is asked, without the token.
    assert_eq!(storage.log().len(), 1);
    assert_eq!(storage.log()[0].authorization, None);
}

#[test]
fn docker_hub_describes_without_a_pull() {
    let image = Image {
        last_updated: "2026-11-09T00:00:00.5Z".to_owned(),
        ..with_created(7, "")
    };
    let options = Options {
        hub: Some(200),
        ..Options::default()
    }
    .with("harness/a", &["1.0.0"], Behaviour::Healthy)
    .image("harness/a", "1.0.0", image);
    let scene = Scene::hub(10, options, Set::default());
    let query = |tag: &str, property| TagQuery {
        registry: "docker.io".to_owned(),
        repository: "harness/a".to_owned(),
        tag: tag.to_owned(),
        property,
    };
    let mut facts = [Repository {
        registry: "docker.io".to_owned(),
        repository: "harness/a".to_owned(),
        tags: ["1.0.0"].into_iter().collect(),
        coverage: Coverage::Incomplete("cut".to_owned()),
        absent: vec![],
        kind: ListKind::Complete,
    }];
    let all = [
        query("1.0.0", TagProperty::Published),
        query("2.0.0", TagProperty::Digest),
    ];
    run(scene.registries().describe(&mut facts, &all));
    let entry = facts[0].tags.get("1.0.0").unwrap();
    assert_eq!(entry.digest, Some(digest(7).as_str().into()));
    assert_eq!(
        entry.published,
        Some("2026-11-09T00:00:00.5Z".parse().unwrap())
    );
    assert_eq!(facts[0].absent, ["2.0.0"]);
    assert_eq!(scene.server.log().len(), 2);
}
