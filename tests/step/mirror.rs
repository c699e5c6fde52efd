//! Steps that plan a copy to a mirror.

use std::collections::BTreeSet;

use base64::Engine as _;
use harness_images::model::image::ImageRef;
use harness_images::model::module::{Infra, Module};
use serde_json::{Value, json};

use support::harness_server::{HarnessServer, KEY, Pipeline};
use support::registry_server::{Access, Behaviour, Image, Options, RegistryServer};
use support::step::{Ran, Step, shown};

const K8: Option<Infra> = Some(Infra::K8);
const PUBLISHED: &str = "harness/ci-addon";
const MIRRORED: &str = "m/harness/ci-addon";
const PASSWORD: &str = "canary-password-publisher";
const OTHER_PASSWORD: &str = "canary-password-mirror";

fn digest(number: u32) -> String {
    format!("sha256:{number:064x}")
}

/// The tags of a repository have these digests.
fn digests(mut options: Options, name: &str, tags: &[(&str, u32)]) -> Options {
    for (tag, number) in tags {
        let image = Image {
            digest: digest(*number),
            ..Image::default()
        };
        options = options.image(name, tag, image);
    }
    options
}

/// A repository whose tags have these digests.
fn with(options: Options, name: &str, tags: &[(&str, u32)]) -> Options {
    let names: Vec<&str> = tags.iter().map(|(tag, _)| *tag).collect();
    digests(options.with(name, &names, Behaviour::Healthy), name, tags)
}

/// A mirror that holds `m/harness/ci-addon` with these digests.
fn mirror_with(tags: &[(&str, u32)]) -> RegistryServer {
    RegistryServer::start(with(Options::default(), MIRRORED, tags))
}

/// What `mirror_to` is set to.
fn base(mirror: &RegistryServer) -> String {
    mirror.url().join("m").unwrap().to_string()
}

/// Rows of the mirror, in their order.
fn images(ran: &Ran) -> Vec<Value> {
    ran.report()["mirror"]["images"].as_array().unwrap().clone()
}

/// The tag of the field's default.
fn default_tag(server: &HarnessServer) -> String {
    let text = &server.defaults(Module::Ci, K8)["addonTag"];
    ImageRef::parse(text).unwrap().tag().unwrap().to_owned()
}

/// A publisher with three releases of one image, and a step that lists them for a mirror.
struct Scene {
    harness: HarnessServer,
    tag: String,
    publisher: RegistryServer,
}

impl Scene {
    fn new() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let harness = HarnessServer::start();
        let tag = default_tag(&harness);
        let tags = [(tag.as_str(), 1), ("1.1.0", 2), ("1.0.0", 3)];
        let options = with(options, PUBLISHED, &tags);
        Self {
            publisher: RegistryServer::start(options),
            harness,
            tag,
        }
    }

    fn step(&self, mirror: &str) -> Step {
        Step::on_server(&self.harness.url(), KEY)
            .set("action", "list")
            .set("fields", "addonTag")
            .set("registry", self.publisher.url().as_str())
            .set("upstream", "registry")
            .set("mirror_to", mirror)
            .set("reports", "report.json,plan.txt,p.regsync.yml,p.skopeo.yml")
    }

    fn run(&self, mirror: &RegistryServer) -> Ran {
        self.step(&base(mirror)).run()
    }
}

/// `tag state` of every row, in order.
fn states(ran: &Ran) -> Vec<String> {
    shown(&images(ran), &["tag", "state"])
}

