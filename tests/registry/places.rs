//! Where images are looked up: prefixes, the older API without `/v2`, the catalog.

use harness_images::model::facts::Facts;

use super::*;
use support::registry_server::{Access, Behaviour, Options};

const TAGS: [&str; 2] = ["1.0.0", "1.1.0"];

fn healthy(names: &[&str]) -> Options {
    names.iter().fold(Options::default(), |options, name| {
        options.with(name, &TAGS, Behaviour::Healthy)
    })
}

fn listed(collected: &RegistryAnswers) -> Vec<String> {
    let name = |known: &Repository| format!("{} {}", known.repository, shown(known));
    collected.repositories.iter().map(name).collect()
}

#[test]
fn a_mirror_may_hold_images_under_the_prefixed_or_the_plain_name() {
    let scene = Scene::new(healthy(&["m/harness/a", "harness/b"]), Set::path("m"));
    let server = &scene.server;
    let named = format!("{}/harness/b:1.0.0", server.address);
    let images = [
        "harness/a:1.0.0",
        "harness/b:1.0.0",
        "harness/c:1.0.0",
        &named,
    ];
    let collected = scene.read(&images);
    assert_eq!(
        listed(&collected),
        [
            "harness/b complete: 1.0.0 1.1.0",
            "m/harness/a complete: 1.0.0 1.1.0",
            "m/harness/c missing: ",
        ]
    );
    assert_eq!(collected.registries, [format!("{}/m", server.address)]);
    // Three prefixed names, two plain ones; that of `b` serves twice.
    assert_eq!(server.log().len(), 5, "{:?}", server.log());
}

