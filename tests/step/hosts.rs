//! Files and pipelines never choose a host: whoever opens a pull request writes them.

use serde_json::json;

use support::registry_server::{Behaviour, Image, Options, RegistryServer};
use support::step::Step;

const TAGS: [&str; 4] = ["1.6.0", "1.12.0", "1.13.0", "1.13.4"];

fn new_digest() -> String {
    format!("sha256:{}", "b".repeat(64))
}

fn registry() -> RegistryServer {
    let newest = Image {
        digest: new_digest(),
        ..Image::default()
    };
    let options = Options::default().with("plugins/kaniko", &TAGS, Behaviour::Healthy);
    RegistryServer::start(options.image("plugins/kaniko", "1.13.4", newest))
}

#[test]
fn only_registries_that_the_settings_name_are_asked() {
    let (own, foreign) = (registry(), registry());
    // Further settings, whether the registry that the file names is asked as well
    let cases = [
        ("", "", false),
        ("images", "{foreign}/plugins/kaniko:1.13.4", true),
        ("same_as", r#"{"{foreign}/plugins/*":"plugins/*"}"#, true),
    ];
    for (setting, value, is_asked) in cases {
        let image = format!("{}/plugins/kaniko:1.6.0", foreign.address);
        let step = Step::new()
            .drone(".drone.yml", &[&image])
            .set("modules", "none")
            .set("files", "auto")
            .set("registry", own.url().as_str())
            .set("timeout", "10");
        let step = match setting {
            "" => step,
            setting => step.set(setting, &value.replace("{foreign}", &foreign.address)),
        };
        let before = foreign.log().len();
        let ran = step.run().ends(0);
        let (report, rows) = (ran.report(), ran.rows());
        let row = rows.iter().find(|row| row["module"] == "file").unwrap();
        if !is_asked {
            assert_eq!(foreign.log().len(), before, "nothing is sent there");
            assert_eq!(row["verdict"], "unsupported");
            assert_eq!(row["default"], "plugins/kaniko:1.13.4");
            assert_eq!(report["registries"], json!([own.address]));
        }
        // The other host is spoken to by https, which this server does not speak.
        let asked = report["registries"].as_array().unwrap();
        assert_eq!(
            asked.contains(&json!(foreign.address)),
            is_asked,
            "{setting}"
        );
    }
}

#[test]
fn a_repository_is_asked_once_however_many_places_use_it() {
    let own = registry();
    let images = ["plugins/kaniko:1.6.0", "plugins/kaniko:1.12.0"];
    let with_file = |step: Step, file| step.drone(&format!("{file}.yml"), &images);
    let ran = (0..20)
        .fold(Step::new(), with_file)
        .set("modules", "none")
        .set("files", "*.yml")
        .set("registry", own.url().as_str())
        .run()
        .ends(0);
    assert_eq!(ran.rows().len(), 40);
    assert_eq!(own.count("/tags/list"), 1, "{:?}", own.log());
}

#[test]
fn the_digest_of_the_new_tag_is_asked_for() {
    let own = registry();
    let digest = format!("sha256:{}", "a".repeat(64));
    let ran = Step::new()
        .drone(".drone.yml", &[&format!("plugins/kaniko:1.6.0@{digest}")])
        .set("modules", "none")
        .set("files", "auto")
        .set("registry", own.url().as_str())
        .set("reports", "report.json,fix.patch")
        .run()
        .ends(0);
    let patch = ran.read("fix.patch");
    let added = patch.lines().find(|line| line.starts_with("+-")).unwrap();
    assert!(
        added.starts_with("+- image: plugins/kaniko:1.13.4@sha256:"),
        "{added}"
    );
    assert!(!added.contains(&digest), "{added}");
}
