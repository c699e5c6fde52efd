//! Images in files and pipelines, and where each format says that they stand.

use harness_images::model::location::Location;
use harness_images::model::module::Module;
use harness_images::model::verdict::Verdict;
use harness_images::model::warning::Warning;
use harness_images::report::{
    Report, html, json, junit, markdown, next_step, outputs, sarif, table,
};
use serde_json::{Value, json};

use super::{fingerprints, output, results};
use support::sample;

#[test]
fn people_read_places_grouped() {
    let report = sample::places();
    insta::assert_snapshot!("table-places", table(&report));
    insta::assert_snapshot!("markdown-places", markdown(&report));
}

#[test]
fn names_in_the_table_can_be_copied_and_bad_images_are_grouped() {
    let file =
        ".harness/orgs/default/projects/shop/pipelines/a-rather-long-folder/build-and-deploy.yaml";
    let image = "us-docker.pkg.dev/gar-prod-setup/harness-public/plugins/kaniko:1.6.0";
    let mut rows = vec![
        sample::in_file(file, 3, 1, image, Verdict::Unsupported),
        sample::in_file("a.yml", 4, 1, "plugins/s3:1.0.0", Verdict::Overdue),
    ];
    let pods = (1..=2_000).map(|line| {
        sample::in_file(
            "pods.yml",
            line,
            5,
            "plugins/kaniko:1.6.0",
            Verdict::Unsupported,
        )
    });
    rows.extend(pods);
    let report = sample::report(rows, &[]);
    let text = table(&report);
    for name in [format!("{file}:3"), image.to_owned()] {
        assert!(
            text.lines().any(|line| line.trim() == name),
            "{name}\n{text}"
        );
    }
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() < 30, "{text}");
    assert!(text.contains("\npods.yml:10\n… and 1990 more\n"), "{text}");
    // Every image has its advice, however many places another has.
    assert_eq!(
        text.matches("use `plugins/kaniko:1.11.1`").count(),
        3,
        "{text}"
    );
}

#[test]
fn the_page_shows_documents_and_follows_only_web_addresses() {
    let page = html(&sample::places()).replace("<wbr>", "");
    for part in [
        "<h3>.drone.yml</h3>",
        "<span class=\"at\">lines 9 and 30</span>",
        ", used in 12 places",
        "<a href=\"https://app.harness.io/ng/account/acme/all/orgs/default/projects/shop/pipelines/deploy\" rel=\"noreferrer\">",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("javascript:"));
}

#[test]
fn sarif_points_at_the_first_character() {
    let results = results(&sample::places());
    let place = |at: usize| &results[at]["locations"][0];
    assert_eq!(
        place(0)["physicalLocation"],
        json!({
            "artifactLocation": {"uri": ".drone.yml", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 9, "startColumn": 10},
        })
    );
    let deploy = results
        .iter()
        .find(|result| result["hostedViewerUri"].is_string());
    let deploy = deploy.unwrap();
    assert_eq!(
        deploy["locations"][0],
        json!({
            "physicalLocation": {
                "artifactLocation": {"uri": "harness/pipelines/default/shop/deploy"},
                "region": {"startLine": 1},
            },
            "logicalLocations": [
                {"name": "deploy", "fullyQualifiedName": "default/shop/deploy", "kind": "resource"},
                {"name": "org.build", "fullyQualifiedName": "template org.build", "kind": "resource"},
            ],
        })
    );
    let viewers = results
        .iter()
        .filter(|result| result["hostedViewerUri"].is_string());
    assert_eq!(viewers.count(), 1, "what is no web address is left out");
}

