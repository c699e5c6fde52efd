//! Answers of Harness: the first byte chooses module and status, the rest is the body, in which
//! one word is secret.
#![no_main]

use harness_images::harness::fields_of;
use harness_images::model::facts::{Config, Facts, Fields};
use harness_images::model::module::Module;
use harness_images::redact::Secrets;
use libfuzzer_sys::fuzz_target;
use url::Url;

const SECRET: &str = "s3cret~word";

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let module = if choice % 2 == 0 {
        Module::Ci
    } else {
        Module::Dbops
    };
    let status = [200, 400, 401, 403, 404, 500][usize::from(choice / 2 % 6)];
    let url = Url::parse("https://app.harness.io/gateway").unwrap();
    let secrets = Secrets::default();
    secrets.add(SECRET);
    match fields_of(module, status, body.to_vec(), url, &secrets) {
        Ok(fields) => {
            assert_eq!(status, 200);
            for text in fields.values().filter_map(|value| value.as_text()) {
                assert!(!text.trim().is_empty() && !text.contains(SECRET));
            }
            keeps(module, fields);
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty() && text.chars().count() < 1_500, "{text}");
            assert!(!text.chars().any(char::is_control), "{text:?}");
            assert!(!text.contains(SECRET), "{text}");
        }
    }
});

/// Fields are the same after a snapshot was written of them and read.
fn keeps(module: Module, fields: Fields) {
    let config = Config {
        module,
        infra: None,
        default: fields.clone(),
        overrides: fields,
    };
    let facts = Facts {
        configs: vec![config],
        ..Facts::default()
    };
    let again = Facts::from_json(facts.to_json().unwrap().as_bytes());
    assert_eq!(again.unwrap(), facts);
}
