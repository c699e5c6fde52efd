//! Every verdict is named wherever a report with only that verdict is shown.

use harness_images::model::format::{Format, Requirement};
use harness_images::model::row::Row;
use harness_images::model::verdict::{AnnotationStyle, Attention, FAILURE, Severity, Verdict};
use harness_images::report::{
    Report, card, formats, html, json, junit, markdown, render, table, write_annotation,
};
use serde_json::Value;

use super::{output, results};
use support::sample;

pub const IMAGE: &str = "a/b:1.0.0";

/// An override of that verdict.
pub fn with_verdict(verdict: Verdict) -> Row {
    sample::pinned("f", IMAGE, "a/b:9.0.0", verdict, Some(8))
}

/// What the line names that the image stands in, as a person reads it: the one verdict among its words.
fn in_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(IMAGE)).collect();
    assert_eq!(lines.len(), 1, "{text}");
    let is_part = |c: char| !c.is_alphanumeric();
    let words = lines[0].split(is_part).filter_map(Verdict::from_name);
    let named: Vec<&str> = words.map(Verdict::as_str).collect();
    named.join(" ")
}

/// The verdict in the row of the image; that of formats which are not made of lines is found by
/// their structure.
fn in_row(format: &Format, text: &str) -> String {
    match format.endings[0] {
        ".json" => {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(value["images"][0]["image"], IMAGE);
            assert_eq!(value["images"][0]["judged"], value["images"][0]["verdict"]);
            value["images"][0]["verdict"].as_str().unwrap().to_owned()
        }
        ".xml" => {
            let document = roxmltree::Document::parse(text).unwrap();
            let case = document.descendants().find(|n| n.has_tag_name("testcase"));
            let details = case.unwrap().descendants().filter_map(|n| n.text());
            let line = details
                .flat_map(str::lines)
                .find(|l| l.contains("verdict: "));
            line.unwrap().strip_prefix("verdict: ").unwrap().to_owned()
        }
        ".sarif" => {
            let value: Value = serde_json::from_str(text).unwrap();
            let result = &value["runs"][0]["results"][0];
            let message = result["message"]["text"].as_str().unwrap();
            let rule = result["ruleId"].as_str().unwrap();
            let named = format!("ci.K8.f uses {IMAGE}: {rule}. ");
            assert!(message.starts_with(&named), "{message}");
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(
                value["runs"][0]["tool"]["driver"]["rules"][index]["id"],
                rule
            );
            rule.to_owned()
        }
        ".html" => in_page(text),
        _ => in_line(text),
    }
}

/// The verdict of the chips of the page; all that concern the image are alike.
fn in_page(page: &str) -> String {
    let (_, main) = page.split_once("<main>").unwrap();
    let (images, _) = main
        .split_once("<section aria-labelledby=\"how\">")
        .unwrap();
    let (_, row) = images
        .split_once("<tr role=\"row\" data-verdict=\"")
        .unwrap();
    let (name, row) = row.split_once('"').unwrap();
    let chip = |verdict: Verdict| {
        let info = verdict.info();
        format!(
            "<span class=\"chip tone-{}\"><span class=\"sign\" aria-hidden=\"true\">{}</span> {verdict}</span>",
            info.tone, info.sign
        )
    };
    let chip = chip(Verdict::from_name(name).unwrap());
    assert!(row.contains(&chip), "{row}");
    let all = images.matches("<span class=\"chip").count();
    assert_eq!(images.matches(&chip).count(), all, "{images}");
    name.to_owned()
}

/// The annotation's style and its summary.
fn annotation(report: &Report) -> (AnnotationStyle, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("annotations.json");
    write_annotation(&file, report, &Default::default(), 1).unwrap();
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let ours = &written["annotations"][0];
    let style = ours["style"].as_str().unwrap();
    let all = Verdict::ALL.map(|verdict| verdict.info().annotation);
    let mut known = all.into_iter().chain([FAILURE]);
    let found = known.find(|known| known.name == style).unwrap();
    assert_eq!(ours["priority"], found.priority);
    (found, ours["summary"].as_str().unwrap().to_owned())
}

