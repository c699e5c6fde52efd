//! Files of a pull request: whatever they hold, places are right, and a patch changes values only.
#![no_main]

use harness_images::model::image::ImageRef;
use harness_images::sources::{self, ImagesOfText, patch, pipelines};
use harness_images::yaml;
use libfuzzer_sys::fuzz_target;

const TAG: &str = "9.9.9";

fuzz_target!(|text: &str| {
    assert_eq!(
        yaml::outline(yaml::documents(text)),
        yaml::outline(yaml::documents(text).by_library())
    );

    let found = sources::find(text);
    for image in &found.images {
        ImageRef::parse(&image.image).unwrap();
        assert!(image.position.line >= 1 && image.position.column >= 1);
        if let Some(span) = &image.span {
            assert!(
                text.get(span.clone())
                    .is_some_and(|written| !written.is_empty())
            );
            assert_eq!(yaml::position(text, span.start), image.position);
        }
    }
    assert!(found.images.is_sorted_by_key(|image| image.position));

    let patched = patch::apply(text, &edits(text, &found));
    let again = sources::find(&patched);
    assert_eq!(again.images.len(), found.images.len());
    assert_eq!(again.not_literal.len(), found.not_literal.len());
    let edits = edits(&patched, &again);
    assert_eq!(patch::unified_diff(&[("a.yml", &patched, &edits)]), "");

    let pipeline = pipelines::find(text, Some(text));
    assert_eq!(pipeline.images.len(), found.images.len());
});

/// What gives every image that can be replaced the same tag.
fn edits(text: &str, found: &ImagesOfText) -> Vec<patch::Edit> {
    let newer = |image: &str| {
        let name = image.split('@').next().unwrap();
        let start = name.rfind('/').map_or(0, |slash| slash + 1);
        let end = name[start..].find(':').map_or(name.len(), |at| start + at);
        format!("{}:{TAG}", &name[..end])
    };
    let images = found.images.iter();
    images
        .filter_map(|image| image.replace(text, &newer(&image.image)).ok())
        .collect()
}
