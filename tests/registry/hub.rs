//! Docker Hub: its web API, only as far as needed, and its registry where that fails.

use super::*;
use support::registry_server::{Access, Behaviour, Image, Options, Tokens};

/// Versions `1.<newest>.0` down to `1.0.0`, one a day, newest first, with digests.
fn releases(options: Options, name: &str, newest: usize, behaviour: Behaviour) -> Options {
    let versions: Vec<String> = (0..=newest)
        .rev()
        .map(|minor| format!("1.{minor}.0"))
        .collect();
    let mut options = options.with(name, &versions, behaviour);
    for (days, version) in versions.iter().enumerate() {
        options = options.image(
            name,
            version,
            dated(days, version.len() * 1000 + newest - days),
        );
    }
    options
}

fn dated(days_ago: usize, number: usize) -> Image {
    let start: jiff::Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let pushed = start - jiff::SignedDuration::from_hours(24 * i64::try_from(days_ago).unwrap());
    Image {
        digest: digest(number),
        last_updated: pushed.to_string(),
        ..Image::default()
    }
}

fn digest(number: usize) -> String {
    format!("sha256:{number:064}")
}

fn hub_options() -> Options {
    Options {
        hub: Some(200),
        ..Options::default()
    }
}

fn read_hub(
    options: Options,
    images: &[(&str, &str)],
    extent: Extent,
) -> (RegistryAnswers, RegistryServer) {
    read_hub_in(20, options, images, extent)
}

fn read_hub_in(
    seconds: u64,
    options: Options,
    images: &[(&str, &str)],
    extent: Extent,
) -> (RegistryAnswers, RegistryServer) {
    let scene = Scene::hub(seconds, options, Set::default());
    let images: Vec<(ImageRef, ImageRef)> = images
        .iter()
        .map(|(used, default)| (image(used), image(default)))
        .collect();
    let questions: Vec<Question> = images
        .iter()
        .map(|(used, default)| Question {
            extent,
            ..question(used, Some(default))
        })
        .collect();
    let collected = run(scene.registries().read(&questions));
    (collected, scene.server)
}

#[test]
fn only_as_many_pages_are_read_as_the_judgement_needs() {
    let options = |newest| releases(hub_options(), "harness/a", newest, Behaviour::Healthy);
    let cases = [
        (
            "in use is the default",
            950,
            "1.950.0",
            "1.950.0",
            Extent::Verdict,
            1,
            100,
        ),
        (
            "two behind",
            950,
            "1.948.0",
            "1.950.0",
            Extent::Verdict,
            1,
            100,
        ),
        (
            "at the page's end",
            950,
            "1.855.0",
            "1.950.0",
            Extent::Verdict,
            2,
            200,
        ),
        (
            "far behind",
            950,
            "1.620.0",
            "1.950.0",
            Extent::Verdict,
            4,
            400,
        ),
        (
            "the default is old",
            950,
            "1.800.0",
            "1.800.0",
            Extent::Verdict,
            2,
            200,
        ),
        (
            "all of it",
            150,
            "1.20.0",
            "1.150.0",
            Extent::Verdict,
            2,
            151,
        ),
        (
            "the window",
            950,
            "1.950.0",
            "1.950.0",
            Extent::Window,
            1,
            100,
        ),
        (
            "another image",
            950,
            "1.1.0",
            "1.950.0",
            Extent::Presence,
            2,
            101,
        ),
    ];
    for (name, newest, used, default, extent, requests, length) in cases {
        let images = [(format!("harness/a:{used}"), format!("harness/a:{default}"))];
        let images = [(images[0].0.as_str(), images[0].1.as_str())];
        let (collected, server) = read_hub(options(newest), &images, extent);
        let repository = find(&collected, "harness/a");
        assert_eq!(repository.registry, "docker.io", "{name}");
        assert_eq!(server.log().len(), requests, "{name}");
        assert_eq!(repository.tags.len(), length, "{name}");
        let is_all = length == newest + 1;
        let expected = if is_all {
            Coverage::Complete
        } else {
            Coverage::Newest
        };
        assert_eq!(repository.coverage, expected, "{name}");
        let entry = repository.tags.get(used).unwrap();
        assert!(
            entry.digest.is_some() && entry.published.is_some(),
            "{name}"
        );
        assert!(
            server
                .log()
                .iter()
                .all(|logged| logged.method == "GET" && !logged.target.contains("manifests"))
        );
        assert_eq!(collected.registries, ["docker.io"]);
    }
}

