//! Pipelines of the account, through the API.

use std::collections::BTreeMap;

use super::*;
use harness_images::harness::pipelines::{InputImages, PipelineText, PipelinesRead};
use harness_images::model::policy::Pattern;
use harness_images::settings::{PipelinePattern, PipelinesSetting};
use support::harness_server::{CacheMiss, Pipeline, Pipelines};

/// What was read, by `org/project/pipeline` or `org/project/pipeline#input_set`: written, resolved,
/// and the address for people.
type Texts = BTreeMap<String, (String, Option<String>, String)>;

fn setting(entries: &[&str]) -> PipelinesSetting {
    if entries == ["account"] {
        return PipelinesSetting::Account;
    }
    let entries = entries.iter().map(|entry| {
        let mut parts = entry.split('/').map(Pattern::new);
        PipelinePattern {
            org: parts.next().unwrap(),
            project: parts.next().unwrap(),
            pipeline: parts.next(),
        }
    });
    PipelinesSetting::Patterns(entries.collect())
}

fn read_with(
    server: &HarnessServer,
    entries: &[&str],
    key: &str,
    per_minute: u32,
    seconds: u64,
) -> (PipelinesRead, Texts) {
    let access = access(server, HarnessCredential::ApiKey(key.into()));
    let mut texts = Texts::new();
    let read = run(async {
        let http = http(seconds.max(20));
        let harness = Harness::new(&http, &access).requests_per_minute(per_minute);
        let end = Instant::now() + Duration::from_secs(seconds);
        let hand_on = |text: PipelineText<'_>| {
            let name = match text.input_set {
                Some(set) => format!("{}#{set}", text.id),
                None => text.id.to_string(),
            };
            let of = (
                text.written.to_owned(),
                text.resolved.map(str::to_owned),
                text.url.to_string(),
            );
            assert!(texts.insert(name, of).is_none(), "read twice: {}", text.id);
            if text.written.contains("image: <+input>") {
                InputImages::Some
            } else {
                InputImages::None
            }
        };
        harness.pipelines(&setting(entries), end, hand_on).await
    });
    (read, texts)
}

fn read(server: &HarnessServer, entries: &[&str]) -> (PipelinesRead, Texts) {
    read_with(server, entries, KEY, 10_000, 20)
}

fn codes(read: &PipelinesRead) -> Vec<&'static str> {
    let notices = read.notices.iter();
    notices.map(|notice| notice.code.as_str()).collect()
}

fn messages(read: &PipelinesRead) -> String {
    let messages: Vec<&str> = read.notices.iter().map(|n| n.message.as_str()).collect();
    messages.join("\n")
}

#[track_caller]
fn assert_says(read: &PipelinesRead, words: &str) {
    let messages = messages(read);
    assert!(messages.contains(words), "{words}: {messages}");
}

#[track_caller]
fn assert_silent(read: &PipelinesRead) {
    assert!(read.notices.is_empty(), "{}", messages(read));
}

fn account(pipelines: Pipelines, prefix: &str) -> HarnessServer {
    let server = HarnessServer::with(Options {
        prefix: prefix.to_owned(),
        ..Options::default()
    });
    server.change_pipelines(|all| *all = pipelines);
    server
}

#[test]
fn a_small_account_is_read_whole() {
    for (prefix, key) in [("", KEY), ("/harness", VIEWER_KEY)] {
        let server = account(Pipelines::small(), prefix);
        let (read, texts) = read_with(&server, &["account"], key, 300, 20);
        assert_eq!(read.error, None);
        let names: Vec<&str> = texts.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "default/shop/build",
                "default/shop/deploy",
                "default/shop/deploy#prod",
                "default/shop/lint",
                "platform/tools/scan",
            ]
        );
        let (written, resolved, url) = &texts["default/shop/lint"];
        assert!(written.contains("templateRef: account.lint") && !written.contains("drone-git"));
        assert!(resolved.as_ref().unwrap().contains("drone-git"));
        assert_eq!(
            *url,
            format!(
                "{}/ng/account/{ACCOUNT}/all/orgs/default/projects/shop/pipelines/lint/pipeline-studio",
                server.url()
            )
        );
        assert!(
            texts["default/shop/deploy#prod"]
                .0
                .contains("plugins/kubernetes")
        );
        assert_eq!((read.counts.projects, read.counts.pipelines_read), (2, 4));
        assert_eq!(
            (read.counts.input_sets, read.counts.input_sets_unread),
            (1, 0)
        );
        assert!(!read.counts.is_incomplete());
        // The one from the cache is said to be so, with its age.
        assert_eq!(codes(&read), ["pipeline-cached"]);
        assert_says(
            &read,
            "the oldest copy is of 2025-11-20 09:00 UTC (platform/tools/scan)",
        );

        let lists: Vec<Logged> = server
            .log()
            .into_iter()
            .filter(|got| got.method == "POST" || got.path.ends_with("/projects"))
            .collect();
        let lines: Vec<String> = lists.iter().map(Logged::line).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!(lists[0].query("pageSize"), Some("100"));
        assert_eq!(lists[1].query("size"), Some("200"));
        assert_eq!(lists[1].query("sort"), Some("identifier,ASC"));
        assert_eq!(lists[1].text(), r#"{"filterType":"PipelineSetup"}"#);
        for got in server.log() {
            assert_eq!(got.query("accountIdentifier"), Some(ACCOUNT));
            assert_eq!(got.header("x-api-key"), Some(key));
        }
    }
}

