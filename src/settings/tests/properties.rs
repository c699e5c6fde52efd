//! Whatever the environment holds: no panic, no value in what is reported, no secret in `Debug`.

use proptest::prelude::*;

use super::super::{SETTINGS, Settings};
use super::pairs;
use crate::report::formats;

/// A setting in one of the runners' spellings, another variable, or anything.
fn key() -> impl Strategy<Value = String> {
    let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    let setting = (prop::sample::select(names), 0..3_u8).prop_map(|(name, runner)| {
        let name = match runner {
            0 => name.to_uppercase(),
            1 => name.to_uppercase().replace('_', "-"),
            _ => name.to_uppercase().replace('_', "."),
        };
        format!("PLUGIN_{name}")
    });
    let others = prop::sample::select(vec![
        "HARNESS_PLATFORM_API_KEY",
        "HARNESS_ACCOUNT_ID",
        "HARNESS_ENDPOINT",
        "HARNESS_HTTPS_PROXY",
        "https_proxy",
        "SSL_CERT_DIR",
        "DRONE_DEBUG",
        "DRONE_OUTPUT",
    ]);
    prop_oneof![
        8 => setting,
        2 => others.prop_map(str::to_owned),
        1 => "PLUGIN_[A-Z_]{0,20}",
        1 => any::<String>(),
    ]
}

/// A text nobody else would write, in every shape that some setting takes apart.
fn value() -> impl Strategy<Value = (String, Option<String>)> {
    let shapes = prop::sample::select(vec![
        "X",
        " X\n",
        "[X]",
        "[\"X\"]",
        "[\"X\",{\"X\":\"X\"}]",
        "{\"X\":\"X\"}",
        "{\"X\":",
        "{\"*\":\"X\"}",
        "{\"field\":\"a\",\"X\":\"X\"}",
        "[{\"field\":\"a\",\"until\":\"X\"}]",
        "[{\"field\":\"a b\",\"reason\":\"X\"}]",
        "X=X",
        "a=X,a=X",
        "a,X@X",
        "X@2026-02-30",
        "https://X:X@host",
        "https://host?X",
        "X://host",
        "host:X",
        "/X/X",
        "X.json,X.json",
        "X Y",
        "Xé",
        "pat.X.X.X",
        "-----BEGIN CERTIFICATE-----\nX\n-----END CERTIFICATE-----",
        "-----BEGIN X-----",
    ]);
    prop_oneof![
        4 => (shapes, "[a-zA-Z0-9]{12,24}").prop_map(|(shape, canary)| {
            (shape.replace('X', &canary), Some(canary))
        }),
        1 => any::<String>().prop_map(|text| (text, None)),
        1 => prop::sample::select(vec!["true", "never", "pin", "latest", "3", "auto", ""])
            .prop_map(|text| (text.to_owned(), None)),
    ]
}

fn is_secret(key: &str) -> bool {
    let name = key.to_lowercase().replace(['-', '.'], "_");
    let of_setting = SETTINGS
        .iter()
        .any(|setting| setting.secret && name == format!("plugin_{}", setting.name));
    of_setting || name == "harness_platform_api_key" || name.ends_with("_proxy")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn never_panics_and_never_shows_a_value(
        given in prop::collection::vec((key(), value()), 0..12),
    ) {
        let variables: Vec<(&str, &str)> =
            given.iter().map(|(key, (value, _))| (&**key, &**value)).collect();
        let canaries: Vec<&String> =
            given.iter().filter_map(|(_, (_, canary))| canary.as_ref()).collect();
        match Settings::from_pairs(pairs(&variables), &formats()) {
            Ok(settings) => {
                let debug = format!("{settings:?}");
                let hints = format!("{:?}", settings.hints);
                for canary in &canaries {
                    prop_assert!(!hints.contains(*canary), "{hints}");
                }
                for (key, (value, canary)) in &given {
                    // The account's part of a key is no secret.
                    if let Some(canary) = canary.as_ref().filter(|_| !value.starts_with("pat.")) {
                        prop_assert!(!is_secret(key) || !debug.contains(canary), "{debug}");
                    }
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                let text = format!("{problems} {problems:?}");
                for canary in &canaries {
                    prop_assert!(!text.contains(*canary), "{canary} in {text}");
                }
                for problem in problems.iter() {
                    prop_assert!(SETTINGS.iter().any(|setting| setting.name == problem.setting));
                    prop_assert!(!problem.text.contains(['\n', '\r']));
                }
            }
        }
    }
}
