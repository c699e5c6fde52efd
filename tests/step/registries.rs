//! Steps that ask a registry as well.

use std::io::{Read, Write};
use std::net::TcpStream;

use harness_images::model::image::ImageRef;
use harness_images::model::module::{Infra, Module};
use serde_json::{Value, json};

use support::harness_server::{Call, Fault, HarnessServer, KEY};
use support::raw_server::{RawServer, Reply};
use support::registry_server::{Access, Behaviour, Image, Options, RegistryServer, Tokens};
use support::step::{Ran, Step, shown};

const K8: Option<Infra> = Some(Infra::K8);
const PASSWORD: &str = "canary-password-1";

/// All images that Harness sets by default, each with its own tag and two older ones.
fn published(server: &HarnessServer) -> Options {
    let mut options = Options::default();
    for text in server.defaults(Module::Ci, K8).values() {
        let Ok(image) = ImageRef::parse(text) else {
            continue;
        };
        let tags = [image.pulled_tag().unwrap(), "1.1.0", "1.0.0"];
        options = options.with(image.repository(), &tags, Behaviour::Healthy);
    }
    options
}

fn row(ran: &Ran, field: &str) -> Value {
    let mut rows = ran.rows().into_iter();
    rows.find(|row| row["field"] == field).unwrap()
}

