//! The calls for projects, pipelines and input sets, with the page sizes, orders and habits of the
//! documents.

use std::sync::Mutex;
use std::time::Instant;

use serde_json::{Value, json};

use super::answers::{error, forbidden, invalid, success};
use super::faults::Call;
use super::pipelines::{CacheMiss, Pipeline, Pipelines};
use super::routes::with_fault;
use super::wire::{Answer, Logged, Reply};
use super::{ACCOUNT, KEY, Options, Shared, VIEWER_KEY};

/// The answer to a request, if it is one of these calls.
pub(super) fn answer(
    shared: &Mutex<Shared>,
    options: &Options,
    got: &Logged,
    id: &str,
) -> Option<Reply> {
    let path = got.path.strip_prefix(&options.prefix)?;
    let parts: Vec<&str> = path.strip_prefix("/gateway/")?.split('/').collect();
    let (call, name) = match (got.method.as_str(), parts.as_slice()) {
        ("GET", ["ng", "api", "projects"]) => (Call::Projects, ""),
        ("POST", ["pipeline", "api", "pipelines", "list"]) => (Call::Pipelines, ""),
        ("GET", ["pipeline", "api", "pipelines", name]) => (Call::Pipeline, *name),
        ("GET", ["pipeline", "api", "inputSets"]) => (Call::InputSets, ""),
        ("GET", ["pipeline", "api", "inputSets", name]) => (Call::InputSet, *name),
        _ => return None,
    };
    if let Some(refused) = refuse(shared, options, got, call, id) {
        return Some(Reply::Answer(refused));
    }
    let fault = shared.lock().unwrap().faults.next(call);
    Some(with_fault(
        fault,
        call,
        id,
        |_| {
            let shared = shared.lock().unwrap();
            carry_out(&shared.pipelines, got, call, name, id).unwrap_or_else(|refused| refused)
        },
        |_| {},
    ))
}

/// Key, account, rate, type of the body.
fn refuse(
    shared: &Mutex<Shared>,
    options: &Options,
    got: &Logged,
    call: Call,
    id: &str,
) -> Option<Answer> {
    if !matches!(got.key(), Some(KEY | VIEWER_KEY)) {
        return Some(error(id, 401));
    }
    if let Some((requests, window)) = options.rate {
        let mut shared = shared.lock().unwrap();
        shared.recent.retain(|time| time.elapsed() < window);
        if shared.recent.len() >= requests {
            return Some(error(id, 429));
        }
        shared.recent.push(Instant::now());
    }
    match got.query("accountIdentifier") {
        Some(ACCOUNT) => {}
        Some(_) => return Some(error(id, 401)),
        None => return Some(invalid(id, "accountIdentifier", "must not be null")),
    }
    (call == Call::Pipelines && !got.is_json()).then(|| error(id, 415))
}

fn carry_out(
    account: &Pipelines,
    got: &Logged,
    call: Call,
    name: &str,
    id: &str,
) -> Result<Answer, Answer> {
    let data = match call {
        Call::Projects => {
            let of = got.query("orgIdentifier");
            let projects = account.projects.keys();
            let projects: Vec<_> = projects.filter(|(org, _)| of.is_none_or(|of| of == org)).collect();
            let projects = projects.into_iter().map(|(org, project)| {
                json!({"project": {"orgIdentifier": org, "identifier": project, "name": project, "modules": ["CI"]},
                    "createdAt": 1, "lastModifiedAt": 1})
            });
            page(got, id, ("pageIndex", "pageSize"), (50, 100), projects)?
        }
        Call::Pipelines => {
            let body: Value = serde_json::from_slice(&got.body).unwrap_or_default();
            if body["filterType"] != "PipelineSetup" {
                return Err(invalid(id, "filterType", "must be PipelineSetup"));
            }
            let mut pipelines: Vec<(&String, &Pipeline)> =
                project(account, got, id)?.iter().collect();
            match got.query("sort") {
                None | Some("lastUpdatedAt,DESC") => {
                    pipelines.sort_by_key(|(_, pipeline)| std::cmp::Reverse(pipeline.updated_at));
                }
                Some("identifier,ASC" | "name,ASC") => {}
                Some(_) => return Err(invalid(id, "sort", "is not known")),
            }
            let entries = pipelines
                .into_iter()
                .map(|(name, pipeline)| listed(name, pipeline));
            page(got, id, ("page", "size"), (25, 200), entries)?
        }
        Call::Pipeline => {
            let pipelines = project(account, got, id)?;
            let pipeline = pipelines.get(name).ok_or_else(|| error(id, 404))?;
            texts(pipeline, got, id)?
        }
        Call::InputSets => {
            let sets = input_sets(account, got, id)?.iter().map(
                |(name, (kind, _))| json!({"identifier": name, "name": name, "inputSetType": kind}),
            );
            page(got, id, ("pageIndex", "pageSize"), (100, 1_000), sets)?
        }
        Call::InputSet => {
            let sets = input_sets(account, got, id)?;
            let (_, yaml) = sets.get(name).ok_or_else(|| error(id, 404))?;
            json!({"identifier": name, "inputSetYaml": yaml, "entityValidityDetails": {"valid": true}})
        }
        _ => return Err(error(id, 404)),
    };
    Ok(success(id, Some(data)))
}

