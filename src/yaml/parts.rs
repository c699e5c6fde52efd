//! Where a text is divided into parts, each of which is read on its own: at lines that begin with
//! `---`.

/// Most directives before a document: each is compared with all others.
const MAX_DIRECTIVES: usize = 100;

/// What begins a document at the start of a line.
const DOCUMENT_START: &[u8] = b"---";

/// The length of a text up to the next line that begins a document. Such a line does so wherever
/// it stands, in a block scalar too, but after a directive it belongs to what is before it. None if
/// there are more directives in a row than [`MAX_DIRECTIVES`].
pub(super) fn length(text: &str, has_directives: bool) -> Option<usize> {
    if has_directives {
        return length_with_directives(text);
    }
    let bytes = text.as_bytes();
    let length = memchr::memmem::find_iter(bytes, DOCUMENT_START).find(|at| {
        *at > 0 && is_line_start(bytes, *at) && bytes.get(*at..).is_some_and(is_document_start)
    });
    Some(length.unwrap_or(bytes.len()))
}

/// Whether a line begins with the mark of a directive.
pub(super) fn has_directives(text: &str) -> bool {
    memchr::memchr_iter(b'%', text.as_bytes()).any(|at| is_line_start(text.as_bytes(), at))
}

fn is_line_start(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    matches!(before, None | Some(b'\n' | b'\r'))
}

/// Whether a text begins with the mark that begins a document.
fn is_document_start(text: &[u8]) -> bool {
    text.strip_prefix(DOCUMENT_START)
        .is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r')))
}

fn length_with_directives(text: &str) -> Option<usize> {
    let mut length = 0_usize;
    let mut directives = 0_usize;
    for line in text.split_inclusive(['\n', '\r']) {
        if length > 0 && directives == 0 && is_document_start(line.as_bytes()) {
            break;
        }
        if line.starts_with('%') {
            directives = directives.saturating_add(1);
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            directives = 0;
        }
        if directives > MAX_DIRECTIVES {
            return None;
        }
        length = length.saturating_add(line.len());
    }
    Some(length)
}
