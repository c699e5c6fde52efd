//! Secrets that the run has learnt, and their removal from whatever is shown or kept.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Shorter texts are no secrets, and would turn up everywhere.
const SHORTEST: usize = 6;

/// What stands in place of a secret.
pub(crate) const PLACEHOLDER: &str = "[secret]";

/// The secrets of a run. Clones share what they know, so the log's writer may hold one too.
#[derive(Clone, Default)]
pub struct Secrets {
    known: Arc<Mutex<Vec<String>>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Remembers a secret, and how it looks inside a JSON text. Texts under six bytes are passed
    /// over. Derived forms, such as the base64 of a login, are added by those who derive them.
    pub fn add(&self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.iter().any(|other| other == secret) {
            known.push(secret.to_owned());
        }
        let escaped = serde_json::to_string(secret).unwrap_or_default();
        let escaped = escaped.trim_start_matches('"');
        let escaped = escaped.strip_suffix('"').unwrap_or(escaped);
        if escaped.len() >= SHORTEST && !known.iter().any(|other| other == escaped) {
            known.push(escaped.to_owned());
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
        let mut found: Vec<Range<usize>> = known
            .iter()
            .flat_map(|secret| {
                let length = secret.len();
                memchr::memmem::find_iter(bytes, secret.as_bytes())
                    .map(move |start| start..start.saturating_add(length))
            })
            .collect();
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
                &["short"],
                "short texts are no secrets",
                "short texts are no secrets",
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
