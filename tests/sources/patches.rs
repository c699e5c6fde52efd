use harness_images::sources::patch::{self, Edit, NotReplaceable};
use harness_images::sources::{self, FoundImage, Property};

use super::corpus;

const NEW_TAG: &str = "9.9.9";

/// The image with another tag, without a digest.
fn newer(image: &str) -> String {
    let name = image.split('@').next().unwrap();
    let name_start = name.rfind('/').map_or(0, |slash| slash + 1);
    let end = name[name_start..]
        .find(':')
        .map_or(name.len(), |at| name_start + at);
    format!("{}:{NEW_TAG}", &name[..end])
}

fn edits(text: &str) -> (Vec<Edit>, Vec<(FoundImage, NotReplaceable)>) {
    let mut edits = Vec::new();
    let mut left_out = Vec::new();
    for image in sources::find(text).images {
        match image.replace(text, &newer(&image.image)) {
            Ok(edit) => edits.push(edit),
            Err(reason) => left_out.push((image, reason)),
        }
    }
    (edits, left_out)
}

#[test]
fn patched_texts_differ_in_values_only_and_a_second_run_is_empty() {
    for marked in corpus() {
        let (edits, left_out) = edits(&marked.text);
        let patched = patch::apply(&marked.text, &edits);
        let before = sources::find(&marked.text);
        let after = sources::find(&patched);
        let expected: Vec<String> = before
            .images
            .iter()
            .map(|image| {
                let stays = left_out.iter().any(|(other, _)| other == image);
                if stays {
                    image.image.clone()
                } else {
                    newer(&image.image)
                }
            })
            .collect();
        let actual: Vec<&str> = after
            .images
            .iter()
            .map(|image| image.image.as_str())
            .collect();
        assert_eq!(actual, expected, "{}", marked.name);
        assert_eq!(
            before.not_literal.len(),
            after.not_literal.len(),
            "{}",
            marked.name
        );
        let again = self::edits(&patched).0;
        let diff = patch::unified_diff(&[("a.yml", &patched, &again)]);
        assert_eq!(diff, "", "{}", marked.name);
    }
}

#[test]
fn what_cannot_be_replaced_is_left_out_with_a_reason() {
    let mut reasons: Vec<(String, NotReplaceable)> = Vec::new();
    for marked in corpus().iter().filter(|marked| !marked.name.contains(',')) {
        for (image, reason) in edits(&marked.text).1 {
            let is_running = image.property == Property::Running;
            assert_eq!(is_running, reason == NotReplaceable::Running);
            reasons.push((marked.name.clone(), reason));
        }
    }
    reasons.retain(|(name, _)| !name.starts_with("k8s-"));
    let expected = [("v0-trigger-escaped.yml".to_owned(), NotReplaceable::Hidden)];
    assert_eq!(reasons, expected);

    let text = "pipeline: {stages: [{stage: {spec: {execution: {steps: [{step: {type: Bandit, spec: {imageTag: '1.0.0'}}}]}}}}]}";
    let image = &sources::find(text).images[0];
    let other = image.replace(text, "harness/grype-job-runner:2.0.0");
    assert_eq!(other, Err(NotReplaceable::OtherRepository));
    let edit = image
        .replace(text, "harness/bandit-job-runner:2.0.0")
        .unwrap();
    assert_eq!(patch::apply(text, &[edit]), text.replace("1.0.0", "2.0.0"));
}

#[test]
fn diffs_are_unified_and_keep_line_ends() {
    let edit = |text: &str, old: &str, new: &str| {
        let start = text.find(old).unwrap();
        let span = start..start + old.len();
        let text = new.to_owned();
        Edit { span, text }
    };
    let lines: String = (1..=20).map(|n| format!("l{n}.\n")).collect();
    let cases: [(&str, &str, Vec<Edit>, &str); 6] = [
        ("a.yml", "x\n", vec![], ""),
        ("a.yml", "x\n", vec![edit("x\n", "x", "x")], ""),
        (
            "a.yml",
            "k: x\r\n",
            vec![edit("k: x\r\n", "x", "y")],
            "--- a/a.yml\n+++ b/a.yml\n@@ -1,1 +1,1 @@\n-k: x\r\n+k: y\r\n",
        ),
        (
            "a b.yml",
            "k: x",
            vec![edit("k: x", "x", "y")],
            "--- a/a b.yml\t\n+++ b/a b.yml\t\n@@ -1,1 +1,1 @@\n-k: x\n\\ No newline at end of file\n+k: y\n\\ No newline at end of file\n",
        ),
        (
            "a\"b.yml",
            "k: x y\n",
            vec![edit("k: x y\n", "y", "z"), edit("k: x y\n", "x", "y")],
            "--- \"a/a\\\"b.yml\"\n+++ \"b/a\\\"b.yml\"\n@@ -1,1 +1,1 @@\n-k: x y\n+k: y z\n",
        ),
        (
            "ä.yml",
            &lines,
            vec![
                edit(&lines, "l2.", "m"),
                edit(&lines, "l9.", "n"),
                edit(&lines, "l17.", "o"),
            ],
            "--- a/ä.yml\n+++ b/ä.yml\n@@ -1,12 +1,12 @@\n l1.\n-l2.\n+m\n l3.\n l4.\n l5.\n l6.\n l7.\n l8.\n-l9.\n+n\n l10.\n l11.\n l12.\n@@ -14,7 +14,7 @@\n l14.\n l15.\n l16.\n-l17.\n+o\n l18.\n l19.\n l20.\n",
        ),
    ];
    for (path, text, edits, diff) in cases {
        assert_eq!(patch::unified_diff(&[(path, text, &edits)]), diff, "{path}");
    }
}
