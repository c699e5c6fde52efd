//! Which calls are made for the pipelines that are meant, in which order, and when to stop. The
//! calls themselves are made by a [`PipelineApi`], so that all of this can be run on any clock.
//!
//! Lists and pipelines take turns, so that something is judged even where time is short, and what is
//! left out is known as early as possible.

mod queue;
#[cfg(test)]
mod tests;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::counts::Walked;
use super::jobs::{Answer, Failure, Job, PipelineApi};
use super::names::Selection;
use queue::Queue;

/// Makes every call that is needed, at most `concurrency` at once, until `end`.
pub(super) async fn walk(
    api: &impl PipelineApi,
    selection: Selection<'_>,
    concurrency: usize,
    end: Instant,
) -> Walked {
    let mut walk = PipelineWalk {
        queue: Queue::new(selection),
        walked: Walked::default(),
        is_over: false,
    };
    let mut running = FuturesUnordered::new();
    while !walk.is_over {
        while running.len() < concurrency.max(1)
            && let Some(job) = walk.queue.next_job()
        {
            running.push(run(api, job));
        }
        match timeout_at(end, running.next()).await {
            Ok(Some((job, result))) => walk.take(job, result),
            Ok(None) | Err(_) => break,
        }
    }
    // What is under way may still arrive in time, though nothing new would.
    while walk.walked.fatal.is_none()
        && let Ok(Some((job, result))) = timeout_at(end, running.next()).await
    {
        walk.take(job, result);
    }
    walk.end()
}

async fn run(api: &impl PipelineApi, job: Job) -> (Job, Result<Answer, Failure>) {
    let result = api.fetch(&job).await;
    (job, result)
}

struct PipelineWalk<'s> {
    queue: Queue<'s>,
    walked: Walked,
    /// No further call is to be made.
    is_over: bool,
}

impl PipelineWalk<'_> {
    fn take(&mut self, job: Job, result: Result<Answer, Failure>) {
        let answer = match result {
            Ok(answer) => answer,
            Err(Failure::Late) => {
                self.is_over = true;
                return;
            }
            Err(Failure::Fatal(message)) => return self.give_up(message),
            Err(Failure::One(message)) => return self.fail(&job, message),
        };
        let queue = &mut self.queue;
        match (job, answer) {
            (Job::Projects { page }, Answer::Projects(found)) => queue.projects_page(page, found),
            (Job::Pipelines { project, page }, Answer::Pipelines(found)) => {
                queue.pipelines_page(project, page, found);
            }
            (Job::Pipeline { id, .. }, Answer::Pipeline { has_input_images }) => {
                queue.pipeline(id, has_input_images);
            }
            (Job::InputSets { id, page }, Answer::InputSets(found)) => {
                queue.input_sets_page(id, page, found);
            }
            (Job::InputSet { .. }, Answer::InputSet) => queue.input_set_is_answered(),
            (job, _) => self.fail(&job, format!("{job:?}: another call was answered")),
        }
    }

    fn fail(&mut self, job: &Job, message: String) {
        match job {
            Job::Projects { page: 0 } => self.give_up(message),
            Job::Projects { .. } => {
                self.queue.account_is_listed();
                self.queue.list_has_failed(None);
                self.walked.projects.add(message);
            }
            Job::Pipelines { project, .. } => {
                self.queue.project_is_listed();
                self.queue.list_has_failed(Some(project));
                self.walked.projects.add(message);
            }
            Job::Pipeline { .. } => {
                self.queue.pipeline_is_answered();
                self.walked.pipelines.add(message);
            }
            Job::InputSets { .. } | Job::InputSet { .. } => {
                self.queue.input_set_is_answered();
                self.walked.pipelines.add(message);
            }
        }
    }

    fn give_up(&mut self, message: String) {
        self.is_over = true;
        self.walked.fatal.get_or_insert(message);
    }

    fn end(mut self) -> Walked {
        if self.walked.fatal.is_none() {
            let unmatched = &mut self.walked.unmatched;
            self.queue
                .unmatched()
                .for_each(|entry| unmatched.add(entry));
        }
        self.walked.counts = self.queue.counts;
        self.walked
    }
}
