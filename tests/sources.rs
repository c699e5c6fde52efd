//! Images in files: what is found in a corpus whose truth stands in the texts themselves, what is
//! found in a workspace, and what a patch changes.
//!
//! In `sources/corpus`, `«…»` stands around the scalar of an image, `‹…›` around a value that names
//! none, `✗` on the line of an error or of a comment without effect. What a scalar says stands before `¦` where it differs
//! from what is between the quotes; `!` before it marks a place that a comment takes out.

mod corpus;
mod patches;
mod workspace;

/// A text and what is true of it.
pub struct Marked {
    pub name: String,
    pub text: String,
    pub images: Vec<MarkedImage>,
    /// Line and column of each.
    pub not_literal: Vec<(u32, u32)>,
    /// Lines.
    pub errors: Vec<u32>,
}

pub struct MarkedImage {
    pub image: String,
    pub line: u32,
    pub column: u32,
    pub start: usize,
    pub raw: String,
    pub is_ignored: bool,
}

/// Reads the marks of a text and takes them out.
pub fn marked(name: &str, source: &str) -> Marked {
    let mut marked = Marked {
        name: name.to_owned(),
        text: String::new(),
        images: Vec::new(),
        not_literal: Vec::new(),
        errors: Vec::new(),
    };
    let mut rest = source;
    while let Some(at) = rest.find(['«', '‹', '✗']) {
        marked.text.push_str(&rest[..at]);
        let mark = rest[at..].chars().next().unwrap();
        rest = &rest[at + mark.len_utf8()..];
        let (line, column) = end_of(&marked.text);
        let close = |close: char| {
            let end = rest
                .find(close)
                .unwrap_or_else(|| panic!("{name}: no {close}"));
            (&rest[..end], &rest[end + close.len_utf8()..])
        };
        match mark {
            '✗' => marked.errors.push(line),
            '‹' => {
                let (raw, after) = close('›');
                marked.not_literal.push((line, column));
                marked.text.push_str(raw);
                rest = after;
            }
            _ => {
                let (inner, after) = close('»');
                let (is_ignored, inner) = match inner.strip_prefix('!') {
                    Some(inner) => (true, inner),
                    None => (false, inner),
                };
                let (image, raw) = match inner.split_once('¦') {
                    Some((image, raw)) => (image, raw),
                    None => (inner.trim_matches(['"', '\'']), inner),
                };
                marked.images.push(MarkedImage {
                    image: image.to_owned(),
                    line,
                    column,
                    start: marked.text.len(),
                    raw: raw.to_owned(),
                    is_ignored,
                });
                marked.text.push_str(raw);
                rest = after;
            }
        }
    }
    marked.text.push_str(rest);
    marked
}

/// Line and column at the end of a text.
fn end_of(text: &str) -> (u32, u32) {
    let text = text.trim_start_matches('\u{feff}');
    let line = text.rsplit('\n').next().unwrap();
    let lines = text.matches('\n').count() + 1;
    (lines as u32, line.chars().count() as u32 + 1)
}

/// The files of the corpus as they are.
pub fn sources() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/corpus");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The corpus, each file also with other line ends, a byte order mark, and no line end at its end.
pub fn corpus() -> Vec<Marked> {
    let mut all = Vec::new();
    for (name, source) in sources() {
        all.push(marked(&name, &source));
        let unix = source.replace("\r\n", "\n");
        all.push(marked(
            &format!("{name}, CRLF"),
            &unix.replace('\n', "\r\n"),
        ));
        if !source.starts_with('\u{feff}') {
            all.push(marked(
                &format!("{name}, BOM"),
                &format!("\u{feff}{source}"),
            ));
        }
        all.push(marked(&format!("{name}, no end"), source.trim_end()));
    }
    all
}