#[test]
fn a_mirror_is_compared_with_few_requests_and_the_plan_holds_what_it_lacks() {
    let scene = Scene::new();
    let tag = scene.tag.as_str();
    let mirror = mirror_with(&[(tag, 1), ("1.1.0", 9), ("0.1.0", 8)]);
    let ran = scene
        .step(&base(&mirror))
        .set("fail_on", "missing")
        .set("record", "facts.json")
        .run()
        .ends(3);
    let report = ran.report();
    let present = format!("{tag} present");
    assert_eq!(states(&ran), [&present, "1.1.0 stale", "1.0.0 missing"]);
    assert_eq!(report["mirror"]["missing"], 1);
    assert_eq!(report["mirror"]["stale"], 1);
    let row = &report["mirror"]["images"][1];
    assert_eq!(
        row["source"],
        format!("{}/{PUBLISHED}", scene.publisher.address)
    );
    assert_eq!(row["digest"], digest(2));
    assert_eq!(row["target"], format!("{}/{MIRRORED}", mirror.address));
    assert_eq!(row["why"], json!(["window: ci.K8.addonTag"]));
    let first = &report["mirror"]["images"][0]["why"];
    assert_eq!(
        *first,
        json!(["in use: ci.K8.addonTag", "window: ci.K8.addonTag"])
    );
    for (key, value) in [
        ("MISSING_COUNT", "1"),
        ("STALE_COUNT", "1"),
        ("FAILED", "true"),
    ] {
        assert_eq!(ran.outputs[key], value, "{key}");
    }
    // One list and one request for every digest that is not known, on each side.
    assert_eq!(scene.publisher.count("/tags/list"), 1);
    assert_eq!(scene.publisher.count("/manifests/"), 3);
    assert_eq!(mirror.count("/tags/list"), 1);
    assert_eq!(mirror.count("/manifests/"), 2);
    assert!(mirror.log().iter().all(|got| got.method != "PUT"));

    let (source, target) = (&scene.publisher.address, &mirror.address);
    let plan = format!(
        "{source}/{PUBLISHED}@{two} {target}/{MIRRORED}:1.1.0\n\
         {source}/{PUBLISHED}@{three} {target}/{MIRRORED}:1.0.0\n",
        two = digest(2),
        three = digest(3)
    );
    assert_eq!(ran.read("plan.txt"), plan);
    let regsync = ran.read("p.regsync.yml");
    assert!(regsync.contains(&format!(
        "  - source: \"{source}/{PUBLISHED}@{}\"\n    target: \"{target}/{MIRRORED}:1.0.0\"\n    type: image\n",
        digest(3)
    )), "{regsync}");
    let skopeo = ran.read("p.skopeo.yml");
    assert!(skopeo.contains(&format!("# folder: {target}/m/harness\n\"{source}\":\n  tls-verify: false\n  images:\n    \"{PUBLISHED}\":\n      - \"1.1.0\" # {}\n", digest(2))), "{skopeo}");
    for line in ["1.1.0", "window: ci.K8.addonTag", "stale", "1 missing"] {
        ran.prints(line);
    }

    // The snapshot gives the same plan without a request.
    let asked = || (scene.publisher.log().len(), mirror.log().len());
    let before = asked();
    let again = Step::on_snapshot(&ran.json("facts.json"))
        .set("action", "list")
        .set("fields", "addonTag")
        .set("registry", scene.publisher.url().as_str())
        .set("upstream", "registry")
        .set("mirror_to", &base(&mirror))
        .run();
    assert_eq!(again.report()["mirror"], report["mirror"]);
    assert_eq!(asked(), before);
}

#[test]
fn a_mirror_that_holds_everything_gives_empty_plans() {
    let scene = Scene::new();
    let mirror = mirror_with(&[(&scene.tag, 1), ("1.1.0", 2), ("1.0.0", 3)]);
    let ran = scene.run(&mirror).ends(0);
    assert_eq!(ran.read("plan.txt"), "");
    assert!(ran.read("p.regsync.yml").ends_with("sync: []\n"));
    assert!(!ran.read("p.skopeo.yml").contains("\n---\n"));
    assert_eq!(ran.report()["mirror"]["missing"], 0);
}