#[test]
fn tags_in_use_that_are_not_seen_are_asked_for_by_name() {
    let mut options = releases(hub_options(), "harness/a", 950, Behaviour::Healthy);
    let tags = &mut options.repositories.get_mut("harness/a").unwrap().tags;
    tags.push("latest".to_owned());
    let latest = Image {
        digest: digest(7948),
        ..dated(1, 0)
    };
    let options = options.image("harness/a", "latest", latest);
    let images = [
        ("harness/a:1.948.1", "harness/a:1.950.0"),
        ("harness/a:latest", "harness/a:1.950.0"),
        ("harness/a:never", "harness/a:1.950.0"),
    ];
    let (collected, server) = read_hub(options, &images, Extent::Verdict);
    let repository = find(&collected, "harness/a");
    assert_eq!(repository.coverage, Coverage::Newest);
    assert_eq!(repository.absent, ["never", "1.948.1"]);
    let latest = repository.tags.get("latest").unwrap();
    assert_eq!(
        latest.digest,
        repository.tags.get("1.948.0").unwrap().digest
    );
    assert_eq!(server.count("page_size=100"), 1);
    assert_eq!(server.log().len(), 4);
}

#[test]
fn sizes_come_with_the_list_and_with_tags_asked_for_by_name() {
    let options = releases(hub_options(), "harness/a", 350, Behaviour::Healthy);
    let with = |options: Options, tag: &str, days, sizes: &[u64]| {
        let image = Image {
            sizes: sizes.to_vec(),
            ..dated(days, 9_000 + days)
        };
        options.image("harness/a", tag, image)
    };
    let options = with(options, "1.350.0", 0, &[90_000_000, 92_400_000]);
    let options = with(options, "1.349.0", 1, &[1_000, 0]);
    let options = with(options, "1.1.0", 349, &[500]);
    let images = [
        ("harness/a:1.350.0", "harness/a:1.350.0"),
        ("corp/b:1.1.0", "harness/a:1.350.0"),
    ];
    let (collected, server) = read_hub(options.clone(), &images, Extent::Verdict);
    let size = |collected: &RegistryAnswers, tag: &str| {
        let tags = &find(collected, "harness/a").tags;
        tags.get(tag).unwrap().size.map(|size| size.to_string())
    };
    assert_eq!(size(&collected, "1.350.0").as_deref(), Some("182 MB"));
    assert_eq!(size(&collected, "1.349.0"), None);
    assert_eq!(size(&collected, "1.348.0"), None);
    assert_eq!(server.count("/repositories/a/"), 1);
    let images = [("harness/a:1.1.0", "harness/other:1.0.0")];
    let (collected, _) = read_hub(options, &images, Extent::Presence);
    assert_eq!(size(&collected, "1.1.0").as_deref(), Some("500 B"));
}

#[test]
fn lists_in_another_order_are_read_to_their_end() {
    let mut options = releases(hub_options(), "harness/a", 350, Behaviour::Healthy);
    options
        .repositories
        .get_mut("harness/a")
        .unwrap()
        .tags
        .reverse();
    let (collected, _) = read_hub(
        options,
        &[("harness/a:1.350.0", "harness/a:1.350.0")],
        Extent::Verdict,
    );
    let repository = find(&collected, "harness/a");
    assert_eq!(
        (&repository.coverage, repository.tags.len()),
        (&Coverage::Complete, 351)
    );
}

