//! The pipelines that users copy: every setting exists, and every value is one that the program
//! takes after the runner has written it.

use harness_images::settings::{Action, Pin, SETTINGS, Settings};
use serde_json::Value;

use crate::pipelines::runner::{RUNNERS, Runner, SECRET};
use crate::pipelines::steps::{Step, steps, walk};
use crate::pipelines::{files, text, yaml};

/// The image's name wherever a pipeline shows it: one to be replaced, and the same everywhere.
pub(super) const PLACEHOLDER: &str = concat!(
    "registry.example.com/tools/harness-images:",
    env!("CARGO_PKG_VERSION"),
    "-rootless"
);

/// Every example, with the runner it is for.
fn examples() -> Vec<(Runner, String)> {
    [
        (Runner::Drone, "examples/drone"),
        (Runner::Harness, "examples/harness"),
        (Runner::Woodpecker, "examples/woodpecker"),
    ]
    .into_iter()
    .flat_map(|(runner, folder)| files(folder).into_iter().map(move |file| (runner, file)))
    .collect()
}

/// The settings of a step as the program reads them; else all that is wrong with them.
pub(super) fn read(runner: Runner, step: &Step) -> Result<Settings, Vec<String>> {
    let known = |key: &&String| !SETTINGS.iter().any(|setting| setting.name == key.as_str());
    let map = step.settings.as_object().expect("settings are a map");
    let unknown: Vec<String> = map.keys().filter(known).cloned().collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let pairs = runner.variables(&step.settings);
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| (key.into(), value.into()));
    match Settings::from_pairs(pairs, &harness_images::report::formats()) {
        Ok(settings) if settings.hints.is_empty() => Ok(settings),
        Ok(settings) => Err(settings
            .hints
            .into_iter()
            .map(|hint| hint.message)
            .collect()),
        Err(problems) => Err(problems.iter().map(ToString::to_string).collect()),
    }
}