#[test]
fn names_are_mapped_as_the_mirror_keeps_them() {
    let scene = Scene::new();
    let name = "m/ci/ci-addon";
    let held = [(scene.tag.as_str(), 1)];
    let mirror = RegistryServer::start(with(Options::default(), name, &held));
    let same_as = json!({format!("{}/m/ci/*", mirror.address): "harness/*"}).to_string();
    let ran = scene
        .step(&base(&mirror))
        .set("same_as", &same_as)
        .run()
        .ends(0);
    let row = &images(&ran)[0];
    assert_eq!(row["state"], "present");
    assert_eq!(row["target"], format!("{}/{name}", mirror.address));
}

#[test]
fn what_a_mirror_does_not_say_is_unknown_and_never_missing() {
    let scene = Scene::new();
    let tag = scene.tag.as_str();
    let held = [(tag, 1), ("1.1.0", 2), ("1.0.0", 3)];
    let hidden = Image {
        digest: digest(2),
        hides_digest: true,
        ..Image::default()
    };
    let options = with(Options::default(), MIRRORED, &held).image(MIRRORED, "1.1.0", hidden);
    let mirror = RegistryServer::start(options);
    let ran = scene.run(&mirror).ends(0);
    let present = format!("{tag} present");
    assert_eq!(states(&ran), [&present, "1.1.0 unknown", "1.0.0 present"]);
    assert!(ran.warnings().contains(&"mirror-uncertain".to_owned()));
    assert_eq!(ran.read("plan.txt"), "");
    // The table says it beside the image, and the publisher's host once, in the line above.
    let row = "1.1.0    unknown  window: ci.K8.addonTag; the mirror does not say its digest";
    ran.prints(row);
    let head = format!(
        "Mirror {}/m of {}: 3 images to hold",
        mirror.address, scene.publisher.address
    );
    ran.prints(&head);
    ran.prints("- 1 image could not be compared");
    ran.prints("Next: Look at what the table says");

    // A list that ends before its last page: what is not on it is asked for by name.
    let cut = Options::default().with(MIRRORED, &["0.1.0"], Behaviour::SecondPage(500));
    let held = [("0.1.0", 7), (tag, 1), ("1.1.0", 2)];
    let mirror = RegistryServer::start(digests(cut, MIRRORED, &held));
    let ran = scene.run(&mirror).ends(0);
    assert_eq!(states(&ran), [&present, "1.1.0 present", "1.0.0 missing"]);
}

#[test]
fn one_closed_repository_leaves_the_others_their_states() {
    let scene = Scene::new();
    let denied = "{\"errors\":[{\"code\":\"DENIED\"}]}".to_owned();
    let options = with(Options::default(), MIRRORED, &[(&scene.tag, 1)]);
    let options = options.with("m/acme/own", &["1.0.0"], Behaviour::Status(403, denied));
    let mirror = RegistryServer::start(options);
    let ran = scene
        .step(&base(&mirror))
        .set("images", "acme/own:1.0.0")
        .run()
        .ends(0);
    let is_own = |row: &&Value| row["source"].as_str().unwrap().ends_with("/acme/own");
    assert_eq!(
        images(&ran).iter().find(is_own).unwrap()["state"],
        "unknown"
    );
    assert!(states(&ran).contains(&format!("{} present", scene.tag)));
    assert!(ran.warnings().contains(&"mirror-unreadable".to_owned()));
    let note = "; the mirror could not be read:";
    assert_eq!(ran.stdout.matches(note).count(), 1, "{}", ran.stdout);
}

