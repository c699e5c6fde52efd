//! Steps that look for images in pipelines of the account.

use support::harness_server::{
    Call, Fault, HarnessServer, KEY, Options, Pipeline, Pipelines, VIEWER_KEY,
};
use support::step::{Ran, Step, shown};

fn server(pipelines: Pipelines) -> HarnessServer {
    let server = HarnessServer::start();
    server.change_pipelines(|all| *all = pipelines);
    server
}

fn step(server: &HarnessServer, key: &str) -> Step {
    Step::on_server(&server.url(), key)
        .set("modules", "none")
        .set("pipelines", "account")
}

/// Rows as `field image`, in the order of the fields.
fn rows(ran: &Ran) -> Vec<String> {
    let mut found = ran.rows();
    found.retain(|row| row["module"] == "pipeline");
    let mut rows = shown(&found, &["field", "image"]);
    rows.sort();
    rows
}

#[test]
fn images_of_steps_templates_and_input_sets_are_found_with_their_places() {
    let server = server(Pipelines::small());
    let ran = step(&server, VIEWER_KEY).run().ends(0);
    assert_eq!(
        rows(&ran),
        [
            "default/shop/build:10 plugins/kaniko:1.6.0",
            "default/shop/deploy/prod:13 plugins/kubernetes:1.0.1",
            "default/shop/lint harness/drone-git:1.0.9-rootless",
            "platform/tools/scan:10 plugins/slack:1.4.1",
        ]
    );
    let rows = ran.rows();
    let row = |field: &str| rows.iter().find(|row| row["field"] == field).unwrap();
    let lint = row("default/shop/lint");
    assert_eq!(lint["source"], "pipeline");
    let text = |key: &str| lint["location"][key].as_str().unwrap();
    assert!(text("template").starts_with("account.lint"), "{lint}");
    let end = "/pipelines/lint/pipeline-studio";
    assert!(text("url").ends_with(end), "{lint}");
    let location = &row("default/shop/deploy/prod:13")["location"];
    assert_eq!(
        (&location["pipeline"], &location["input_set"]),
        (&"deploy".into(), &"prod".into())
    );
    for code in ["pipeline-cached", "not-literal"] {
        assert!(!ran.messages(code).is_empty(), "{code}");
    }
}

#[test]
fn a_snapshot_holds_what_was_found_and_is_judged_alike() {
    let server = server(Pipelines::small());
    let live = step(&server, KEY).set("record", "facts.json").run().ends(0);
    let again = Step::on_snapshot(&live.json("facts.json"))
        .set("modules", "none")
        .set("pipelines", "account")
        .run()
        .ends(0);
    assert_eq!(rows(&again), rows(&live));
    assert_eq!(again.verdicts(), live.verdicts());
}

