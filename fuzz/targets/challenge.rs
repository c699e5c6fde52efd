//! `WWW-Authenticate`: header values, one to a line; what is read can be written and read again.
#![no_main]

use harness_images::registry::challenge::{Challenge, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let challenges = parse(text.lines());
    assert!(challenges.len() <= 16);
    let mut length = 0;
    for challenge in &challenges {
        assert!(!challenge.scheme.is_empty());
        length += challenge.scheme.len();
        for (name, value) in &challenge.parameters {
            assert!(!name.is_empty());
            assert!(challenge.parameter(name).is_some());
            length += name.len() + value.len();
        }
    }
    assert!(length <= text.len());
    let written: Vec<String> = challenges.iter().map(write).collect();
    assert_eq!(parse(written.iter().map(String::as_str)), challenges);
    assert_eq!(parse([written.join(", ").as_str()]), challenges);
});

/// A challenge as the standard writes it.
fn write(challenge: &Challenge) -> String {
    let parameters = challenge.parameters.iter().map(|(name, value)| {
        let value = value.replace('\\', r"\\").replace('"', r#"\""#);
        format!("{name}=\"{value}\"")
    });
    let parameters: Vec<String> = parameters.collect();
    format!("{} {}", challenge.scheme, parameters.join(", "))
        .trim_end()
        .to_owned()
}
