//! Hostile names through every format: each stays what it is, and nobody's text becomes markup.

use harness_images::model::format::Format;
use harness_images::model::verdict::Verdict;
use harness_images::report::{
    card, formats, json, junit, markdown, outputs, render, sarif, table, write_annotation,
};
use serde_json::Value;

use super::fingerprints;
use support::sample;

/// Whether a text holds what a reader cannot see or what moves other text about.
pub fn is_clean(text: &str) -> bool {
    let unseen = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
    };
    !text.contains(unseen)
}

#[test]
fn the_table_keeps_its_width_and_its_columns() {
    let one_by_one = sample::hostile_texts();
    let hostile = one_by_one.iter().flat_map(|text| {
        let texts = std::slice::from_ref(text);
        [sample::hostile_with(texts), sample::hostile_places(texts)]
    });
    let usual = [
        sample::places(),
        sample::acme(),
        sample::planned(),
        sample::listed(),
    ];
    // A name is not cut within the table, so that it can be copied: it stands on a line of its own.
    let reports = hostile
        .chain([sample::hostile()])
        .map(|report| (report, 620));
    let usual = usual.map(|report| (report, 120));
    for (report, most) in reports.chain(usual) {
        let text = table(&report);
        assert!(is_clean(&text), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= most, "{line}");
        }
        assert!(text.ends_with('\n') && text.contains("\nNext: "));
        assert!(text.lines().count() < 12 * 200);
    }
}

#[test]
fn two_hundred_images_are_all_in_the_table() {
    let rows = (0..200).map(|number| {
        sample::row(
            &format!("field{number}"),
            &format!("harness/image-{number}:1.2.3"),
        )
    });
    let text = table(&sample::report(rows.collect(), &[]));
    for number in 0..200 {
        assert!(text.contains(&format!("  field{number} ")));
        assert!(text.contains(&format!("harness/image-{number}:1.2.3 ")));
    }
    assert!(text.lines().count() < 210);
}

#[test]
fn json_keeps_every_text_as_it_is() {
    let report = sample::hostile();
    let value: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
    for (row, text) in value["images"]
        .as_array()
        .unwrap()
        .iter()
        .zip(sample::hostile_texts())
    {
        for key in [
            "field",
            "image",
            "default",
            "reason",
            "advice",
            "newest_hotfix",
        ] {
            assert_eq!(row[key], text.as_str());
        }
    }
    assert_eq!(value["summary"]["images"], report.images.len());
}

#[test]
fn junit_is_well_formed_and_counts_right() {
    for report in [
        sample::hostile(),
        sample::acme(),
        sample::empty(),
        sample::failed(),
    ] {
        let xml = junit(&report);
        assert!(is_clean(&xml));
        let document = roxmltree::Document::parse(&xml).unwrap();
        let count = |name: &str| {
            document
                .descendants()
                .filter(|node| node.has_tag_name(name))
                .count()
        };
        let suite = document
            .descendants()
            .find(|node| node.has_tag_name("testsuite"))
            .unwrap();
        let stated = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!(count("testcase"), stated("tests"));
        assert_eq!(count("failure"), stated("failures"));
        assert_eq!(count("error"), stated("errors"));
        assert_eq!(count("skipped"), stated("skipped"));
        assert_eq!(stated("failures"), report.count(Verdict::Unsupported));
        assert_eq!(stated("errors"), usize::from(!report.errors.is_empty()));
        assert_eq!(stated("skipped"), report.count(Verdict::Ignored));
        assert_eq!(stated("tests"), report.images.len() + stated("errors"));
    }
}

#[test]
fn sarif_names_a_rule_and_a_place_for_every_result() {
    for report in [
        sample::hostile(),
        sample::acme(),
        sample::empty(),
        sample::failed(),
    ] {
        let text = sarif(&report).unwrap();
        assert!(is_clean(&text));
        let log: Value = serde_json::from_str(&text).unwrap();
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        let notable = report
            .images
            .iter()
            .filter(|row| !row.verdict.is_good())
            .count();
        assert_eq!(results.len(), notable + report.warnings.len());
        for result in results {
            if let Some(index) = result["ruleIndex"].as_u64() {
                assert_eq!(rules[index as usize]["id"], result["ruleId"]);
            }
            assert!(result["message"]["text"].is_string());
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let uri = place["uri"].as_str().unwrap();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(uri.chars().all(is_plain), "{uri}");
            let is_known = ["harness/execution-config/", "harness/pipelines/"];
            let is_known = uri == "harness" || is_known.iter().any(|start| uri.starts_with(start));
            assert!(is_known || place["uriBaseId"] == "%SRCROOT%", "{uri}");
        }
    }
}

