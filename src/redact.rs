//! Secrets that the run has learnt, and their removal from whatever is shown or kept.

mod named;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem::Finder;

pub(crate) use named::without_named;

/// Shorter texts are no secrets, and would turn up everywhere.
const MIN_LENGTH: usize = 4;

/// What stands in place of a secret.
pub(crate) const PLACEHOLDER: &str = "[secret]";

/// One way in which a secret may be written.
struct Form {
    text: String,
    /// Made once: many answers are searched.
    finder: Finder<'static>,
    /// Whether capitals make no difference: in base64 they do.
    is_any_case: bool,
}

/// The secrets of a run. Clones share what they know, so the log's writer may hold one too.
#[derive(Clone, Default)]
pub struct Secrets {
    known: Arc<Mutex<Vec<Form>>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Remembers a secret, and how it looks inside a JSON text, percent-encoded, and in base64 at
    /// any place of a longer text. Texts under four bytes are passed over. Further forms, such as
    /// the base64 of a login, are added by those who derive them.
    pub fn add(&self, secret: &str) {
        if secret.len() < MIN_LENGTH {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut add = |text: &str, is_any_case: bool| {
            let is_known = |form: &Form| form.text == text && form.is_any_case == is_any_case;
            if text.len() >= MIN_LENGTH && !known.iter().any(is_known) {
                known.push(Form {
                    text: text.to_owned(),
                    finder: Finder::new(text).into_owned(),
                    is_any_case,
                });
            }
        };
        add(secret, true);
        let escaped = serde_json::to_string(secret).unwrap_or_default();
        let escaped = escaped.trim_start_matches('"');
        add(escaped.strip_suffix('"').unwrap_or(escaped), true);
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        add(&encoded, true);
        add(&encoded.replace('+', "%20"), true);
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            for offset in 0..3 {
                add(&encoded_within(secret, offset, &engine), false);
            }
        }
    }

    /// The text with every secret replaced by `[secret]`. Secrets that overlap are replaced
    /// together, so no part of either remains.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.find(text.as_bytes());
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let bytes = replaced(text.as_bytes(), &found);
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes with every secret replaced by `[secret]`; returned as they are if there is none.
    pub fn redact_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let found = self.find(&bytes);
        if found.is_empty() {
            return bytes;
        }
        replaced(&bytes, &found)
    }

    /// Where secrets are: in order, not touching each other.
    fn find(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Most texts are shorter than most secrets.
        let fitting = || known.iter().filter(|form| form.text.len() <= bytes.len());
        let mut found: Vec<Range<usize>> = fitting()
            .flat_map(|form| {
                let length = form.text.len();
                form.finder
                    .find_iter(bytes)
                    .map(move |start| start..start.saturating_add(length))
            })
            .collect();
        if bytes.len() <= MAX_ANY_CASE {
            let any_case = fitting().filter(|form| form.is_any_case);
            found.extend(any_case.flat_map(|form| in_any_case(bytes, &form.text)));
        }
        drop(known);
        found.sort_by_key(|range| (range.start, range.end));
        found.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            if overlaps {
                kept.end = kept.end.max(next.end);
            }
            overlaps
        });
        found
    }
}

/// Longest text that is searched for secrets in another case, in bytes: whatever is shown is shorter.
const MAX_ANY_CASE: usize = 64 << 10;

/// Where a secret is written with other capitals.
fn in_any_case(bytes: &[u8], secret: &str) -> Vec<Range<usize>> {
    let length = secret.len();
    let Some(first) = secret.as_bytes().first() else {
        return Vec::new();
    };
    let either = memchr::memchr2_iter(
        first.to_ascii_lowercase(),
        first.to_ascii_uppercase(),
        bytes,
    );
    either
        .map(|start| start..start.saturating_add(length))
        .filter(|range| {
            bytes
                .get(range.clone())
                .is_some_and(|text| text.eq_ignore_ascii_case(secret.as_bytes()))
        })
        .collect()
}

