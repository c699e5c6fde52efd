//! Every verdict is named wherever a report with only that verdict is shown.

use harness_images::model::verdict::{Attention, Severity, Verdict};
use harness_images::report::{
    answer, card, counts, html, json, junit, markdown, next_step, outputs, sarif, table,
};
use serde_json::Value;

use support::sample;

#[test]
fn every_form_names_the_only_verdict() {
    for verdict in Verdict::ALL {
        let row = sample::pinned("f", "a/b:1.0.0", "a/b:9.0.0", verdict, Some(8));
        let report = sample::report(vec![row], &[]);
        let name = verdict.as_str();
        let info = verdict.info();
        for (format, text) in [
            ("table", table(&report)),
            ("json", json(&report).unwrap()),
            ("junit", junit(&report)),
            ("markdown", markdown(&report)),
            ("page", html(&report)),
            ("card", card::card(&report, "").to_string()),
        ] {
            assert!(text.contains(name), "{format} does not name {name}: {text}");
        }
        assert_eq!(counts(&report), format!("1 image: 1 {name}"));
        let status = outputs(&report)
            .into_iter()
            .find(|(key, _)| *key == "STATUS");
        assert_eq!(status.unwrap().1, name);
        let log: Value = serde_json::from_str(&sarif(&report).unwrap()).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let is_result = info.severity != Severity::None;
        assert_eq!(results.len(), usize::from(is_result), "{name}");
        if is_result {
            assert_eq!(results[0]["ruleId"], name);
            assert_eq!(results[0]["level"], info.severity.as_str());
        }
        let next = next_step(&report);
        let answer = answer(&report);
        match info.attention {
            Attention::Urgent => assert!(answer.contains(name), "{answer}"),
            Attention::Needed => assert!(answer.contains("1 of 1 needs attention"), "{answer}"),
            Attention::Mentioned | Attention::None => {
                assert!(
                    answer.starts_with("The only image is supported"),
                    "{answer}"
                );
            }
            Attention::Excused => assert_eq!(answer, "The only image is ignored."),
        }
        let is_asked = info.attention <= Attention::Needed;
        assert_eq!(!next.starts_with("Nothing"), is_asked, "{name}: {next}");
    }
}