#[test]
fn a_mirror_that_cannot_be_read_is_an_error_and_one_that_is_empty_is_not() {
    let scene = Scene::new();
    let page = "<!doctype html><title>Sign in</title>".to_owned();
    let failures = [
        (500, String::new()),
        (403, "{\"errors\":[{\"code\":\"DENIED\"}]}".to_owned()),
        (200, page.clone()),
        (404, page),
    ];
    for always in failures {
        let status = always.0;
        let mirror = RegistryServer::start(Options {
            always: Some(always),
            ..Options::default()
        });
        let ran = scene.run(&mirror).ends(1);
        ran.has_error("`mirror_to`: ");
        assert_eq!(ran.report()["mirror"]["missing"], 0, "{status}");
        assert_eq!(ran.read("plan.txt"), "", "{status}");
    }
    // Nobody listens there.
    let gone = RegistryServer::start(Options::default());
    let address = base(&gone);
    drop(gone);
    let ran = scene.step(&address).run().ends(1);
    ran.has_error("`mirror_to`: ");

    let empty = RegistryServer::start(Options::default());
    let ran = scene.run(&empty).ends(0);
    assert_eq!(ran.report()["mirror"]["missing"], 3);
    assert_eq!(empty.count("/manifests/"), 0);
}

#[test]
fn credentials_never_cross_between_the_two_registries() {
    let scene = Scene::with(Options {
        access: Access::Basic("anna".to_owned(), PASSWORD.to_owned()),
        ..Options::default()
    });
    let options = Options {
        access: Access::Basic("berta".to_owned(), OTHER_PASSWORD.to_owned()),
        ..Options::default()
    };
    let mirror = RegistryServer::start(with(options, MIRRORED, &[(&scene.tag, 1)]));
    let config =
        json!({"auths": {&mirror.address: {"username": "berta", "password": OTHER_PASSWORD}}});
    let step = || {
        scene
            .step(&base(&mirror))
            .set("registry_username", "anna")
            .secret("registry_password", PASSWORD)
    };
    // Without a login of its own the mirror cannot be read: that of `registry` is not tried.
    let ran = step().run().ends(1);
    ran.has_error("`docker_config`");
    assert!(mirror.log().iter().all(|got| got.authorization.is_none()));

    let ran = step()
        .set("docker_config", &config.to_string())
        .hides(OTHER_PASSWORD)
        .run()
        .ends(0);
    assert!(states(&ran).contains(&format!("{} present", scene.tag)));
    let sent = |server: &RegistryServer| -> BTreeSet<String> {
        let log = server.log().into_iter();
        log.filter_map(|got| got.authorization).collect()
    };
    let (publisher, mirror) = (sent(&scene.publisher), sent(&mirror));
    assert_eq!((publisher.len(), mirror.len()), (1, 1));
    assert_ne!(publisher, mirror);
}

#[test]
fn images_of_files_and_pipelines_are_planned_as_well() {
    let harness = HarnessServer::start();
    let slack = Pipeline::running("plugins/slack:1.4.1");
    harness.change_pipelines(|all| all.add("default/shop/build", slack));
    let options = with(Options::default(), "plugins/kaniko", &[("1.6.0", 1)]);
    let options = with(options, "plugins/slack", &[("1.4.1", 2)]);
    let publisher = RegistryServer::start(options);
    let mirror = RegistryServer::start(Options::default());
    let ran = Step::on_server(&harness.url(), KEY)
        .drone("d.yml", &["plugins/kaniko:1.6.0"])
        .set("modules", "none")
        .set("pipelines", "account")
        .set("action", "list")
        .set("registry", publisher.url().as_str())
        .set("upstream", "registry")
        .set("mirror_to", &base(&mirror))
        .set("reports", "report.json,plan.txt")
        .run()
        .ends(0);
    let rows = images(&ran);
    let why: Vec<&Value> = rows.iter().map(|row| &row["why"][0]).collect();
    assert_eq!(why, ["in use: d.yml:3", "in use: default/shop/build:10"]);
    let (source, target) = (&publisher.address, &mirror.address);
    let plan = format!(
        "{source}/plugins/kaniko@{} {target}/m/plugins/kaniko:1.6.0\n\
         {source}/plugins/slack@{} {target}/m/plugins/slack:1.4.1\n",
        digest(1),
        digest(2)
    );
    assert_eq!(ran.read("plan.txt"), plan);
}

