//! Markdown, short enough for a comment on a pull request and for an annotation.

mod places;

use crate::model::module::full_name;
use crate::model::row::{Listed, Row};
use crate::report::Report;
use crate::report::next_step::next_step;
use crate::report::places::by_image;
use crate::report::summary::{answer, counts, failing};
use crate::text::{and_more, counted, fragment, sentence, shorten_end, shorten_middle, visible};

/// Longest result, in bytes: GitHub takes 65,536 characters, Harness 64 KB.
const MAX_BYTES: usize = 48_000;

/// Room kept for what follows a table.
const RESERVE: usize = 16_000;

/// Longest image, field or other name, in characters.
const MAX_NAME: usize = 300;

/// Longest sentence, in characters.
const MAX_SENTENCE: usize = 400;

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let account = report.account.as_deref().map(code);
    let account = account.map_or(String::new(), |name| format!(", account {name}"));
    let mut text = format!(
        "### Harness images: {}\n\n{}; as of {}{account}.\n",
        fragment(&answer(report)),
        counts(report),
        report.as_of
    );
    if report.summary.failed {
        text += &format!("**The step fails: {}.**\n", failing(report).join(", "));
    }
    let mut page = MarkdownPage {
        text,
        reserve: RESERVE,
    };
    page.list(
        "Errors",
        report
            .errors
            .iter()
            .map(|error| format!("- {}\n", prose(error))),
    );
    let (fine, urgent): (Vec<&Row>, Vec<&Row>) = report
        .worst_first()
        .into_iter()
        .partition(|row| row.is_good());
    let is_located = |row: &&Row| row.location.is_some();
    let (urgent_places, urgent): (Vec<&Row>, Vec<&Row>) = urgent.into_iter().partition(is_located);
    let (fine_places, fine): (Vec<&Row>, Vec<&Row>) = fine.into_iter().partition(is_located);
    page.table(
        "\n| Verdict | Field | Image | Behind | What to do |\n|---|---|---|--:|---|\n",
        urgent
            .iter()
            .map(|row| urgent_row(row, &code(&row.full_name()), &code(&row.image))),
    );
    places::urgent(&mut page, &urgent_places);
    page.table(
        "\n| Field | From | To | State |\n|---|---|---|---|\n",
        report.changes.iter().map(|change| {
            let of = |image: &Option<String>| image.as_deref().map_or("default".into(), code);
            let name = code(&full_name(change.module, change.infra, &change.field));
            let state = change.state.as_str();
            format!(
                "| {name} | {} | {} | {state} |\n",
                of(&change.from),
                of(&change.to)
            )
        }),
    );
    page.list(
        "New since the last run",
        report
            .newly
            .as_deref()
            .unwrap_or_default()
            .iter()
            .map(|newly| {
                let (field, image) = (code(&newly.field), code(&newly.image));
                format!("- {field} became {}: {image}\n", newly.words())
            }),
    );
    page.list(
        "Warnings",
        report.warnings.iter().map(|warning| {
            format!(
                "- {} ({})\n",
                prose(&warning.sentence()),
                code(warning.code.as_str())
            )
        }),
    );
    page.list("To mirror and scan", report.list.iter().map(listed));
    page.list(
        "Mirror",
        report.mirror.as_slice().iter().map(|mirror| {
            let registry = code(&mirror.registry);
            format!("- {registry}: {}\n", mirror.summary())
        }),
    );
    page.text
        .push_str(&format!("\n**Next:** {}\n", next_step(report)));
    let fine_images = by_image(&fine_places);
    let well = fine.len().saturating_add(fine_places.len());
    if well > 0 {
        let summary = counted(well, "image needs", "images need");
        page.text.push_str(&format!(
            "\n<details><summary>{summary} nothing now</summary>\n"
        ));
        page.reserve = 1_000;
        page.table(
            "\n| Verdict | Field | Image | |\n|---|---|---|---|\n",
            fine.iter()
                .map(|row| fine_row(row, &code(&row.full_name()))),
        );
        page.table(
            "\n| Verdict | Place | Image | |\n|---|---|---|---|\n",
            fine_images.iter().map(|group| {
                let more = and_more(group.rows.len(), 1);
                fine_row(group.first, &(code(&group.first.display_name()) + &more))
            }),
        );
        page.text.push_str("\n</details>\n");
    }
    page.text
}

