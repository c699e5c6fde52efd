use super::*;
use crate::yaml::Node;

/// A document as text: JSON without quotes, which shows structure and resolved values.
fn show(node: Node<'_>) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    if node.is_sequence() {
        let items: Vec<String> = node.items().map(show).collect();
        return format!("[{}]", items.join(","));
    }
    let entries = node.entries();
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{key}={}", show(*value)))
        .collect();
    format!("{{{}}}", entries.join(","))
}

fn shown(text: &str) -> Vec<String> {
    documents(text)
        .map(|document| match document {
            Ok(document) => show(document.root()),
            Err(error) => error.to_string(),
        })
        .collect()
}

#[test]
fn documents_are_read_with_aliases_and_merges_resolved() {
    for (text, expected) in [
        ("", &[][..]),
        ("# nothing\n", &[]),
        ("a: 1", &["{a=1}"]),
        ("\u{feff}a: 1\r\nb: 'x'\r\n", &["{a=1,b=x}"]),
        (
            "a: 1\n---\nb: 2\n...\n---\nc: 3\n",
            &["{a=1}", "{b=2}", "{c=3}"],
        ),
        ("%YAML 1.1\n---\na: 1\n", &["{a=1}"]),
        ("a: &x [1, {b: 2}]\nc: *x\n", &["{a=[1,{b=2}],c=[1,{b=2}]}"]),
        (
            "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n",
            &["{a={b=1,c=2},d={c=3,b=1}}"],
        ),
        ("x: {<<: [{a: 1}, {a: 2, b: 3}]}", &["{x={a=1,b=3}}"]),
        ("x: {'<<': {a: 1}}", &["{x={<<={a=1}}}"]),
        ("a: 1\na: 2\n", &["{a=2}"]),
        ("{\"a\":\t\"b\\u0063\", \"d\": [1]}", &["{a=bc,d=[1]}"]),
        ("a:\tb\t# c\n", &["{a=b}"]),
        ("a: >-\n  b\n  c\nd: |\n  e\n", &["{a=b c,d=e\n}"]),
        ("a: |\n  b\n---\nc: d\n", &["{a=b\n}", "{c=d}"]),
        (
            "{a: !, b: !!str, c: !<x>, d: [!e, f~]}",
            &["{a=!,b=!!str,c=!<x>,d=[!e,f~]}"],
        ),
        ("{a: !b c, d: 'e!f, g'}", &["{a=c,d=e!f, g}"]),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn what_follows_a_broken_document_is_read() {
    for (text, expected) in [
        (
            "a: b: c\n---\nd: e\n",
            &[
                "line 1, column 5: mapping values are not allowed in this context",
                "{d=e}",
            ][..],
        ),
        (
            "a: 1\n---\nb: \u{7}\n---\nc: 2\n",
            &[
                "{a=1}",
                "line 3, column 4: control characters are not allowed",
                "{c=2}",
            ],
        ),
        ("a: *b\n", &["line 1, column 4: an alias has no anchor"]),
        (
            "a: &b [*b]\n",
            &["line 1, column 8: an alias is part of what it stands for"],
        ),
        (
            "\"\\",
            &["line 1, column 3: found unexpected end of stream"],
        ),
    ] {
        let shown = shown(text);
        let same = shown
            .iter()
            .zip(expected)
            .all(|(a, b)| a == b || (b.contains("unexpected end") && a.contains("unexpected end")));
        assert!(same && shown.len() == expected.len(), "{text:?}: {shown:?}");
    }
}

#[test]
fn depth_nodes_and_aliases_have_bounds() {
    let error = |text: &str| {
        documents(text)
            .next()
            .unwrap()
            .err()
            .map(|error| error.message)
    };
    let too_deep = Some("the document has more than 128 levels");
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(error(&nested(128)), None);
    assert_eq!(error(&nested(129)), too_deep);

    // A chain of aliases is as deep as what it unfolds to.
    let chain = |length: usize| {
        let links = (1..length).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1));
        format!("a0: &a0 [x]\n{}", links.collect::<String>())
    };
    assert_eq!(error(&chain(127)), None);
    assert_eq!(error(&chain(128)), too_deep);

    let laughs: String = (1..12)
        .map(|n| {
            let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
            format!("a{n}: &a{n} [{aliases}]\n")
        })
        .collect();
    let aliased = Some("aliases add more than 1,000,000 nodes");
    assert_eq!(error(&format!("a0: &a0 x\n{laughs}")), aliased);

    let many = format!("[{}]", "a,".repeat(1_000_001));
    let too_many = Some("the document has more than 1,000,000 nodes");
    assert_eq!(error(&many), too_many);

    let large = "#".repeat(MAX_BYTES + 1);
    let errors: Vec<_> = documents(&large).collect();
    assert_eq!(errors.len(), 1);
}

#[test]
fn spans_are_those_of_the_bytes_written() {
    for (text, path, written) in [
        ("a: b # c", "a", "b"),
        ("\u{feff}ä: 'x y' ", "ä", "'x y'"),
        ("a: \"x\\ty\"", "a", "\"x\\ty\""),
        ("a: &x b\n", "a", "b"),
        ("a: !!str &x # c\n  'b'\n", "a", "'b'"),
        ("a: &x\n", "a", ""),
        ("a: &x >-\n  b\n", "a", ">-\n  b\n"),
        ("---\nz: 1\n---\na: [b]", "a", "[b]"),
    ] {
        let node = documents(text)
            .filter_map(Result::ok)
            .find_map(|document| document.root().get(path).map(Node::span))
            .unwrap();
        assert_eq!(&text[node], written, "{text:?}");
    }
}

#[test]
fn as_many_documents_are_read_as_the_bound_says() {
    for (document, count, errors) in [
        ("---\na: b\n", MAX_DOCUMENTS, 0),
        ("---\na: b\n", MAX_DOCUMENTS + 1, 1),
        ("---\na: b\n", MAX_DOCUMENTS + 5, 1),
        ("---\n# none\n", MAX_DOCUMENTS, 0),
        ("---\n# none\n", MAX_DOCUMENTS + 1, 1),
    ] {
        let text = document.repeat(count);
        let found = documents(&text).filter(Result::is_err).count();
        assert_eq!(found, errors, "{document:?} {count}");
    }
}

#[test]
fn a_directive_may_follow_a_byte_order_mark() {
    let text = "\u{feff}%YAML 1.1\n---\na: b\n";
    let found: Vec<_> = documents(text).collect();
    assert!(matches!(found[..], [Ok(_)]), "{found:?}");
}
