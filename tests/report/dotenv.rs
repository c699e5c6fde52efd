//! Outputs, read back as two kinds of dotenv readers do.
//!
//! Both were written for this test from a description of their habits: they drop text behind
//! `#`, expand `$X`, strip quotes, unescape backslashes, and give up on the whole file if a line
//! makes no sense to them.

use std::collections::BTreeMap;

use harness_images::model::verdict::Verdict;
use harness_images::report::{Report, outputs, write_outputs};
use serde_json::Value;

use support::sample;

type Outputs = BTreeMap<String, String>;

/// Longest line that a reader takes, in bytes.
const MAX_LINE: usize = 64 * 1024;

/// A reader that goes from character to character.
fn read_by_character(text: &str) -> Option<Outputs> {
    let mut found = Outputs::new();
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        let mut key = String::new();
        loop {
            match rest.next()? {
                '=' => break,
                c if c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' => key.push(c),
                _ => return None,
            }
        }
        let mut value = String::new();
        match rest.peek() {
            Some(&quote @ ('"' | '\'' | '`')) => {
                rest.next();
                loop {
                    match rest.next()? {
                        c if c == quote => break,
                        '\\' => value.push(rest.next()?),
                        c => value.push(c),
                    }
                }
            }
            _ => {
                while let Some(c) = rest.next_if(|c| *c != '\n') {
                    match c {
                        '#' => {
                            while rest.next_if(|c| *c != '\n').is_some() {}
                            break;
                        }
                        '$' => {
                            while rest
                                .next_if(|c| c.is_alphanumeric() || "{}_".contains(*c))
                                .is_some()
                            {}
                        }
                        // Anything but \uXXXX is taken for an escape of the reader's own.
                        '\\' if rest.peek() != Some(&'u') => value.push(rest.next()?),
                        '\'' | '`' => return None,
                        c => value.push(c),
                    }
                }
            }
        }
        if rest.next() != Some('\n') || key.is_empty() {
            return None;
        }
        found.insert(key, value.trim().to_owned());
    }
    Some(found)
}

/// A reader that cuts lines apart, as patterns do.
fn read_by_line(text: &str) -> Option<Outputs> {
    let mut found = Outputs::new();
    for line in text.lines() {
        let line = line.split('#').next()?.trim();
        if line.is_empty() {
            continue;
        }
        // A colon in front of the first equals sign makes it a line of YAML.
        let (key, value) = line.split_at(line.find(['=', ':'])?);
        let key = key.strip_prefix("export ").unwrap_or(key).trim();
        let mut value = value[1..].trim();
        if value.matches('\'').count() % 2 == 1 {
            return None;
        }
        let quoted = value.len() > 1 && value.starts_with(['"', '\'']);
        if quoted {
            if !value.ends_with(&value[..1]) {
                return None;
            }
            value = &value[1..value.len() - 1];
        }
        let mut plain = value
            .replace("\\n", "\n")
            .replace("\\\"", "\"")
            .replace("\\\\", "\\");
        while let Some(at) = plain.find('$') {
            let name = plain[at + 1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let end = name.map_or(plain.len(), |length| at + 1 + length);
            plain.replace_range(at..end, "");
        }
        found.insert(key.to_owned(), plain);
    }
    Some(found)
}

fn read_back(report: &Report) -> Outputs {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/outputs");
    let given: Outputs = outputs(report)
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    write_outputs(&file, &outputs(report)).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let structured = text.lines().filter(|line| line.starts_with("REPORT="));
    assert!(structured.clone().count() == 1 && structured.clone().all(str::is_ascii));
    assert!(text.lines().all(|line| line.len() < MAX_LINE));
    assert_eq!(read_by_character(&text), Some(given.clone()), "{text}");
    assert_eq!(read_by_line(&text), Some(given.clone()), "{text}");
    given
}

/// Rows in `REPORT` and rows that it says were left out; those that are there are as they were.
fn rows_of(report: &Report, outputs: &Outputs) -> (usize, u64) {
    let brief: Value = serde_json::from_str(&outputs["REPORT"]).unwrap();
    let rows = brief["images"].as_array().unwrap();
    for row in rows {
        let same = |original: &&harness_images::model::row::Row| {
            row["field"] == original.field.as_str()
                && row["image"] == original.image.as_str()
                && row["reason"] == original.reason.as_str()
                && row["verdict"] == original.verdict.as_str()
        };
        assert!(
            report.images.iter().any(|original| same(&original)),
            "{row}"
        );
    }
    (
        rows.len(),
        brief["left_out"]["images"].as_u64().unwrap_or(0),
    )
}

fn wanted_rows(report: &Report) -> usize {
    let good = report.count(Verdict::Current) + report.count(Verdict::Supported);
    report.images.len() - good
}

#[test]
fn hostile_outputs_are_read_back_whole() {
    for text in sample::hostile_texts() {
        let report = sample::hostile_with(std::slice::from_ref(&text));
        let found = read_back(&report);
        assert_eq!(found["STATUS"], "unsupported");
        assert_eq!(found["UNSUPPORTED_FIELDS"].split(',').count(), 1);
        let (rows, left_out) = rows_of(&report, &found);
        assert_eq!(rows + left_out as usize, 1);
        assert!(rows == 1 || text.len() > 5_000);
        let places = sample::hostile_places(std::slice::from_ref(&text));
        let found = read_back(&places);
        assert_eq!(found["PLACES"].split(',').count(), 3);
        let (rows, left_out) = rows_of(&places, &found);
        assert_eq!(rows + left_out as usize, 3);
    }
}

/// A small generator of its own, so that every run sees the same ten thousand rows.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn text(&mut self) -> String {
        const LETTERS: [&str; 24] = [
            "#", "$", "$X", "${A}", "'", "\"", "\\", "`", "\n", "\r", "\0", " ", "=", ":", ",",
            "\\n", "é", "\u{202e}", "🎉", "{", "}", "export ", "addonTag", "\u{2028}",
        ];
        let length = self.roll(12);
        (0..length)
            .map(|_| LETTERS[self.roll(LETTERS.len())])
            .collect()
    }
}

