//! Lifecycles at work: delegates wherever they are found, and dates only where they decide.

use support::harness_server::{HarnessServer, KEY, Pipeline};
use support::registry_server::{Behaviour, Image, Options, RegistryServer};
use support::step::{Step, shown};

const DELEGATE: &str = "harness/delegate:26.05.88000";

/// A manifest as Harness gives it out for a delegate in a cluster, its parts that matter.
fn manifest(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: delegate\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: delegate\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n      - image: {image}\n        imagePullPolicy: Always\n        name: delegate\n"
    )
}

#[test]
fn delegates_are_judged_in_images_files_and_pipelines() {
    let server = HarnessServer::start();
    server.change_pipelines(|all| all.add("default/ops/install", Pipeline::running(DELEGATE)));
    // The last day of support, and the next.
    for (as_of, expected) in [("2026-11-30", "unverified"), ("2026-12-01", "unsupported")] {
        let ran = Step::on_server(&server.url(), KEY)
            .write("k8s/delegate.yaml", &manifest(DELEGATE))
            .set("modules", "none")
            .set("images", DELEGATE)
            .set("files", "k8s/*.yaml")
            .set("pipelines", "account")
            .set("as_of", as_of)
            .run()
            .ends(0);
        for row in ran.rows() {
            assert_eq!(row["image"], DELEGATE, "{row}");
            let reason = row["reason"].as_str().unwrap();
            let is_ended = reason.contains("its support ended on 2026-11-30");
            assert_eq!(is_ended, expected == "unsupported", "{row}");
        }
        let mut rows = shown(&ran.rows(), &["module", "field", "verdict"]);
        rows.sort();
        assert_eq!(
            rows,
            [
                format!("file k8s/delegate.yaml:15 {expected}"),
                format!("image {DELEGATE} {expected}"),
                format!("pipeline default/ops/install:10 {expected}"),
            ]
        );
    }
}

#[test]
fn dates_are_asked_for_only_where_a_verdict_turns_on_them() {
    // Image in use, newest tag of its list; tags whose date is asked for, verdict.
    let cases = [
        // The newest stays the newest at any age.
        ("harness/a-job-runner:1.3.0", "1.3.0", vec![], "current"),
        (
            "harness/a-job-runner:1.2.0",
            "1.3.0",
            vec!["1.2.0", "1.3.0"],
            "unsupported",
        ),
        ("plugins/slack:1.2.0", "1.3.0", vec!["1.3.0"], "overdue"),
        // The window decides, or the month in the version.
        ("plugins/kaniko:1.0.0", "1.9.0", vec![], "unsupported"),
        ("harness/delegate:26.04.1", "26.11.1", vec![], "unsupported"),
    ];
    let between = ["1.0.0", "1.1.0", "1.2.0", "26.04.1"];
    for (image, newest, dated, verdict) in cases {
        let (name, tag) = image.split_once(':').unwrap();
        let mut tags: Vec<&str> = vec![newest];
        tags.extend(between.iter().filter(|tag| **tag != newest));
        tags.retain(|tag| tag.starts_with("26") == newest.starts_with("26"));
        let mut options = Options::default().with(name, &tags, Behaviour::Healthy);
        for (number, tag) in tags.iter().enumerate() {
            let image = Image {
                digest: format!("sha256:{number:064x}"),
                created: "2026-01-15T00:00:00Z".to_owned(),
                ..Image::default()
            };
            options = options.image(name, tag, image);
        }
        let registry = RegistryServer::start(options);
        let ran = Step::new()
            .set("modules", "none")
            .set("images", image)
            .set("registry", registry.url().as_str())
            .set("upstream", "registry")
            .set("as_of", "2026-11-20")
            .run()
            .ends(0);
        let row = &ran.rows()[0];
        assert_eq!(row["verdict"], verdict, "{image}: {row}");
        let log = registry.log();
        let mut asked: Vec<&str> = log
            .iter()
            .filter_map(|got| got.target.rsplit_once("/manifests/"))
            .map(|(_, tag)| tag)
            .filter(|tag| !tag.starts_with("sha256:"))
            .collect();
        asked.sort_unstable();
        asked.dedup();
        assert_eq!(asked, dated, "{image} ({tag})");
    }
}
