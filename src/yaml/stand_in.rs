//! Keeps from the library what would make it panic.

use std::borrow::Cow;

/// Characters of tags beside letters and digits.
const TAG_MARKS: &[u8] = b"_-;/?:@&=+$.%!~*'()<>[]";

/// Characters that a plain scalar may begin with, to stand for `!`.
const STAND_INS: &[u8] = b"~^;()+$=_/.";

/// The bytes with another character for each `!` of a tag that a comma follows at once, as in
/// `{a: !b, c: d}`, where the parser would panic. The character is one that the text does not have,
/// so that values get their `!` back.
pub(super) fn without_tags_before_commas(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<u8>) {
    let mut changed = Cow::Borrowed(bytes);
    if memchr::memchr(b'!', bytes).is_none() {
        return (changed, None);
    }
    let mut stand_in = None;
    // Where the run of characters of tags began that ends here.
    let mut start = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || TAG_MARKS.contains(byte) {
            continue;
        }
        let run = start..at;
        start = at.saturating_add(1);
        let is_tag = |run: &[u8]| run.contains(&b'!');
        if *byte == b',' && bytes.get(run.clone()).is_some_and(is_tag) {
            let absent = |mark: &&u8| !bytes.contains(mark);
            let mark = *stand_in.get_or_insert_with(|| STAND_INS.iter().find(absent).copied());
            let run = changed.to_mut().get_mut(run).unwrap_or_default();
            for byte in run.iter_mut().filter(|byte| **byte == b'!') {
                *byte = mark.unwrap_or(b'~');
            }
        }
    }
    (changed, stand_in.flatten())
}
