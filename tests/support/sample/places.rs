//! Images in files and pipelines.

use harness_images::model::location::{FileLocation, Location, PipelineLocation};
use harness_images::model::module::Module;
use harness_images::model::row::{Row, Source};
use harness_images::model::verdict::Verdict;
use harness_images::report::Report;

use super::{pinned, report};

const DEFAULT: &str = "plugins/kaniko:1.11.1";

/// An image in a file.
pub fn in_file(file: &str, line: u32, column: u32, image: &str, verdict: Verdict) -> Row {
    let location = Location::File(FileLocation {
        file: file.to_owned(),
        line,
        column,
    });
    Row {
        module: Module::File,
        source: Source::File,
        ..located(location, image, verdict)
    }
}

/// An image in a pipeline of the account; `line` is unknown where a template brings it.
pub fn in_pipeline(path: [&str; 3], line: Option<u32>, url: &str, image: &str) -> Row {
    let [org, project, pipeline] = path.map(str::to_owned);
    let location = Location::Pipeline(PipelineLocation {
        org,
        project,
        pipeline,
        input_set: None,
        template: line.is_none().then(|| "org.build".to_owned()),
        line,
        column: line.map(|_| 16),
        url: Some(url.to_owned()),
    });
    Row {
        module: Module::Pipeline,
        source: Source::Pipeline,
        ..located(location, image, Verdict::Overdue)
    }
}

fn located(location: Location, image: &str, verdict: Verdict) -> Row {
    let advice = match verdict {
        Verdict::Current => String::new(),
        _ => format!("use `{DEFAULT}`"),
    };
    Row {
        infra: None,
        reason: format!("{image} is compared with {DEFAULT}"),
        advice,
        location: Some(location.clone()),
        ..pinned(&location.to_string(), image, DEFAULT, verdict, Some(2))
    }
}

/// A workspace and an account in which old images are used.
pub fn places() -> Report {
    let old = "plugins/kaniko:1.6.0";
    let mut rows = vec![
        in_file(".drone.yml", 3, 10, DEFAULT, Verdict::Current),
        in_file(".drone.yml", 9, 10, old, Verdict::Unsupported),
        in_file(".drone.yml", 30, 10, old, Verdict::Unsupported),
        in_file(
            ".harness/a b.yaml",
            7,
            22,
            "plugins/kaniko:1.10.0",
            Verdict::Supported,
        ),
        in_pipeline(
            ["default", "shop", "deploy"],
            None,
            "https://app.harness.io/ng/account/acme/all/orgs/default/projects/shop/pipelines/deploy",
            "plugins/kaniko:1.9.1",
        ),
        in_pipeline(
            ["default", "shop", "nightly"],
            Some(4),
            "javascript:alert(1)",
            "plugins/kaniko:1.9.1",
        ),
    ];
    for number in 1..=10 {
        let file = format!(".harness/service-{number:02}.yaml");
        rows.push(in_file(&file, 12, 16, old, Verdict::Unsupported));
    }
    report(rows, &[Verdict::Unsupported])
}
