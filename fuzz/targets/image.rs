//! Image references: what is read prints back as it was, and is known again in a mirror.
#![no_main]

use harness_images::model::facts::places;
use harness_images::model::image::{ImageRef, canonical_registry};
use libfuzzer_sys::fuzz_target;

/// Most bytes of a reference, and of its path.
const MAX_LENGTH: usize = 1024;
const MAX_PATH: usize = 255;

fuzz_target!(|text: &str| {
    let (one, other) = text
        .split_once('\n')
        .unwrap_or((text, "harness/ci-addon:1.2.3"));
    let Ok(image) = ImageRef::parse(one) else {
        return;
    };
    assert!(one.trim().len() <= MAX_LENGTH);
    assert_eq!(image.to_string(), one.trim());
    assert_eq!(ImageRef::parse(&image.to_string()).as_ref(), Ok(&image));
    parts(&image);
    held(&image);
    if let Ok(other) = ImageRef::parse(other) {
        // Which tag and which registry says nothing about which image it is.
        let is_same = image.is_image_of(&other);
        assert_eq!(
            image.without_tag().is_image_of(&other.without_tag()),
            is_same
        );
        // A path may look as if it began with a registry.
        if let Ok(bare) = ImageRef::parse(image.repository())
            && bare.registry().is_none()
        {
            assert_eq!(bare.is_image_of(&other), is_same);
        }
    }
    match image.with_tag(other) {
        Ok(tagged) => {
            assert_eq!(tagged.tag(), Some(other));
            assert_eq!(tagged.pulled_tag(), Some(other));
            assert_eq!(tagged.without_tag(), image.without_tag());
            assert_eq!(tagged.digest(), None);
            let again = ImageRef::parse(&tagged.to_string());
            assert!(tagged.to_string().len() > MAX_LENGTH || again == Ok(tagged));
        }
        Err(_) => assert_ne!(image.tag(), Some(other)),
    }
});

fn parts(image: &ImageRef) {
    let of_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    assert!(
        image
            .registry()
            .is_none_or(|host| host.chars().all(of_host))
    );
    assert!(image.repository().len() <= MAX_PATH);
    let (name, prefix) = (image.name(), image.prefix());
    assert!(!name.is_empty() && name.matches('/').count() <= 1);
    match prefix {
        "" => assert_eq!(image.repository(), name),
        prefix => assert_eq!(image.repository(), format!("{prefix}/{name}")),
    }
    let bare = image.without_tag();
    assert_eq!((bare.tag(), bare.digest()), (None, None));
    assert_eq!(bare.pulled_tag(), Some("latest"));
    assert!(image.is_image_of(image) && bare.is_image_of(image));
    let mirrored = format!("mirror.example:5000/m/{name}");
    assert!(
        name.len() + 2 > MAX_PATH
            || ImageRef::parse(&mirrored).is_ok_and(|mirrored| mirrored.is_image_of(image))
    );
}

fn held(image: &ImageRef) {
    for base in [
        None,
        Some("docker.io"),
        Some("registry.example:5000/mirror"),
    ] {
        let places = places(image, base);
        assert_eq!(
            places.is_empty(),
            base.is_none() && image.registry().is_none()
        );
        for (registry, repository) in places {
            assert_eq!(canonical_registry(&registry), registry);
            assert!(!registry.is_empty() && repository.ends_with(image.repository()));
        }
    }
}
