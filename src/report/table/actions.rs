//! What a run plans and does besides judging: tags to mirror, copies, changes.

use std::collections::BTreeSet;

use super::paragraphs::{MAX_ITEMS, MAX_WIDTH, left_out, paragraph};
use crate::model::change::ChangeState;
use crate::model::mirror::{Mirror, MirrorImage};
use crate::model::module::full_name;
use crate::model::row::Listed;
use crate::report::Report;
use crate::report::columns::{Columns, Fit};
use crate::text::{shorten_end, visible};

/// Most columns of a digest: the algorithm and twelve digits, as usual.
const MAX_DIGEST: usize = 20;

/// The tags of the support window, image by image.
pub(super) fn list(text: &mut String, list: &[Listed]) {
    text.push_str("\nTags of the support window, newest first, to mirror and scan:\n");
    for listed in list {
        let mut head = visible(&listed.image).into_owned();
        if listed.missing {
            head.push_str(" (the registry lacks this repository)");
        }
        paragraph(text, "  ", &head);
        let tags = if listed.tags.is_empty() {
            "no tag is known".to_owned()
        } else {
            visible(&listed.tags.join(" ")).into_owned()
        };
        paragraph(text, "    ", &tags);
        let fields = visible(&listed.fields.join(", ")).into_owned();
        paragraph(text, "    used by ", &fields);
    }
}

/// What the mirror has and lacks; what is to be done comes first.
pub(super) fn copies(text: &mut String, mirror: &Mirror) {
    // The publisher's host is said once where it is the same for all.
    let hosts = (mirror.images.iter()).filter_map(|image| image.source.split('/').next());
    let hosts: BTreeSet<&str> = hosts.collect();
    let publisher = hosts.first().copied().filter(|_| hosts.len() == 1);
    let of = publisher.map_or(String::new(), |host| format!(" of {host}"));
    let head = format!("Mirror {}{of}: {}", mirror.registry, mirror.summary());
    text.push('\n');
    paragraph(text, "", &visible(&head));
    let mut images: Vec<&MirrorImage> = mirror.images.iter().collect();
    images.sort_by_key(|image| image.state);
    let mut columns = Columns::new(
        MAX_WIDTH,
        [
            ("REPOSITORY", Fit::Narrow(30)),
            ("TAG", Fit::Narrow(20)),
            ("STATE", Fit::Whole),
            ("SIZE", Fit::Whole),
            ("WHY", Fit::Wrap(25)),
        ],
    );
    let mut noted = None;
    for image in images.into_iter().take(MAX_ITEMS) {
        let digest = image
            .digest
            .as_deref()
            .map(|digest| shorten_end(digest, MAX_DIGEST));
        let version = image.tag.as_deref().or(digest.as_deref());
        let size = image.size.map(|size| size.to_string());
        let note = image.note.as_deref().map(|note| (&image.source, note));
        let mut why = image.why.short();
        // The tags of a repository mostly share their note.
        if let Some((_, note)) = note.filter(|_| note != noted) {
            why = format!("{why}; {note}");
        }
        noted = note;
        let name = publisher.and_then(|host| image.source.strip_prefix(host)?.strip_prefix('/'));
        columns.row([
            name.unwrap_or(&image.source).to_owned(),
            version.unwrap_or_default().to_owned(),
            image.state.as_str().to_owned(),
            size.unwrap_or_default(),
            why,
        ]);
    }
    columns.print(text);
    left_out(text, mirror.images.len());
}

/// What is planned, or what became of it.
pub(super) fn changes(text: &mut String, report: &Report) {
    if report.changes.is_empty() {
        let changes_nothing = matches!(report.action, "check" | "list");
        if !changes_nothing && report.errors.is_empty() {
            text.push_str("\nNothing to change: everything is already as asked.\n");
        }
        return;
    }
    let planned = report
        .changes
        .iter()
        .all(|change| change.state == ChangeState::Planned);
    text.push_str(if planned {
        "\nPlan, nothing has been sent:\n"
    } else {
        "\nChanges:\n"
    });
    let mut columns = Columns::new(
        MAX_WIDTH,
        [
            ("FIELD", Fit::Narrow(20)),
            ("FROM", Fit::Narrow(25)),
            ("TO", Fit::Narrow(25)),
            ("STATE", Fit::Whole),
            ("WHY", Fit::Wrap(20)),
        ],
    );
    for change in report.changes.iter().take(MAX_ITEMS) {
        columns.row([
            full_name(change.module, change.infra, &change.field),
            or_default(change.from.as_deref()),
            or_default(change.to.as_deref()),
            change.state.as_str().to_owned(),
            change.why.clone(),
        ]);
    }
    columns.print(text);
    left_out(text, report.changes.len());
}

fn or_default(image: Option<&str>) -> String {
    image.unwrap_or("(default)").to_owned()
}
