//! Where the next page of a list is: the `Link` header (RFC 8288).

use url::Url;

/// What the `Link` headers of a page say about the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// This was the last page.
    None,
    /// The next page, on the same origin as this one.
    At(Url),
    /// There is a next page, but it is on another origin, which must not see what this one may.
    Elsewhere(String),
    /// There seems to be a next page, but where cannot be read.
    Unreadable,
}

/// Finds the next page from the values of all `Link` headers of the page at `page`.
pub fn next_page<'a>(values: impl IntoIterator<Item = &'a str>, page: &Url) -> NextPage {
    let mut unreadable = false;
    for value in values {
        match next_target(value) {
            Ok(Some(target)) => return resolve(target, page),
            Ok(None) => {}
            Err(()) => unreadable = true,
        }
    }
    if unreadable {
        NextPage::Unreadable
    } else {
        NextPage::None
    }
}

/// A page's address as written, resolved against the page that names it.
pub fn resolve(target: &str, page: &Url) -> NextPage {
    match page.join(target) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => NextPage::Unreadable,
        Ok(url) if url.origin() == page.origin() => NextPage::At(url),
        Ok(url) => NextPage::Elsewhere(url.origin().ascii_serialization()),
        Err(_) => NextPage::Unreadable,
    }
}

/// The target of the link with relation `next`; an error if the header holds such a word but no
/// such link.
fn next_target(value: &str) -> Result<Option<&str>, ()> {
    let mut rest = value;
    while let Some((_, link)) = rest.split_once('<') {
        let Some((target, parameters)) = link.split_once('>') else {
            break;
        };
        let (is_next, after) = relation(parameters);
        if is_next {
            return Ok(Some(target.trim()));
        }
        rest = after;
    }
    let is_link = value.contains('<') && value.contains('>');
    if !is_link && value.to_ascii_lowercase().contains("next") {
        return Err(());
    }
    Ok(None)
}

/// Whether the parameters name the relation `next`, and what follows this link. Only the first
/// `rel` counts.
fn relation(parameters: &str) -> (bool, &str) {
    let mut rest = parameters;
    let mut is_next = None;
    loop {
        rest = rest.trim_start();
        match rest.chars().next() {
            Some(';') => rest = rest.get(1..).unwrap_or_default(),
            Some(',') => return (is_next == Some(true), rest.get(1..).unwrap_or_default()),
            Some(_) => {
                let (name, value, after) = parameter(rest);
                if name.trim().eq_ignore_ascii_case("rel") && is_next.is_none() {
                    is_next = Some(
                        value
                            .split_whitespace()
                            .any(|relation| relation.eq_ignore_ascii_case("next")),
                    );
                }
                rest = after;
            }
            None => return (is_next == Some(true), ""),
        }
    }
}

/// One parameter: its name, its value without quotes, and what follows.
fn parameter(text: &str) -> (&str, &str, &str) {
    let end = text.find([';', ',', '=']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
        return (name, "", rest);
    };
    if let Some(quoted) = value.strip_prefix('"') {
        let mut escaped = false;
        let end = quoted.find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let (value, after) = end
            .and_then(|end| quoted.split_at_checked(end))
            .unwrap_or((quoted, ""));
        return (name, value, after.strip_prefix('"').unwrap_or(after));
    }
    let end = value.find([';', ',']).unwrap_or(value.len());
    let (value, rest) = value.split_at_checked(end).unwrap_or((value, ""));
    (name, value.trim_end(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_where_the_standard_puts_it() {
        let here = "https://r.example:5000/v2/a/tags/list?n=2";
        let cases: &[(&[&str], &str)] = &[
            (&[], "none"),
            (&[""], "none"),
            (
                &[r#"</v2/a/tags/list?last=b&n=2>; rel="next""#],
                "/v2/a/tags/list?last=b&n=2",
            ),
            (&[r#"<?last=b>; rel=next"#], "/v2/a/tags/list?last=b"),
            (
                &[r#"<list?last=b> ; REL = "prev NEXT""#],
                "/v2/a/tags/list?last=b",
            ),
            (&[r#"<https://r.example:5000/x>; rel="next""#], "/x"),
            (&[r#"<https://R.EXAMPLE:5000/x>; rel="next""#], "/x"),
            (
                &[r#"<https://r.example/x>; rel="next""#],
                "elsewhere https://r.example",
            ),
            (
                &[r#"<http://r.example:5000/x>; rel="next""#],
                "elsewhere http://r.example:5000",
            ),
            (
                &[r#"<//evil.example/x>; rel="next""#],
                "elsewhere https://evil.example",
            ),
            (
                &[r#"<https://user:pw@r.example:5000/x>; rel="next""#],
                "unreadable",
            ),
            (&[r#"</x>; rel="prev""#], "none"),
            (
                &[r#"</x>; title="rel=next, <y>; rel=next"; rel="first""#],
                "none",
            ),
            (&[r#"</x>; title="a \" ; rel=next"; rel="last""#], "none"),
            (&[r#"</p>; rel="prev", </n>; rel="next""#], "/n"),
            (&[r#"</p>; rel="prev""#, r#"</n>; rel="next""#], "/n"),
            (&[r#"</x>; rel="prev"; rel="next""#], "none"),
            (&[r#"</x>"#], "none"),
            (&[r#"</a,b>; rel="next""#], "/a,b"),
            (&[r#"/x; rel="next""#], "unreadable"),
            (&[r#"</x; rel="next""#], "unreadable"),
            (&[r#"<https://[broken>; rel="next""#], "unreadable"),
            (&[r#"<>; rel="next""#], "/v2/a/tags/list?n=2"),
        ];
        let page = Url::parse(here).unwrap();
        for (values, expected) in cases {
            let shown = match next_page(values.iter().copied(), &page) {
                NextPage::None => "none".to_owned(),
                NextPage::At(url) => url[url::Position::BeforePath..].to_owned(),
                NextPage::Elsewhere(origin) => format!("elsewhere {origin}"),
                NextPage::Unreadable => "unreadable".to_owned(),
            };
            assert_eq!(shown, *expected, "{values:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm_and_never_leads_away(text in ".*") {
            let page = Url::parse("https://r.example/v2/a/tags/list").unwrap();
            if let NextPage::At(url) = next_page([text.as_str()], &page) {
                proptest::prop_assert_eq!(url.origin(), page.origin());
            }
        }
    }
}