#[test]
fn many_pages_are_read_and_nothing_twice() {
    let server = HarnessServer::start();
    server.change_pipelines(|all| {
        for project in 0..130 {
            all.project(&format!("o{}/p{project}", project % 3));
        }
        for number in 0..450 {
            all.add(&format!("o0/p0/n{number}"), Pipeline::new("pipeline: {}"));
        }
    });
    let (read, texts) = read(&server, &["account"]);
    assert_eq!((read.counts.projects, texts.len()), (130, 450));
    assert_silent(&read);
    // Two pages of projects, three of the one project's pipelines, one of each other's.
    assert_eq!(server.log().len(), 2 + 3 + 129 + 450);
}

#[test]
fn only_what_is_selected_is_asked_for() {
    let server = account(Pipelines::small(), "");
    // Entries, what is read, and how many requests that takes.
    let cases: [(&[&str], &[&str], usize); 5] = [
        (&["default/shop/build"], &["default/shop/build"], 1),
        (&["platform/tools"], &["platform/tools/scan"], 2),
        (&["*/shop/l*"], &["default/shop/lint"], 3),
        (&["none/*"], &[], 1),
        (&["default/shop/none"], &[], 2),
    ];
    for (entries, expected, requests) in cases {
        server.forget_log();
        let (read, texts) = read(&server, entries);
        let names: Vec<&str> = texts.keys().map(String::as_str).collect();
        assert_eq!(names, expected, "{entries:?}");
        assert_eq!(server.log().len(), requests, "{entries:?}");
        assert_eq!(read.error, None);
    }
    let (read, _) = read(&server, &["default/shop/none"]);
    assert_eq!(codes(&read), ["pipeline-unreadable"]);
    assert_says(&read, "reading the pipeline default/shop/none");
}

#[test]
fn remote_pipelines_come_from_the_cache_and_only_else_from_git() {
    let newer = "pipeline: {name: newer}";
    let copy = "pipeline: {name: copy}";
    // The copy, what happens without one, what is read, requests, and the note's text.
    let cases = [
        (
            Some((1_700_000_000_000, "VALID_CACHE")),
            CacheMiss::ReadsGit,
            copy,
            1,
            Some("2023-11-14 22:13 UTC"),
        ),
        (
            Some((1_700_000_000_000, "STALE_CACHE")),
            CacheMiss::ReadsGit,
            copy,
            1,
            Some("outdated"),
        ),
        (None, CacheMiss::ReadsGit, newer, 1, None),
        (None, CacheMiss::NoYaml, newer, 2, None),
        (None, CacheMiss::Status(404), newer, 2, None),
        (None, CacheMiss::Status(400), newer, 2, None),
    ];
    for (cache, miss, expected, requests, note) in cases {
        let server = HarnessServer::start();
        let mut pipeline = Pipeline::new(copy).remote(cache, miss);
        pipeline.remote.as_mut().unwrap().newer = Some(newer.to_owned());
        server.change_pipelines(|all| all.add("o/p/x", pipeline));
        let (read, texts) = read(&server, &["o/p"]);
        assert_eq!(texts["o/p/x"].0, expected, "{miss:?}");
        let gets: Vec<Logged> = server
            .log()
            .into_iter()
            .filter(|got| got.method == "GET")
            .collect();
        let headers: Vec<Option<&str>> = gets
            .iter()
            .map(|got| got.header("load-from-cache"))
            .collect();
        assert_eq!(headers, [Some("true"), None][..requests], "{miss:?}");
        match note {
            Some(note) => assert_says(&read, note),
            None => assert_silent(&read),
        }
    }
    // What is not in Git needs no cache.
    let server = HarnessServer::start();
    server.change_pipelines(|all| all.add("o/p/x", Pipeline::new(copy)));
    read(&server, &["o/p"]);
    assert_eq!(server.log()[1].header("load-from-cache"), None);
}

