//! Images in files and pipelines, grouped for people: by document, and by image.

use std::collections::BTreeMap;

use super::Report;
use crate::model::location::Location;
use crate::model::module::Module;
use crate::model::row::Row;
use crate::model::warning::Warning;
use crate::text::{and_more, visible};

/// A file or pipeline with its images.
pub(crate) struct ImagesOfDocument<'a> {
    /// Path, or `org/project/pipeline`.
    pub(crate) name: String,
    /// Address of the pipeline.
    pub(crate) url: Option<&'a str>,
    /// Rows, by line and column.
    pub(crate) rows: Vec<&'a Row>,
}

/// Rows of the same image that are alike, such as places at which the same is to be done.
pub(crate) struct SameImage<'a> {
    /// The first of the rows.
    pub(crate) first: &'a Row,
    /// All of them, in their order.
    pub(crate) rows: Vec<&'a Row>,
}

impl<'a> ImagesOfDocument<'a> {
    /// The images of the document, worst first, each with all its places.
    pub(crate) fn images(&self) -> Vec<SameImage<'a>> {
        let mut images = by_image(&self.rows);
        images.sort_by_key(|group| group.first.rank());
        images
    }
}

impl SameImage<'_> {
    /// The first place, and how many more there are.
    pub(crate) fn places(&self) -> String {
        self.first.display_name() + &and_more(self.rows.len(), 1)
    }

    /// The places within their document: `line 3`, `lines 3, 9:12 and 30`, `line 4 (org.build@1)`,
    /// `template org.build@1`;
    /// of more than `most` the rest is counted. Empty where no line is known.
    pub(crate) fn lines(&self, most: usize) -> String {
        let places: Vec<String> = self.rows.iter().map(|row| row.within_document()).collect();
        let (mut lines, mut without): (Vec<String>, Vec<String>) = places
            .into_iter()
            .partition(|place| place.starts_with(|c: char| c.is_ascii_digit()));
        without.retain(|place| !place.is_empty());
        without.dedup();
        let more = lines.len().saturating_sub(most);
        lines.truncate(most);
        if more > 0 {
            lines.push(format!("{more} more"));
        }
        match lines.as_slice() {
            [] => {}
            [one] => without.push(format!("line {one}")),
            [first @ .., last] => without.push(format!("lines {} and {last}", first.join(", "))),
        }
        without.join(", ")
    }
}

impl Report {
    /// Rows that stand in a file or pipeline, worst first, then by document, line and column.
    pub(crate) fn located(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = (self.images.iter())
            .filter(|row| row.location.is_some())
            .collect();
        rows.sort_by_cached_key(|row| (row.rank(), position(row)));
        rows
    }

    /// Those of [`located`](Self::located) that need attention.
    pub(crate) fn urgent_places(&self) -> Vec<&Row> {
        let mut rows = self.located();
        rows.retain(|row| !row.is_good());
        rows
    }
}

impl Row {
    /// The row's name for people: its place with the template that brings the image, or its module,
    /// infrastructure and field.
    pub(crate) fn display_name(&self) -> String {
        match &self.location {
            Some(location) => with_template(self.field.clone(), location),
            None => self.full_name(),
        }
    }

    /// The place within the document: line, column where the line holds several, and template.
    fn within_document(&self) -> String {
        let Some(location) = &self.location else {
            return String::new();
        };
        let line = self.field.strip_prefix(&location.document());
        let line = line.unwrap_or_default().trim_start_matches(':');
        match location.template() {
            Some(template) if line.is_empty() => format!("template {template}"),
            Some(_) | None => with_template(line.to_owned(), location),
        }
    }
}

impl Warning {
    /// Whether it is about a place in a file or pipeline, so that the place's name is enough.
    pub(crate) fn is_about_place(&self) -> bool {
        matches!(self.module, Some(Module::File | Module::Pipeline))
    }
}

/// Address of a pipeline, if a browser may follow it.
pub(crate) fn link(row: &Row) -> Option<&str> {
    match row.location.as_ref()? {
        Location::File(_) => None,
        Location::Pipeline(at) => at.url.as_deref().filter(|url| is_web_address(url)),
    }
}

/// Whether an address leads to a web page and is nothing but ASCII that needs no escaping there.
fn is_web_address(url: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&()*+,;=%".contains(c);
    let rest = (url.strip_prefix("https://")).or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && url.len() <= 2_000 && url.chars().all(is_safe)
}

/// Shown in place of a name without visible characters.
const NO_NAME: &str = "(no name)";

/// The documents of the rows: that of the worst first, otherwise by name.
pub(crate) fn by_document<'a>(rows: &[&'a Row]) -> Vec<ImagesOfDocument<'a>> {
    let mut documents: BTreeMap<(Module, String), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(location) = &row.location {
            let document = documents.entry((row.module, location.document()));
            document.or_default().push(row);
        }
    }
    let mut documents: Vec<ImagesOfDocument> = documents
        .into_iter()
        .map(|((_, name), mut rows)| {
            rows.sort_by_cached_key(|row| position(row));
            let url = rows.first().and_then(|row| link(row));
            let is_blank = visible(&name).trim().is_empty();
            let name = if is_blank { NO_NAME.to_owned() } else { name };
            ImagesOfDocument { name, url, rows }
        })
        .collect();
    documents.sort_by_key(|document| document.rows.iter().map(|row| row.rank()).min());
    documents
}

/// The rows by image, in their order; what differs in verdict or in what is to be done is apart.
pub(crate) fn by_image<'a>(rows: &[&'a Row]) -> Vec<SameImage<'a>> {
    grouped(rows, |row| {
        (row.verdict, &row.image, &row.reason, row.what_to_do())
    })
}

/// The rows by what makes them alike, in their order.
pub(crate) fn grouped<'a, K: Ord>(
    rows: &[&'a Row],
    alike: impl Fn(&'a Row) -> K,
) -> Vec<SameImage<'a>> {
    let mut groups: Vec<SameImage> = Vec::new();
    let mut known: BTreeMap<K, usize> = BTreeMap::new();
    for &row in rows {
        let at = *known.entry(alike(row)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.rows.push(row),
            None => groups.push(SameImage {
                first: row,
                rows: vec![row],
            }),
        }
    }
    groups
}

/// The name of a place, with the template behind it: `default/shop/build (account.scan@2)`.
fn with_template(mut place: String, location: &Location) -> String {
    if let Some(template) = location.template() {
        place.push_str(&format!(" ({template})"));
    }
    place
}

/// Sorts rows of files and pipelines as they stand there.
pub(crate) fn position(row: &Row) -> (Module, String, Option<u32>, Option<u32>) {
    let location = row.location.as_ref();
    (
        row.module,
        location.map(Location::document).unwrap_or_default(),
        location.and_then(Location::line),
        location.and_then(Location::column),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let long = format!("https://a.example/{}", "x".repeat(2_000));
        for (url, expected) in [
            ("https://app.harness.io/ng/account/a/all/orgs/b?c=d#e", true),
            ("http://harness.corp:8080/x", true),
            ("https://", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//evil.example", false),
            ("https://a.example/\"><script>", false),
            ("https://a.example/'", false),
            ("https://a.example/ x", false),
            ("https://a.example/\u{202e}", false),
            ("", false),
            (long.as_str(), false),
        ] {
            assert_eq!(is_web_address(url), expected, "{url}");
        }
    }
}
