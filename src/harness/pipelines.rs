//! Pipelines of the account, through the API: as written, and with their templates in place.
//!
//! Harness has no list of all pipelines: projects are listed, then the pipelines of each, then each
//! pipeline is read. Of a pipeline whose images are inputs (`<+input>`) the input sets are read too.
//! A text is handed on as soon as it is read and not kept, so that memory does not grow with the
//! account.

mod address;
mod answers;
mod counts;
mod jobs;
mod names;
mod notes;
mod walk;

use std::cell::RefCell;

use tokio::time::Instant;
use url::Url;

pub(crate) use counts::Messages;
pub use counts::PipelineCounts;
pub(crate) use names::is_selected;
pub use names::{Identifier, PipelineId, ProjectId};

use super::Harness;
use super::context::Context;
use super::error::{Cause, HarnessError};
use crate::http::header::CONTENT_TYPE;
use crate::http::{HeaderName, HeaderValue, Method, Response, Retry};
use crate::model::facts::Notice;
use crate::settings::PipelinesSetting;
use answers::{ListAnswer, Texts};
use jobs::{Answer, Failure, Job, PipelineApi};
use names::Selection;
use notes::Notes;

/// A pipeline, or one of its input sets, that was read.
#[derive(Debug, Clone, Copy)]
pub struct PipelineText<'t> {
    /// The pipeline.
    pub id: &'t PipelineId,
    /// The input set, if it is one of the pipeline's.
    pub input_set: Option<&'t Identifier>,
    /// YAML as a person wrote it. It may be invalid.
    pub written: &'t str,
    /// YAML with templates in place, printed anew; `None` for input sets, and where a template could
    /// not be resolved.
    pub resolved: Option<&'t str>,
    /// Where a person opens it.
    pub url: &'t Url,
}

/// What became of reading pipelines.
#[derive(Debug, Default)]
pub struct PipelinesRead {
    /// How many there are, and how many were read.
    pub counts: PipelineCounts,
    /// What could not be read, and what was read under a reservation.
    pub notices: Vec<Notice>,
    /// Why nothing, or nothing further, could be read: the whole run lacks it.
    pub error: Option<String>,
}

/// Whether a pipeline's images come from its input sets, which are then read as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputImages {
    /// An image is an input.
    Some,
    /// None is.
    None,
    /// The text is no YAML.
    Unreadable,
}

impl Harness<'_> {
    /// Reads the pipelines that the setting selects, side by side and within `requests_per_minute`,
    /// and hands each text to `read`; in no order. Stops at `end` and says what is missing then.
    pub async fn pipelines(
        &self,
        setting: &PipelinesSetting,
        end: Instant,
        read: impl FnMut(PipelineText<'_>) -> InputImages,
    ) -> PipelinesRead {
        let calls = Calls {
            harness: self,
            end,
            read: RefCell::new(read),
            notes: RefCell::default(),
        };
        let concurrency = self.http.concurrency();
        let walked = walk::walk(&calls, Selection::of(setting), concurrency, end).await;
        PipelinesRead {
            counts: walked.counts,
            error: walked.fatal.clone(),
            notices: calls.notes.into_inner().notices(walked),
        }
    }
}

/// Makes the calls over HTTP.
struct Calls<'c, F> {
    harness: &'c Harness<'c>,
    end: Instant,
    read: RefCell<F>,
    notes: RefCell<Notes>,
}

/// Where a remote pipeline is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadFrom {
    /// Harness' copy, as far as it has one.
    Cache,
    /// Git, through the pipeline's connector.
    Git,
}