#[test]
fn what_cannot_be_resolved_is_read_as_written_and_said() {
    let template = "pipeline: {stages: [{stage: {template: {templateRef: gone}}}]}";
    let plain = "pipeline: {name: x}";
    // The pipeline, whether the resolved text is used, and what is said.
    let cases = [
        (Pipeline::new(plain), true, None),
        (Pipeline::new(plain).resolved(None), false, None),
        (
            Pipeline::new(template).resolved(None),
            false,
            Some("could not be resolved"),
        ),
        (
            Pipeline::new(template).invalid(),
            false,
            Some("is invalid, says Harness"),
        ),
        (
            Pipeline::new(template)
                .invalid()
                .remote(None, CacheMiss::ReadsGit),
            false,
            Some("(https://git.example/acme/shop/blob/main/.harness/build.yaml) is invalid"),
        ),
    ];
    for (pipeline, is_resolved, said) in cases {
        let server = HarnessServer::start();
        let written = pipeline.written.clone();
        server.change_pipelines(|all| all.add("o/p/x", pipeline));
        let (read, texts) = read(&server, &["o/p"]);
        assert_eq!(texts["o/p/x"].0, written);
        assert_eq!(texts["o/p/x"].1.is_some(), is_resolved, "{written}");
        assert_eq!(read.counts.pipelines_read, 1);
        match said {
            Some(said) => {
                assert_eq!(codes(&read), ["pipeline-unreadable"]);
                assert_says(&read, said);
            }
            None => assert_silent(&read),
        }
    }
    let server = HarnessServer::start();
    server.change_pipelines(|all| all.add("o/p/x", Pipeline::new(template).resolved(None)));
    let (read, _) = read(&server, &["o/p"]);
    assert_says(&read, "Templates: view");
}

#[test]
fn a_project_that_may_not_be_read_is_a_warning_and_the_rest_is_read() {
    let server = account(Pipelines::small(), "");
    server.change_pipelines(|all| all.deny("default/shop"));
    let (read, texts) = read(&server, &["account"]);
    assert_eq!(texts.len(), 1);
    assert_eq!(read.error, None);
    assert_eq!(codes(&read), ["project-unreadable", "pipeline-cached"]);
    for part in [
        "default/shop",
        "core_pipeline_view",
        "Pipelines: view",
        "403",
    ] {
        assert_says(&read, part);
    }

    // Without a list of projects nothing can be read.
    server.fail_always(Call::Projects, Fault::Status(403));
    let (read, _) = super::pipelines::read(&server, &["account"]);
    assert!(read.error.unwrap().contains("Projects: view"));
    let (read, texts) = super::pipelines::read(&server, &["platform/tools"]);
    assert_eq!((read.error, texts.len()), (None, 1));

    // A key that is not accepted is one error, not one for each pipeline.
    let (read, _) = read_with(
        &server,
        &["platform/tools", "default/shop"],
        OTHER_KEY,
        300,
        20,
    );
    assert!(read.error.unwrap().contains("does not accept `api_key`"));
    assert!(read.notices.is_empty());
}

#[test]
fn too_many_requests_are_waited_for_without_retry_after() {
    let server = HarnessServer::with(Options {
        rate: Some((8, Duration::from_secs(1))),
        ..Options::default()
    });
    server.change_pipelines(|all| {
        for number in 0..20 {
            all.add(&format!("o/p/n{number}"), Pipeline::new("pipeline: {}"));
        }
    });
    let started = std::time::Instant::now();
    let (read, texts) = read_with(&server, &["account"], KEY, 10_000, 60);
    assert_eq!(texts.len(), 20, "{}", messages(&read));
    assert_silent(&read);
    assert!(started.elapsed() >= Duration::from_secs(2));
    // A list is read again too, although it is a POST.
    server.change_options(|options| options.rate = None);
    server.fail_next(Call::Pipelines, Fault::Status(429));
    server.fail_nth(Call::Pipelines, 2, Fault::Cut);
    let (read, texts) = super::pipelines::read(&server, &["o/p"]);
    assert_eq!((texts.len(), read.notices.len()), (20, 0));
}

