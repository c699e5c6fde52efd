//! Tag lists as servers answer them: each is right, or a clear statement about that repository
//! alone, and the neighbour keeps its evidence.

use futures_util::future::join_all;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::*;
use crate::registry_server::{Behaviour, LinkForm, Options};

const TAGS: [&str; 4] = ["1.0.0", "1.1.0", "1.2.0", "latest"];
const ALL: &str = "complete: 1.0.0 1.1.0 1.2.0 latest";

fn versions(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("1.{number}.0")).collect()
}

/// Reads an odd repository and its healthy neighbour.
async fn odd(behaviour: Behaviour, tags: &[String], seconds: u64) -> (String, usize) {
    let options = Options::default()
        .with("harness/odd", tags, behaviour)
        .with("harness/fine", &TAGS, Behaviour::Healthy);
    let Scene {
        server,
        http,
        access,
    } = Scene::within(seconds, options, Set::default());
    let begun = Instant::now();
    let collected = read(&http, &access, &["harness/odd:1.1.0", "harness/fine:1.1.0"]).await;
    assert!(
        begun.elapsed() < Duration::from_secs(seconds + 5),
        "goes on after the deadline"
    );
    assert_eq!(shown(find(&collected, "harness/fine")), ALL);
    assert_eq!(collected.repositories.len(), 2);
    assert_eq!(collected.registries.join(" "), server.address);
    assert_eq!(collected.notices, []);
    let shown = shown(find(&collected, "harness/odd")).replace(&server.address, "r.corp");
    (shown, server.count("harness/odd"))
}

/// Checks what is said, how many requests that takes (0: any number), and that a reason is given
/// wherever the list is not complete.
async fn check(cases: Vec<(&str, Behaviour, usize, u64, &str, usize)>) {
    let checks = cases.into_iter().map(
        async |(name, behaviour, length, seconds, expected, requests)| {
            let tags = if length == 0 {
                TAGS.map(str::to_owned).to_vec()
            } else {
                versions(length)
            };
            let (shown, count) = odd(behaviour, &tags, seconds).await;
            let expected = expected.replace("ALL", &versions(length).join(" "));
            assert!(
                shown.starts_with(&expected),
                "{name}: {expected}\nbut: {shown}"
            );
            assert!(
                requests == 0 || count == requests,
                "{name}: {count} requests"
            );
        },
    );
    join_all(checks).await;
}

fn body(text: &str) -> Behaviour {
    Behaviour::Body(text.to_owned())
}

