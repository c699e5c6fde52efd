//! A digest as it is compared and kept: the usual SHA-256 by its bytes, any other by its text.

use std::fmt;

use serde::{Serialize, Serializer};

const SHA256: &str = "sha256:";

/// Digest of a manifest or index. Made from any text, it is displayed as exactly that text; two
/// are equal if their texts are. `sha256:` with 64 lower-case digits is compared by its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest<'a>(pub(super) Kind<'a>);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Sha256([u8; 32]),
    /// Anything that is not written like the former.
    Text(&'a str),
}

impl<'a> From<&'a str> for Digest<'a> {
    fn from(text: &'a str) -> Self {
        Self(match sha256(text) {
            Some(bytes) => Kind::Sha256(bytes),
            None => Kind::Text(text),
        })
    }
}

/// The bytes of `sha256:` and 64 lower-case digits.
fn sha256(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.strip_prefix(SHA256)?.as_bytes().try_into().ok()?;
    let (pairs, _) = digits.as_chunks::<2>();
    let mut bytes = [0; 32];
    let mut seen = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (value(*high), value(*low));
        seen |= high | low;
        *byte = high << 4 | low;
    }
    (seen < NO_DIGIT).then_some(bytes)
}

/// A bit that no digit's value has.
const NO_DIGIT: u8 = 0x10;

/// The values of all bytes as digits. Looked up, a million digests are read four times as fast.
static VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut rest: &mut [u8] = &mut values;
    let mut digit: u8 = 0;
    while let Some((value, behind)) = rest.split_first_mut() {
        match digit {
            b'0'..=b'9' => *value = digit.wrapping_sub(b'0'),
            b'a'..=b'f' => *value = digit.wrapping_sub(b'a' - 10),
            _ => {}
        }
        rest = behind;
        digit = digit.wrapping_add(1);
    }
    values
};

#[inline]
fn value(digit: u8) -> u8 {
    let value = VALUES.get(usize::from(digit));
    value.copied().unwrap_or(NO_DIGIT)
}

fn digit(value: u8) -> u8 {
    match value {
        0..=9 => value.wrapping_add(b'0'),
        _ => (value & 0xf).wrapping_add(b'a' - 10),
    }
}

impl fmt::Display for Digest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = match &self.0 {
            Kind::Sha256(bytes) => bytes,
            Kind::Text(text) => return f.write_str(text),
        };
        let mut digits = [0; 64];
        let (pairs, _) = digits.as_chunks_mut::<2>();
        for (pair, byte) in pairs.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(byte & 0xf)];
        }
        f.write_str(SHA256)?;
        f.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Digest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Texts, and whether they are kept by their bytes.
    pub(in crate::model::facts) fn texts() -> Vec<(String, bool)> {
        let sha256 = |hex: &str| format!("sha256:{hex}");
        let hex = "0123456789abcdef".repeat(4);
        vec![
            (sha256(&hex), true),
            (sha256(&"f".repeat(64)), true),
            (sha256(&"0".repeat(64)), true),
            (sha256(&format!("{}1", "0".repeat(63))), true),
            (sha256(&hex.to_uppercase()), false),
            (sha256(&format!("A{}", "a".repeat(63))), false),
            (sha256(&format!("{}F", "f".repeat(63))), false),
            (sha256(&format!("{}g", "f".repeat(63))), false),
            (sha256(&format!("{}/:`@ ", "f".repeat(59))), false),
            (sha256(&"ä".repeat(32)), false),
            (sha256(&"f".repeat(63)), false),
            (sha256(&"f".repeat(65)), false),
            (sha256(""), false),
            (format!(" {}", sha256(&hex)), false),
            (format!("{} ", sha256(&hex)), false),
            (format!("SHA256:{hex}"), false),
            (format!("sha512:{}", hex.repeat(2)), false),
            (hex, false),
            (String::new(), false),
            ("\"\\\u{0}ö\n".to_owned(), false),
        ]
    }

    #[test]
    fn every_text_reads_back_exactly() {
        for (text, in_bytes) in texts() {
            let digest = Digest::from(text.as_str());
            assert_eq!(matches!(digest.0, Kind::Sha256(_)), in_bytes, "{text}");
            assert_eq!(digest.to_string(), text);
            assert_eq!(format!("{digest:?}"), format!("Digest({text})"));
            assert_eq!(
                serde_json::to_string(&digest).unwrap(),
                serde_json::to_string(&text).unwrap()
            );
            for (other, _) in texts() {
                let is_equal = digest == Digest::from(other.as_str());
                assert_eq!(is_equal, text == other, "{text} and {other}");
            }
        }
    }
}
