use std::fs;
use std::path::Path;

use crate::yaml::{documents, outline};

fn is_simple(text: &str) -> bool {
    super::document(text, 0..text.len()).is_some()
}

fn assert_same(text: &str) {
    assert_eq!(
        outline(documents(text)),
        outline(documents(text).by_library()),
        "{text}"
    );
}

const USUAL: [&str; 24] = [
    "a: b\n",
    "a: b",
    "# c\n\na:\n  b: c # d\n  e:\n  - f\n  - g: h\n    i: j\n",
    "---\na: b\n",
    "--- # c\n- a\n-\n- b:\n",
    "a:\n- b\n-\n  c: d\ne: f\n",
    "a:\n  b:\n  - c\n  d: e\n",
    "- - a\n  - b\n- c: d\n  e:\n  - f\n",
    "a:\n  b\nc: d\n",
    "a:\n  - b\n  -\n",
    "a: 'b''c' # d\n'e f': \"g: h\"\n\"i\" : j\n",
    "a: http://b:1/c#d?e\n",
    "a: --b -c\nd: -1\n",
    "a: [b, 'c', \"d e\", [], {}, {f: g, h: [i j]}] # k\nl: [ m ,n ]\n",
    "a: |\n  b\n   c\n\n  \td\n\n\ne: >-\n  f\n  g\n\n  h\ni: |+\n  j\n\n",
    "a: |-\n\n  b\n    \n  c\n# d\ne: f",
    "- |\n b\n- c: |\n   d\n  e: f\n",
    "a:\n- |\n b\n- >\n c\n",
    "a: |\n  b",
    "a: |\n  b\n  ",
    "a: |  # c\n  b\n",
    "a: &x b\nc: *x\nd: &y\n  e: f\ng:\n  <<: *y\nh: &z [i]\nj: &w\n- k\nl: &v |\n  m\n",
    "- &x a\n- &y {b: c}\n- *x\n",
    "größe: 世界 # ß\nb: ä\n",
];

#[test]
fn usual_shapes_are_read_as_the_library_reads_them() {
    for text in USUAL {
        assert!(is_simple(text), "{text}");
        assert_same(text);
    }
}

#[test]
fn other_shapes_are_left_to_the_library() {
    for text in [
        "",
        "# c\n",
        "---\n",
        "a\n",
        "'a'\n",
        "[a]\n",
        "{a: b}\n",
        "a: b\n...\n",
        "%YAML 1.1\n---\na: b\n",
        "a: b\n c\n",
        "a: 'b\n  c'\n",
        "a: \"b\\n\"\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: !!str b\n",
        "? a\n: b\n",
        "a: [b,\n c]\n",
        "a: [b, ]\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: {b: , c: d}\n",
        "a: {\"b\":c}\n",
        "a: {b:c}\n",
        "a: [*b]\n",
        "a: |2\n   b\n",
        "a: |\nb: c\n",
        "a: |\n   \n  b\n",
        "a: >\n  b\n   c\n",
        "a: |\n  \tb\n c: d\n",
        "a: b: c\n",
        "a: - b\n",
        "a: &x\nb: c\n",
        "- &a b: c\n",
        "*a : b\n",
        "a: *b c\n",
        "a: &x &y b\n",
        "a: b\n  c: d\n",
        "a:\n    b: c\n  d: e\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        " a: b\nc: d\n",
        "a: 'b'c\n",
        "a: 'b' 'c'\n",
        "a: @b\n",
        "a: `b\n",
        "a: %b\n",
        "a: ,b\n",
        "a: ]b\n",
        "a: b\u{7}\n",
        "a: b\u{85}\n",
        "a: \u{feff}b\n",
        "a: b\u{2028}c: d\n",
    ] {
        assert!(!is_simple(text), "{text}");
        assert_same(text);
    }
}

/// A generator of numbers for changes that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }
}

const PIECES: [&str; 32] = [
    ":", ": ", " ", "\n", "- ", "-", "\"", "'", "''", "{", "}", "[", "]", ",", "#", " #", "&a ",
    "*a", "!", "|", ">-\n", "|\n", "%", "\t", "? ", "\\", "---\n", "...\n", "  ", "é", "~", "\r\n",
];

/// A text with a piece put in, taken out or moved.
fn changed(text: &str, numbers: &mut Numbers) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = numbers.below(characters.len() + 1);
    match numbers.below(4) {
        0 | 1 => {
            let piece = PIECES[numbers.below(PIECES.len())];
            characters.splice(at..at, piece.chars());
        }
        2 => {
            let end = (at + 1 + numbers.below(3)).min(characters.len());
            characters.drain(at.min(end)..end);
        }
        _ => {
            let line = characters[..at]
                .iter()
                .rposition(|c| *c == '\n')
                .map_or(0, |end| end + 1);
            if numbers.below(2) == 0 {
                characters.splice(line..line, " ".chars());
            } else if characters.get(line) == Some(&' ') {
                characters.remove(line);
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn changed_files_are_read_as_the_library_reads_them() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/corpus");
    let mut numbers = Numbers(1);
    let (mut simple, mut all) = (0, 0);
    let mut files: Vec<_> = fs::read_dir(corpus)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let rounds = std::env::var("YAML_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    for file in files {
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        let text = text.replace(['«', '»', '‹', '›', '✗'], "");
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        // The beginning alone is changed more often where it matters.
        let start: String = text.chars().take(300).collect();
        for original in [text, &start] {
            assert_same(original);
            for _ in 0..rounds {
                let mut text = changed(original, &mut numbers);
                if numbers.below(2) == 0 {
                    text = changed(&text, &mut numbers);
                }
                assert_same(&text);
                all += 1;
                simple += usize::from(is_simple(&text));
            }
        }
    }
    assert!(simple * 10 > all, "{simple} of {all} are read here");
    for original in USUAL {
        for _ in 0..rounds * 20 {
            let mut text = changed(original, &mut numbers);
            for _ in 0..numbers.below(3) {
                text = changed(&text, &mut numbers);
            }
            assert_same(&text);
        }
    }
}