#[test]
fn every_example_is_there() {
    let found: Vec<String> = examples().into_iter().map(|(_, file)| file).collect();
    let expected = [
        "examples/drone/check.yml",
        "examples/drone/dbops.yml",
        "examples/drone/gate.yml",
        "examples/drone/pin.yml",
        "examples/drone/pull-request.yml",
        "examples/harness/accounts.yaml",
        "examples/harness/check.trigger.yaml",
        "examples/harness/check.yaml",
        "examples/harness/dbops.yaml",
        "examples/harness/gate.yaml",
        "examples/harness/pin.yaml",
        "examples/harness/pull-request.yaml",
        "examples/woodpecker/check.yaml",
        "examples/woodpecker/pull-request.yaml",
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_step_has_settings_that_the_program_takes() {
    for (runner, file) in examples() {
        let ours: Vec<Step> = steps(&text(&file))
            .into_iter()
            .filter(Step::is_ours)
            .collect();
        assert_eq!(ours.is_empty(), file.contains(".trigger."), "{file}");
        for step in ours {
            if let Err(wrong) = read(runner, &step) {
                panic!("{file}: {wrong:?} in {:#}", step.settings);
            }
            assert_eq!(step.image, PLACEHOLDER, "{file}");
        }
    }
}

/// The workspace belongs to root, the image runs as another user.
#[test]
fn steps_that_write_into_the_workspace_run_as_root() {
    let pages = text("README.md") + &text("docs/mirroring.md");
    let blocks = pages.split("```yaml\n").skip(1);
    let blocks = blocks.map(|block| block.split("\n```").next().unwrap().to_owned());
    let mut texts: Vec<String> = blocks.collect();
    texts.extend(examples().into_iter().map(|(_, file)| text(&file)));
    let mut seen = 0;
    for text in texts {
        for document in &yaml::documents(&text).unwrap() {
            walk(document, &mut |map| {
                let settings = map.get("settings").and_then(Value::as_object);
                let writes = |settings: &serde_json::Map<String, Value>| {
                    let names = ["reports", "history", "record", "backup"];
                    names.iter().any(|name| settings.contains_key(*name))
                };
                let is_ours = map.get("image").and_then(Value::as_str) == Some(PLACEHOLDER);
                if is_ours && settings.is_some_and(writes) {
                    let woodpecker = map.get("backend_options");
                    let user = [
                        map.get("user"),
                        map.get("runAsUser"),
                        woodpecker.and_then(|options| options.pointer("/docker/user")),
                    ];
                    let user = user.into_iter().flatten().next();
                    assert_eq!(user, Some(&Value::from("0")), "{text}");
                    seen += 1;
                }
            });
        }
    }
    assert!(seen >= 12, "{seen}");
}

/// What the examples say must arrive, not only be taken.
#[test]
fn values_arrive() {
    let settings_of = |runner, file: &str| {
        let step = steps(&text(file)).into_iter().find(Step::is_ours).unwrap();
        read(runner, &step).unwrap()
    };
    for (runner, file) in [
        (Runner::Drone, "examples/drone/check.yml"),
        (Runner::Harness, "examples/harness/check.yaml"),
        (Runner::Woodpecker, "examples/woodpecker/check.yaml"),
    ] {
        let settings = settings_of(runner, file);
        assert!(settings.modules.len() >= 2, "{file}");
        assert_eq!(settings.infra.len(), 2, "{file}");
        let of = |repository| settings.supported_releases.get(repository);
        assert_eq!(
            (of("harness/ci-addon"), of("plugins/kaniko")),
            (3, 10),
            "{file}"
        );
        assert_eq!(
            settings.ignore.len(),
            usize::from(runner != Runner::Woodpecker),
            "{file}"
        );
        assert!(!settings.reports.is_empty(), "{file}");
    }
    let pin = settings_of(Runner::Harness, "examples/harness/pin.yaml");
    assert_eq!(pin.action, Action::Pin(Pin::All("latest-1".to_owned())));
    assert!(pin.dry_run);
    let gate = settings_of(Runner::Harness, "examples/harness/gate.yaml");
    assert!(gate.fields.is_empty());
    assert_eq!(gate.images.len(), 2);
}

/// What runners make of odd, but valid YAML is taken all the same.
#[test]
fn odd_values_arrive() {
    let text = "image: harness-images\nsettings:\n  snapshot: a.json\n  as_of: 2026-11-20\n  \
                fields: [addonTag, null, ssca*]\n  registry:\n  supported_releases: {\"*\": 3}\n";
    for runner in RUNNERS {
        let step = steps(text).remove(0);
        let settings = read(runner, &step).unwrap_or_else(|wrong| panic!("{runner:?}: {wrong:?}"));
        let day = settings.as_of.map(|time| time.to_string());
        assert_eq!(day.as_deref(), Some("2026-11-20T00:00:00Z"), "{runner:?}");
        assert_eq!(settings.fields.len(), 2, "{runner:?}");
    }
}

/// The check itself finds what it is there to find.
#[test]
fn a_wrong_setting_is_found() {
    let cases = [
        (serde_json::json!({"failon": "any"}), "failon"),
        (serde_json::json!({"fail_on": ["unsuported"]}), "fail_on"),
        (serde_json::json!({"reports": ["a.txt"]}), "reports"),
        (serde_json::json!({"action": "pin"}), "pin"),
    ];
    for (mut settings, name) in cases {
        let map = settings.as_object_mut().unwrap();
        map.insert("api_key".to_owned(), Value::from(SECRET));
        let image = "harness-images".to_owned();
        let step = Step { image, settings };
        for runner in RUNNERS {
            let wrong = read(runner, &step).expect_err(name);
            assert!(wrong.concat().contains(name), "{wrong:?}");
        }
    }
}

/// Secrets come from a store, and a date is quoted: some runners turn a plain one into a time.
#[test]
fn secrets_and_dates_are_written_safely() {
    for (runner, file) in examples() {
        for step in steps(&text(&file)) {
            for (key, value) in step.settings.as_object().into_iter().flatten() {
                let of_ours = SETTINGS
                    .iter()
                    .any(|known| known.name == key && known.secret);
                if of_ours || key.ends_with("_key") {
                    assert!(is_reference(runner, value), "{file}: {key}");
                }
            }
        }
        for line in text(&file).lines() {
            let value = line.split_once(": ").map_or("", |(_, value)| value);
            let is_date = value.len() == 10 && value.bytes().filter(|b| *b == b'-').count() == 2;
            assert!(!is_date, "{file}: {line}");
        }
    }
}

/// Whether a value only says where a secret is.
pub(super) fn is_reference(runner: Runner, value: &Value) -> bool {
    match runner {
        Runner::Harness => value
            .as_str()
            .is_some_and(|text| text.starts_with("<+secrets.getValue(\"")),
        Runner::Drone | Runner::Woodpecker => value
            .as_object()
            .is_some_and(|map| map.contains_key("from_secret") && map.len() == 1),
    }
}