/// What the documents' `curl -X GET https://app.harness.io/registry/_catalog` prints.
fn curl(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn the_catalog_of_the_documents_names_what_a_mirror_lacks() {
    let server = HarnessServer::start();
    let mut options = published(&server);
    options.repositories.remove("harness/ci-addon").unwrap();
    let registry = RegistryServer::start(Options {
        old_catalog: true,
        catalog: true,
        ..options
    });
    let catalog: Value =
        serde_json::from_str(&curl(&registry.address, "/registry/_catalog")).unwrap();
    let names = catalog["repositories"].as_array().unwrap();
    assert!(names.contains(&json!("harness/drone-git")));

    let ran = Step::on_server(&server.url(), KEY)
        .set(
            "registry",
            registry.url().join("registry").unwrap().as_str(),
        )
        .set("action", "list")
        .run()
        .ends(0);
    let report = ran.report();
    let listed = report["list"].as_array().unwrap();
    let find = |image: &str| {
        listed
            .iter()
            .find(|listed| listed["image"] == image)
            .unwrap()
    };
    assert_eq!(find("harness/ci-addon")["missing"], true);
    assert_eq!(find("harness/ci-lite-engine")["missing"], false);
    assert_eq!(find("harness/ci-lite-engine")["evidence"], "registry");
    let missing = ran.messages("missing-repository");
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(registry.count("_catalog"), 2, "by hand and by the step");
}

#[test]
fn one_bad_repository_weakens_its_own_evidence_only() {
    let tokens = Tokens {
        user: Some(("anna".into(), PASSWORD.into())),
        only_user: true,
        ..Tokens::default()
    };
    let accesses = [
        Access::Basic("anna".into(), PASSWORD.into()),
        Access::Bearer(tokens),
    ];
    let behaviours = [
        Behaviour::Status(500, String::new()),
        Behaviour::Body("<html>".to_owned()),
        Behaviour::Hang,
        Behaviour::CutShort(99),
    ];
    std::thread::scope(|scope| {
        for access in &accesses {
            for behaviour in &behaviours {
                scope.spawn(|| one_bad_repository(access.clone(), behaviour.clone()));
            }
        }
    });
}

fn one_bad_repository(access: Access, behaviour: Behaviour) {
    let shown = format!("{access:?} {behaviour:?}");
    let server = HarnessServer::start();
    let pins = [
        ("liteEngineTag", "harness/ci-lite-engine:1.2.3"),
        ("addonTag", "harness/ci-addon:1.1.0"),
    ];
    for (field, image) in pins {
        server.set_override(Module::Ci, K8, field, Some(image));
    }
    let mut options = published(&server);
    let addon = options.repositories.get_mut("harness/ci-addon");
    addon.unwrap().behaviour = behaviour;
    let registry = RegistryServer::start(Options { access, ..options });
    let ran = Step::on_server(&server.url(), KEY)
        .set("registry", registry.url().as_str())
        .set("upstream", "registry")
        .set("registry_username", "anna")
        .secret("registry_password", PASSWORD)
        .set("fields", "addonTag,liteEngineTag")
        .set("timeout", "4")
        .hides("canary")
        .run()
        .ends(0);
    for (field, evidence) in [("liteEngineTag", "registry"), ("addonTag", "numbering")] {
        assert_eq!(row(&ran, field)["evidence"], evidence, "{shown}");
    }
    assert_eq!(
        ran.warnings(),
        ["missing-image", "registry-unavailable"],
        "{shown}"
    );
}

#[test]
fn a_pin_is_checked_at_docker_hub_by_name() {
    let server = HarnessServer::start();
    let tags: Vec<String> = (0..400)
        .rev()
        .map(|patch| format!("1.{}.{}", 13 + patch / 100, patch % 100))
        .collect();
    let hub = RegistryServer::start(Options {
        hub: Some(200),
        ..Options::default().with("harness/ci-addon", &tags, Behaviour::Healthy)
    });
    let pin = |value: &str| {
        Step::on_server(&server.url(), KEY)
            .set("registry", "auto")
            .set("hub_endpoint", hub.url().as_str())
            .set("fields", "addonTag")
            .set("action", "pin")
            .set("dry_run", "true")
            .set("pin", &format!("addonTag={value}"))
            .run()
    };
    // value, exit status, words of the errors
    let cases = [
        ("1.16.77", 0, ""),
        ("1.16.777", 4, "does not exist"),
        ("nightly", 4, "does not exist"),
        ("1.14.777", 4, "does not exist"),
        ("latest-3", 4, "would be unsupported"),
    ];
    for (value, status, words) in cases {
        let ran = pin(value).ends(status);
        ran.has_error(words);
    }
}

#[test]
fn a_snapshot_is_judged_where_the_run_asked() {
    // Where the registry is, how its base is written, and the path below which images are.
    let bases = [
        ("m/v2", "m/v2/", "m"),
        ("", "v2/m", "m"),
        ("", "m//n/", "m/n"),
        ("", "registry", "registry"),
    ];
    for (root, base, prefix) in bases {
        let server = HarnessServer::start();
        // Written with the path, but without the host; as it stands the mirror has no more tags.
        let text = format!("{prefix}/harness/ci-addon:1.1.0");
        server.set_override(Module::Ci, K8, "addonTag", Some(&text));
        let name = |inner: &str| match root {
            "" => format!("{prefix}/{inner}"),
            _ => inner.to_owned(),
        };
        let options = Options {
            root: Some(root.to_owned()).filter(|root| !root.is_empty()),
            ..Options::default()
        };
        let (one, two) = ("harness/ci-addon", format!("{prefix}/harness/ci-addon"));
        let options = options.with(&name(one), &["1.1.0", "1.2.0"], Behaviour::Healthy);
        let options = options.with(&name(&two), &["9.9.9"], Behaviour::Healthy);
        let registry = RegistryServer::start(options);
        let base = registry.url().join(base).unwrap();
        let live = Step::on_server(&server.url(), KEY)
            .set("registry", base.as_str())
            .set("upstream", "registry")
            .set("fields", "addonTag")
            .set("record", "facts.json")
            .run()
            .ends(0);
        let facts = live.json("facts.json");
        assert_eq!(facts["registry"], format!("{}/{prefix}", registry.address));
        assert_eq!(row(&live, "addonTag")["evidence"], "registry", "{base}");
        assert_eq!(live.warnings().len(), 0, "{base}: {:?}", live.warnings());
        for setting in ["auto", base.as_str()] {
            let again = Step::on_snapshot(&facts)
                .set("registry", setting)
                .set("fields", "addonTag")
                .run()
                .ends(0);
            assert_eq!(again.rows(), live.rows(), "{setting}");
            assert_eq!(again.warnings(), live.warnings(), "{setting}");
        }
    }
}

#[test]
fn a_digest_that_does_not_exist_is_missing() {
    let digest = |digit: char| format!("sha256:{}", digit.to_string().repeat(64));
    let (there, gone) = (digest('a'), digest('b'));
    let server = HarnessServer::start();
    let image = Image {
        digest: there.clone(),
        ..Image::default()
    };
    let registry =
        RegistryServer::start(published(&server).image("harness/ci-addon", "1.1.0", image));
    let step = |digest: &str| {
        let text = format!("harness/ci-addon@{digest}");
        Step::on_server(&server.url(), KEY)
            .set("registry", registry.url().as_str())
            .set("fields", "addonTag")
            .set("pin", &format!("addonTag={text}"))
    };
    for (digest, absent, status) in [(&there, json!(null), 0), (&gone, json!([gone]), 4)] {
        let text = format!("harness/ci-addon@{digest}");
        server.set_override(Module::Ci, K8, "addonTag", Some(&text));
        let ran = Step::on_server(&server.url(), KEY)
            .set("registry", registry.url().as_str())
            .set("fields", "addonTag")
            .set("record", "facts.json")
            .run()
            .ends(0);
        let is_missing = !ran.messages("missing-image").is_empty();
        assert_eq!(is_missing, !absent.is_null(), "{:?}", ran.warnings());
        let facts = ran.json("facts.json");
        let mut lists = facts["repositories"].as_array().unwrap().iter();
        let list = lists
            .find(|list| list["repository"] == "harness/ci-addon")
            .unwrap();
        assert_eq!(list["absent"], absent, "{list}");
        assert_eq!(list["tags"].as_array().unwrap().len(), 3, "{list}");
        let heads = registry.log();
        let heads = heads
            .iter()
            .filter(|logged| logged.target.ends_with(digest.as_str()));
        assert_eq!(heads.count(), 1, "one HEAD on the digest");

        server.set_override(Module::Ci, K8, "addonTag", None);
        let pinned = step(digest)
            .set("action", "pin")
            .set("dry_run", "true")
            .run();
        let pinned = pinned.ends(status);
        let refused = pinned.errors().contains("does not exist");
        assert_eq!(refused, status == 4, "{}", pinned.errors());
    }
}

#[test]
fn a_catalog_does_not_prove_that_a_repository_is_absent() {
    let refused = |repository: &str| json!({"registry": "m.corp", "repository": repository, "unavailable": "m.corp refuses to show it"});
    let snapshot = json!({
        "format": "harness-images/snapshot/v1",
        "taken_at": "2026-11-20T09:00:00Z",
        "registry": "m.corp",
        "catalog": ["harness/drone-git", "plugins/cache"],
        "configs": [{"module": "ci", "infra": "K8", "default": {
            "addonTag": "harness/ci-addon:1.18.0",
            "liteEngineTag": "harness/ci-lite-engine:1.18.0",
            "gitCloneTag": "harness/drone-git:1.7.20",
            "cacheS3Tag": "plugins/cache:1.9.0",
        }}],
        "repositories": [
            refused("harness/ci-addon"),
            {"registry": "m.corp", "repository": "harness/ci-lite-engine", "missing": true},
            {"registry": "m.corp", "repository": "harness/drone-git", "tags": ["1.7.20"]},
            refused("plugins/cache"),
        ],
    });
    let ran = Step::on_snapshot(&snapshot)
        .set("registry", "m.corp")
        .set("action", "list")
        .run()
        .ends(0);
    let mut missing = ran.report()["list"].as_array().unwrap().clone();
    missing.retain(|listed| listed["missing"] == true);
    let missing = shown(&missing, &["image"]);
    assert_eq!(missing, ["harness/ci-lite-engine"]);
    assert_eq!(
        ran.messages("missing-repository"),
        [
            "harness/ci-addon is not visible to this login at m.corp: its tags could not be read, and the catalog does not name it",
            "m.corp does not hold harness/ci-lite-engine",
        ]
    );
    // One for the registry and the cause, however many repositories there are.
    assert_eq!(
        ran.messages("registry-unavailable"),
        ["the tags of 2 repositories of m.corp could not be read: m.corp refuses to show it"]
    );
}

#[test]
fn one_stalled_connection_costs_neither_harness_nor_a_registry() {
    let server = HarnessServer::start();
    server.fail_next(Call::Overrides, Fault::Hang);
    let registry = RawServer::start(|number, _| {
        match number {
        0 => Reply::Hang,
        _ => Reply::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 37\r\n\r\n{\"tags\":[\"1.18.0\",\"1.17.0\",\"1.16.0\"]}"[..]
                .to_vec(),
        ),
    }
    });
    let ran = Step::on_server(&server.url(), KEY)
        .set("registry", &format!("http://{}", registry.address))
        .set("fields", "addonTag")
        .set("timeout", "12")
        .run()
        .ends(0);
    assert_eq!(ran.rows().len(), 1);
    assert!(ran.messages("registry-unavailable").is_empty());
    let overrides =
        |got: &&support::harness_server::Logged| got.path.ends_with("/get-customer-config");
    assert_eq!(server.log().iter().filter(overrides).count(), 2);
    assert!(registry.log().len() > 1);
}