/// Text that grows up to a limit.
struct MarkdownPage {
    text: String,
    reserve: usize,
}

impl MarkdownPage {
    fn list(&mut self, title: &str, items: impl ExactSizeIterator<Item = String>) {
        self.table(&format!("\n**{title}**\n\n"), items);
    }

    /// A head and as many items as there is room for; says how many were left out.
    fn table(&mut self, head: &str, mut items: impl ExactSizeIterator<Item = String>) {
        if items.len() == 0 {
            return;
        }
        let limit = MAX_BYTES.saturating_sub(self.reserve);
        // Every further table may use part of what the ones before have left in reserve.
        self.reserve = self.reserve.saturating_mul(2) / 3;
        self.text.push_str(head);
        while let Some(item) = items.next() {
            if self.text.len().saturating_add(item.len()) > limit {
                let more = items.len().saturating_add(1);
                self.text
                    .push_str(&format!("\n… and {more} more, see the JSON report.\n"));
                return;
            }
            self.text.push_str(&item);
        }
    }
}

/// A row that needs something; `first` and `second` are its name and image, or its image and where
/// that is used.
fn urgent_row(row: &Row, first: &str, second: &str) -> String {
    let verdict = row.words();
    let sign = prose(&row.shown_as().info().sign.to_string());
    let behind = row.releases_behind;
    let behind = behind.map_or(String::new(), |behind| behind.to_string());
    let todo = prose(&row.explanation());
    format!("| {sign} **{verdict}** | {first} | {second} | {behind} | {todo} |\n")
}

/// A row that needs nothing now.
fn fine_row(row: &Row, name: &str) -> String {
    let (verdict, image) = (row.verdict, code(&row.image));
    let todo = prose(&sentence(&row.what_to_do()));
    format!("| {verdict} | {name} | {image} | {todo} |\n")
}

fn listed(listed: &Listed) -> String {
    let tags: Vec<String> = listed.tags.iter().take(12).map(|tag| code(tag)).collect();
    let mut line = format!("- {}: ", code(&listed.image));
    line.push_str(match (listed.missing, tags.is_empty()) {
        (true, _) => "the registry lacks this repository",
        (false, true) => "no tag is known",
        (false, false) => "",
    });
    let more = and_more(listed.tags.len(), tags.len());
    line + &tags.join(", ") + &more + "\n"
}

/// A name as a code span. Back quotes and bars, which no image has, are written out.
fn code(name: &str) -> String {
    let visible = visible(name);
    let shown = shorten_middle(visible.trim(), MAX_NAME);
    if shown.is_empty() {
        return String::new();
    }
    let mut span = String::from("`");
    for c in shown.chars() {
        match c {
            '`' | '|' => span.extend(c.escape_unicode()),
            c => span.push(c),
        }
    }
    span.push('`');
    span
}

/// A sentence in which only what stands between back quotes is marked up: no mention of
/// anybody, no number of an issue.
fn prose(text: &str) -> String {
    let visible = visible(text);
    let shown = shorten_end(&visible, MAX_SENTENCE);
    let mut pieces = shown.split('`').enumerate().peekable();
    let mut text = String::new();
    while let Some((number, piece)) = pieces.next() {
        match (number % 2, pieces.peek().is_none()) {
            (0, _) => plain(&mut text, piece),
            (_, false) => text.push_str(&code(piece)),
            (_, true) => {
                text.push_str("&#96;");
                plain(&mut text, piece);
            }
        }
    }
    text
}

fn plain(text: &mut String, piece: &str) {
    for c in piece.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '|' => text.push_str("&#124;"),
            '\\' | '*' | '_' | '[' | ']' | '~' | '$' => {
                text.push('\\');
                text.push(c);
            }
            // A zero-width space behind them keeps a name or a number from becoming a link.
            '@' | '#' => {
                text.push(c);
                text.push('\u{200b}');
            }
            c => text.push(c),
        }
    }
}