#[test]
fn an_entry_that_matches_no_pipeline_is_a_warning() {
    let server = server(Pipelines::small());
    let ran = step(&server, VIEWER_KEY)
        .set(
            "pipelines",
            "default/shop/b*,default/shop/nope*,x/*,*/shop,platform/tools/scan",
        )
        .run()
        .ends(0);
    assert_eq!(
        ran.messages("no-match"),
        [
            "`default/shop/nope*` in `pipelines` matches no pipeline that the key may see",
            "`x/*` in `pipelines` matches no pipeline that the key may see",
        ]
    );

    // What could not be read has a warning of its own, which comes first.
    server.change_pipelines(|all| all.deny("default/shop"));
    let ran = step(&server, KEY)
        .set("pipelines", "default/shop")
        .run()
        .ends(0);
    assert!(ran.messages("no-match").is_empty());
    let next = "\nNext: Fix what the warning `project-unreadable` names";
    ran.prints(next);
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_judged() {
    let server = server(Pipelines::small());
    server.change_pipelines(|all| all.deny("default/shop"));
    let ran = step(&server, KEY).run().ends(0);
    assert_eq!(rows(&ran), ["platform/tools/scan:10 plugins/slack:1.4.1"]);
    ran.has_warning("project-unreadable");
    ran.has_warning("Pipelines: view");

    // Nothing is read at all: the API failing is exit status 1.
    server.fail_always(Call::Projects, Fault::Status(403));
    let ran = step(&server, KEY).run().ends(1);
    ran.has_error("Projects: view");
    server.recover();

    // The rate leaves time for the lists and a few pipelines; the report comes in time all the same.
    server.change_pipelines(|all| {
        for number in 0..30 {
            all.add(
                &format!("platform/tools/n{number}"),
                Pipeline::running("plugins/slack:1.4.1"),
            );
        }
    });
    let started = std::time::Instant::now();
    let ran = step(&server, KEY)
        .set("requests_per_minute", "10")
        .set("timeout", "20")
        .run()
        .ends(0);
    assert!(started.elapsed().as_secs() < 20);
    assert!(!rows(&ran).is_empty());
    ran.has_warning("pipelines-incomplete");
    ran.has_warning("of 31 pipelines were not read in time");
}

#[test]
fn memory_does_not_grow_with_the_texts_of_pipelines() {
    const LIMIT: u64 = 64 << 20;
    let server = HarnessServer::start();
    // All texts together, written and resolved, are larger than what the step may hold.
    let script = "              # a line of a script that does something\n".repeat(4_000);
    server.change_pipelines(|all| {
        for number in 0..200 {
            let mut pipeline = Pipeline::running("plugins/kaniko:1.6.0");
            pipeline.written.push_str(&script);
            pipeline.resolved = Some(pipeline.written.clone());
            all.add(&format!("o/p{}/n{number}", number % 10), pipeline);
        }
    });
    let (ran, peak) = step(&server, KEY)
        .set("requests_per_minute", "100000")
        .set("timeout", "300")
        .set("log_level", "error")
        .start()
        .end_with_peak();
    let ran = ran.ends(0);
    assert_eq!(rows(&ran).len(), 200);
    eprintln!("peak: {} MiB", peak >> 20);
    assert!(peak > 0 && peak < LIMIT, "{} MiB", peak >> 20);
    // One page of projects, a page of pipelines for each, and each pipeline once.
    assert_eq!(server.log().len(), 1 + 10 + 200);
}

/// Ten thousand pipelines, one in ten with an image that is due: the rows are kept, the texts not.
#[test]
fn ten_thousand_pipelines_fit_into_64_mebibytes() {
    const LIMIT: u64 = 64 << 20;
    let server = HarnessServer::start();
    server.change_pipelines(|all| {
        for number in 0..10_000 {
            let image = match number % 10 {
                0 => "harness/ci-addon:1.12.0".to_owned(),
                _ => format!("plugins/kaniko:1.{}.0", number % 50),
            };
            all.add(
                &format!("o/p{}/n{number}", number % 20),
                Pipeline::running(&image),
            );
        }
    });
    let (ran, peak) = step(&server, KEY)
        .set("modules", "ci")
        .set("requests_per_minute", "100000")
        .set("timeout", "600")
        .set(
            "reports",
            "report.json,report.xml,report.sarif,report.md,report.html",
        )
        .set("log_level", "error")
        .start()
        .end_with_peak();
    assert_eq!(rows(&ran.ends(0)).len(), 10_000);
    eprintln!("peak: {} MiB", peak >> 20);
    assert!(peak > 0 && peak < LIMIT, "{} MiB", peak >> 20);
}

#[test]
fn a_first_run_says_once_at_the_end_what_it_could_not_see() {
    let server = HarnessServer::with(Options {
        connector: Some((
            403,
            r#"{"status":"ERROR","code":"NG_ACCESS_DENIED","message":"no"}"#.to_owned(),
        )),
        ..Options::default()
    });
    // A proxy that nobody listens at stands between the step and every registry.
    let ran = Step::new()
        .secret("api_key", VIEWER_KEY)
        .set("endpoint", &server.url())
        .env("https_proxy", "http://127.0.0.1:9")
        .env("no_proxy", "127.0.0.1")
        .set("timeout", "20")
        .run()
        .ends(0);
    assert_eq!(ran.warnings().last().map(String::as_str), Some("not-seen"));
    let messages = ran.messages("not-seen");
    let [message] = messages.as_slice() else {
        panic!("{messages:?}");
    };
    for part in [
        "Connectors: view",
        "`registry`",
        "repositories at docker.io",
        "`enable_proxy`",
        "`pipelines: account`",
        "`core_project_view`, Projects: view",
        "Pipelines: view",
        "Templates: view",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    // Whoever says where to look needs no such hint.
    let ran = Step::on_server(&server.url(), KEY).run().ends(0);
    assert!(ran.messages("not-seen").is_empty());
}

#[test]
fn an_invalid_pipeline_is_one_warning_and_warnings_have_one_order() {
    let server = HarnessServer::start();
    server.change_pipelines(|all| {
        for number in 0..30 {
            let broken = Pipeline::new("pipeline: [1\n").resolved(None).invalid();
            all.add(&format!("o/p/broken{number:02}"), broken);
            let invalid = Pipeline::running("plugins/kaniko:1.6.0").invalid();
            all.add(&format!("o/p/invalid{number:02}"), invalid);
            let unknown = Pipeline::running("<+input>");
            all.add(&format!("o/q/unknown{number:02}"), unknown);
        }
    });
    let messages = || {
        let report = step(&server, KEY).run().ends(0).report();
        shown(report["warnings"].as_array().unwrap(), &["message"])
    };
    let first = messages();
    for (text, count) in [
        ("o/p/broken07", 1),
        ("o/p/invalid07", 1),
        ("broken", 20),
        ("10 more pipelines are no YAML", 1),
        (
            ": o/q/unknown00:10, o/q/unknown01:10, o/q/unknown02:10, o/q/unknown03:10, o/q/unknown04:10 and 25 more",
            1,
        ),
    ] {
        let about = first.iter().filter(|message| message.contains(text));
        assert_eq!(about.count(), count, "{text}: {first:#?}");
    }
    for _ in 0..3 {
        assert_eq!(messages(), first);
    }
}