#[test]
fn a_digest_in_use_is_asked_for_once_on_each_side() {
    let harness = HarnessServer::start();
    let held = [("1.6.0", 1), ("1.7.0", 2)];
    let publisher = with(Options::default(), "plugins/kaniko", &held);
    let publisher = RegistryServer::start(publisher);
    let mirror = with(Options::default(), "m/plugins/kaniko", &held[..1]);
    let mirror = RegistryServer::start(mirror);
    for (number, state) in [(1, "present"), (2, "missing"), (3, "missing")] {
        let pinned = format!("plugins/kaniko@{}", digest(number));
        let before = (publisher.log().len(), mirror.log().len());
        let ran = Step::on_server(&harness.url(), KEY)
            .drone("d.yml", &[&pinned])
            .set("modules", "none")
            .set("action", "list")
            .set("registry", publisher.url().as_str())
            .set("upstream", "registry")
            .set("mirror_to", &base(&mirror))
            .run()
            .ends(0);
        let rows = images(&ran);
        let row = rows.iter().find(|row| row["tag"].is_null()).unwrap();
        assert_eq!(row["state"], state, "{row}");
        let asked = |log: Vec<support::registry_server::Logged>, from: usize| {
            let path = format!("/manifests/{}", digest(number));
            let its = log[from..].iter().filter(|got| got.target.ends_with(&path));
            its.count()
        };
        let counts = (
            asked(publisher.log(), before.0),
            asked(mirror.log(), before.1),
        );
        assert_eq!(counts, (1, 1), "{pinned}");
        // The usual short form in the table, all of it in the report.
        let expected = format!("plugins/kaniko  {}…", &digest(number)[..19]);
        if state == "present" {
            ran.prints(&expected);
        }
    }
}

#[test]
fn sizes_are_those_of_docker_hubs_list_and_cost_no_request() {
    let harness = HarnessServer::start();
    let tag = default_tag(&harness);
    let tags = [tag.as_str(), "1.1.0", "1.0.0"];
    // Sizes of each tag's platforms, and what the row says.
    let cases: [(&[u64], Value); 3] = [
        (&[90_000_000, 92_400_000], json!(182_400_000)),
        (&[7_000_000], json!(7_000_000)),
        (&[], Value::Null),
    ];
    let mut options = Options {
        hub: Some(200),
        ..Options::default()
    }
    .with(PUBLISHED, &tags, Behaviour::Healthy);
    for (number, (tag, (sizes, _))) in tags.iter().zip(&cases).enumerate() {
        let image = Image {
            digest: digest(u32::try_from(number).unwrap()),
            last_updated: format!("2026-11-0{}T00:00:00Z", 9 - number),
            sizes: sizes.to_vec(),
            ..Image::default()
        };
        options = options.image(PUBLISHED, tag, image);
    }
    let hub = RegistryServer::start(options);
    let mirror = RegistryServer::start(Options::default());
    let step = |step: Step| {
        step.set("action", "list")
            .set("fields", "addonTag")
            .set("registry", "docker.io")
            .set("mirror_to", &base(&mirror))
    };
    let ran = step(Step::on_server(&harness.url(), KEY))
        .set("hub_endpoint", hub.url().as_str())
        .set("record", "facts.json")
        .set("reports", "report.json,report.md,report.html")
        .run()
        .ends(0);
    let report = ran.report();
    let sizes: Vec<Value> = images(&ran).iter().map(|row| row["size"].clone()).collect();
    assert_eq!(sizes, cases.map(|(_, size)| size));
    let summary = "3 images to hold: 0 present, 3 missing, 0 stale, 0 unknown. To copy: up to 189 MB, \
                   and an image of unknown size.";
    let stdout = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(stdout.contains(summary), "{stdout}");
    assert!(
        stdout.contains("1.1.0 missing 7.0 MB window: ci.K8.addonTag"),
        "{stdout}"
    );
    for name in ["report.md", "report.html"] {
        assert!(ran.read(name).contains(summary), "{name}");
    }
    let asked: Vec<String> = hub.log().into_iter().map(|got| got.target).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");

    // A snapshot keeps them, and passes over what is none.
    let mut facts = ran.json("facts.json");
    let again = step(Step::on_snapshot(&facts)).run();
    assert_eq!(again.report()["mirror"], report["mirror"]);
    let lists = facts["repositories"].as_array_mut().unwrap();
    let published = lists
        .iter_mut()
        .find(|list| list["repository"] == PUBLISHED);
    let tags = published.unwrap()["tags"].as_array_mut().unwrap();
    let hostile = [json!(-1), json!("7000000"), json!(u64::MAX)];
    for (tag, size) in tags.iter_mut().zip(hostile) {
        tag["size"] = size;
    }
    let hostile = step(Step::on_snapshot(&facts)).run().ends(0);
    let rows = images(&hostile);
    assert!(rows.iter().all(|row| row["size"].is_null()), "{rows:?}");
    assert!(!hostile.stdout.contains("SIZE"), "{}", hostile.stdout);
    assert!(!hostile.stdout.contains("To copy"), "{}", hostile.stdout);
}

