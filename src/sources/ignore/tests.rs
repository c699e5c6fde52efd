use super::*;
use crate::sources::find;

/// Of each image whether a comment ignores it, and the messages of comments without effect.
fn ignored(text: &str) -> (Vec<bool>, Vec<String>) {
    let found = find(text);
    assert_eq!(found.errors, [], "{text:?}");
    let ignored = found.images.iter().map(|image| image.ignore.is_some());
    let useless = found.useless_comments.iter();
    (
        ignored.collect(),
        useless
            .map(|problem| problem.position.to_string())
            .collect(),
    )
}

fn steps(lines: &str) -> String {
    format!("kind: pipeline\nsteps:\n{lines}")
}

#[test]
fn comments_are_read_on_the_line_and_alone_above() {
    for (lines, images, useless) in [
        ("- image: a:1", &[false][..], &[][..]),
        ("- image: a:1 # other", &[false], &[]),
        ("- image: a:1 # harness-images: ignore", &[true], &[]),
        ("- image: 'a:1'  #harness-images: ignore it", &[true], &[]),
        ("- image: a:1 # note # harness-images: ignore", &[true], &[]),
        (
            "- {image: a:1, name: b} # harness-images: ignore",
            &[true],
            &[],
        ),
        (
            "- {image: a:1}\n- {image: b:1} # harness-images: ignore",
            &[false, true],
            &[],
        ),
        (
            "- [{image: a:1}]\n# harness-images: ignore\n- image: b:1",
            &[true],
            &[],
        ),
        ("  # harness-images: ignore\r\n- image: a:1", &[true], &[]),
        (
            "# harness-images: ignore\n- {image: a:1, detach: true}\n- image: b:1",
            &[true, false],
            &[],
        ),
        (
            "- image: >- # harness-images: ignore\n    a:1\n",
            &[true],
            &[],
        ),
        (
            "- image: \"a:\\\n    1\" # harness-images: ignore\n",
            &[true],
            &[],
        ),
        // Where a comment stands that belongs to no image.
        (
            "- name: b # harness-images: ignore\n  image: a:1",
            &[false],
            &["line 3, column 11"],
        ),
        (
            "# harness-images: ignore\n\n- image: a:1",
            &[false],
            &["line 3, column 1"],
        ),
        (
            "- image: a:1\n# harness-images: ignore\n",
            &[false],
            &["line 4, column 1"],
        ),
        (
            "- image: # harness-images: ignore\n    a:1\n",
            &[false],
            &["line 3, column 10"],
        ),
        (
            "- image: &x a:1\n- image: *x # harness-images: ignore\n",
            &[false],
            &["line 4, column 13"],
        ),
        // Malformed.
        (
            "- image: a:1 # harness-images: ignore until soon",
            &[false],
            &["line 3, column 14"],
        ),
        (
            "- image: a:1 # harness-images: ignore 2027-01-31",
            &[false],
            &["line 3, column 14"],
        ),
        (
            "- image: a:1 # harness-images: skip",
            &[false],
            &["line 3, column 14"],
        ),
        (
            "# harness-images: the nightly check\n\n- image: a:1",
            &[false],
            &[],
        ),
        // Text, not comments.
        (
            "- commands:\n  - |\n    echo\n    # harness-images: ignore\n  image: a:1",
            &[false],
            &[],
        ),
        (
            "- commands:\n  - >-\n    echo\n    # harness-images: ignore\n  image: a:1",
            &[false],
            &[],
        ),
        (
            "- name: \"b\n    # harness-images: ignore\n    c\"\n  image: a:1",
            &[false],
            &[],
        ),
        (
            "- {name: \"b\n    # harness-images: ignore\n    c\", image: a:1}",
            &[false],
            &[],
        ),
        (
            "- {image: a:1, name: 'b # harness-images: ignore'}",
            &[false],
            &[],
        ),
        (
            "- {image: a:1, name: \"b # harness-images: ignore until x\"}",
            &[false],
            &[],
        ),
    ] {
        let text = steps(lines);
        let useless: Vec<String> = useless.iter().map(ToString::to_string).collect();
        assert_eq!(ignored(&text), (images.to_vec(), useless), "{text}");
    }
}

#[test]
fn the_date_and_the_reason_are_read() {
    for (directive, expected) in [
        (" ignore", Some((None, None))),
        (" ignore frozen  build", Some((None, Some("frozen build")))),
        (" ignore until 2027-01-31", Some((Some("2027-01-31"), None))),
        (
            " ignore until 2027-01-31 moving",
            Some((Some("2027-01-31"), Some("moving"))),
        ),
        ("ignore", Some((None, None))),
        (" ignore until", None),
        (" ignore until soon", None),
        (" ignore 2027-01-31", None),
        (" ignored", None),
        ("", None),
    ] {
        let expected = expected.map(
            |(until, reason): (Option<&str>, Option<&str>)| PlaceIgnore {
                until: until.map(|date| date.parse().unwrap()),
                reason: reason.map(str::to_owned),
            },
        );
        assert_eq!(parse(directive), expected, "{directive:?}");
    }
}

#[test]
fn a_comment_counts_however_long_its_line_is() {
    let many: Vec<String> = (0..60_000).map(|n| format!("{{image: a:{n}}}")).collect();
    let text = steps(&format!(
        "- [{}] # harness-images: ignore\n",
        many.join(",")
    ));
    let (images, useless) = ignored(&text.replace("- [", "  [").replace("steps:\n", "steps:"));
    assert_eq!(images.len(), 60_000);
    assert!(images.iter().all(|is_ignored| *is_ignored));
    assert_eq!(useless, [""; 0]);
}

#[test]
fn an_expression_that_a_comment_ignores_is_not_counted() {
    let found = find(&steps(
        "- image: a:${X} # harness-images: ignore\n- image: b:${X}\n",
    ));
    assert_eq!(found.not_literal.len(), 1);
}

#[test]
fn comments_of_an_embedded_text_count_there_alone() {
    let inner = "pipeline:\n  stages:\n  - stage: {spec: {execution: {steps: [{step: {type: Run, spec: {image: 'a:1'}}}]}}}";
    for (comment, is_ignored, useless) in [
        (" # harness-images: ignore", true, &[][..]),
        ("\n  # harness-images: ignore", false, &["line 7, column 7"]),
    ] {
        let inner = format!("{inner}{comment}\n").replace('\n', "\n    ");
        let text = format!("trigger:\n  name: t\n  inputYaml: |\n    {inner}\n");
        let useless: Vec<String> = useless.iter().map(ToString::to_string).collect();
        assert_eq!(ignored(&text), (vec![is_ignored], useless), "{text}");
    }
}

#[test]
fn where_part_of_a_text_cannot_be_read_no_comment_is_called_unused() {
    let found = find("kind: pipeline\nsteps: [}\n# harness-images: ignore\n");
    assert_eq!(found.errors.len(), 1);
    assert_eq!(found.useless_comments, []);
}
