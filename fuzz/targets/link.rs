//! `Link`: header values, one to a line; a next page is a plain address.
#![no_main]

use harness_images::registry::link::{NextPage, next_page};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let page = Url::parse("https://registry.example/v2/a/tags/list?n=1000").unwrap();
    if let NextPage::At(next) = next_page(text.lines(), &page) {
        assert_eq!(next.origin(), page.origin());
        assert!(next.username().is_empty() && next.password().is_none());
    }
});
