//! Properties that hold for every input.

use harness_images::model::facts::{Facts, Repository, TagList};
use harness_images::model::image::ImageRef;
use harness_images::model::policy::{ByRepository, Policy, ReleaseUnit};
use harness_images::model::tag::Tag;
use harness_images::model::verdict::Verdict;
use proptest::prelude::*;

use super::{documented, judged, repository};

fn tag_like() -> impl Strategy<Value = String> {
    let word = "[a-z][a-z0-9]{0,4}";
    let numbers = prop::collection::vec("0{0,2}[0-9]{1,3}|[0-9]{20,40}", 1..6)
        .prop_map(|parts| parts.join("."));
    (
        prop::option::of(word),
        "v?",
        numbers,
        prop::option::of("[0-9]{1,2}\\.[0-9]{1,2}"),
        prop::option::of("[a-z0-9.]{1,6}"),
    )
        .prop_map(|(prefix, v, numbers, embedded, suffix)| {
            let prefix = prefix.map(|word| format!("{word}-")).unwrap_or_default();
            let rest: String = [embedded, suffix]
                .into_iter()
                .flatten()
                .map(|word| format!("-{word}"))
                .collect();
            format!("{prefix}{v}{numbers}{rest}")
        })
}

fn version() -> impl Strategy<Value = String> {
    (0_u8..3, 0_u8..8, 0_u8..8).prop_map(|(x, y, z)| format!("{x}.{y}.{z}"))
}

fn policies() -> impl Strategy<Value = Policy> {
    (0_u32..5, prop::bool::ANY).prop_map(|(size, patch)| Policy {
        supported_releases: ByRepository::all(size),
        supported_days: ByRepository::all(0),
        release_unit: ByRepository::all(if patch {
            ReleaseUnit::Patch
        } else {
            ReleaseUnit::Minor
        }),
        ..documented("2026-11-20")
    })
}

fn list(tags: &[String]) -> Repository {
    repository(
        "docker.io",
        "a/b",
        tags.iter().map(String::as_str).collect::<TagList>(),
    )
}

fn verdict(image: &str, default: &str, list: Option<&Repository>, policy: &Policy) -> Verdict {
    judged(
        &format!("a/b:{image}"),
        &format!("a/b:{default}"),
        list,
        policy,
    )
    .verdict
}

proptest! {
    #[test]
    fn parsing_never_panics_and_prints_back(text in "\\PC{0,40}|[a-z0-9.:/@_-]{0,60}", tag in tag_like()) {
        for text in [&text, &tag] {
            if let Some(tag) = Tag::parse(text) {
                prop_assert_eq!(tag.to_string(), text.clone());
                let core: String = [tag.variant().prefix, tag.variant().suffix].concat();
                prop_assert!(text.contains(tag.numbers().as_str()) && core.len() < text.len());
            }
            if let Ok(image) = ImageRef::parse(text) {
                prop_assert_eq!(image.to_string(), text.trim());
                prop_assert_eq!(ImageRef::parse(&image.to_string()), Ok(image));
            }
        }
    }

    #[test]
    fn order_is_total(one in tag_like(), other in tag_like(), third in tag_like()) {
        let tags = [&one, &other, &third].map(|text| Tag::parse(text));
        let [Some(a), Some(b), Some(c)] = tags else { return Ok(()) };
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
        prop_assert_eq!(a == b, one == other);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        prop_assert_eq!(a.numbers().cmp(&b.numbers()), b.numbers().cmp(&a.numbers()).reverse());
    }

    #[test]
    fn an_older_release_never_improves_a_verdict(
        image in version(), default in version(), older in version(),
        tags in prop::collection::vec(version(), 1..12), policy in policies(),
    ) {
        let number = |text: &str| Tag::parse(text).map(|tag| tag.numbers().canonical());
        prop_assume!(Tag::parse(&older) < Tag::parse(&image) && number(&older) != number(&image));
        // Without any version up to the default's the numbers would have spoken.
        prop_assume!(tags.iter().any(|tag| Tag::parse(tag) <= Tag::parse(&default)));
        let before = verdict(&image, &default, Some(&list(&tags)), &policy);
        let more: Vec<String> = tags.iter().cloned().chain([older]).collect();
        let after = verdict(&image, &default, Some(&list(&more)), &policy);
        prop_assert!(after <= before, "{} became {}", before, after);
    }

    #[test]
    fn a_newer_default_never_supports_the_unsupported(
        image in version(), default in version(), newer in version(),
        tags in prop::collection::vec(version(), 0..12), policy in policies(),
    ) {
        prop_assume!(Tag::parse(&default) < Tag::parse(&newer));
        let list = (!tags.is_empty()).then(|| list(&tags));
        if verdict(&image, &default, list.as_ref(), &policy) == Verdict::Unsupported {
            let after = verdict(&image, &newer, list.as_ref(), &policy);
            // Where no published version is as old as the first default, the numbers spoke, and
            // there a raised first number, or the first published version, changes the evidence.
            let counted = list.as_ref().is_some_and(|list| {
                list.tags
                    .iter()
                    .any(|tag| Tag::parse(&tag.name) <= Tag::parse(&default))
            });
            prop_assert!(after == Verdict::Unsupported || !counted, "{}", after);
            prop_assert!(list.is_some() || after <= Verdict::Unverified, "{}", after);
        }
    }

    #[test]
    fn a_list_in_another_order_gives_the_same_judgement(
        image in version(), default in version(), tags in prop::collection::vec(version(), 0..12), policy in policies(),
    ) {
        let reversed: Vec<String> = tags.iter().rev().cloned().collect();
        let judge = |tags: &[String]| judged(&format!("a/b:{image}"), &format!("a/b:{default}"), Some(&list(tags)), &policy);
        prop_assert_eq!(judge(&tags), judge(&reversed));
    }

    #[test]
    fn snapshots_never_panic(text in "\\PC{0,80}") {
        let _ = Facts::from_json(text.as_bytes());
        let json = serde_json::json!({"format": "harness-images/snapshot/v1", "taken_at": text, "configs": [{"module": "ci", "default": {"a": text}}]});
        let _ = Facts::from_json(json.to_string().as_bytes());
    }
}
