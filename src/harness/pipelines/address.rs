//! Where each call for pipelines goes, and what is sent with it. Pure.

use url::Url;

use super::jobs::Job;
use super::names::{Identifier, PipelineId, ProjectId};
use crate::harness::paths::{Call, below};

/// Projects on a page: the most that the API gives.
const PROJECTS_ON_PAGE: u32 = 100;

/// Pipelines on a page: the most that the API gives.
const PIPELINES_ON_PAGE: u32 = 200;

/// Input sets on a page.
const INPUT_SETS_ON_PAGE: u32 = 100;

/// What a list of pipelines is asked with: all of them, by no saved filter.
pub(super) const FILTER: &[u8] = br#"{"filterType":"PipelineSetup"}"#;

/// Which of the API's calls a job is.
pub(super) fn call(job: &Job) -> Call {
    match job {
        Job::Projects { .. } => Call::Projects,
        Job::Pipelines { .. } => Call::Pipelines,
        Job::Pipeline { .. } => Call::Pipeline,
        Job::InputSets { .. } => Call::InputSets,
        Job::InputSet { .. } => Call::InputSet,
    }
}

/// Entries that a list gives on a page if there are more.
pub(super) fn page_size(job: &Job) -> u32 {
    match job {
        Job::Projects { .. } => PROJECTS_ON_PAGE,
        Job::Pipelines { .. } => PIPELINES_ON_PAGE,
        Job::InputSets { .. } => INPUT_SETS_ON_PAGE,
        Job::Pipeline { .. } | Job::InputSet { .. } => 1,
    }
}

/// The address of a job's call.
pub(super) fn url(endpoint: &Url, account: &str, job: &Job) -> Url {
    let pipeline_api = ["gateway", "pipeline", "api"];
    let at = |segments: &[&str]| below(endpoint, &[&pipeline_api, segments].concat());
    let mut url = match job {
        Job::Projects { .. } => below(endpoint, &["gateway", "ng", "api", "projects"]),
        Job::Pipelines { .. } => at(&["pipelines", "list"]),
        Job::Pipeline { id, .. } => at(&["pipelines", id.pipeline.as_str()]),
        Job::InputSets { .. } => at(&["inputSets"]),
        Job::InputSet { input_set, .. } => at(&["inputSets", input_set.as_str()]),
    };
    let mut query = url.query_pairs_mut();
    query.append_pair("accountIdentifier", account);
    let scope = |project: &ProjectId| {
        [
            ("orgIdentifier", project.org.to_string()),
            ("projectIdentifier", project.project.to_string()),
        ]
    };
    let size = page_size(job).to_string();
    match job {
        Job::Projects { page } => {
            query.append_pair("pageIndex", &page.to_string());
            query.append_pair("pageSize", &size);
        }
        Job::Pipelines { project, page } => {
            query.extend_pairs(scope(project));
            query.append_pair("page", &page.to_string());
            query.append_pair("size", &size);
            // By default the last changed comes first, so that pages shift while they are read.
            query.append_pair("sort", "identifier,ASC");
        }
        Job::Pipeline { id, .. } => {
            query.extend_pairs(scope(&id.project));
            query.append_pair("getTemplatesResolvedPipeline", "true");
        }
        Job::InputSets { id, page } => {
            query.extend_pairs(scope(&id.project));
            query.append_pair("pipelineIdentifier", id.pipeline.as_str());
            query.append_pair("pageIndex", &page.to_string());
            query.append_pair("pageSize", &size);
        }
        Job::InputSet { id, .. } => {
            query.extend_pairs(scope(&id.project));
            query.append_pair("pipelineIdentifier", id.pipeline.as_str());
        }
    }
    drop(query);
    url
}

/// Where a person opens the pipeline, or one of its input sets.
pub(super) fn studio(
    endpoint: &Url,
    account: &str,
    id: &PipelineId,
    input_set: Option<&Identifier>,
) -> Url {
    let (org, project) = (id.project.org.as_str(), id.project.project.as_str());
    let pipeline = id.pipeline.as_str();
    let page = if input_set.is_some() {
        "input-sets"
    } else {
        "pipeline-studio"
    };
    let segments = [
        "ng",
        "account",
        account,
        "all",
        "orgs",
        org,
        "projects",
        project,
        "pipelines",
        pipeline,
        page,
    ];
    below(endpoint, &segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_its_address() {
        let name = |text| Identifier::new(text).unwrap();
        let project = ProjectId {
            org: name("default"),
            project: name("Shop_1"),
        };
        let id = PipelineId {
            project: project.clone(),
            pipeline: name("b$"),
        };
        let scope = "accountIdentifier=a%26b&orgIdentifier=default&projectIdentifier=Shop_1";
        let cases = [
            (
                Job::Projects { page: 3 },
                "/gateway/ng/api/projects?accountIdentifier=a%26b&pageIndex=3&pageSize=100"
                    .to_owned(),
            ),
            (
                Job::Pipelines { project, page: 0 },
                format!(
                    "/gateway/pipeline/api/pipelines/list?{scope}&page=0&size=200&sort=identifier%2CASC"
                ),
            ),
            (
                Job::Pipeline {
                    id: id.clone(),
                    is_remote: true,
                },
                format!(
                    "/gateway/pipeline/api/pipelines/b$?{scope}&getTemplatesResolvedPipeline=true"
                ),
            ),
            (
                Job::InputSets {
                    id: id.clone(),
                    page: 1,
                },
                format!(
                    "/gateway/pipeline/api/inputSets?{scope}&pipelineIdentifier=b%24&pageIndex=1&pageSize=100"
                ),
            ),
            (
                Job::InputSet {
                    id: id.clone(),
                    input_set: name("prod"),
                },
                format!("/gateway/pipeline/api/inputSets/prod?{scope}&pipelineIdentifier=b%24"),
            ),
        ];
        for endpoint in ["https://app.harness.io", "http://ci.example:8080/a/b/"] {
            let base: Url = endpoint.parse().unwrap();
            for (job, path) in &cases {
                let expected = format!("{}{path}", endpoint.trim_end_matches('/'));
                assert_eq!(url(&base, "a&b", job).as_str(), expected);
            }
            let expected = format!(
                "{}/ng/account/acme/all/orgs/default/projects/Shop_1/pipelines/b$/pipeline-studio",
                endpoint.trim_end_matches('/')
            );
            assert_eq!(studio(&base, "acme", &id, None).as_str(), expected);
        }
    }
}