#[test]
fn answers_are_taken_for_what_they_are() {
    let digest = format!(
        r#"{{"tags":["1.0.0","sha256:{}","1.1.0"]}}"#,
        "0".repeat(64)
    );
    let huge = format!(
        r#"{{"tags":["1.0.0","4294967296.18446744073709551616.{}"]}}"#,
        "9".repeat(80)
    );
    let large = format!(
        "complete: 1.0.0 4294967296.18446744073709551616.{}",
        "9".repeat(80)
    );
    let html = "<!doctype html><title>Sign in</title>";
    let page_for_people =
        "unavailable:  (r.corp answered something that is no tag list; check that `registry`";
    run(check(vec![
        ("healthy", Behaviour::Healthy, 0, 5, ALL, 1),
        (
            "tags: null",
            body(r#"{"name":"x","tags":null}"#),
            0,
            5,
            "complete: ",
            1,
        ),
        (
            "null within",
            body(r#"{"tags":["1.0.0",null,"1.1.0"]}"#),
            0,
            5,
            "complete: 1.0.0 1.1.0",
            1,
        ),
        (
            "a digest within",
            body(&digest),
            0,
            5,
            "complete: 1.0.0 1.1.0",
            1,
        ),
        ("huge numbers", body(&huge), 0, 5, &large, 1),
        ("HTML with 200", body(html), 0, 5, page_for_people, 1),
        (
            "HTML with 404",
            Behaviour::Status(404, html.into()),
            0,
            5,
            page_for_people,
            1,
        ),
        (
            "410",
            Behaviour::Status(410, "{}".into()),
            0,
            5,
            page_for_people,
            1,
        ),
        (
            "404",
            Behaviour::Status(404, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#.into()),
            0,
            5,
            "missing: ",
            1,
        ),
        (
            "404, of something else",
            Behaviour::Status(404, "{\"code\":\"RESOURCE_NOT_FOUND\"}".to_owned()),
            0,
            5,
            "unavailable: ",
            1,
        ),
        (
            "404, silent",
            Behaviour::Status(404, String::new()),
            0,
            5,
            "unavailable: ",
            1,
        ),
        (
            "403",
            Behaviour::Status(403, r#"{"errors":[{"code":"DENIED"}]}"#.into()),
            0,
            5,
            "unavailable:  (r.corp answered 403 (DENIED))",
            1,
        ),
        (
            "418",
            Behaviour::Status(418, "teapot".into()),
            0,
            5,
            "unavailable:  (r.corp answered 418)",
            1,
        ),
        ("no page size", Behaviour::NoPageSize, 0, 5, ALL, 2),
        ("503 twice", Behaviour::UnavailableTwice, 0, 10, ALL, 3),
        (
            "503 for ever",
            Behaviour::Status(503, String::new()),
            0,
            2,
            "unavailable:  (r.corp answered 503)",
            0,
        ),
        (
            "429 for ever",
            Behaviour::BusyForEver,
            0,
            2,
            "unavailable:  (r.corp answered 429 (too many requests)",
            0,
        ),
        ("cut once", Behaviour::CutShort(1), 0, 10, ALL, 2),
        (
            "cut for ever",
            Behaviour::CutShort(99),
            0,
            2,
            "unavailable:  (r.corp broke off",
            0,
        ),
        (
            "closed",
            Behaviour::Close,
            0,
            2,
            "unavailable:  (r.corp broke off",
            0,
        ),
        (
            "silence",
            Behaviour::Hang,
            0,
            2,
            "unavailable:  (r.corp did not answer in time",
            1,
        ),
    ]));
}

#[test]
fn retry_after_is_heeded_in_every_form() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let date = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&soon)
        .unwrap();
    run(check(vec![
        ("seconds", Behaviour::BusyOnce("1".into()), 0, 20, ALL, 2),
        ("a date", Behaviour::BusyOnce(date), 0, 20, ALL, 2),
        (
            "unix time",
            Behaviour::BusyOnce(soon.as_second().to_string()),
            0,
            20,
            ALL,
            2,
        ),
        (
            "nonsense",
            Behaviour::BusyOnce("soon".into()),
            0,
            20,
            ALL,
            2,
        ),
    ]));
}

#[test]
fn lists_over_pages_are_read_to_their_end_or_said_to_be_incomplete() {
    let link = |text: &str| Behaviour::Link(text.to_owned());
    let prefix = "incomplete: 1.0.0 1.1.0 1.2.0 latest (r.corp: the list";
    let incomplete = |reason: &str| format!("{prefix} {reason}");
    let elsewhere = incomplete("names a next page at http://127.0.0.1:9, which is not asked");
    let scheme = incomplete("names a next page at https://r.corp, which is not asked");
    let (again, flat) = (
        incomplete("names a page as the next one that was read before"),
        incomplete("does not advance from page to page"),
    );
    let (empty, unreadable, broken) = (
        incomplete("goes on with empty pages"),
        incomplete("names a next page whose address cannot be read"),
        incomplete("could be read only up to page 1: r.corp answered 400"),
    );
    run(check(vec![
        (
            "relative",
            Behaviour::Pages(100, LinkForm::Relative),
            250,
            5,
            "complete: ALL",
            3,
        ),
        (
            "absolute",
            Behaviour::Pages(100, LinkForm::Absolute),
            250,
            5,
            "complete: ALL",
            3,
        ),
        (
            "crowded",
            Behaviour::Pages(7, LinkForm::Crowded),
            20,
            5,
            "complete: ALL",
            3,
        ),
        (
            "a thousand each",
            Behaviour::Pages(5000, LinkForm::Relative),
            2500,
            5,
            "complete: ALL",
            3,
        ),
        (
            "exactly one page",
            Behaviour::Pages(60, LinkForm::Relative),
            60,
            5,
            "complete: ALL",
            1,
        ),
        (
            "to another host",
            link("<http://127.0.0.1:9/v2/x>; rel=\"next\""),
            0,
            5,
            &elsewhere,
            1,
        ),
        (
            "to another scheme",
            link("<https://ADDRESS/v2/x>; rel=\"next\""),
            0,
            5,
            &scheme,
            1,
        ),
        (
            "back",
            link("</v2/harness/odd/tags/list?n=1>; rel=\"prev\""),
            0,
            5,
            ALL,
            1,
        ),
        (
            "to itself",
            link("<?n=1000>; rel=\"next\""),
            0,
            5,
            &again,
            1,
        ),
        (
            "unreadable",
            link("/v2/x; rel=\"next\""),
            0,
            5,
            &unreadable,
            1,
        ),
        ("no advance", Behaviour::NeverAdvances, 0, 5, &flat, 2),
        ("empty pages", Behaviour::EmptyPages, 0, 5, &empty, 10),
        (
            "second page fails",
            Behaviour::SecondPage(400),
            0,
            5,
            &broken,
            2,
        ),
        (
            "cut, honestly",
            Behaviour::CutHonestly(100),
            250,
            5,
            "complete: ALL",
            3,
        ),
        (
            "cut at a thousand",
            Behaviour::CutHonestly(1000),
            1000,
            5,
            "complete: ALL",
            2,
        ),
        (
            "of a length that is no limit",
            Behaviour::Cut(500),
            500,
            5,
            "complete: ALL",
            1,
        ),
        (
            "longer than asked",
            Behaviour::Healthy,
            20_000,
            10,
            "complete: ALL",
            1,
        ),
    ]));
}

#[test]
fn a_list_that_was_cut_is_said_to_be_incomplete() {
    for length in [100, 1000] {
        let (shown, count) = run(odd(Behaviour::Cut(length), &versions(length + 50), 10));
        let reason =
            format!("(r.corp: the list ends at {length} without saying whether that is all)");
        assert!(
            shown.starts_with("incomplete: 1.0.0 ") && shown.ends_with(&reason),
            "{shown}"
        );
        assert_eq!(count, 2);
    }
}

#[test]
fn endless_pages_end() {
    let (shown, count) = run(odd(Behaviour::Endless, &[], 60));
    assert!(
        shown.ends_with("(r.corp: the list had not ended after 2000 pages)"),
        "{shown}"
    );
    assert_eq!(count, 2000);
    let (shown, _) = run(odd(Behaviour::Endless, &[], 1));
    assert!(shown.starts_with("incomplete: 1.0.0 1.1.0"), "{shown}");
}

#[test]
fn an_open_registry_is_asked_once_per_repository() {
    let mut options = Options {
        delay: Duration::from_millis(5),
        ..Options::default()
    };
    let mut images = Vec::new();
    for number in 0..40 {
        let name = format!("harness/image-{number}");
        options = options.with(&name, &versions(500), Behaviour::Healthy);
        // Several fields share each repository.
        images.push(format!("{name}:1.3.0"));
        images.push(format!("{name}:1.499.0"));
        images.push(format!("{name}:latest"));
    }
    let mut scene = Scene::within(30, options, Set::default());
    scene.access.patience = Duration::from_millis(10);
    let collected = scene.read(&images);
    let server = &scene.server;
    assert_eq!(collected.repositories.len(), 40);
    assert!(
        collected
            .repositories
            .iter()
            .all(|known| known.tags.len() == 500)
    );
    assert_eq!(server.log().len(), 40);
    assert!(
        server
            .log()
            .iter()
            .all(|logged| logged.authorization.is_none())
    );
    assert!(server.most_at_once() <= 16, "{}", server.most_at_once());
}

#[test]
fn twenty_fields_on_one_repository_are_one_request() {
    let options = Options::default().with("harness/a", &versions(500), Behaviour::Healthy);
    let scene = Scene::new(options, Set::default());
    let named = format!("{}/harness/a:1.1.0", scene.server.address);
    let images: Vec<ImageRef> = (0..20)
        .map(|number| image(&format!("harness/a:1.{number}.0")))
        .chain([image(&named)])
        .collect();
    let default = image("harness/a:1.499.0");
    let questions: Vec<Question> = images
        .iter()
        .map(|image| question(image, Some(&default)))
        .collect();
    let collected = run(scene.registries().read(&questions));
    assert_eq!(collected.repositories.len(), 1);
    assert_eq!(scene.server.log().len(), 1);
}
