//! Which calls are made for the pipelines that are meant, in which order, and when to stop. The
//! calls themselves are made by an [`Api`], so that all of this can be run on any clock.
//!
//! Lists and pipelines take turns, so that something is judged even where time is short, and what is
//! left out is known as early as possible.

use std::collections::{HashSet, VecDeque};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::counts::Walked;
use super::jobs::{Answer, Api, Failure, Job, ListedPipeline};
use super::names::{Identifier, PipelineId, ProjectId, Selection};

/// Most projects that are looked into.
const MAX_PROJECTS: usize = 20_000;

/// Most pipelines and input sets that are read.
const MAX_READS: usize = 100_000;

/// Makes every call that is needed, at most `concurrency` at once, until `end`.
pub(super) async fn walk(
    api: &impl Api,
    selection: Selection<'_>,
    concurrency: usize,
    end: Instant,
) -> Walked {
    let mut walk = Walk::new(selection);
    let mut running = FuturesUnordered::new();
    while !walk.is_over {
        while running.len() < concurrency.max(1)
            && let Some(job) = walk.next()
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

async fn run(api: &impl Api, job: Job) -> (Job, Result<Answer, Failure>) {
    let result = api.fetch(&job).await;
    (job, result)
}

struct Walk<'s> {
    selection: Selection<'s>,
    lists: VecDeque<Job>,
    reads: VecDeque<Job>,
    /// Whether a list is next, if there is one.
    is_lists_turn: bool,
    known_projects: HashSet<ProjectId>,
    known_pipelines: HashSet<PipelineId>,
    /// Input sets of the pipelines whose lists have not ended.
    known_input_sets: HashSet<(PipelineId, Identifier)>,
    /// No further call is to be made.
    is_over: bool,
    walked: Walked,
}

impl<'s> Walk<'s> {
    fn new(selection: Selection<'s>) -> Self {
        let mut walk = Self {
            lists: VecDeque::new(),
            reads: VecDeque::new(),
            is_lists_turn: true,
            known_projects: HashSet::new(),
            known_pipelines: HashSet::new(),
            known_input_sets: HashSet::new(),
            is_over: false,
            walked: Walked::default(),
            selection,
        };
        match walk.selection.projects() {
            Some(projects) => {
                walk.add_projects(projects);
            }
            None => {
                walk.walked.counts.is_account_unlisted = true;
                walk.lists.push_back(Job::Projects { page: 0 });
            }
        }
        walk
    }

    fn next(&mut self) -> Option<Job> {
        if self.is_over {
            return None;
        }
        self.is_lists_turn = !self.is_lists_turn;
        let (first, second) = if self.is_lists_turn {
            (&mut self.reads, &mut self.lists)
        } else {
            (&mut self.lists, &mut self.reads)
        };
        first.pop_front().or_else(|| second.pop_front())
    }

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
        match (job, answer) {
            (Job::Projects { page }, Answer::Projects(found)) => {
                let has_new = self.add_projects(found.entries);
                let is_full = self.known_projects.len() >= MAX_PROJECTS;
                self.leave_out(found.unusable);
                match self.next_page(page, has_new && !found.is_last, is_full) {
                    Some(page) => self.lists.push_back(Job::Projects { page }),
                    None => self.walked.counts.is_account_unlisted = false,
                }
            }
            (Job::Pipelines { project, page }, Answer::Pipelines(found)) => {
                let has_new = self.add_pipelines(&project, found.entries);
                let is_full = self.known_pipelines.len() >= MAX_READS;
                self.leave_out(found.unusable);
                match self.next_page(page, has_new && !found.is_last, is_full) {
                    Some(page) => self.lists.push_back(Job::Pipelines { project, page }),
                    None => self.project_is_listed(),
                }
            }
            (Job::Pipeline { id, .. }, Answer::Pipeline { has_input_images }) => {
                let counts = &mut self.walked.counts;
                counts.pipelines_read = counts.pipelines_read.saturating_add(1);
                counts.pipelines_unread = counts.pipelines_unread.saturating_sub(1);
                if has_input_images {
                    // Its list counts as one until it is read.
                    counts.input_sets_unread = counts.input_sets_unread.saturating_add(1);
                    self.reads.push_back(Job::InputSets { id, page: 0 });
                }
            }
            (Job::InputSets { id, page }, Answer::InputSets(found)) => {
                let has_new = self.add_input_sets(&id, found.entries);
                let is_full = self.walked.counts.input_sets >= MAX_READS;
                self.leave_out(found.unusable);
                match self.next_page(page, has_new && !found.is_last, is_full) {
                    Some(page) => self.reads.push_back(Job::InputSets { id, page }),
                    None => {
                        self.known_input_sets.retain(|(known, _)| *known != id);
                        self.input_set_is_read();
                    }
                }
            }
            (Job::InputSet { .. }, Answer::InputSet) => self.input_set_is_read(),
            (job, _) => self.fail(&job, format!("{job:?}: another call was answered")),
        }
    }

    /// The page after this one, if the list goes on. A page that repeats what is known ends the list;
    /// one beyond a bound is left out.
    fn next_page(&mut self, page: u32, goes_on: bool, is_full: bool) -> Option<u32> {
        if goes_on && is_full {
            self.leave_out(1);
        }
        page.checked_add(1).filter(|_| goes_on && !is_full)
    }

    fn add_projects(&mut self, projects: Vec<ProjectId>) -> bool {
        let mut has_new = false;
        for project in projects {
            if self.known_projects.contains(&project) {
                continue;
            }
            has_new = true;
            if self.known_projects.len() >= MAX_PROJECTS {
                self.leave_out(1);
                continue;
            }
            self.known_projects.insert(project.clone());
            if !self.selection.has_project(&project) {
                continue;
            }
            let counts = &mut self.walked.counts;
            counts.projects = counts.projects.saturating_add(1);
            counts.projects_unlisted = counts.projects_unlisted.saturating_add(1);
            match self.selection.pipelines(&project) {
                Some(named) => {
                    // Whether they are kept in Git no list has said.
                    let listed = named.into_iter().map(|id| ListedPipeline {
                        identifier: id.pipeline,
                        is_remote: true,
                    });
                    self.add_pipelines(&project, listed.collect());
                    self.project_is_listed();
                }
                None => self.lists.push_back(Job::Pipelines { project, page: 0 }),
            }
        }
        has_new
    }

    fn add_pipelines(&mut self, project: &ProjectId, listed: Vec<ListedPipeline>) -> bool {
        let mut has_new = false;
        for ListedPipeline {
            identifier,
            is_remote,
        } in listed
        {
            let id = PipelineId {
                project: project.clone(),
                pipeline: identifier,
            };
            if self.known_pipelines.contains(&id) {
                continue;
            }
            has_new = true;
            if self.known_pipelines.len() >= MAX_READS {
                self.leave_out(1);
                continue;
            }
            self.known_pipelines.insert(id.clone());
            if self.selection.has(&id) {
                let counts = &mut self.walked.counts;
                counts.pipelines = counts.pipelines.saturating_add(1);
                counts.pipelines_unread = counts.pipelines_unread.saturating_add(1);
                self.reads.push_back(Job::Pipeline { id, is_remote });
            }
        }
        has_new
    }

    fn add_input_sets(&mut self, id: &PipelineId, input_sets: Vec<Identifier>) -> bool {
        let mut has_new = false;
        for input_set in input_sets {
            if self.walked.counts.input_sets >= MAX_READS {
                self.leave_out(1);
                continue;
            }
            if self
                .known_input_sets
                .insert((id.clone(), input_set.clone()))
            {
                has_new = true;
                let counts = &mut self.walked.counts;
                counts.input_sets = counts.input_sets.saturating_add(1);
                counts.input_sets_unread = counts.input_sets_unread.saturating_add(1);
                let id = id.clone();
                self.reads.push_back(Job::InputSet { id, input_set });
            }
        }
        has_new
    }

    fn project_is_listed(&mut self) {
        let counts = &mut self.walked.counts;
        counts.projects_unlisted = counts.projects_unlisted.saturating_sub(1);
    }

    fn input_set_is_read(&mut self) {
        let counts = &mut self.walked.counts;
        counts.input_sets_unread = counts.input_sets_unread.saturating_sub(1);
    }

    fn leave_out(&mut self, entries: usize) {
        let counts = &mut self.walked.counts;
        counts.left_out = counts.left_out.saturating_add(entries);
    }

    fn fail(&mut self, job: &Job, message: String) {
        match job {
            Job::Projects { page: 0 } => self.give_up(message),
            Job::Projects { .. } => {
                self.walked.counts.is_account_unlisted = false;
                self.walked.projects.add(message);
            }
            Job::Pipelines { .. } => {
                self.project_is_listed();
                self.walked.projects.add(message);
            }
            Job::Pipeline { .. } => {
                let counts = &mut self.walked.counts;
                counts.pipelines_unread = counts.pipelines_unread.saturating_sub(1);
                self.walked.pipelines.add(message);
            }
            Job::InputSets { .. } | Job::InputSet { .. } => {
                self.input_set_is_read();
                self.walked.pipelines.add(message);
            }
        }
    }

    fn give_up(&mut self, message: String) {
        self.is_over = true;
        self.walked.fatal.get_or_insert(message);
    }

    fn end(self) -> Walked {
        self.walked
    }
}

#[cfg(test)]
mod tests;
