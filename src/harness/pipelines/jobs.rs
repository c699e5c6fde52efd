//! The calls for pipelines, and what they bring.

use super::names::{Identifier, PipelineId, ProjectId};

/// One call to make.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Job {
    /// A page of the account's projects.
    Projects { page: u32 },
    /// A page of a project's pipelines.
    Pipelines { project: ProjectId, page: u32 },
    /// One pipeline. `is_remote` if it is, or may be, kept in Git.
    Pipeline { id: PipelineId, is_remote: bool },
    /// A page of a pipeline's input sets.
    InputSets { id: PipelineId, page: u32 },
    /// One input set.
    InputSet {
        id: PipelineId,
        input_set: Identifier,
    },
}

/// What a call has brought.
#[derive(Debug)]
pub(super) enum Answer {
    Projects(ListPage<ProjectId>),
    Pipelines(ListPage<ListedPipeline>),
    InputSets(ListPage<Identifier>),
    /// The text was handed on.
    Pipeline {
        /// Whether images of it come from its input sets.
        has_input_images: bool,
    },
    /// The text was handed on.
    InputSet,
}

/// A pipeline as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedPipeline {
    pub(super) identifier: Identifier,
    pub(super) is_remote: bool,
}

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListPage<T> {
    pub(super) entries: Vec<T>,
    /// Entries without a usable identifier.
    pub(super) unusable: usize,
    /// Whether the list ends with it.
    pub(super) is_last: bool,
}

/// Why a call has brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// There was no time left for it, so there is none for others.
    Late,
    /// No other call would fare better.
    Fatal(String),
    /// It alone has failed.
    One(String),
}

/// What makes the calls.
pub(super) trait PipelineApi {
    async fn fetch(&self, job: &Job) -> Result<Answer, Failure>;
}