#[test]
fn an_image_is_judged_where_it_was_found() {
    let forbidden = Behaviour::Status(403, r#"{"errors":[{"code":"DENIED"}]}"#.to_owned());
    let options = healthy(&["harness/a"]).with("m/harness/a", &TAGS, forbidden);
    let scene = Scene::new(options, Set::path("m"));
    // An image names the place below the prefix, which another image is looked for at as well.
    let named = format!("{}/m/harness/a:1.0.0", scene.server.address);
    let collected = scene.read(&["harness/a:1.0.0", &named]);
    let facts = Facts {
        registry: Some(scene.access.base.to_string()),
        repositories: collected.repositories,
        ..Facts::default()
    };
    let judged_by = |text: &str| facts.repository_of(&image(text)).map(shown).unwrap();
    assert_eq!(judged_by("harness/a:1.0.0"), "complete: 1.0.0 1.1.0");
    assert!(judged_by(&named).starts_with("unavailable: "));
}

#[test]
fn the_catalog_of_the_harness_registry_is_at_its_own_path() {
    let options = Options {
        old_catalog: true,
        catalog: true,
        ..healthy(&["registry/harness/a", "registry/plugins/b"])
    };
    let scene = Scene::new(options, Set::path("registry"));
    let registries = scene.registries();
    let collected = run(read_in(
        &registries,
        &["harness/a:1.0.0", "harness/c:1.0.0"],
    ));
    assert_eq!(
        listed(&collected),
        [
            "registry/harness/a complete: 1.0.0 1.1.0",
            "registry/harness/c missing: "
        ]
    );
    assert_eq!(collected.notices, []);
    let catalog = run(registries.catalog()).unwrap();
    assert_eq!(catalog, ["harness/a", "plugins/b"]);
    assert_eq!(scene.server.count("/registry/_catalog"), 1);
}

#[test]
fn a_path_that_ends_in_registry_may_be_an_ordinary_prefix() {
    let options = Options {
        catalog: true,
        ..healthy(&["registry/harness/a", "harness/b"])
    };
    let scene = Scene::new(options, Set::path("registry"));
    let registries = scene.registries();
    let collected = run(read_in(
        &registries,
        &["harness/a:1.0.0", "harness/b:1.0.0"],
    ));
    assert_eq!(
        listed(&collected),
        [
            "harness/b complete: 1.0.0 1.1.0",
            "registry/harness/a complete: 1.0.0 1.1.0"
        ]
    );
    assert_eq!(collected.notices, []);
    assert_eq!(
        run(registries.catalog()).unwrap(),
        ["harness/b", "harness/a"]
    );
}

#[test]
fn a_harness_registry_that_is_gone_is_said_to_be_gone() {
    let page = "<!doctype html><title>Harness</title>".to_owned();
    for always in [
        (404, page.clone()),
        (410, String::new()),
        (200, page),
        (404, String::new()),
    ] {
        let options = Options {
            always: Some(always.clone()),
            ..Options::default()
        };
        let scene = Scene::new(options, Set::path("registry"));
        let collected = scene.read(&["harness/a:1.0.0", "harness/b:1.0.0"]);
        assert_eq!(collected.notices.len(), 1, "{always:?}");
        assert_eq!(collected.notices[0].code.as_str(), "registry-gone");
        assert!(collected.notices[0].message.contains("`registry`"));
        assert_eq!(collected.repositories.len(), 2);
        for repository in &collected.repositories {
            assert!(
                shown(repository).starts_with("unavailable:  ("),
                "{always:?}: {repository:?}"
            );
        }
    }
    // Anywhere else that is no news about Harness.
    let options = Options {
        always: Some((410, String::new())),
        ..Options::default()
    };
    let collected = Scene::new(options, Set::default()).read(&["harness/a:1.0.0"]);
    assert_eq!(collected.notices, []);
}

#[test]
fn an_address_down_to_its_v2_is_understood() {
    let options = Options {
        root: Some("artifactory/api/docker/remote/v2".to_owned()),
        ..healthy(&["harness/a"])
    };
    let scene = Scene::new(options, Set::path("artifactory/api/docker/remote/v2/"));
    let collected = scene.read(&["harness/a:1.0.0"]);
    assert_eq!(
        listed(&collected),
        ["artifactory/api/docker/remote/harness/a complete: 1.0.0 1.1.0"]
    );
}

#[test]
fn the_catalog_is_used_where_it_answers() {
    let names: Vec<String> = (0..250)
        .map(|number| format!("m/harness/image-{number:03}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let cases = [
        (
            "over pages",
            Options {
                catalog: true,
                ..healthy(&names)
            },
            Some(250),
        ),
        ("forbidden", healthy(&["m/a"]), None),
        (
            "a login",
            Options {
                access: Access::Challenge("Basic realm=x".into()),
                ..healthy(&["m/a"])
            },
            None,
        ),
        (
            "HTML",
            Options {
                always: Some((200, "<html>".into())),
                ..Options::default()
            },
            None,
        ),
    ];
    for (name, options, expected) in cases {
        let scene = Scene::new(options, Set::path("m"));
        let catalog = run(scene.registries().catalog());
        assert_eq!(catalog.as_ref().map(Vec::len), expected, "{name}");
        assert!(
            catalog
                .unwrap_or_default()
                .iter()
                .all(|name| name.starts_with("harness/"))
        );
    }
}

#[test]
fn one_registry_that_cannot_be_reached_harms_no_other() {
    let scene = Scene::new(healthy(&["harness/a"]), Set::default());
    let images = [
        "harness/a:1.0.0",
        "localhost:9/harness/a:1.0.0",
        "127.0.0.1:9/harness/b:1",
    ];
    let collected = scene.read(&images);
    let shown: Vec<String> = collected
        .repositories
        .iter()
        .map(|known| format!("{}: {}", known.registry, shown(known)))
        .collect();
    assert_eq!(shown.len(), 3);
    assert!(
        shown.contains(&format!("{}: complete: 1.0.0 1.1.0", scene.server.address)),
        "{shown:?}"
    );
    let unreachable = shown
        .iter()
        .filter(|line| line.contains("unavailable:  (cannot reach"));
    assert_eq!(unreachable.count(), 2, "{shown:?}");
    assert_eq!(collected.registries.len(), 3);
}