#[test]
fn every_format_names_the_verdict_in_the_row() {
    for verdict in Verdict::ALL {
        let row = Row {
            advice: "look at it".to_owned(),
            ..with_verdict(verdict)
        };
        let report = sample::report(vec![row], &[]);
        let name = verdict.as_str();
        for format in formats() {
            match format.requires {
                Requirement::Nothing => {}
                // These hold something else than the images in use.
                Requirement::Files | Requirement::MirrorPlan => continue,
            }
            let text = render(&report, format).unwrap();
            let is_left_out = format.name == "SARIF" && verdict.info().severity == Severity::None;
            if is_left_out {
                assert!(results(&report).is_empty(), "{text}");
            } else {
                assert_eq!(in_row(&format, &text), name, "{}: {text}", format.name);
            }
        }
        assert_eq!(in_line(&table(&report)), name);
        let (_, summary) = annotation(&report);
        assert_eq!(in_line(&summary), name);
    }
}

#[test]
fn signs_levels_and_styles_are_those_of_the_table() {
    for verdict in Verdict::ALL {
        let report = sample::report(vec![with_verdict(verdict)], &[]);
        let (name, info) = (verdict.as_str(), verdict.info());
        let is_good = info.attention > Attention::Mentioned;
        for result in results(&report) {
            assert_eq!(result["level"], info.severity.as_str(), "{name}");
        }
        let text = markdown(&report);
        let sign = match info.sign {
            '~' => "\\~".to_owned(),
            sign => sign.to_string(),
        };
        let cell = format!("\n| {sign} **{name}** | ");
        assert_eq!(text.contains(&cell), !is_good, "{cell}: {text}");
        let (style, _) = annotation(&report);
        assert_eq!(style, info.annotation, "{name}");
        let card = card::card(&report, "")["data"].clone();
        assert_eq!(card["status"], name);
        if is_good {
            assert_eq!(card["images"], serde_json::json!([]), "{name}");
        } else {
            assert_eq!(card["images"][0]["image"], IMAGE);
            assert_eq!(card["images"][0]["verdict"], name);
            assert_eq!(card["images"][0]["sign"], info.sign.to_string());
        }
        let page = html(&report);
        let header = format!(
            "<header class=\"tone-{}\"><p class=\"seal\" aria-hidden=\"true\">{}</p>",
            info.tone, info.sign
        );
        assert!(page.contains(&header), "{header}");
    }
}

#[test]
fn a_verdict_that_fails_the_step_fails_its_test_case() {
    for verdict in Verdict::ALL {
        let name = verdict.as_str();
        let is_excused = verdict.info().attention == Attention::Excused;
        let passing = sample::report(vec![with_verdict(verdict)], &[]);
        let xml = junit(&passing);
        assert!(!xml.contains("<failure"), "{name}");
        assert_eq!(xml.contains("<skipped"), is_excused, "{name}");
        // `fail_on` takes no verdict that is excused.
        if is_excused {
            continue;
        }
        let failing = sample::report(vec![with_verdict(verdict)], &[verdict]);
        let failure =
            format!("<failure message=\"{name}: {IMAGE}\" type=\"{name}\">verdict: {name}\n");
        assert!(junit(&failing).contains(&failure), "{name}");
        assert_eq!(annotation(&failing).0, FAILURE);
        let fails = format!("**The step fails: {name}.**");
        assert!(markdown(&failing).contains(&fails), "{name}");
        assert!(html(&failing).contains(&format!("The step fails: {name}.")));
        assert_eq!(output(&failing, "FAILED"), "true");
    }
}

#[test]
fn an_ignored_image_keeps_the_verdict_that_it_would_have() {
    for judged in Verdict::ALL {
        let row = Row {
            judged,
            ..with_verdict(Verdict::Ignored)
        };
        let report = sample::report(vec![row], &[]);
        let value: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
        assert_eq!(value["images"][0]["verdict"], "ignored");
        assert_eq!(value["images"][0]["judged"], judged.as_str());
        let line = format!("\njudged: {judged}\n");
        let differs = judged != Verdict::Ignored;
        assert_eq!(junit(&report).contains(&line), differs, "{judged}");
        let otherwise = format!("gnored, otherwise {judged}");
        for text in [
            table(&report),
            junit(&report),
            markdown(&report),
            html(&report),
        ] {
            assert!(text.contains(&otherwise), "{judged}: {text}");
        }
    }
}
