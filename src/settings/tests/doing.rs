//! What is done, from which day, and which files are written.

use super::super::{Action, Pin, Reset};
use super::{offline, online, refuses, wrong};

#[test]
fn actions() {
    let pin = |all: &str| Action::Pin(Pin::All(all.into()));
    let field = |name: &str| Reset::Fields(vec![crate::model::policy::Pattern::new(name)]);
    for (action, pinned, reset, expected) in [
        ("", "", "", Action::Check),
        ("Check", "latest", "all", Action::Check),
        ("list", "", "", Action::List),
        ("pin", "latest", "", pin("latest")),
        ("pin", "latest-999", "", pin("latest-999")),
        ("reset", "", "", Action::Reset(Reset::Unsupported)),
        ("reset", "", "All", Action::Reset(Reset::All)),
        ("reset", "", "[\"all\"]", Action::Reset(Reset::All)),
        ("reset", "", "ssca*", Action::Reset(field("ssca*"))),
        ("clear", "", "", Action::Clear),
        ("restore", "", "", Action::Restore),
    ] {
        let given = [
            ("PLUGIN_ACTION", action),
            ("PLUGIN_PIN", pinned),
            ("PLUGIN_RESET", reset),
        ];
        assert_eq!(online(&given).unwrap().action, expected, "{given:?}");
    }
    for (action, pinned, reset, expected) in [
        ("pin", "", "", "pin"),
        ("pin", "1.2.3", "", "pin"),
        ("pin", "latest-1000", "", "pin"),
        ("pin", "latest-", "", "pin"),
        ("pin", "latest1", "", "pin"),
        ("check", "1.2.3", "", "pin"),
        ("reset", "", "all,addonTag", "reset"),
        ("reset", "", "two words", "reset"),
        ("update", "", "", "action"),
    ] {
        let given = [
            ("PLUGIN_ACTION", action),
            ("PLUGIN_PIN", pinned),
            ("PLUGIN_RESET", reset),
        ];
        assert_eq!(wrong(online(&given)), [expected], "{given:?}");
    }
}

#[test]
fn a_pin_that_nothing_uses_is_a_hint() {
    for (action, pin, unused_with) in [
        ("", "", None),
        ("", "latest", Some("check")),
        ("list", "latest", Some("list")),
        ("Reset", "addonTag=1.2.3", Some("reset")),
        ("restore", "latest-1", Some("restore")),
        ("pin", "latest", None),
    ] {
        let given = [("PLUGIN_ACTION", action), ("PLUGIN_PIN", pin)];
        let hints = online(&given).unwrap().hints;
        let hints: Vec<(&str, &str)> = hints
            .iter()
            .map(|hint| (hint.code.as_str(), hint.message.as_str()))
            .collect();
        let message = unused_with.map(|action| {
            format!(
                "`pin` is set, but `action` is `{action}`, so nothing is pinned; set `action: pin`"
            )
        });
        let expected: Vec<(&str, &str)> = message
            .iter()
            .map(|message| ("pin-unused", message.as_str()))
            .collect();
        assert_eq!(hints, expected, "{given:?}");
    }
    // Not where something is wrong with either.
    let misspelled = [("PLUGIN_PIN", "latest"), ("PLUGIN_ACTION", "pni")];
    for given in [&misspelled[..], &[("PLUGIN_PIN", "1.2.3")]] {
        assert!(online(given).unwrap_err().hints.is_empty(), "{given:?}");
    }
}

#[test]
fn a_snapshot_cannot_be_changed() {
    for (action, refused) in [
        ("check", false),
        ("list", false),
        ("pin", true),
        ("reset", true),
        ("clear", true),
        ("restore", true),
    ] {
        let given = [("PLUGIN_ACTION", action), ("PLUGIN_PIN", "latest")];
        assert_eq!(offline(&given).is_err(), refused, "{action}");
        let dry = [&given[..], &[("PLUGIN_DRY_RUN", "true")]].concat();
        assert!(offline(&dry).is_ok(), "{action}");
    }
}

#[test]
fn moments() {
    for (value, expected) in [
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
        ("2026-11-20T09:00:00+02:00", "2026-11-20T07:00:00Z"),
    ] {
        let settings = offline(&[("PLUGIN_AS_OF", value)]).unwrap();
        assert_eq!(settings.as_of.unwrap().to_string(), expected, "{value}");
    }
    refuses(
        "as_of",
        &[
            "today",
            "2026-02-30",
            "20.11.2026",
            "2026-11-20T09:00:00",
            "9999-12-31",
            "0001-01-01",
        ],
    );
}

#[test]
fn reports() {
    let value = "a.json,b/c.XML,d.sarif,e.Md,f.html";
    let settings = offline(&[("PLUGIN_REPORTS", value)]).unwrap();
    let names: Vec<&str> = settings
        .reports
        .iter()
        .map(|file| file.format.name)
        .collect();
    assert_eq!(names, ["JSON", "JUnit", "SARIF", "Markdown", "HTML"]);
    refuses(
        "reports",
        &["a.txt", "/dev/stdout", "a.json,./a.json", "facts.json"],
    );
    let (json, same) = ("x/a.json", "x/./a.json");
    for (one, other, expected) in [
        ("PLUGIN_REPORTS", "PLUGIN_RECORD", "reports"),
        ("PLUGIN_BACKUP", "PLUGIN_RECORD", "record"),
        ("PLUGIN_HISTORY", "PLUGIN_RECORD", "record"),
    ] {
        let found = wrong(offline(&[(one, json), (other, same)]));
        assert_eq!(found, [expected], "{one} {other}");
    }
    assert!(offline(&[("PLUGIN_BACKUP", "facts.json")]).is_ok());
}