#[test]
fn fingerprints_survive_moved_lines_and_tell_equal_images_apart() {
    let before = sample::places();
    let mut after = before.clone();
    for row in &mut after.images {
        if let Some(Location::File(at)) = &mut row.location {
            at.line += 40;
            at.column += 2;
            row.field = row.location.as_ref().unwrap().to_string();
        }
    }
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn junit_names_file_and_line() {
    let xml = junit(&sample::places());
    let document = roxmltree::Document::parse(&xml).unwrap();
    let cases: Vec<(&str, Option<&str>, Option<&str>)> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .map(|node| {
            let of = |name| node.attribute(name);
            (of("classname").unwrap(), of("file"), of("line"))
        })
        .collect();
    assert_eq!(cases[3], ("file", Some(".harness/a b.yaml"), Some("7")));
    assert_eq!(cases[4], ("pipeline", None, None));
}

#[test]
fn outputs_name_the_worst_ten_places() {
    let report = sample::places();
    let places = output(&report, "PLACES");
    let places: Vec<&str> = places.split(',').collect();
    assert_eq!(places.len(), 10);
    assert_eq!(
        places[..3],
        [
            ".drone.yml:9",
            ".drone.yml:30",
            ".harness/service-01.yaml:12"
        ]
    );
    assert_eq!(output(&sample::acme(), "PLACES"), "");
    let mut lacking = sample::report(
        vec![sample::in_file(
            "a.yml",
            1,
            1,
            "plugins/kaniko:1.11.1",
            Verdict::Current,
        )],
        &[],
    );
    assert_eq!(output(&lacking, "PLACES"), "");
    lacking.images[0].missing = true;
    assert_eq!(output(&lacking, "PLACES"), "a.yml:1");
}

#[test]
fn places_are_grouped_by_document_then_by_image() {
    let old = "plugins/kaniko:1.6.0";
    let mut rows = vec![
        sample::in_file("d.yml", 3, 10, "plugins/s3:1.0.0", Verdict::Overdue),
        sample::in_file("d.yml", 4, 10, old, Verdict::Unsupported),
        sample::in_file("d.yml", 5, 10, old, Verdict::Unsupported),
        sample::in_file("d.yml", 9, 10, old, Verdict::Unsupported),
        sample::in_file("d.yml", 9, 40, old, Verdict::Unsupported),
    ];
    rows[3].field = "d.yml:9:10".to_owned();
    rows[4].field = "d.yml:9:40".to_owned();
    let report = sample::report(rows, &[]);
    let text = markdown(&report);
    let line = format!(
        "\n- `d.yml`: `{old}` unsupported, lines 4, 5, 9:10 and 9:40; `plugins/s3:1.0.0` overdue, line 3\n"
    );
    assert!(text.contains(&line), "{text}");
    let page = html(&report).replace("<wbr>", "");
    let item = format!("<code>{old}</code> <span class=\"at\">lines 4, 5, 9:10 and 9:40</span>");
    assert_eq!(page.matches(&item).count(), 1, "{page}");
}

#[test]
fn every_form_names_the_template_that_brings_an_image() {
    let report = sample::places();
    let named = "default/shop/deploy (org.build)";
    for (format, text) in [
        ("table", table(&report)),
        ("junit", junit(&report)),
        ("sarif", sarif(&report).unwrap()),
        ("page", html(&report).replace("<wbr>", "")),
    ] {
        assert!(text.contains(named), "{format}: {text}");
    }
    let text = markdown(&report);
    assert!(text.contains("overdue, template org.build\n"), "{text}");
}

#[test]
fn junit_names_stay_when_lines_move_and_tags_change() {
    let names = |report: &Report| -> Vec<String> {
        let xml = junit(report);
        let document = roxmltree::Document::parse(&xml).unwrap();
        let cases = document.descendants();
        let cases = cases.filter(|node| node.has_tag_name("testcase"));
        let mut names: Vec<String> = cases
            .map(|case| case.attribute("name").unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let before = sample::places();
    let mut after = before.clone();
    for row in &mut after.images {
        if let Some(Location::File(at)) = &mut row.location {
            at.line += 40;
        }
        row.field = row.location.as_ref().unwrap().to_string();
        row.image = format!("{}9", row.image);
    }
    let known = names(&before);
    assert_eq!(known, names(&after));
    assert_eq!(
        known[..3],
        [
            ".drone.yml plugins/kaniko",
            ".drone.yml plugins/kaniko (2)",
            ".drone.yml plugins/kaniko (3)",
        ]
    );
    let mut different = known.clone();
    different.dedup();
    assert_eq!(different.len(), known.len());
}

#[test]
fn warnings_about_a_place_point_at_its_first_character() {
    let mut report = sample::places();
    let about = |module, field: &str| Warning {
        module: Some(module),
        infra: None,
        ..sample::warning("missing-image", Some(field), "is missing")
    };
    report.warnings = vec![
        about(Module::File, ".drone.yml:30"),
        about(Module::File, "gone.yml:3"),
        about(Module::Pipeline, "default/shop/nightly:4"),
        sample::warning("not-literal", None, "2 images are expressions"),
    ];
    let results = results(&report);
    let places: Vec<Value> = results[results.len() - 4..]
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            json!([
                place["artifactLocation"]["uri"],
                place["region"]["startLine"],
                place["region"]["startColumn"]
            ])
        })
        .collect();
    assert_eq!(
        places,
        [
            json!([".drone.yml", 30, 10]),
            json!(["gone.yml", 3, 1]),
            json!(["harness/pipelines/default/shop/nightly", 4, 16]),
            json!(["harness", 1, null]),
        ]
    );
}

#[test]
fn the_next_step_knows_the_patch_that_was_made() {
    // verdict, patch, its file, what is next
    let cases = [
        (
            Verdict::Unsupported,
            None,
            None,
            "A report that ends in `.patch` moves the unsupported images of files",
        ),
        (
            Verdict::Unsupported,
            Some("diff"),
            Some("out/fix.patch"),
            "`git apply out/fix.patch` moves the unsupported images",
        ),
        (
            Verdict::Overdue,
            Some("diff"),
            Some("fix `x`.patch"),
            "`git apply` with the patch moves the overdue images",
        ),
        (
            Verdict::Unsupported,
            Some(""),
            Some("fix.patch"),
            "The patch moves none of the unsupported images of files: the warnings `patch-left-out` say why.",
        ),
    ];
    for (verdict, patch, file, expected) in cases {
        let row = sample::in_file("a.yml", 1, 1, "plugins/kaniko:1.6.0", verdict);
        let mut report = sample::report(vec![row], &[]);
        report.patch = patch.map(str::to_owned);
        report.patch_file = file.map(str::to_owned);
        let next = next_step(&report);
        assert!(next.starts_with(expected), "{next}");
    }
}

#[test]
fn an_image_that_no_registry_could_tell_about_leads_to_the_warning() {
    for (code, expected) in [
        (None, "Let the step read a registry"),
        (
            Some("registry-unavailable"),
            "Fix what the warning `registry-unavailable` names",
        ),
        (
            Some("registry-unresolved"),
            "Fix what the warning `registry-unresolved` names",
        ),
        (Some("hotfix-available"), "Let the step read a registry"),
    ] {
        let row = sample::in_file("a.yml", 1, 1, "plugins/kaniko:1.6.0", Verdict::Unverified);
        let mut report = sample::report(vec![row], &[]);
        report.warnings = code
            .into_iter()
            .map(|code| sample::warning(code, None, "403"))
            .collect();
        let next = next_step(&report);
        assert!(next.starts_with(expected), "{next}");
    }
}

#[test]
fn places_in_outputs_keep_their_letters() {
    let mut row = sample::in_file(
        "a b/ü,#%$'.yml",
        3,
        1,
        "plugins/kaniko:1.6.0",
        Verdict::Unsupported,
    );
    row.verdict = Verdict::Unsupported;
    let report = sample::report(vec![row], &[]);
    assert_eq!(output(&report, "PLACES"), "a b/ü__%__.yml:3");
}

#[test]
fn json_holds_the_location() {
    let report: Value = serde_json::from_str(&json(&sample::places()).unwrap()).unwrap();
    assert_eq!(
        report["images"][0]["location"],
        json!({"file": ".drone.yml", "line": 3, "column": 10})
    );
    assert_eq!(report["images"][4]["location"]["pipeline"], "deploy");
    assert!(report.get("patch").is_none());
}

#[test]
fn twenty_six_thousand_places_stay_within_bounds() {
    let rows = (0..26_000).map(|number| {
        let file = format!("folder-{}/file-{}.yaml", number % 7, number % 900);
        let image = format!("plugins/kaniko:1.{}.0", number % 300);
        sample::in_file(&file, number / 900 + 1, 5, &image, Verdict::Unsupported)
    });
    let report = sample::report(rows.collect(), &[]);
    assert!(table(&report).lines().count() < 2_000);
    assert!(markdown(&report).len() < 48 << 10);
    assert!(html(&report).len() < 8 << 20);
    assert!(results(&report).len() == 25_000);
    for (key, value) in outputs(&report) {
        assert!(value.len() < 64 << 10, "{key}");
    }
}
