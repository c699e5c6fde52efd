//! Projects, pipelines and input sets of the account.

use std::collections::{BTreeMap, BTreeSet};

/// All pipelines of the account, and what they refer to.
#[derive(Default)]
pub struct Pipelines {
    /// By organization and project.
    pub(super) projects: BTreeMap<(String, String), BTreeMap<String, Pipeline>>,
    /// Projects whose pipelines no key may see.
    pub(super) denied: BTreeSet<(String, String)>,
    changes: i64,
}

/// One pipeline.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    pub written: String,
    /// `None` if a template cannot be resolved.
    pub resolved: Option<String>,
    pub invalid: bool,
    pub remote: Option<Remote>,
    /// By identifier: type and YAML.
    pub input_sets: BTreeMap<String, (&'static str, String)>,
    pub(super) updated_at: i64,
}

/// A pipeline in Git.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Harness' copy of it: when it was taken, in milliseconds, and how its state is called.
    pub cache: Option<(i64, &'static str)>,
    /// What is answered if there is no copy although one is asked for.
    pub miss: CacheMiss,
    pub file_url: String,
    /// What Git holds by now; else the same as the copy.
    pub newer: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheMiss {
    /// Git is read.
    ReadsGit,
    /// An answer without YAML.
    NoYaml,
    /// An error of this status.
    Status(u16),
}

impl Pipeline {
    /// A pipeline without templates.
    pub fn new(yaml: &str) -> Self {
        Self {
            written: yaml.to_owned(),
            resolved: Some(yaml.to_owned()),
            ..Self::default()
        }
    }

    /// A pipeline whose only step runs an image.
    pub fn running(image: &str) -> Self {
        Self::new(&format!(
            "pipeline:\n  stages:\n    - stage:\n        spec:\n          execution:\n            steps:\n              - step:\n                  type: Plugin\n                  spec:\n                    image: {image}\n"
        ))
    }

    pub fn resolved(mut self, yaml: Option<&str>) -> Self {
        self.resolved = yaml.map(str::to_owned);
        self
    }

    pub fn invalid(mut self) -> Self {
        self.invalid = true;
        self
    }

    pub fn remote(mut self, cache: Option<(i64, &'static str)>, miss: CacheMiss) -> Self {
        self.remote = Some(Remote {
            cache,
            miss,
            file_url: "https://git.example/acme/shop/blob/main/.harness/build.yaml".to_owned(),
            newer: None,
        });
        self
    }

    pub fn input_set(mut self, identifier: &str, kind: &'static str, yaml: &str) -> Self {
        let input_set = (kind, yaml.to_owned());
        self.input_sets.insert(identifier.to_owned(), input_set);
        self
    }
}

impl Pipelines {
    /// Adds a pipeline, and its project if there is none yet; `path` is `org/project/pipeline`.
    pub fn add(&mut self, path: &str, mut pipeline: Pipeline) {
        let (project, identifier) = path.rsplit_once('/').unwrap();
        self.changes += 1;
        pipeline.updated_at = self.changes;
        self.project(project)
            .insert(identifier.to_owned(), pipeline);
    }

    /// Adds a project without pipelines; `path` is `org/project`.
    pub fn project(&mut self, path: &str) -> &mut BTreeMap<String, Pipeline> {
        let (org, project) = path.split_once('/').unwrap();
        let key = (org.to_owned(), project.to_owned());
        self.projects.entry(key).or_default()
    }

    /// No key may see the pipelines of this project any more.
    pub fn deny(&mut self, path: &str) {
        let (org, project) = path.split_once('/').unwrap();
        self.denied.insert((org.to_owned(), project.to_owned()));
    }

    /// A small account: images from steps, a template, an input set, and Git.
    pub fn small() -> Self {
        let mut account = Self::default();
        account.add(
            "default/shop/build",
            Pipeline::running("plugins/kaniko:1.6.0"),
        );
        account.add(
            "default/shop/lint",
            Pipeline::new(
                "pipeline:\n  stages:\n    - stage:\n        spec:\n          execution:\n            steps:\n              - step:\n                  template:\n                    templateRef: account.lint\n                    versionLabel: v1\n",
            )
            .resolved(Some(
                "pipeline:\n  stages:\n  - stage:\n      spec:\n        execution:\n          steps:\n          - step:\n              type: Run\n              spec:\n                image: harness/drone-git:1.0.9-rootless\n                command: make lint\n",
            )),
        );
        account.add(
            "default/shop/deploy",
            Pipeline::running("<+input>").input_set(
                "prod",
                "INPUT_SET",
                "inputSet:\n  identifier: prod\n  pipeline:\n    identifier: deploy\n    stages:\n      - stage:\n          spec:\n            execution:\n              steps:\n                - step:\n                    type: Plugin\n                    spec:\n                      image: plugins/kubernetes:1.0.1\n",
            ),
        );
        let taken_at = 1_763_629_200_000;
        account.add(
            "platform/tools/scan",
            Pipeline::running("plugins/slack:1.4.1")
                .remote(Some((taken_at, "VALID_CACHE")), CacheMiss::ReadsGit),
        );
        account
    }
}