#[test]
fn ten_thousand_random_rows_are_read_back() {
    let mut dice = Dice(0x2026_1120_0900_0001);
    let mut seen = 0;
    for _ in 0..250 {
        let texts: Vec<String> = (0..40).map(|_| dice.text()).collect();
        let report = sample::hostile_with(&texts);
        let found = read_back(&report);
        let (rows, left_out) = rows_of(&report, &found);
        assert_eq!((rows, left_out), (wanted_rows(&report), 0));
        seen += report.images.len();
    }
    assert_eq!(seen, 10_000);
}

#[test]
fn too_much_is_shortened_and_says_so() {
    let texts: Vec<String> = (0..1_000)
        .map(|number| format!("field-{number}-{}", "x".repeat(200)))
        .collect();
    let mut report = sample::hostile_with(&texts);
    for row in &mut report.images {
        row.verdict = Verdict::Unsupported;
    }
    let found = read_back(&report);
    let (rows, left_out) = rows_of(&report, &found);
    assert!(rows > 10);
    assert_eq!(rows + left_out as usize, 1_000);
    let fields: Vec<&str> = found["UNSUPPORTED_FIELDS"].split(',').collect();
    let more: usize = fields
        .last()
        .unwrap()
        .strip_prefix("...")
        .unwrap()
        .strip_suffix("-more")
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(fields.len() - 1 + more, 1_000);
    assert!(fields[0].starts_with("ci.K8.field-0-x"));
}

#[test]
fn outputs_are_appended_behind_a_finished_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outputs");
    for (before, after) in [
        ("", "STATUS=none\n"),
        ("OTHER=1\n", "OTHER=1\nSTATUS=none\n"),
        ("OTHER=1", "OTHER=1\nSTATUS=none\n"),
    ] {
        std::fs::write(&file, before).unwrap();
        write_outputs(&file, &[("STATUS", "none".to_owned())]).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), after);
    }
}

#[test]
fn status_is_the_worst_that_is_not_ignored() {
    for (verdicts, status) in [
        (&[][..], "none"),
        (&[Verdict::Ignored][..], "ignored"),
        (&[Verdict::Ignored, Verdict::Current], "current"),
        (&[Verdict::Supported, Verdict::Current], "supported"),
        (
            &[Verdict::Ahead, Verdict::Floating, Verdict::Custom],
            "custom",
        ),
        (&[Verdict::Unverified, Verdict::Overdue], "overdue"),
        (&Verdict::ALL, "unsupported"),
    ] {
        let rows = verdicts
            .iter()
            .map(|verdict| sample::pinned("f", "a/b:1.2.3", "a/b:1.3.0", *verdict, None));
        let found = read_back(&sample::report(rows.collect(), &[]));
        assert_eq!(found["STATUS"], status);
        assert_eq!(found["FAILED"], "false");
    }
}
