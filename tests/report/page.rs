//! The page, read tag by tag.

use harness_images::report::html;

use crate::report::hostile::is_clean;
use support::sample;

/// Reads the page tag by tag and returns what is wrong with it.
fn faults(page: &str) -> Vec<String> {
    const EMPTY: [&str; 4] = ["meta", "input", "wbr", "!DOCTYPE"];
    const TAGS: [&str; 53] = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "script", "body", "a", "header",
        "div", "p", "time", "h1", "h2", "h3", "code", "svg", "rect", "ul", "li", "b", "span",
        "main", "form", "label", "input", "button", "output", "section", "line", "circle", "text",
        "path", "strong", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "dl",
        "dt", "dd", "footer", "wbr", "i", "g", "em", "br", "small",
    ];
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let Some(end) = end else {
            faults.push("a tag without an end".to_owned());
            break;
        };
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        if !TAGS.contains(&name) {
            faults.push(format!("<{name}>"));
        }
        let attributes: String = tag.split('"').step_by(2).collect();
        if [" on", " style", " src"]
            .iter()
            .any(|name| attributes.contains(name))
        {
            faults.push(tag.to_owned());
        }
        if let Some(closed) = tag.strip_prefix('/') {
            if open.pop() != Some(closed) {
                faults.push(format!("</{closed}> closes another"));
            }
        } else if !tag.ends_with('/') && !EMPTY.contains(&name) {
            open.push(name);
            if matches!(name, "style" | "script") {
                rest = &rest[rest.find("</").unwrap()..];
            }
        }
    }
    faults.extend(open.into_iter().map(|name| format!("<{name}> stays open")));
    faults
}

#[test]
fn the_page_has_no_markup_but_its_own() {
    assert_eq!(faults("<p>a<img src=x></p><b>").len(), 5);
    for report in [
        sample::hostile(),
        sample::planned(),
        sample::listed(),
        sample::empty(),
        sample::failed(),
    ] {
        let page = html(&report);
        assert_eq!(faults(&page), [""; 0]);
        assert!(is_clean(&page));
        assert!(!page.contains("http:") && !page.contains("url("));
    }
}

#[test]
fn a_page_of_two_hundred_images_stays_small() {
    let rows = sample::acme()
        .images
        .into_iter()
        .cycle()
        .take(200)
        .enumerate();
    let rows = rows.map(|(number, mut row)| {
        row.field.push_str(&number.to_string());
        row.image.push_str(&number.to_string());
        row
    });
    assert!(html(&sample::report(rows.collect(), &[])).len() < 512 << 10);
}