impl<F: FnMut(PipelineText<'_>) -> InputImages> PipelineApi for Calls<'_, F> {
    async fn fetch(&self, job: &Job) -> Result<Answer, Failure> {
        let context = self.context(job);
        let result = match job {
            Job::Pipeline {
                is_remote: true, ..
            } => match self.fetch_from(job, ReadFrom::Cache, &context).await {
                Ok(Some(answer)) => Ok(Some(answer)),
                Err(error) if !error.may_be_absent_from_cache() => Err(error),
                Ok(None) | Err(_) => self.fetch_from(job, ReadFrom::Git, &context).await,
            },
            Job::Projects { .. }
            | Job::Pipelines { .. }
            | Job::Pipeline { .. }
            | Job::InputSets { .. }
            | Job::InputSet { .. } => self.fetch_from(job, ReadFrom::Git, &context).await,
        };
        let no_yaml = || context.shape("it holds no YAML");
        match result.and_then(|answer| answer.ok_or_else(no_yaml)) {
            Ok(answer) => Ok(answer),
            Err(error) if error.is_late() => {
                tracing::debug!("{error}");
                Err(Failure::Late)
            }
            Err(error) if matches!(error.cause, Cause::Unauthorised(_)) => {
                Err(Failure::Fatal(error.to_string()))
            }
            Err(error) => Err(Failure::One(error.to_string())),
        }
    }
}

impl<F: FnMut(PipelineText<'_>) -> InputImages> Calls<'_, F> {
    fn context(&self, job: &Job) -> Context<'_> {
        let subject = match job {
            Job::Projects { .. } => None,
            Job::Pipelines { project, .. } => Some(project.to_string()),
            Job::Pipeline { id, .. } | Job::InputSets { id, .. } => Some(id.to_string()),
            Job::InputSet { id, input_set } => Some(format!("{input_set} of {id}")),
        };
        Context {
            subject,
            ..self.harness.context(address::call(job), None, None)
        }
    }

    /// `None` if the answer lacks what was asked for.
    async fn fetch_from(
        &self,
        job: &Job,
        from: ReadFrom,
        context: &Context<'_>,
    ) -> Result<Option<Answer>, HarnessError> {
        let response = self.send(job, from, context).await?;
        let list = ListAnswer {
            response: &response,
            context,
            size: address::page_size(job),
        };
        Ok(match job {
            Job::Projects { page } => Some(Answer::Projects(list.page(*page, answers::project)?)),
            Job::Pipelines { page, .. } => Some(Answer::Pipelines(
                list.page(*page, answers::listed_pipeline)?,
            )),
            Job::InputSets { page, .. } => Some(Answer::InputSets(
                list.page(*page, answers::listed_input_set)?,
            )),
            Job::Pipeline { id, .. } => {
                answers::pipeline(&response, context)?.map(|texts| Answer::Pipeline {
                    has_input_images: self.hand_on(id, None, &texts) == InputImages::Some,
                })
            }
            Job::InputSet { id, input_set } => {
                answers::input_set(&response, context)?.map(|texts| {
                    self.hand_on(id, Some(input_set), &texts);
                    Answer::InputSet
                })
            }
        })
    }

    async fn send(
        &self,
        job: &Job,
        from: ReadFrom,
        context: &Context<'_>,
    ) -> Result<Response, HarnessError> {
        let access = self.harness.access;
        let url = address::url(&access.endpoint, &access.account_id, job);
        let mut request = self
            .harness
            .request(Method::GET, url, None, context)?
            .retry(Retry::Patient)
            .deadline(self.end);
        if let Job::Pipelines { .. } = job {
            // It only reads, so it may be sent again.
            request.method = Method::POST;
            request.body = Some(address::FILTER.to_vec());
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json);
        }
        if from == ReadFrom::Cache {
            let name = HeaderName::from_static("load-from-cache");
            request = request.header(name, HeaderValue::from_static("true"));
        }
        self.harness.send(request, context).await
    }

    fn hand_on(
        &self,
        id: &PipelineId,
        input_set: Option<&Identifier>,
        texts: &Texts,
    ) -> InputImages {
        let access = self.harness.access;
        let url = address::studio(&access.endpoint, &access.account_id, id, input_set);
        let mut read = self.read.borrow_mut();
        let images = read(PipelineText {
            id,
            input_set,
            written: &texts.written,
            resolved: texts.resolved.as_deref().filter(|_| texts.is_valid),
            url: &url,
        });
        let mut notes = self.notes.borrow_mut();
        notes.add(id, input_set, texts, images);
        images
    }
}
