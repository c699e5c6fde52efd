use super::*;

const WRITTEN: &str = "\
pipeline:
  identifier: p
  stages:
  - stage:
      identifier: build
      type: CI
      spec:
        execution:
          steps:
          - step: {identifier: own, type: Run, spec: {image: 'alpine:3.19'}} # harness-images: ignore
          - step:
              identifier: shared
              template:
                templateRef: org.kaniko
                versionLabel: v2
                templateInputs: {type: Run, spec: {image: <+input>}}
          - step:
              identifier: given
              template:
                templateRef: lint
                templateInputs:
                  type: Run
                  spec:
                    image: golang:1.22
  - stage:
      identifier: deploy
      template: {templateRef: account.deploy, versionLabel: '3'}
";

const RESOLVED: &str = "\
pipeline:
  identifier: p
  stages:
  - stage:
      identifier: build
      type: CI
      spec:
        execution:
          steps:
          - step: {identifier: own, type: Run, spec: {image: alpine:3.19}}
          - step: {identifier: shared, type: Plugin, spec: {image: plugins/kaniko:1.6.0}}
          - step: {identifier: given, type: Run, spec: {image: golang:1.22}}
  - stage:
      identifier: deploy
      spec:
        execution:
          steps:
          - step: {identifier: apply, type: Run, spec: {image: harness/drone-git:1.4.0}}
          - step: {identifier: apply2, type: Run, spec: {image: <+stage.variables.x>}}
";

fn row(image: &PipelineImage) -> (String, String, String, bool) {
    let position = image.position.map(|position| position.to_string());
    let template = image.template.as_ref().map(|template| {
        let version = template.version.as_deref().unwrap_or("stable");
        format!("{} {version}", template.name)
    });
    (
        image.image.clone(),
        position.unwrap_or_default(),
        template.unwrap_or_default(),
        image.ignore.is_some(),
    )
}

#[test]
fn resolved_images_have_written_places_or_the_template() {
    let found = find(WRITTEN, Some(RESOLVED));
    let rows: Vec<_> = found.images.iter().map(row).collect();
    let expected = [
        ("alpine:3.19", "line 10, column 62", "", true),
        ("plugins/kaniko:1.6.0", "", "org.kaniko v2", false),
        ("golang:1.22", "line 24, column 28", "lint stable", false),
        ("harness/drone-git:1.4.0", "", "account.deploy 3", false),
    ]
    .map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c.to_owned(), d));
    assert_eq!(rows, expected);
    assert_eq!(found.not_literal, [(None, Unknown::Expression)]);
}

#[test]
fn without_a_resolved_text_what_is_written_is_found() {
    for resolved in [None, Some("a: b: c")] {
        let found = find(WRITTEN, resolved);
        let images: Vec<_> = found
            .images
            .iter()
            .map(|image| image.image.as_str())
            .collect();
        assert_eq!(images, ["alpine:3.19", "golang:1.22"]);
        assert_eq!(found.not_literal.len(), 1);
    }
    let templates = crate::sources::find(WRITTEN).templates;
    let names: Vec<_> = templates.iter().map(|(_, at)| at.name.as_str()).collect();
    assert_eq!(names, ["org.kaniko", "lint", "account.deploy"]);
}
