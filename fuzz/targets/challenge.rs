//! `WWW-Authenticate`: header values, one to a line.
#![no_main]

use harness_images::registry::challenge::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for challenge in parse(text.lines()) {
        assert!(!challenge.scheme.is_empty());
        for (name, _) in &challenge.parameters {
            assert!(challenge.parameter(name).is_some());
        }
    }
});