fn project<'a>(
    account: &'a Pipelines,
    got: &Logged,
    id: &str,
) -> Result<&'a std::collections::BTreeMap<String, Pipeline>, Answer> {
    let part = |name| {
        got.query(name)
            .ok_or_else(|| invalid(id, name, "must not be null"))
    };
    let key = (
        part("orgIdentifier")?.to_owned(),
        part("projectIdentifier")?.to_owned(),
    );
    if account.denied.contains(&key) {
        return Err(forbidden(id, Call::Pipelines));
    }
    account.projects.get(&key).ok_or_else(|| error(id, 404))
}

fn input_sets<'a>(
    account: &'a Pipelines,
    got: &Logged,
    id: &str,
) -> Result<&'a std::collections::BTreeMap<String, (&'static str, String)>, Answer> {
    let name = got
        .query("pipelineIdentifier")
        .ok_or_else(|| invalid(id, "pipelineIdentifier", "must not be null"))?;
    let pipeline = project(account, got, id)?.get(name);
    pipeline
        .map(|pipeline| &pipeline.input_sets)
        .ok_or_else(|| error(id, 404))
}

/// A pipeline as lists have it: without YAML.
fn listed(name: &str, pipeline: &Pipeline) -> Value {
    json!({
        "identifier": name, "name": name, "yamlVersion": "0",
        "storeType": store_type(pipeline), "lastUpdatedAt": pipeline.updated_at,
        "executionSummaryInfo": {"lastExecutionTs": 0}, "numOfStages": 1,
    })
}

fn store_type(pipeline: &Pipeline) -> &'static str {
    if pipeline.remote.is_some() {
        "REMOTE"
    } else {
        "INLINE"
    }
}

fn texts(pipeline: &Pipeline, got: &Logged, id: &str) -> Result<Value, Answer> {
    let mut written = pipeline.written.clone();
    let mut data = json!({"storeType": store_type(pipeline), "entityValidityDetails": {"valid": !pipeline.invalid}});
    if let Some(remote) = &pipeline.remote {
        data["gitDetails"] = json!({"repoName": "shop", "branch": "main", "filePath": ".harness/build.yaml",
            "fileUrl": remote.file_url});
        let from_cache = got.header("load-from-cache") == Some("true");
        match (remote.cache, from_cache, remote.miss) {
            (Some((taken_at, state)), true, _) => {
                data["cacheResponse"] =
                    json!({"cacheState": state, "ttlLeft": 1, "lastUpdatedAt": taken_at});
            }
            (None, true, CacheMiss::NoYaml) => return Ok(data),
            (None, true, CacheMiss::Status(status)) => return Err(error(id, status)),
            (_, false, _) | (None, true, CacheMiss::ReadsGit) => {
                written = remote.newer.clone().unwrap_or(written);
            }
        }
    }
    data["yamlPipeline"] = json!(written);
    let resolves = got.query("getTemplatesResolvedPipeline") == Some("true") && !pipeline.invalid;
    if let Some(resolved) = pipeline.resolved.as_ref().filter(|_| resolves) {
        data["resolvedTemplatesPipelineYaml"] = json!(resolved);
    }
    Ok(data)
}

/// A page of a list: names of the parameters, default and maximum size.
fn page(
    got: &Logged,
    id: &str,
    (index, size): (&str, &str),
    (default, max): (usize, usize),
    entries: impl ExactSizeIterator<Item = Value>,
) -> Result<Value, Answer> {
    let number = |name: &str, default: usize| match got.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| invalid(id, name, "must be a number")),
    };
    let (index, page_size) = (number(index, 0)?, number(size, default)?);
    if page_size == 0 || page_size > max {
        return Err(invalid(
            id,
            size,
            "must be less than or equal to the maximum",
        ));
    }
    let pages = entries.len().div_ceil(page_size);
    let all = entries.len();
    let content: Vec<Value> = entries
        .skip(index * page_size)
        .take(page_size)
        .collect();
    Ok(json!({
        "totalPages": pages, "totalItems": all, "totalElements": all, "pageIndex": index,
        "pageItemCount": content.len(), "empty": content.is_empty(), "last": index + 1 >= pages,
        "content": content,
    }))
}