#[test]
fn every_image_in_use_and_of_the_window_is_there_with_its_reasons() {
    let at = |line: u32| json!({"file": "d.yml", "line": line, "column": 8});
    let pipeline = json!({"org": "o", "project": "p", "pipeline": "build", "line": 7, "column": 3});
    let snapshot = json!({
        "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z",
        "registry": "docker.io",
        "configs": [
            {"module": "ci", "infra": "K8", "default": {"addonTag": "harness/ci-addon:1.16.3"},
             "overrides": {"addonTag": "registry.corp:5000/m/harness/ci-addon:1.12.0"}},
            {"module": "ci", "infra": "VM", "default": {"addonTag": "harness/ci-addon:1.16.3"}},
        ],
        "found": [
            {"image": "plugins/kaniko:1.6.0", "location": at(4)},
            {"image": "plugins/kaniko:1.6.0", "location": at(9)},
            {"image": "plugins/slack:1.4.1", "location": pipeline},
        ],
        "repositories": [
            {"registry": "docker.io", "repository": "harness/ci-addon",
             "tags": ["1.16.3", "1.16.1", "1.15.0", "1.14.2", "1.13.0", "1.12.0"]},
        ],
    });
    let ran = Step::on_snapshot(&snapshot)
        .set("infra", "K8,VM")
        .set("images", "acme/own:2.0.0")
        .set("files", "d.yml")
        .set("pipelines", "account")
        .set("action", "list")
        .set("mirror_to", "registry.corp:5000/m")
        .run()
        .ends(0);
    let shown: Vec<String> = images(&ran)
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let why: Vec<&str> = row["why"]
                .as_array()
                .unwrap()
                .iter()
                .map(|why| why.as_str().unwrap())
                .collect();
            let target = text("target");
            let name = target.strip_prefix("registry.corp:5000/m/").unwrap();
            assert_eq!(text("source"), format!("docker.io/{name}"));
            format!("{name}:{} {}", text("tag"), why.join(", "))
        })
        .collect();
    let window = "window: ci.K8.addonTag, window: ci.VM.addonTag";
    let expected = [
        "acme/own:2.0.0 in use: image.acme/own:2.0.0".to_owned(),
        format!("harness/ci-addon:1.16.3 in use: ci.VM.addonTag, {window}"),
        format!("harness/ci-addon:1.16.1 {window}"),
        format!("harness/ci-addon:1.15.0 {window}"),
        format!("harness/ci-addon:1.14.2 {window}"),
        "harness/ci-addon:1.12.0 in use: ci.K8.addonTag".to_owned(),
        "plugins/kaniko:1.6.0 in use: d.yml:4, in use: d.yml:9".to_owned(),
        "plugins/slack:1.4.1 in use: o/p/build:7".to_owned(),
    ];
    assert_eq!(shown, expected);
    ran.prints("in use: d.yml:4 and 1 more");
}

