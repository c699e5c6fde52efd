//! Settings: one `NAME=value` to a line, where `|` stands for a line end within the value.
#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use harness_images::settings::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let pairs = bytes.split(|byte| *byte == b'\n').filter_map(|line| {
        let at = line.iter().position(|byte| *byte == b'=')?;
        let (name, value) = line.split_at(at);
        let name = [b"PLUGIN_".as_slice(), name].concat();
        let value = value[1..]
            .iter()
            .map(|byte| if *byte == b'|' { b'\n' } else { *byte });
        Some((
            OsString::from_vec(name),
            OsString::from_vec(value.collect()),
        ))
    });
    match Settings::from_pairs(pairs) {
        Ok(settings) => {
            assert!(!settings.modules.is_empty() && !settings.infra.is_empty());
            assert!((1..=256).contains(&settings.concurrency));
            let _ = settings.secrets();
        }
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
});
