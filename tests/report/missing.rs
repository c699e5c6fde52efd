//! An image that its registry lacks, in every format.

use harness_images::model::policy::FailOn;
use harness_images::model::verdict::{Attention, Verdict};
use harness_images::report::{
    answer, card, counts, html, junit, markdown, next_step, table, write_annotation,
};
use serde_json::Value;

use super::output;
use support::sample;

/// Builds cannot pull an image that its registry lacks, so it needs attention whatever its verdict;
/// an ignored one is excused.
#[test]
fn a_missing_image_asks_for_attention_whatever_its_verdict() {
    for verdict in Verdict::ALL {
        let is_excused = verdict.info().attention == Attention::Excused;
        let mut lacking = sample::pinned("lacking", "a/b:1.0.0", "a/b:9.0.0", verdict, Some(8));
        lacking.missing = true;
        lacking.deploy_by = Some(sample::day("2026-12-24"));
        lacking.advice = "builds cannot pull it: use a tag that exists".to_owned();
        let well = sample::row("well", "c/d:1.0.0");
        let mut report = sample::report(vec![well, lacking], &[]);
        report.policy.fail_on = FailOn {
            verdicts: Vec::new(),
            missing: true,
        };
        report.summary.failed = !is_excused;
        let (answer, next) = (answer(&report), next_step(&report));
        assert_eq!(answer.contains("missing"), !is_excused, "{answer}");
        assert_eq!(next.contains("missing"), !is_excused, "{next}");
        // What is said of the verdict besides is only what is still to be done then.
        let has_two_steps = verdict.info().is_patched;
        assert_eq!(next.contains("warnings name. "), has_two_steps, "{next}");
        assert_eq!(counts(&report).ends_with("; 1 missing"), !is_excused);
        assert_eq!(output(&report, "STATUS"), report.worst().unwrap().as_str());
        let named = format!("{verdict}, missing");
        for (format, text) in [
            ("table", table(&report)),
            ("junit", junit(&report)),
            ("markdown", markdown(&report)),
            ("card", card::card(&report, "").to_string()),
        ] {
            assert_eq!(
                text.contains(&named),
                !is_excused,
                "{format} of {verdict}: {text}"
            );
            assert!(!text.contains("2026-12-24, "), "{format}");
        }
        if is_excused {
            continue;
        }
        let first = table(&report).lines().nth(1).unwrap().to_owned();
        assert!(
            first.contains("lacking") && first.contains("builds cannot pull it"),
            "{first}"
        );
        let page = html(&report);
        assert!(page.contains("<header class=\"tone-red\">"), "{verdict}");
        assert!(page.contains("</span> missing</span>"), "{verdict}");
        assert!(
            page.contains("<li class=\"timeline tone-red\""),
            "{verdict}"
        );
        let picked = format!("data-verdict=\"{verdict} missing\"");
        assert!(page.matches(&picked).count() == 2, "{verdict}");
        let chip = "<li class=\"tone-red\" data-verdict=\"missing\"";
        assert!(page.contains(chip), "{verdict}");
        let folded = markdown(&report);
        let (shown, folded) = folded.split_once("<details>").unwrap();
        assert!(
            shown.contains("lacking") && !folded.contains("lacking"),
            "{verdict}"
        );
        let brief: Value = serde_json::from_str(&output(&report, "REPORT")).unwrap();
        assert_eq!(brief["images"][0]["field"], "lacking");
        assert_eq!(brief["summary"]["missing"], 1);
        let xml = junit(&report);
        let failure = "<failure message=\"missing: a/b:1.0.0\" type=\"missing\">";
        assert!(xml.contains(failure), "{xml}");
        report.policy.fail_on.missing = false;
        report.summary.failed = false;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("annotations.json");
        write_annotation(&file, &report, &Default::default(), 1).unwrap();
        let written = std::fs::read_to_string(&file).unwrap();
        assert!(
            written.contains("\"style\":\"warning\""),
            "{verdict}: {written}"
        );
    }
}
