//! Settings: one `NAME=value` to a line. In a value `|` stands for a line end and `~` for a word
//! that must not be shown; a name that begins with `$` is a variable that is no setting.
#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use harness_images::settings::{SETTINGS, Settings};
use libfuzzer_sys::fuzz_target;
use secrecy::ExposeSecret;

const WORD: &str = "Qz7Canary9Zq";

fuzz_target!(|bytes: &[u8]| {
    let pairs: Vec<_> = bytes
        .split(|byte| *byte == b'\n')
        .filter_map(pair)
        .collect();
    let is_named = pairs
        .iter()
        .any(|(name, _)| name.to_string_lossy().contains(WORD));
    match Settings::from_pairs(pairs.iter().cloned(), &harness_images::report::formats()) {
        Ok(settings) => {
            assert!(!settings.infra.is_empty());
            assert!(settings.modules.is_sorted() && settings.infra.is_sorted());
            assert!((1..=256).contains(&settings.concurrency));
            assert!((1..=3_600).contains(&settings.timeout.as_secs()));
            let is_alone = settings.snapshot.is_some() || settings.modules.is_empty();
            assert!(settings.harness.is_some() || is_alone);
            let hints = format!("{:?}", settings.hints);
            assert!(is_named || !hints.contains(WORD), "{hints}");
            is_kept(&pairs, &settings);
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            let text = format!("{problems} {problems:?}");
            assert!(is_named || !text.contains(WORD), "{text}");
            for problem in problems.iter() {
                assert!(
                    SETTINGS
                        .iter()
                        .any(|setting| setting.name == problem.setting)
                );
                assert!(!problem.text.contains(['\n', '\r']) && problem.text.len() < 500);
            }
        }
    }
});

/// A line's name and value. Settings that would read a file are left out: what lies on the
/// machine is not part of the input.
fn pair(line: &[u8]) -> Option<(OsString, OsString)> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let (name, value) = line.split_at(at);
    let name = match name.strip_prefix(b"$") {
        Some(name) => name.to_vec(),
        None => [b"PLUGIN_".as_slice(), name].concat(),
    };
    let mut text = Vec::with_capacity(value.len());
    for byte in &value[1..] {
        match byte {
            b'|' => text.push(b'\n'),
            b'~' => text.extend_from_slice(WORD.as_bytes()),
            byte => text.push(*byte),
        }
    }
    let plain = name.to_ascii_lowercase();
    let is_file = match plain.as_slice() {
        name if name.ends_with(b"cert") => !text.windows(10).any(|part| part == b"-----BEGIN"),
        name if name.ends_with(b"config") => text.trim_ascii_start().first() != Some(&b'{'),
        _ => false,
    };
    (!is_file).then(|| (OsString::from_vec(name), OsString::from_vec(text)))
}

/// Secrets are known as such and not shown.
fn is_kept(pairs: &[(OsString, OsString)], settings: &Settings) {
    let secrets = settings.secrets();
    let secrets: Vec<&str> = secrets
        .iter()
        .map(|secret| secret.expose_secret())
        .collect();
    assert!(secrets.is_sorted_by_key(|secret| std::cmp::Reverse(secret.len())));
    assert!(secrets.iter().all(|secret| !secret.trim().is_empty()));
    let is_open = |(name, value): &(OsString, OsString)| {
        let (name, value) = (
            name.to_string_lossy().to_lowercase(),
            value.to_string_lossy(),
        );
        let name = name.replace(['-', '.'], "_");
        let is_secret = SETTINGS
            .iter()
            .any(|setting| setting.secret && name == format!("plugin_{}", setting.name));
        let is_proxy = name.ends_with("_proxy") && !name.ends_with("no_proxy");
        let is_secret = is_secret || is_proxy || name == "harness_platform_api_key";
        // The account's part of a key is no secret.
        value.contains(WORD) && (!is_secret || value.contains("at."))
    };
    if !pairs.iter().any(is_open) {
        let shown = format!("{settings:?}");
        assert!(!shown.contains(WORD), "{shown}");
    }
}
