//! Tags: any two of them, read and compared.
#![no_main]

use harness_images::tag::Tag;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (one, other) = text.split_once('\n').unwrap_or((text, ""));
    let (one, other) = (Tag::parse(one), Tag::parse(other));
    for tag in one.iter().chain(&other) {
        let variant = tag.variant();
        let raw = tag.as_str();
        assert!(raw.starts_with(variant.prefix) && raw.ends_with(variant.suffix));
        assert!(raw.contains(tag.numbers().as_str()));
        assert!(tag.numbers().count() >= 3);
        assert_eq!(Tag::parse(&tag.to_string()).as_ref(), Some(tag));
        assert!(tag.numbers().first(2) <= tag.numbers());
        assert_eq!(
            tag.numbers().canonical().split('.').count(),
            tag.numbers().count()
        );
    }
    if let (Some(one), Some(other)) = (one, other) {
        assert_eq!(one.cmp(&other), other.cmp(&one).reverse());
        assert_eq!(one == other, one.cmp(&other).is_eq());
        assert_eq!(
            one.numbers().cmp(&other.numbers()),
            other.numbers().cmp(&one.numbers()).reverse()
        );
    }
});
