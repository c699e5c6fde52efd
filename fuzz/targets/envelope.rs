//! Answers of Harness: the first byte chooses module and status, the rest is the body.
#![no_main]

use harness_images::facts::Module;
use harness_images::harness::fields_of;
use libfuzzer_sys::fuzz_target;
use url::Url;

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
    match fields_of(module, status, body.to_vec(), url) {
        Ok(fields) => {
            assert_eq!(status, 200);
            for value in fields.values() {
                assert!(value.as_text().is_none_or(|text| !text.trim().is_empty()));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