/// The base64 of a secret that stands `offset` bytes behind a multiple of three, without the ends
/// that depend on its neighbours.
fn encoded_within(secret: &str, offset: usize, engine: &GeneralPurpose) -> String {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let whole = engine.encode(&bytes);
    // Of the first characters some hold the neighbours' bits; of the last one too.
    let start = match offset {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    let end = match bytes.len() % 3 {
        0 => whole.len(),
        _ => whole.len().saturating_sub(1),
    };
    whole.get(start..end).unwrap_or_default().to_owned()
}

fn replaced(bytes: &[u8], found: &[Range<usize>]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for range in found {
        kept.extend_from_slice(bytes.get(from..range.start).unwrap_or_default());
        kept.extend_from_slice(PLACEHOLDER.as_bytes());
        from = range.end;
    }
    kept.extend_from_slice(bytes.get(from..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_replaced() {
        let cases: &[(&[&str], &str, &str)] = &[
            (&[], "nothing known", "nothing known"),
            (&["pat.acme.1.abcdef"], "no match", "no match"),
            (
                &["pat.acme.1.abcdef"],
                "key pat.acme.1.abcdef.",
                "key [secret].",
            ),
            (
                &["s3cret"],
                "s3crets3cret s3cret",
                "[secret][secret] [secret]",
            ),
            (
                &["sho"],
                "sho texts are no secrets",
                "sho texts are no secrets",
            ),
            (
                &["abcdef", "abcdefghij"],
                "abcdefghij abcdef",
                "[secret] [secret]",
            ),
            (&["abcdefgh", "ghijklmn"], "<abcdefghijklmn>", "<[secret]>"),
            (
                &["secret", "abcdefg"],
                "abcdefg is secret",
                "[secret] is [secret]",
            ),
            (
                &["pass\"word"],
                r#"{"p":"pass\"word"} pass"word"#,
                r#"{"p":"[secret]"} [secret]"#,
            ),
            (&["geheimnüß"], "ä geheimnüß ö", "ä [secret] ö"),
            (&["Top5ecret"], "TOP5ECRET top5ecret", "[secret] [secret]"),
            (
                &["p@ss wörd"],
                "p%40ss+w%C3%B6rd p%40ss%20w%c3%b6rd",
                "[secret] [secret]",
            ),
            // `key:0123456789abcdef!`, whose neighbours share characters with the secret.
            (
                &["0123456789abcdef"],
                "a2V5OjAxMjM0NTY3ODlhYmNkZWYh",
                "a2V5Oj[secret]Yh",
            ),
            // Short passwords behind names of three lengths: as they are, and with a line end.
            (
                &["ab1!"],
                "ab1! AB1! YWIxIQ== dTphYjEh bWU6YWIxIQ== dXNlcjphYjEhCg==",
                "[secret] [secret] [secret]Q== dTp[secret] bWU6[secret]Q== dXNlcjp[secret]Cg==",
            ),
            (
                &["s3cr7"],
                "czNjcjc= dTpzM2NyNw== bWU6czNjcjcK eW91OnMzY3I3 eW91OnMzY3I3Cg==",
                "[secret]c= dTp[secret]w== bWU6[secret]cK eW91On[secret] eW91On[secret]Cg==",
            ),
            (
                &["pa55wd"],
                "cGE1NXdk dTpwYTU1d2Q= dTpwYTU1d2QK bWU6cGE1NXdk eW91OnBhNTV3ZAo=",
                "[secret] dTp[secret]Q= dTp[secret]QK bWU6[secret] eW91On[secret]Ao=",
            ),
            // Base64 with other capitals is another text.
            (&["ab1!"], "ywixi yjeh", "ywixi yjeh"),
            (&["\"quoted"], r#"["\"quoted"]"#, r#"["[secret]"]"#),
        ];
        for (known, text, expected) in cases {
            let secrets = Secrets::default();
            for secret in *known {
                secrets.add(secret);
                secrets.clone().add(secret);
            }
            assert_eq!(secrets.redact(text), *expected, "{text}");
            assert_eq!(
                secrets.redact_bytes(text.as_bytes().to_vec()),
                expected.as_bytes(),
                "{text}"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_survive() {
        let secrets = Secrets::default();
        secrets.add("s3cret");
        assert_eq!(
            secrets.redact_bytes(b"\xff\x00s3cret\xfe".to_vec()),
            b"\xff\x00[secret]\xfe"
        );
        assert_eq!(format!("{secrets:?}"), "Secrets");
    }
}