#[test]
fn what_could_not_be_read_in_time_is_counted() {
    let pipelines = || {
        let mut all = Pipelines::default();
        for number in 0..40 {
            all.add(&format!("o/p/n{number:02}"), Pipeline::new("pipeline: {}"));
        }
        all
    };
    // The rate allows 12 calls in the time that there is: two lists, ten pipelines. It is not waited
    // for a turn that comes too late.
    let server = account(pipelines(), "");
    let started = std::time::Instant::now();
    let (read, texts) = read_with(&server, &["account"], KEY, 12, 30);
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!((texts.len(), server.log().len()), (10, 12));
    assert_eq!(codes(&read), ["pipelines-incomplete"]);
    assert!(
        messages(&read).starts_with("30 of 40 pipelines were not read in time"),
        "{}",
        messages(&read)
    );

    // A server that hangs, and one that is too busy all the time.
    for fault in [Fault::Hang, Fault::Status(429)] {
        let server = account(pipelines(), "");
        server.fail_always(Call::Pipeline, fault);
        let started = std::time::Instant::now();
        let (read, texts) = read_with(&server, &["account"], KEY, 10_000, 3);
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!((texts.len(), read.error.clone()), (0, None));
        assert_eq!(codes(&read), ["pipelines-incomplete"]);
        assert_eq!(read.counts.pipelines_unread, 40);
    }
    let server = account(pipelines(), "");
    server.fail_always(Call::Projects, Fault::Hang);
    let (read, _) = read_with(&server, &["account"], KEY, 10_000, 2);
    assert!(read.counts.is_account_unlisted);
    assert_eq!(codes(&read), ["pipelines-incomplete"]);
}

#[test]
fn hostile_answers_choose_nothing() {
    let list = |content: &str| {
        json(
            200,
            &format!(r#"{{"status":"SUCCESS","data":{{"content":{content},"totalPages":9}}}}"#),
        )
    };
    let names = r#"[{"identifier":"../../ng/api/projects"},{"identifier":"a%2Fb"},{"identifier":".."},
        {"identifier":"x\ny"},{"identifier":"\u202ex"},{"identifier":7},{"identifier":null},{},[],"x",
        {"identifier":"https://evil.example/"},{"identifier":"ok","storeType":["REMOTE"]}]"#;
    let server = HarnessServer::start();
    server.change_pipelines(|all| all.add("o/p/ok", Pipeline::new("pipeline: {}")));
    server.fail_always(Call::Pipelines, list(names));
    let (read, texts) = read(&server, &["account"]);
    assert_eq!(texts.keys().collect::<Vec<_>>(), ["o/p/ok"]);
    // The page comes again and again, and ends the list the second time.
    assert_eq!(read.counts.left_out, 22);
    assert_eq!(codes(&read), ["pipelines-incomplete"]);
    let paths: Vec<String> = server.log().iter().map(Logged::line).collect();
    let asked = "GET /gateway/pipeline/api/pipelines/ok".to_owned();
    assert_eq!(
        paths
            .iter()
            .filter(|path| path.contains("pipelines/ok"))
            .collect::<Vec<_>>(),
        [&asked]
    );
    assert_eq!(server.log().len(), 4, "{paths:?}");

    // Wrong types are failures of that call alone.
    let ok = |data: &str| json(200, &format!(r#"{{"status":"SUCCESS","data":{data}}}"#));
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for data in [
        "[]",
        "7",
        "null",
        r#"{"content":{}}"#,
        r#"{"content":"x"}"#,
        "{}",
        &deep,
    ] {
        server.recover();
        server.fail_always(Call::Pipelines, ok(data));
        let (read, texts) = super::pipelines::read(&server, &["account"]);
        assert_eq!((texts.len(), read.error.clone()), (0, None), "{read:?}");
        assert_eq!(codes(&read), ["project-unreadable"], "{read:?}");
    }
    for data in [
        "[]",
        "null",
        r#"{"yamlPipeline":7}"#,
        r#"{"yamlPipeline":""}"#,
        "{}",
    ] {
        server.recover();
        server.fail_always(Call::Pipeline, ok(data));
        let (read, texts) = super::pipelines::read(&server, &["account"]);
        assert_eq!(
            (texts.len(), codes(&read)),
            (0, vec!["pipeline-unreadable"]),
            "{data}"
        );
    }
    let odd = r#"{"yamlPipeline":"pipeline: {}","resolvedTemplatesPipelineYaml":[1],"cacheResponse":{"lastUpdatedAt":-9e99,
        "cacheState":8},"gitDetails":{"fileUrl":"javascript:alert(1)"},"entityValidityDetails":{"valid":"no"}}"#;
    server.recover();
    server.fail_always(Call::Pipeline, ok(odd));
    let (read, texts) = super::pipelines::read(&server, &["account"]);
    assert_eq!(texts.len(), 1);
    assert_says(&read, "how old the copies are is not known");
    // An address of a file that is none is not shown.
    for address in [
        "javascript:alert(1)",
        "https://u:p@git.example/x",
        "file:///etc/passwd",
        "x",
    ] {
        server.recover();
        let odd = format!(
            r#"{{"yamlPipeline":"pipeline: {{}}","gitDetails":{{"fileUrl":"{address}"}},"entityValidityDetails":{{"valid":false}}}}"#
        );
        server.fail_always(Call::Pipeline, ok(&odd));
        let (read, _) = super::pipelines::read(&server, &["account"]);
        assert!(
            messages(&read).starts_with("the pipeline o/p/ok is invalid"),
            "{read:?}"
        );
    }
}