#[test]
fn what_docker_hub_lacks_or_cuts_is_said() {
    let options = releases(hub_options(), "harness/a", 950, Behaviour::SecondPage(404));
    let options = releases(options, "harness/b", 950, Behaviour::SecondPage(418));
    let options = releases(options, "harness/c", 3500, Behaviour::Healthy);
    let images = [
        ("harness/a:1.1.0", "harness/a:1.950.0"),
        ("harness/b:1.1.0", "harness/b:1.950.0"),
        ("harness/c:1.1.0", "harness/c:1.3500.0"),
        ("harness/d:1.1.0", "harness/d:1.1.0"),
        ("alpine:3", "alpine:3"),
    ];
    let (collected, _) = read_hub(options, &images, Extent::Verdict);
    let reason = |name: &str| match &find(&collected, name).coverage {
        Coverage::Incomplete(reason) => reason.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(
        reason("harness/a"),
        "Docker Hub: a page that should follow is missing"
    );
    assert!(reason("harness/b").contains("answered 418"));
    assert_eq!(
        reason("harness/c"),
        "Docker Hub: only the 3000 newest tags were read"
    );
    // What is in use is known nevertheless.
    assert!(find(&collected, "harness/a").tags.get("1.1.0").is_some());
    assert_eq!(shown(find(&collected, "harness/d")), "missing: ");
    assert_eq!(shown(find(&collected, "library/alpine")), "missing: ");
}

#[test]
fn the_registry_is_asked_where_the_web_api_fails() {
    for hub in [None, Some(403), Some(429), Some(200)] {
        let mut options = Options {
            hub,
            access: Access::Bearer(Tokens::default()),
            ..Options::default()
        };
        let mut images = Vec::new();
        for number in 0..20 {
            let name = format!("harness/image-{number}");
            let behaviour = match hub {
                // The web API answers something else.
                Some(200) => Behaviour::Body("{}".to_owned()),
                _ => Behaviour::Healthy,
            };
            options = options.with(&name, &["1.0.0", "1.1.0"], behaviour);
            images.push(format!("{name}:1.0.0"));
        }
        if hub == Some(200) {
            for repository in options.repositories.values_mut() {
                repository.behaviour = Behaviour::Status(418, "<html>".to_owned());
            }
        }
        // A busy web API is given up in time for the registry.
        let seconds = if hub == Some(429) { 6 } else { 20 };
        let images: Vec<(&str, &str)> = images
            .iter()
            .map(|name| (name.as_str(), name.as_str()))
            .collect();
        let (collected, server) = read_hub_in(seconds, options, &images, Extent::Verdict);
        assert_eq!(collected.repositories.len(), 20);
        assert_eq!(server.count("/token"), 1, "{hub:?}");
        let unavailable = collected
            .repositories
            .iter()
            .filter(|known| shown(known).starts_with("unavailable"));
        assert_eq!(
            unavailable.count(),
            if hub == Some(200) { 20 } else { 0 },
            "{hub:?}"
        );
        if hub != Some(200) {
            assert!(
                collected
                    .repositories
                    .iter()
                    .all(|known| shown(known) == "complete: 1.0.0 1.1.0")
            );
        }
    }
}

#[test]
fn what_is_private_is_read_from_the_registry() {
    let tokens = Tokens {
        user: Some(("anna".into(), "geheim-1".into())),
        ..Tokens::default()
    };
    let mut options = Options {
        hub: Some(200),
        access: Access::Bearer(tokens),
        ..Options::default()
    }
    .with("harness/open", &["1.0.0"], Behaviour::Healthy);
    let hidden = options.repositories["harness/open"].clone();
    let server_options = Options {
        hub: None,
        ..options.clone()
    }
    .with("corp/hidden", &["2.0.0"], Behaviour::Healthy);
    options.repositories.insert("harness/open".into(), hidden);
    let registry = RegistryServer::start(server_options);
    let config =
        r#"{"auths":{"https://index.docker.io/v1/":{"username":"anna","password":"geheim-1"}}}"#;
    let mut scene = Scene::hub(10, options, Set::docker_config(config.to_owned()));
    scene.access.docker_hub = Some(registry.url());
    let collected = scene.read(&["harness/open:1.0.0", "corp/hidden:2.0.0", "harness/none:1"]);
    assert_eq!(shown(find(&collected, "harness/open")), "complete: 1.0.0");
    assert_eq!(shown(find(&collected, "corp/hidden")), "complete: 2.0.0");
    assert_eq!(shown(find(&collected, "harness/none")), "missing: ");
    // The web API gets no credentials.
    assert!(
        scene
            .server
            .log()
            .iter()
            .all(|logged| logged.authorization.is_none())
    );
}
