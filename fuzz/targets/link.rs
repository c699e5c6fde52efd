//! `Link`: header values, one to a line; a next page is a plain address of the same origin.
#![no_main]

use harness_images::registry::link::{NextPage, next_page, resolve};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let page = Url::parse("https://registry.example/v2/a/tags/list?n=1000").unwrap();
    let found = next_page(text.lines(), &page);
    match &found {
        NextPage::At(next) => {
            assert_eq!(next.origin(), page.origin());
            assert!(next.username().is_empty() && next.password().is_none());
            // Written down and read again, alone or behind another link, it is the same.
            assert_eq!(resolve(next.as_str(), &page), found);
            let plain = format!("<{next}>; rel=next");
            assert_eq!(next_page([plain.as_str()], &page), found);
            let behind = format!("</x,y>; title=\"a, <b>; rel=next\"; rel=prev, {plain}");
            assert_eq!(next_page([behind.as_str()], &page), found);
        }
        NextPage::Elsewhere(origin) => {
            assert_ne!(*origin, page.origin().ascii_serialization());
            // It is shown to users: no path, no query, no credentials.
            assert!(!origin.contains(['@', '?', '#', '\n', '\r']));
            assert!(origin.matches('/').count() <= 2, "{origin}");
        }
        NextPage::Unreadable => assert!(!text.trim().is_empty()),
        NextPage::None => assert!(text.lines().all(|line| next_page([line], &page) == found)),
    }
});
