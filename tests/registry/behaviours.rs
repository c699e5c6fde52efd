//! Tag lists as servers answer them: each is right, or a clear statement about that repository
//! alone, and the neighbour keeps its evidence.

use futures_util::future::join_all;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::*;
use support::registry_server::{Behaviour, LinkForm, Options};

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

/// An odd list, and what is to be made of it.
struct OddList<'c> {
    name: &'c str,
    behaviour: Behaviour,
    /// How many tags there are; 0: those of the neighbour.
    length: usize,
    seconds: u64,
    /// How what is said begins; `ALL` stands for all tags.
    expected: &'c str,
    /// How many requests that takes; 0: any number.
    requests: usize,
}

/// A case of four tags and five seconds.
fn case<'c>(
    name: &'c str,
    behaviour: Behaviour,
    expected: &'c str,
    requests: usize,
) -> OddList<'c> {
    OddList {
        name,
        behaviour,
        length: 0,
        seconds: 5,
        expected,
        requests,
    }
}

impl OddList<'_> {
    fn tags(self, length: usize) -> Self {
        Self { length, ..self }
    }

    fn within(self, seconds: u64) -> Self {
        Self { seconds, ..self }
    }

    async fn check(self) {
        let Self { name, requests, .. } = self;
        let tags = if self.length == 0 {
            TAGS.map(str::to_owned).to_vec()
        } else {
            versions(self.length)
        };
        let (shown, count) = odd(self.behaviour, &tags, self.seconds).await;
        let expected = self.expected.replace("ALL", &tags.join(" "));
        assert!(
            shown.starts_with(&expected),
            "{name}: {expected}\nbut: {shown}"
        );
        assert!(
            requests == 0 || count == requests,
            "{name}: {count} requests"
        );
    }
}