#[test]
fn a_plan_has_a_bound_and_says_how_many_images_are_left_out() {
    for (images, kept, left_out) in [(1_000, 1_000, 0), (1_003, 1_000, 3)] {
        let found: Vec<Value> = (0..images)
            .map(|number| {
                let image = format!("plugins/kaniko:1.{number}.0");
                json!({"image": image, "location": {"file": "d.yml", "line": number + 1, "column": 8}})
            })
            .collect();
        let snapshot = json!({
            "format": "harness-images/snapshot/v1", "taken_at": "2026-11-20T09:00:00Z",
            "registry": "docker.io", "configs": [], "repositories": [], "found": found,
        });
        let ran = Step::on_snapshot(&snapshot)
            .set("modules", "none")
            .set("files", "d.yml")
            .set("supported_releases", "0")
            .set("action", "list")
            .set("mirror_to", "registry.corp:5000/m")
            .run()
            .ends(0);
        let report = ran.report();
        let mirror = &report["mirror"];
        assert_eq!(mirror["images"].as_array().unwrap().len(), kept);
        assert_eq!(mirror["left_out"].as_u64().unwrap_or_default(), left_out);
        let uncertain = ran.messages("mirror-uncertain").join("\n");
        let is_said = uncertain.contains("3 more were not looked at");
        assert_eq!(is_said, left_out > 0, "{uncertain}");
    }
}

#[test]
fn on_one_host_each_side_has_its_own_login() {
    // One server is publisher and mirror: the login of `registry` does not reach the mirror's
    // repositories, and that of `docker_config` not the publisher's.
    let harness = HarnessServer::start();
    let tag = default_tag(&harness);
    let options = Options {
        access: Access::Basic("anna".to_owned(), PASSWORD.to_owned()),
        ..Options::default()
    };
    let options = with(options, PUBLISHED, &[(&tag, 1)]);
    let options = with(options, MIRRORED, &[(&tag, 1)]);
    let server = RegistryServer::start(options);
    let basic = |user: &str, password: &str| {
        let login = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        format!("Basic {login}")
    };
    // The mirror's login, and exit status.
    let cases = [
        (None, 1),
        (Some(("berta", OTHER_PASSWORD)), 1),
        (Some(("anna", PASSWORD)), 0),
    ];
    for (login, status) in cases {
        let before = server.log().len();
        let mut step = Step::on_server(&harness.url(), KEY)
            .set("action", "list")
            .set("fields", "addonTag")
            .set("registry", server.url().as_str())
            .set("upstream", "registry")
            .set("mirror_to", &base(&server))
            .set("registry_username", "anna")
            .secret("registry_password", PASSWORD);
        if let Some((username, password)) = login {
            let auth = json!({"username": username, "password": password});
            let config = json!({"auths": {&server.address: auth}});
            step = step
                .set("docker_config", &config.to_string())
                .hides(password);
        }
        let ran = step.run().ends(status);
        if status == 0 {
            assert_eq!(states(&ran), [format!("{tag} present")]);
        } else {
            ran.has_error("`docker_config`");
        }
        let log = server.log();
        let sent = |is_mirrors: bool| -> BTreeSet<String> {
            let log = log[before..].iter();
            log.filter(|got| got.target.starts_with("/v2/m/") == is_mirrors)
                .filter_map(|got| got.authorization.clone())
                .collect()
        };
        let to_mirror = login.map(|(user, password)| basic(user, password));
        assert_eq!(sent(true), BTreeSet::from_iter(to_mirror), "{login:?}");
        assert_eq!(sent(false), [basic("anna", PASSWORD)].into(), "{login:?}");
    }
}
