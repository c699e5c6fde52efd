//! Where several verdicts fit an image, the first in the README's order counts.

use harness_images::model::policy::{ByRepository, Policy};
use harness_images::model::row::Source;
use harness_images::model::verdict::Verdict;
use harness_images::verdict::{Comparison, judge};

use super::{dated_list, documented, image};

/// The verdicts in the order in which the README says that they are tried.
fn documented_order() -> Vec<Verdict> {
    let readme = include_str!("../../README.md");
    let (_, order) = readme.split_once("fits counts, in this order: ").unwrap();
    let (order, _) = order.split_once('.').unwrap();
    let names = order.split('`').skip(1).step_by(2);
    names
        .map(|name| Verdict::from_name(name).unwrap())
        .collect()
}

#[test]
fn the_first_verdict_of_the_documented_order_counts() {
    use Verdict::{Ahead, Current, Custom, Floating, Overdue, Supported, Unsupported, Unverified};
    let tags = [
        "1.15.0 2025-01-01",
        "1.16.0 2025-02-01",
        "1.17.0 2025-03-01",
        "1.18.0 2025-04-01",
        "1.19.0 2025-05-01",
        "1.20.0 2025-06-01",
    ];
    let list = dated_list("docker.io", "a/b", &tags);
    // Image, default, whether its list is known, age that is supported, the verdict, and what must come later.
    let cases: [(&str, &str, bool, u32, Verdict, &[Verdict]); 7] = [
        (
            "x/y:latest",
            "a/b:1.18.0",
            true,
            0,
            Custom,
            &[Floating, Unverified],
        ),
        (
            "a/b:latest",
            "a/b:1.18.0",
            false,
            0,
            Floating,
            &[Unverified],
        ),
        (
            "a/b:1.15.0",
            "a/b:latest",
            false,
            0,
            Unverified,
            &[Unsupported],
        ),
        (
            "a/b:1.19.0",
            "a/b:1.18.0",
            true,
            30,
            Ahead,
            &[Unsupported, Overdue],
        ),
        (
            "a/b:1.18.0",
            "a/b:1.18.0",
            true,
            30,
            Current,
            &[Unsupported, Overdue, Supported],
        ),
        ("a/b:1.15.0", "a/b:1.18.0", true, 0, Unsupported, &[Overdue]),
        ("a/b:1.17.0", "a/b:1.18.0", true, 0, Overdue, &[Supported]),
    ];
    let order = documented_order();
    let place = |verdict: Verdict| order.iter().position(|one| *one == verdict).unwrap();
    for (text, default, is_listed, days, expected, others) in cases {
        let policy = Policy {
            supported_days: ByRepository::all(days),
            ..documented("2026-11-20")
        };
        let known = is_listed.then_some(&list);
        let case = Comparison {
            image: &image(text),
            default: &image(default),
            own: known,
            published: known,
            history: &[],
            default_is_bound: false,
            source: Source::Override,
        };
        assert_eq!(
            judge(&case, &policy).verdict,
            expected,
            "{text} below {default}"
        );
        for other in others {
            assert!(place(expected) < place(*other), "{expected} before {other}");
        }
    }
    assert_eq!(place(Verdict::Ignored), 0, "an exception excuses any image");
}