#[test]
fn fingerprints_stay_while_the_problem_stays() {
    let before = sample::acme();
    let mut after = before.clone();
    for row in &mut after.images {
        row.reason.push_str(" In other words.");
        row.image.push_str("-1");
    }
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn markdown_is_bounded_and_keeps_its_cells() {
    let many: Vec<String> = (0..3_000).map(|number| format!("|`@x_{number}*")).collect();
    for report in [
        sample::hostile(),
        sample::hostile_with(&many),
        sample::acme(),
    ] {
        let text = markdown(&report);
        assert!(text.len() < 60_000, "{}", text.len());
        assert!(is_clean(&text));
        assert!(text.contains("**Next:**"));
        for line in text.lines() {
            let unticked: String = line.split('`').step_by(2).collect();
            assert!(!unticked.contains("@everyone"), "{line}");
            let unknown = unticked.replace("<details>", "").replace("</details>", "");
            let unknown = unknown.replace("<summary>", "").replace("</summary>", "");
            assert!(!unknown.contains('<'), "{line}");
            if line.starts_with('|') {
                let cells = line.matches('|').count();
                assert!(matches!(cells, 5 | 6), "{line}");
            }
        }
    }
}

#[test]
fn cards_and_annotations_are_json() {
    let report = sample::hostile();
    let card = card::card(&report, "https://example.com/card.json").to_string();
    assert!(is_clean(&card) && card.len() < 32 << 10);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/annotations.json");
    let identifiers = [("HARNESS_STEP_ID", "check"), ("HARNESS_EXECUTION_ID", "e1")];
    let identifiers = identifiers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let other =
        r#"{"planExecutionId":"e0","own":1,"annotations":[{"contextId":"other","stepId":"x"}]}"#;
    for before in [None, Some(""), Some(other)] {
        if let Some(text) = before {
            std::fs::write(&file, text).unwrap();
        }
        for timestamp in [1, 2] {
            write_annotation(&file, &report, &identifiers, timestamp).unwrap();
        }
        let value: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let annotations = value["annotations"].as_array().unwrap();
        let kept = usize::from(before == Some(other));
        assert_eq!(annotations.len(), 1 + kept, "ours is replaced, others stay");
        let ours = &annotations[kept];
        assert_eq!(
            (&ours["contextId"], &ours["stepId"]),
            (&"harness-images".into(), &"check".into())
        );
        assert_eq!(
            (&ours["timestamp"], &ours["style"]),
            (&2.into(), &"error".into())
        );
        assert!(ours["summary"].as_str().unwrap().len() < 64 << 10);
        assert_eq!(
            value["planExecutionId"],
            if kept == 1 { "e0" } else { "e1" }
        );
    }
    for broken in ["not json", "[]", r#"{"annotations": 3}"#] {
        std::fs::write(&file, broken).unwrap();
        assert!(write_annotation(&file, &report, &identifiers, 3).is_err());
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            broken,
            "left as it is"
        );
    }
}

#[test]
fn a_report_is_written_alike_every_time() {
    let report = sample::hostile();
    assert_eq!(outputs(&report), outputs(&report.clone()));
    for format in formats() {
        let [first, second] = [&report, &report.clone()].map(|report| render(report, format));
        assert_eq!(first.unwrap(), second.unwrap(), "{}", format.name);
    }
}

#[test]
fn every_format_is_clean() {
    // Programs get every text as it is, which a test of its own watches over.
    let for_programs = |format: &Format| format.endings == [".json"];
    for format in formats().into_iter().filter(|one| !for_programs(one)) {
        for report in [sample::hostile(), sample::places(), sample::failed()] {
            let text = render(&report, format).unwrap();
            assert!(is_clean(&text), "{}", format.name);
        }
    }
}

/// Names that the card's template takes from the data, such as `answer` in `${answer}`.
fn required_by(template: &str) -> Vec<String> {
    let pieces = template.split("${").skip(1);
    let names = pieces.map(|piece| {
        let end = piece.find(|c: char| !c.is_ascii_alphabetic() && c != '_');
        piece[..end.unwrap()].to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_template_of_the_card_takes_what_the_card_gives() {
    let template = include_str!("../../docker/card.json");
    let _: Value = serde_json::from_str(template).unwrap();
    let card = card::card(&sample::acme(), "https://example.com/card.json");
    let (data, image) = (&card["data"], &card["data"]["images"][0]);
    let required = required_by(template);
    assert!(required.len() > 8);
    for name in required {
        assert!(data.get(&name).or(image.get(&name)).is_some(), "{name}");
    }
}
