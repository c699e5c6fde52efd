//! Where an image is looked up, and which of several places speaks for it.

use super::{image, repository};
use harness_images::model::facts::{Coverage, Facts, TagList, places};

#[test]
fn places_in_the_order_in_which_they_are_tried() {
    // image, base, places
    let cases: [(&str, Option<&str>, &[&str]); 12] = [
        ("harness/a:1", None, &[]),
        ("X.corp/harness/a:1", None, &["x.corp harness/a"]),
        (
            "X.corp/harness/a:1",
            Some("y.corp/m"),
            &["x.corp harness/a"],
        ),
        ("index.docker.io/a:1", None, &["docker.io library/a"]),
        ("a", Some("docker.io"), &["docker.io library/a"]),
        ("a", Some("x.corp:5000"), &["x.corp:5000 a"]),
        ("harness/a", Some("x.corp/"), &["x.corp harness/a"]),
        (
            "a",
            Some("[::1]:5000/m"),
            &["[::1]:5000 m/a", "[::1]:5000 a"],
        ),
        (
            "harness/a",
            Some("x.corp/m"),
            &["x.corp m/harness/a", "x.corp harness/a"],
        ),
        (
            "harness/a",
            Some("X.corp/m/n/"),
            &["x.corp m/n/harness/a", "x.corp harness/a"],
        ),
        ("mm/a", Some("x.corp/m"), &["x.corp m/mm/a", "x.corp mm/a"]),
        // Written with the prefix, but without the host.
        (
            "m/harness/a",
            Some("x.corp/m"),
            &["x.corp m/harness/a", "x.corp m/m/harness/a"],
        ),
    ];
    for (text, base, expected) in cases {
        let found: Vec<String> = places(&image(text), base)
            .into_iter()
            .map(|(registry, path)| format!("{registry} {path}"))
            .collect();
        assert_eq!(found, expected, "{text} at {base:?}");
    }
}

#[test]
fn the_first_place_that_has_an_image_speaks_for_it() {
    let unavailable = || Coverage::Unavailable("it is forbidden".to_owned());
    let cut = || Coverage::Incomplete("it was cut".to_owned());
    // below the prefix, under the plain name, which of them speaks
    let cases = [
        (
            Some(Coverage::Complete),
            Some(Coverage::Complete),
            "m/harness/a",
        ),
        (
            Some(Coverage::Missing),
            Some(Coverage::Complete),
            "harness/a",
        ),
        (
            Some(Coverage::Missing),
            Some(Coverage::Missing),
            "m/harness/a",
        ),
        (Some(Coverage::Missing), Some(unavailable()), "harness/a"),
        (Some(unavailable()), Some(Coverage::Missing), "m/harness/a"),
        (Some(unavailable()), Some(unavailable()), "m/harness/a"),
        (Some(unavailable()), Some(Coverage::Newest), "harness/a"),
        (Some(cut()), Some(Coverage::Complete), "m/harness/a"),
        (None, Some(Coverage::Missing), "harness/a"),
        (Some(unavailable()), None, "m/harness/a"),
    ];
    for (below, plain, expected) in cases {
        let known = [("harness/a", &plain), ("m/harness/a", &below)];
        let repositories = known.into_iter().filter_map(|(path, coverage)| {
            let mut known = repository("x.corp", path, TagList::new());
            known.coverage = coverage.clone()?;
            Some(known)
        });
        let facts = Facts {
            registry: Some("x.corp/m".to_owned()),
            repositories: repositories.collect(),
            ..Facts::default()
        };
        let found = facts.repository_of(&image("harness/a:1.2.3"));
        let found = found.map(|known| known.repository.as_str());
        assert_eq!(found, Some(expected), "{below:?} {plain:?}");
    }
}