async fn check(cases: Vec<OddList<'_>>) {
    join_all(cases.into_iter().map(OddList::check)).await;
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
        case("healthy", Behaviour::Healthy, ALL, 1),
        case(
            "tags: null",
            body(r#"{"name":"x","tags":null}"#),
            "complete: ",
            1,
        ),
        case(
            "null within",
            body(r#"{"tags":["1.0.0",null,"1.1.0"]}"#),
            "complete: 1.0.0 1.1.0",
            1,
        ),
        case("a digest within", body(&digest), "complete: 1.0.0 1.1.0", 1),
        case("huge numbers", body(&huge), &large, 1),
        case("HTML with 200", body(html), page_for_people, 1),
        case(
            "HTML with 404",
            Behaviour::Status(404, html.into()),
            page_for_people,
            1,
        ),
        case(
            "410",
            Behaviour::Status(410, "{}".into()),
            page_for_people,
            1,
        ),
        case(
            "404",
            Behaviour::Status(404, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#.into()),
            "missing: ",
            1,
        ),
        case(
            "404, of something else",
            Behaviour::Status(404, "{\"code\":\"RESOURCE_NOT_FOUND\"}".to_owned()),
            "unavailable: ",
            1,
        ),
        case(
            "404, silent",
            Behaviour::Status(404, String::new()),
            "unavailable: ",
            1,
        ),
        case(
            "403",
            Behaviour::Status(403, r#"{"errors":[{"code":"DENIED"}]}"#.into()),
            "unavailable:  (r.corp answered 403 (DENIED): the login may not read it, or its path is wrong)",
            1,
        ),
        case(
            "418",
            Behaviour::Status(418, "teapot".into()),
            "unavailable:  (r.corp answered 418)",
            1,
        ),
        case("no page size", Behaviour::NoPageSize, ALL, 2),
        case("503 twice", Behaviour::UnavailableTwice, ALL, 3).within(10),
        case(
            "503 for ever",
            Behaviour::Status(503, String::new()),
            "unavailable:  (r.corp answered 503)",
            0,
        )
        .within(2),
        case(
            "429 for ever",
            Behaviour::BusyForEver,
            "unavailable:  (r.corp answered 429 (too many requests)",
            0,
        )
        .within(2),
        case("cut once", Behaviour::CutShort(1), ALL, 2).within(10),
        case(
            "cut for ever",
            Behaviour::CutShort(99),
            "unavailable:  (r.corp closed the connection",
            0,
        )
        .within(2),
        case(
            "closed",
            Behaviour::Close,
            "unavailable:  (r.corp closed the connection",
            0,
        )
        .within(2),
        case(
            "silence",
            Behaviour::Hang,
            "unavailable:  (r.corp did not answer in time",
            0,
        )
        .within(2),
    ]));
}

#[test]
fn retry_after_is_heeded_in_every_form() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let date = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&soon)
        .unwrap();
    run(check(vec![
        case("seconds", Behaviour::BusyOnce("1".into()), ALL, 2).within(20),
        case("a date", Behaviour::BusyOnce(date), ALL, 2).within(20),
        case(
            "unix time",
            Behaviour::BusyOnce(soon.as_second().to_string()),
            ALL,
            2,
        )
        .within(20),
        case("nonsense", Behaviour::BusyOnce("soon".into()), ALL, 2).within(20),
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
        case(
            "relative",
            Behaviour::Pages(100, LinkForm::Relative),
            "complete: ALL",
            3,
        )
        .tags(250),
        case(
            "absolute",
            Behaviour::Pages(100, LinkForm::Absolute),
            "complete: ALL",
            3,
        )
        .tags(250),
        case(
            "crowded",
            Behaviour::Pages(7, LinkForm::Crowded),
            "complete: ALL",
            3,
        )
        .tags(20),
        case(
            "a thousand each",
            Behaviour::Pages(5000, LinkForm::Relative),
            "complete: ALL",
            3,
        )
        .tags(2500),
        case(
            "exactly one page",
            Behaviour::Pages(60, LinkForm::Relative),
            "complete: ALL",
            1,
        )
        .tags(60),
        case(
            "to another host",
            link("<http://127.0.0.1:9/v2/x>; rel=\"next\""),
            &elsewhere,
            1,
        ),
        case(
            "to another scheme",
            link("<https://ADDRESS/v2/x>; rel=\"next\""),
            &scheme,
            1,
        ),
        case(
            "back",
            link("</v2/harness/odd/tags/list?n=1>; rel=\"prev\""),
            ALL,
            1,
        ),
        case("to itself", link("<?n=1000>; rel=\"next\""), &again, 1),
        case("unreadable", link("/v2/x; rel=\"next\""), &unreadable, 1),
        case("no advance", Behaviour::NeverAdvances, &flat, 2),
        case("empty pages", Behaviour::EmptyPages, &empty, 10),
        case("second page fails", Behaviour::SecondPage(400), &broken, 2),
        case(
            "cut, honestly",
            Behaviour::CutHonestly(100),
            "complete: ALL",
            3,
        )
        .tags(250),
        case(
            "cut at a thousand",
            Behaviour::CutHonestly(1000),
            "complete: ALL",
            2,
        )
        .tags(1000),
        case(
            "of a length that is no limit",
            Behaviour::Cut(500),
            "complete: ALL",
            1,
        )
        .tags(500),
        case("longer than asked", Behaviour::Healthy, "complete: ALL", 1)
            .tags(20_000)
            .within(10),
    ]));
}

#[test]
fn a_list_that_was_cut_is_said_to_be_incomplete() {
    for length in [50, 100, 200, 1000] {
        let (shown, count) = run(odd(Behaviour::NoLast(length), &versions(length + 50), 10));
        let reason =
            format!("(r.corp: the list ends at {length} without saying whether that is all)");
        assert!(
            shown.starts_with("incomplete: 1.0.0 ") && shown.ends_with(&reason),
            "{shown}"
        );
        assert_eq!(count, 3);
    }
}

#[test]
fn a_server_that_takes_no_page_size_does_not_cut() {
    for length in [50, 100, 200, 1000] {
        let (shown, count) = run(odd(Behaviour::Healthy, &versions(length), 10));
        assert!(shown.starts_with("complete: 1.0.0 "), "{length}: {shown}");
        // The list, what comes after it, and a shorter one.
        assert_eq!(count, 3, "{length}");
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
    scene.access.first_answer_wait = Duration::from_millis(10);
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
    assert!(server.max_at_once() <= 16, "{}", server.max_at_once());
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
