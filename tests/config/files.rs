//! Config files. `tests/config/run` holds the same samples against the schema.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use harness_images::model::module::Module;
use harness_images::report;
use harness_images::settings::{self, Problems, Settings};

fn read(config: &Path, given: &[(&str, &str)]) -> Result<Settings, Problems> {
    let mut pairs: Vec<(OsString, OsString)> = vec![
        ("PLUGIN_SNAPSHOT".into(), "facts.json".into()),
        ("PLUGIN_CONFIG".into(), config.into()),
    ];
    pairs.extend(given.iter().map(|(key, value)| (key.into(), value.into())));
    Settings::from_pairs(pairs, &report::formats())
}

/// A file with this text, in a folder of its own.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn samples(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/config/samples")
        .join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn good_samples_are_accepted() {
    let files = samples("good");
    assert!(files.len() >= 7, "{files:?}");
    for path in files {
        let read = read(&path, &[]);
        assert!(read.is_ok(), "{}: {}", path.display(), read.err().unwrap());
    }
}

#[test]
fn bad_samples_are_refused_with_line_and_setting() {
    let files = [samples("bad"), samples("yaml")].concat();
    assert!(files.len() >= 30, "{files:?}");
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = text.lines().next().unwrap().trim_start_matches("# ");
        let problems = read(&path, &[]).expect_err(&path.display().to_string());
        let found = problems.iter().map(|problem| {
            let place = problem.place.as_deref().unwrap_or_default();
            let (file, line) = place.rsplit_once(':').unwrap_or_default();
            assert_eq!(Path::new(file), path, "{problem}");
            format!("{line} {}", problem.setting)
        });
        assert_eq!(found.collect::<Vec<_>>(), [expected], "{}", path.display());
        assert!(!problems.to_string().contains("N0tAS3cret"), "{problems}");
    }
}

#[test]
fn every_problem_at_once_as_a_person_reads_it() {
    let (_folder, path) = file(
        "suported_releases: 3\nfail_on:\n  - overdue\n  - CANARY\napi_key: CANARY\n\
         timeout: 0\n\nCANARY CANARY: 1\n",
    );
    let problems = read(&path, &[("PLUGIN_ACTION", "CANARY")])
        .unwrap_err()
        .to_string();
    let problems = problems.replace(path.to_str().unwrap(), "config.yml");
    assert_eq!(
        problems,
        "6 problems with the settings; nothing was sent:\n  \
         config.yml:5: api_key: a secret, which does not belong in a file; set it in the step\n  \
         config.yml:4: fail_on: entry 2: must be `never`, `any`, `missing`, `unsupported`, \
         `overdue`, `unverified`, `custom`, `floating`, `ahead`, `supported` or `current`\n  \
         setting `action`: must be `check`, `list`, `pin`, `reset`, `clear` or `restore`\n  \
         config.yml:1: config: `suported_releases` is not a setting; did you mean \
         `supported_releases`?\n  \
         config.yml:8: config: this is not the name of a setting\n  \
         config.yml:6: timeout: must be a whole number from 1 to 3600"
    );
}

#[test]
fn the_environment_wins_setting_by_setting() {
    let (_folder, path) = file("modules: [dbops]\ntimeout: 90\nfields: addonTag\nforce: broken\n");
    let given = [
        ("PLUGIN_MODULES", "ci"),
        ("PLUGIN_FIELDS", ""),
        ("PLUGIN_FORCE", "true"),
    ];
    let settings = read(&path, &given).unwrap();
    assert_eq!(settings.modules, [Module::Ci]);
    assert_eq!(settings.timeout.as_secs(), 90);
    assert_eq!(settings.fields.len(), 1);
    assert!(settings.force);
}

#[test]
fn values_are_those_of_the_environment() {
    // What YAML takes for a number stays as it is written.
    let (_folder, path) = file("action: pin\ndry_run: true\npin:\n  a: 1.10\n  b: '2'\n");
    let settings = read(&path, &[]).unwrap();
    let pin = "{\"a\": \"1.10\", \"b\": \"2\"}";
    let given = [
        ("PLUGIN_ACTION", "pin"),
        ("PLUGIN_DRY_RUN", "true"),
        ("PLUGIN_PIN", pin),
    ];
    let (_other, empty) = file("");
    assert_eq!(settings.action, read(&empty, &given).unwrap().action);
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.yml");
    let garbled = folder.path().join("garbled.yml");
    std::fs::write(&garbled, [0xff, 0xfe, 0x00]).unwrap();
    let (_long, long) = file(&format!("# {}\n", "x".repeat(1024 * 1024)));
    let mut paths = vec![missing, garbled, long, folder.path().to_owned()];
    #[cfg(unix)]
    {
        paths.push("/dev/zero".into());
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        paths.push(pipe);
    }
    for path in paths {
        let problems = read(&path, &[]).expect_err(&path.display().to_string());
        let text = problems.to_string();
        assert!(text.contains("setting `config`: "), "{text}");
        assert!(!text.contains(path.to_str().unwrap()), "{text}");
    }
}

#[test]
fn aliases_do_not_multiply() {
    // Each line is ten times the one before: 10^6 entries of 20 bytes if they were written out.
    let mut text = "fields:\n  - &a [x0123456789012345678".to_owned();
    text.push_str("]\n");
    for (name, of) in [("b", "a"), ("c", "b"), ("d", "c")] {
        let aliases = vec![format!("*{of}"); 100].join(", ");
        text.push_str(&format!("  - &{name} [{aliases}]\n"));
    }
    let (_folder, path) = file(&text);
    let problems = read(&path, &[]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems}");
    let (_folder, path) = file(&format!("fields: {}x{}\n", "[".repeat(90), "]".repeat(90)));
    let problems = read(&path, &[]).unwrap_err();
    assert!(
        problems.to_string().contains("nested too deeply"),
        "{problems}"
    );
}

#[test]
fn a_config_is_not_written_over() {
    let (_folder, path) = file("timeout: 60\n");
    for name in ["PLUGIN_RECORD", "PLUGIN_BACKUP", "PLUGIN_HISTORY"] {
        let problems = read(&path, &[(name, path.to_str().unwrap())]).unwrap_err();
        assert!(
            problems.to_string().contains("the same file as `config`"),
            "{name}: {problems}"
        );
    }
}

#[test]
fn the_example_is_a_policy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/config/harness-images.yml");
    let settings = read(&path, &[]).unwrap();
    assert_eq!(settings.modules, [Module::Ci, Module::Dbops]);
    assert_eq!(settings.supported_releases.get("plugins/kaniko"), 10);
    assert_eq!(settings.supported_days.get("harness/x-job-runner"), 90);
    assert!(settings.fail_on.missing);
    assert_eq!(settings.ignore.len(), 1);
}

#[test]
fn the_published_schema_is_that_of_the_program() {
    let published = include_str!("../../docs/config.schema.json");
    assert!(
        published == settings::config_schema(&report::formats()),
        "`cargo run --example tables` writes it anew"
    );
}
