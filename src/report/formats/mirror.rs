//! Plans of a copy to a mirror, for tools that carry them out. They hold what the mirror lacks or
//! has with another digest, and nothing else; without such images they are valid and empty.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::Report;
use crate::model::mirror::{Copying, Mirror};

/// One `source@digest target:tag` a line; an image in use by digest goes to `target@digest`.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for copy in copies(report) {
        let _ = writeln!(text, "{} {}", copy.source(), copy.target());
    }
    text
}

/// A configuration for `regsync once -c <file>` ("regsync: Configuration", version 1). An image
/// with all its platforms is copied by digest and tagged at the mirror.
pub(super) fn regsync(report: &Report) -> String {
    let mut text = String::from("version: 1\n");
    let mut copies = copies(report).peekable();
    let hosts = report.mirror.iter().flat_map(|mirror| &mirror.plain_hosts);
    for (number, host) in hosts.enumerate() {
        if number == 0 {
            text.push_str("creds:\n");
        }
        let host = quoted(host);
        let _ = write!(text, "  - registry: {host}\n    tls: disabled\n");
    }
    text.push_str(if copies.peek().is_some() {
        "sync:\n"
    } else {
        "sync: []\n"
    });
    for copy in copies {
        let (source, target) = (quoted(&copy.source()), quoted(&copy.target()));
        let _ = write!(
            text,
            "  - source: {source}\n    target: {target}\n    type: image\n"
        );
    }
    text
}

/// Documents for `skopeo sync --all --preserve-digests --src yaml --dest docker <file> <folder>`, one for each folder
/// at the mirror: that command knows one folder, and keeps only the last part of a name. It loses
/// the tag of what is copied by digest, so tags are named, with the digest in a comment.
pub(super) fn skopeo(report: &Report) -> String {
    let mut text = String::from(
        "# One document for each folder at the mirror; skopeo reads the first of a file only, so\n\
         # split the file at the lines of three dashes.\n",
    );
    let Some(mirror) = &report.mirror else {
        return text;
    };
    let mut folders: BTreeMap<&str, ByRegistry<'_>> = BTreeMap::new();
    let mut renamed = Vec::new();
    for copy in mirror.copies() {
        let source = copy.image.source.split_once('/');
        let target = copy.image.target.rsplit_once('/');
        match (source, target) {
            (Some((host, repository)), Some((folder, name))) if last(repository) == name => {
                let registries = folders.entry(folder).or_default();
                let images = registries.entry(host).or_default();
                images.entry(repository).or_default().push(copy);
            }
            _ => renamed.push(copy),
        }
    }
    for (folder, registries) in folders {
        let _ = write!(text, "---\n# folder: {folder}\n");
        for (host, images) in registries {
            registry(&mut text, mirror, host, &images);
        }
    }
    if !renamed.is_empty() {
        text.push_str("# Not possible with skopeo sync, because the last part of the name differs at the mirror:\n");
    }
    for copy in renamed {
        let _ = writeln!(text, "# {} {}", copy.source(), copy.target());
    }
    text
}

/// Hosts of sources, their repositories, and what is copied of them.
type ByRegistry<'m> = BTreeMap<&'m str, ByRepositoryName<'m>>;
type ByRepositoryName<'m> = BTreeMap<&'m str, Vec<Copying<'m>>>;

fn registry(text: &mut String, mirror: &Mirror, host: &str, images: &ByRepositoryName<'_>) {
    let _ = writeln!(text, "{}:", quoted(host));
    if mirror.plain_hosts.iter().any(|plain| plain == host) {
        text.push_str("  tls-verify: false\n");
    }
    text.push_str("  images:\n");
    for (repository, copies) in images {
        let _ = writeln!(text, "    {}:", quoted(repository));
        for copy in copies {
            let _ = match &copy.image.tag {
                Some(tag) => writeln!(text, "      - {} # {}", quoted(tag), copy.digest),
                None => writeln!(text, "      - {}", quoted(copy.digest)),
            };
        }
    }
}

fn copies(report: &Report) -> impl Iterator<Item = Copying<'_>> {
    report.mirror.iter().flat_map(Mirror::copies)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A text in double quotes: every JSON string is one of YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
