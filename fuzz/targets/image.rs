//! Image references: what is read prints back as it was.
#![no_main]

use harness_images::facts::places;
use harness_images::image::ImageRef;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (one, other) = text
        .split_once('\n')
        .unwrap_or((text, "harness/ci-addon:1.2.3"));
    let Ok(image) = ImageRef::parse(one) else {
        return;
    };
    assert_eq!(image.to_string(), one.trim());
    assert_eq!(ImageRef::parse(&image.to_string()).as_ref(), Ok(&image));
    assert!(!image.name().is_empty());
    assert!(image.is_image_of(&image));
    for (registry, repository) in places(&image, Some("registry.example:5000/mirror")) {
        assert!(!registry.is_empty() && !repository.is_empty());
    }
    if let Ok(other) = ImageRef::parse(other) {
        let _ = image.is_image_of(&other);
    }
    if let Ok(tagged) = image.with_tag(other) {
        assert_eq!(tagged.repository(), image.repository());
    }
});
