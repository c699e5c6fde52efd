use harness_images::sources::{self, Dialect};

use super::{Marked, corpus, sources as files};

fn expected_dialect(name: &str) -> Option<Dialect> {
    match name.split('-').next().unwrap() {
        "v0" => Some(Dialect::HarnessV0),
        "v1" => Some(Dialect::HarnessV1),
        "drone" => Some(Dialect::Drone),
        "woodpecker" => Some(Dialect::Woodpecker),
        "k8s" => Some(Dialect::Kubernetes),
        "other" => None,
        prefix => panic!("{prefix}"),
    }
}

/// What differs between what is true of a text and what was found in it.
fn differences(marked: &Marked) -> Vec<String> {
    let found = sources::find(&marked.text);
    let mut differences = Vec::new();
    let mut note = |what: &str, expected: String, found: String| {
        if expected != found {
            let name = &marked.name;
            differences.push(format!(
                "{name}: {what}\n  expected {expected}\n  found    {found}"
            ));
        }
    };
    let mut images: Vec<_> = marked.images.iter().collect();
    images.sort_by_key(|image| image.start);
    let expected: Vec<_> = images
        .iter()
        .map(|image| {
            (
                image.image.as_str(),
                image.line,
                image.column,
                image.is_ignored,
            )
        })
        .collect();
    let actual: Vec<_> = found
        .images
        .iter()
        .map(|found| {
            let (line, column) = (found.position.line, found.position.column);
            (found.image.as_str(), line, column, found.ignore.is_some())
        })
        .collect();
    note("images", format!("{expected:?}"), format!("{actual:?}"));
    let unknown: Vec<_> = found
        .not_literal
        .iter()
        .map(|unknown| (unknown.position.line, unknown.position.column))
        .collect();
    note(
        "not literal",
        format!("{:?}", marked.not_literal),
        format!("{unknown:?}"),
    );
    let errors: Vec<_> = found
        .errors
        .iter()
        .chain(&found.useless_comments)
        .map(|error| error.position.line)
        .collect();
    note(
        "errors",
        format!("{:?}", marked.errors),
        format!("{errors:?}"),
    );
    for (image, found) in images.iter().zip(&found.images) {
        if let Some(span) = found.span.clone() {
            let written = marked.text[span].trim_end();
            note("bytes", image.raw.trim_end().to_owned(), written.to_owned());
        }
        let dialect = expected_dialect(&marked.name);
        note(
            "dialect",
            format!("{dialect:?}"),
            format!("{:?}", Some(found.dialect)),
        );
    }
    differences
}

#[test]
fn every_image_is_found_at_its_place_and_nothing_else() {
    let files = files();
    assert!(files.len() >= 150, "the corpus has {} files", files.len());
    let corpus = corpus();
    let images: usize = corpus.iter().map(|marked| marked.images.len()).sum();
    let differences: Vec<String> = corpus.iter().flat_map(differences).collect();
    assert!(
        differences.is_empty(),
        "{} of {} texts differ:\n{}",
        differences.len(),
        corpus.len(),
        differences.join("\n")
    );
    println!(
        "{} files, {} texts, {images} images",
        files.len(),
        corpus.len()
    );
}

#[test]
fn bounds_hold() {
    let step = "- image: plugins/docker:1.0.0\n";
    let text = format!("kind: pipeline\nsteps:\n{}", step.repeat(100_001));
    let found = sources::find(&text);
    assert_eq!(found.images.len(), sources::MAX_IMAGES);
    assert!(found.is_cut);

    // Aliases do not multiply images: a place counts once.
    let steps: String = (0..1000)
        .map(|n| format!("- {{<<: *a, name: s{n}}}\n"))
        .collect();
    let text = format!("x: &a {{image: alpine:3.20}}\nkind: pipeline\nsteps:\n{steps}");
    assert_eq!(sources::find(&text).images.len(), 1);

    let errors = sources::find(&"a: ]\n---\n".repeat(500)).errors;
    assert_eq!(errors.len(), 20);
    assert!(
        errors[19]
            .message
            .ends_with("480 more documents cannot be read"),
        "{}",
        errors[19]
    );
}

#[test]
fn time_is_linear_in_bytes() {
    // Shapes that make readers quadratic: many documents, errors, images on one line, deep flow.
    for text in [
        "---\n]\n".repeat(200_000),
        format!(
            "{{\"kind\":\"pipeline\",\"steps\":[{}]}}",
            "{\"image\":\"a/b:1\"},".repeat(50_000)
        ),
        "[".repeat(500_000),
        format!("steps: {}", "{a: ".repeat(200_000)),
        format!("x: &a [b]\ny: [{}]", "*a,".repeat(200_000)),
        (0..100_000)
            .map(|n| format!("%TAG !a{n}! x\n"))
            .collect::<String>(),
        "? ".repeat(300_000),
        "- ".repeat(300_000),
        "&a ".repeat(100_000),
        format!("a: '{}", "''".repeat(500_000)),
    ] {
        let start = std::time::Instant::now();
        let _ = sources::find(&text);
        let took = start.elapsed();
        assert!(took.as_secs() < 60, "{took:?} for {}", &text[..20]);
    }
}
