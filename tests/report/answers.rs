//! What the summary, the outputs and the next step say of a report with one verdict.

use std::collections::BTreeSet;

use harness_images::model::row::{Row, Source};
use harness_images::model::verdict::{Attention, Verdict, first_text};
use harness_images::report::{answer, card, counts, html, json, junit, markdown, next_step, table};
use serde_json::Value;

use super::output;
use super::verdicts::with_verdict;
use support::sample;

#[test]
fn outputs_and_counts_count_the_only_verdict() {
    for verdict in Verdict::ALL {
        let report = sample::report(vec![with_verdict(verdict)], &[]);
        let name = verdict.as_str();
        let line = format!("1 image: 1 {name}");
        assert_eq!(counts(&report), line);
        for (key, expected) in [("STATUS", name), ("SUMMARY", &line)] {
            assert_eq!(output(&report, key), expected, "{name}");
        }
        for (key, counted) in [
            ("UNSUPPORTED_COUNT", Verdict::Unsupported),
            ("OVERDUE_COUNT", Verdict::Overdue),
            ("UNVERIFIED_COUNT", Verdict::Unverified),
        ] {
            let expected = if verdict == counted { "1" } else { "0" };
            assert_eq!(output(&report, key), expected, "{key} of {name}");
        }
        let is_unsupported = verdict == Verdict::Unsupported;
        let fields = if is_unsupported { "ci.K8.f" } else { "" };
        assert_eq!(output(&report, "UNSUPPORTED_FIELDS"), fields);
        let brief: Value = serde_json::from_str(&output(&report, "REPORT")).unwrap();
        let whole: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
        let is_well = matches!(verdict, Verdict::Current | Verdict::Supported);
        let images = brief["images"].as_array().unwrap();
        assert_eq!(images.len(), usize::from(!is_well), "{name}");
        for image in images {
            assert_eq!(image["verdict"], name);
        }
        for summary in [&brief["summary"], &whole["summary"]] {
            for other in Verdict::ALL {
                let expected = u64::from(other == verdict);
                assert_eq!(summary[other.as_str()], expected, "{name}: {summary}");
            }
        }
        let has_line = |text: String| text.contains(&line);
        let data = card::card(&report, "")["data"].clone();
        assert_eq!(data["counts"], line.as_str());
        assert!(
            has_line(table(&report)) && has_line(junit(&report)) && has_line(markdown(&report))
        );
        let item = format!("data-verdict=\"{name}\" title=\"");
        assert_eq!(html(&report).matches(&item).count(), 1, "{name}");
    }
}

/// The answer to a report with one image of that verdict.
fn expected_answer(verdict: Verdict) -> String {
    match verdict.info().attention {
        Attention::Urgent => format!("The only image is {verdict}."),
        Attention::Needed => "No image is unsupported, but 1 of 1 needs attention.".to_owned(),
        Attention::Mentioned => format!("The only image is supported or {verdict}."),
        Attention::None => "The only image is supported.".to_owned(),
        Attention::Excused => "The only image is ignored.".to_owned(),
    }
}

/// The text without markup of HTML and Markdown.
fn unmarked(text: &str) -> String {
    text.replace("<code>", "")
        .replace("</code>", "")
        .replace('`', "")
}

#[test]
fn answer_and_next_step_are_those_of_the_verdict() {
    let mut steps = BTreeSet::new();
    for verdict in Verdict::ALL {
        let info = verdict.info();
        for source in [
            Source::Default,
            Source::Override,
            Source::Setting,
            Source::File,
            Source::Pipeline,
        ] {
            let row = Row {
                source,
                ..with_verdict(verdict)
            };
            let report = sample::report(vec![row], &[]);
            let step = first_text(info.next_step, |present| present == source);
            let step = if info.attention <= Attention::Needed {
                assert!(!step.is_empty(), "{verdict}");
                steps.insert((step, verdict));
                step
            } else {
                assert_eq!(step, "", "{verdict}");
                "Nothing needs to be done."
            };
            assert_eq!(next_step(&report), step, "{verdict}");
            let expected = expected_answer(verdict);
            assert_eq!(answer(&report), expected, "{verdict}");
            let data = card::card(&report, "")["data"].clone();
            assert_eq!(data["answer"], expected);
            assert_eq!(data["next"], step);
            assert!(
                table(&report)
                    .replace('\n', " ")
                    .contains(&format!("Next: {step}"))
            );
            let xml = junit(&report);
            assert!(
                xml.contains(&format!("\nnext: {step}</system-out>")),
                "{xml}"
            );
            assert!(xml.contains(&expected), "{xml}");
            let text = markdown(&report);
            assert!(text.contains(&format!("**Next:** {step}\n")), "{text}");
            let headline = format!(
                "### Harness images: {}",
                expected.replacen(&expected[..1], &expected[..1].to_lowercase(), 1)
            );
            assert!(text.starts_with(&headline), "{text}");
            let page = unmarked(&html(&report));
            assert!(page.contains(&format!("<h1>{expected}</h1>")), "{verdict}");
            let next = format!("<p class=\"next\">{}</p>", unmarked(step));
            assert!(page.contains(&next), "{next}");
        }
    }
    // No two verdicts have the same next step.
    let texts: BTreeSet<&str> = steps.iter().map(|(text, _)| *text).collect();
    assert_eq!(texts.len(), steps.len(), "{steps:#?}");
}
