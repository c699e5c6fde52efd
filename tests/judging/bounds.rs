//! Numbers at the ends of their ranges: what does not fit is reported as a bound, never as a count,
//! and nothing that lies beyond the calendar is made up.

use harness_images::model::facts::TagList;
use harness_images::model::policy::{ByRepository, Policy, ReleaseUnit};
use harness_images::model::verdict::Verdict::{Overdue, Supported, Unsupported};
use harness_images::verdict::window_tags;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{documented, image, judged, repository};

const TODAY: &str = "2026-11-20";

#[test]
fn a_distance_that_does_not_fit_is_a_lower_bound() {
    // window, unit, default, image, verdict, behind
    let cases = [
        (
            3,
            ReleaseUnit::Minor,
            "1.18446744073709551615.0",
            "1.0.0",
            Unsupported,
            Some(u64::MAX),
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.18446744073709551616.0",
            "1.0.0",
            Unsupported,
            None,
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.18446744073709551616.0",
            "1.1.0",
            Unsupported,
            Some(u64::MAX),
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.18446744073709551625.0",
            "1.0.0",
            Unsupported,
            None,
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.99999999999999999999999.0",
            "1.7.0",
            Unsupported,
            None,
        ),
        (
            0,
            ReleaseUnit::Minor,
            "1.99999999999999999999999.0",
            "1.7.0",
            Supported,
            None,
        ),
        (
            u32::MAX,
            ReleaseUnit::Minor,
            "1.99999999999999999999999.0",
            "1.7.0",
            Unsupported,
            None,
        ),
        (
            3,
            ReleaseUnit::Patch,
            "1.2.99999999999999999999999",
            "1.2.7",
            Unsupported,
            None,
        ),
        (
            3,
            ReleaseUnit::Minor,
            "2.99999999999999999999999.0",
            "1.7.0",
            Unsupported,
            None,
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.20240101120000000000.0",
            "1.20240101119999999999.0",
            Supported,
            Some(1),
        ),
        (
            3,
            ReleaseUnit::Minor,
            "1.100000000000000000000.0",
            "1.99999999999999999997.0",
            Unsupported,
            Some(3),
        ),
    ];
    for (window, unit, default, text, verdict, behind) in cases {
        let policy = Policy {
            supported_releases: ByRepository::all(window),
            release_unit: ByRepository::all(unit),
            ..documented(TODAY)
        };
        let judgement = judged(text, default, None, &policy);
        let found = (judgement.verdict, judgement.releases_behind);
        assert_eq!(found, (verdict, behind), "{text} of {default}");
        assert_eq!(
            judgement.reason.contains(" is at least "),
            behind.is_none(),
            "{}",
            judgement.reason
        );
    }
}

#[test]
fn a_deploy_window_may_reach_beyond_the_calendar() {
    let mut tags = TagList::new();
    let published: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
    tags.push("1.13.0", None, None);
    tags.push("1.14.0", None, Some(published));
    let list = repository("docker.io", "harness/ci-addon", tags);
    let by = |day: &str| Some(day.parse::<Date>().unwrap());
    // days, verdict, day
    let cases = [
        (0, Overdue, by("2026-10-01")),
        (30, Overdue, by("2026-10-31")),
        (50, Supported, by("2026-11-20")),
        (2_912_169, Supported, by("9999-12-31")),
        (2_912_170, Supported, None),
        (7_304_484, Supported, None),
        (7_304_485, Supported, None),
        (u32::MAX, Supported, None),
    ];
    for (days, verdict, deploy_by) in cases {
        let policy = Policy {
            deploy_window_days: days,
            ..documented(TODAY)
        };
        let (default, text) = ("1.14.0", "1.13.0");
        let judgement = judged(text, default, Some(&list), &policy);
        let found = (judgement.verdict, judgement.deploy_by);
        assert_eq!(found, (verdict, deploy_by), "{days}");
    }
}

#[test]
fn a_support_window_may_be_wider_than_anything_known() {
    let tags: TagList = ["1.12.0", "1.13.0", "1.14.0"].into_iter().collect();
    let list = repository("docker.io", "harness/ci-addon", tags);
    let (default, old) = (image("harness/ci-addon:1.14.0"), "1.12.0");
    // size, verdict, releases of the window, tags to mirror
    let cases = [
        (0, Supported, 0, 3),
        (1, Unsupported, 1, 1),
        (2, Unsupported, 2, 2),
        (3, Supported, 3, 3),
        (4, Supported, 3, 3),
        (u32::MAX, Supported, 3, 3),
    ];
    for (size, verdict, window, mirrored) in cases {
        let policy = Policy {
            supported_releases: ByRepository::all(size),
            ..documented(TODAY)
        };
        let judgement = judged(old, &default.to_string(), Some(&list), &policy);
        let found = (judgement.verdict, judgement.window.len());
        assert_eq!(found, (verdict, window), "{size}");
        let supported = |release: &&harness_images::model::row::ReleaseShown| release.supported;
        assert_eq!(judgement.releases.iter().filter(supported).count(), window);
        let case = harness_images::verdict::Comparison {
            image: &default,
            default: &default,
            own: Some(&list),
            published: Some(&list),
            history: &[],
            default_is_bound: false,
            source: harness_images::model::row::Source::Override,
        };
        assert_eq!(window_tags(&case, &policy).0.len(), mirrored, "{size}");
    }
}

#[test]
fn no_day_is_reported_beyond_the_calendar() {
    // window, as of, day on which the image leaves support
    let cases = [
        (3, "2026-11-20", Some("2026-11-23")),
        (3, "9999-11-20", Some("9999-11-22")),
        (3, "9999-12-20", Some("9999-12-27")),
        (3, "9999-12-28", None),
        (u32::MAX, "2026-11-20", None),
    ];
    for (size, as_of, leaves) in cases {
        let policy = Policy {
            supported_releases: ByRepository::all(size),
            ..documented(as_of)
        };
        let (default, text) = ("1.14.0", "1.12.0");
        let judgement = judged(text, default, None, &policy);
        let leaves = leaves.map(|day| day.parse::<Date>().unwrap());
        assert_eq!(judgement.leaves_support_on, leaves, "{size} {as_of}");
    }
}
