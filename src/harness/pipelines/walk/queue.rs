//! The calls that are still to be made, and what the lists have named so far: each project, pipeline
//! and input set once, as far as the bounds of a run allow.

use std::collections::{HashSet, VecDeque};

use crate::harness::pipelines::counts::PipelineCounts;
use crate::harness::pipelines::jobs::{Job, ListPage, ListedPipeline};
use crate::harness::pipelines::names::{Identifier, PipelineId, ProjectId, Selection};

/// Most projects that are looked into.
pub(super) const MAX_PROJECTS: usize = 20_000;

/// Most pipelines and input sets that are read.
const MAX_READS: usize = 100_000;

/// Calls and counts of a walk.
pub(super) struct Queue<'s> {
    selection: Selection<'s>,
    lists: VecDeque<Job>,
    reads: VecDeque<Job>,
    /// Whether a list is next, if there is one.
    is_lists_turn: bool,
    known_projects: HashSet<ProjectId>,
    known_pipelines: HashSet<PipelineId>,
    /// Input sets of the pipelines whose lists have not ended.
    known_input_sets: HashSet<(PipelineId, Identifier)>,
    pub(super) counts: PipelineCounts,
}

impl<'s> Queue<'s> {
    /// The calls that the selection itself calls for.
    pub(super) fn new(selection: Selection<'s>) -> Self {
        let mut queue = Self {
            lists: VecDeque::new(),
            reads: VecDeque::new(),
            is_lists_turn: true,
            known_projects: HashSet::new(),
            known_pipelines: HashSet::new(),
            known_input_sets: HashSet::new(),
            counts: PipelineCounts::default(),
            selection,
        };
        match queue.selection.projects() {
            Some(projects) => {
                queue.add_projects(projects);
            }
            None => {
                queue.counts.is_account_unlisted = true;
                queue.lists.push_back(Job::Projects { page: 0 });
            }
        }
        queue
    }

    /// The next call: of a list, and of a pipeline or input set, in turns.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        self.is_lists_turn = !self.is_lists_turn;
        let (first, second) = if self.is_lists_turn {
            (&mut self.reads, &mut self.lists)
        } else {
            (&mut self.lists, &mut self.reads)
        };
        first.pop_front().or_else(|| second.pop_front())
    }

    /// Takes in a page of the account's projects.
    pub(super) fn projects_page(&mut self, page: u32, found: ListPage<ProjectId>) {
        let has_new = self.add_projects(found.entries);
        let is_full = self.known_projects.len() >= MAX_PROJECTS;
        self.leave_out(found.unusable);
        match self.next_page(page, has_new && !found.is_last, is_full) {
            Some(page) => self.lists.push_back(Job::Projects { page }),
            None => self.account_is_listed(),
        }
    }

    /// Takes in a page of a project's pipelines.
    pub(super) fn pipelines_page(
        &mut self,
        project: ProjectId,
        page: u32,
        found: ListPage<ListedPipeline>,
    ) {
        let has_new = self.add_pipelines(&project, found.entries);
        let is_full = self.known_pipelines.len() >= MAX_READS;
        self.leave_out(found.unusable);
        match self.next_page(page, has_new && !found.is_last, is_full) {
            Some(page) => self.lists.push_back(Job::Pipelines { project, page }),
            None => self.project_is_listed(),
        }
    }

    /// Takes in a pipeline; its input sets are listed if images come from them.
    pub(super) fn pipeline(&mut self, id: PipelineId, has_input_images: bool) {
        self.counts.pipelines_read = self.counts.pipelines_read.saturating_add(1);
        self.pipeline_is_answered();
        if has_input_images {
            // Its list counts as one until it is read.
            let counts = &mut self.counts;
            counts.input_sets_unread = counts.input_sets_unread.saturating_add(1);
            self.reads.push_back(Job::InputSets { id, page: 0 });
        }
    }

    /// Takes in a page of a pipeline's input sets.
    pub(super) fn input_sets_page(
        &mut self,
        id: PipelineId,
        page: u32,
        found: ListPage<Identifier>,
    ) {
        let has_new = self.add_input_sets(&id, found.entries);
        let is_full = self.counts.input_sets >= MAX_READS;
        self.leave_out(found.unusable);
        match self.next_page(page, has_new && !found.is_last, is_full) {
            Some(page) => self.reads.push_back(Job::InputSets { id, page }),
            None => {
                self.known_input_sets.retain(|(known, _)| *known != id);
                self.input_set_is_answered();
            }
        }
    }

    /// A list of projects, or of the pipelines of one, could not be read.
    pub(super) fn list_has_failed(&mut self, project: Option<&ProjectId>) {
        self.selection.give_up(project);
    }

    /// Entries of the setting that match nothing, where everything was listed.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = String> + use<'_, 's> {
        let is_whole = !self.counts.is_account_unlisted && self.counts.projects_unlisted == 0;
        let is_whole = is_whole && self.counts.left_out == 0;
        self.selection.unmet().filter(move |_| is_whole)
    }

    /// The projects are listed, or the rest of them cannot be.
    pub(super) fn account_is_listed(&mut self) {
        self.counts.is_account_unlisted = false;
    }

    /// The pipelines of a project are listed, or cannot be.
    pub(super) fn project_is_listed(&mut self) {
        let counts = &mut self.counts;
        counts.projects_unlisted = counts.projects_unlisted.saturating_sub(1);
    }

    /// A pipeline is read, or cannot be.
    pub(super) fn pipeline_is_answered(&mut self) {
        let counts = &mut self.counts;
        counts.pipelines_unread = counts.pipelines_unread.saturating_sub(1);
    }

    /// An input set, or the list of them, is read, or cannot be.
    pub(super) fn input_set_is_answered(&mut self) {
        let counts = &mut self.counts;
        counts.input_sets_unread = counts.input_sets_unread.saturating_sub(1);
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
            let counts = &mut self.counts;
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
            self.selection.meet(&id);
            if self.selection.has(&id) {
                let counts = &mut self.counts;
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
            if self.counts.input_sets >= MAX_READS {
                self.leave_out(1);
                continue;
            }
            if self
                .known_input_sets
                .insert((id.clone(), input_set.clone()))
            {
                has_new = true;
                let counts = &mut self.counts;
                counts.input_sets = counts.input_sets.saturating_add(1);
                counts.input_sets_unread = counts.input_sets_unread.saturating_add(1);
                let id = id.clone();
                self.reads.push_back(Job::InputSet { id, input_set });
            }
        }
        has_new
    }

    fn leave_out(&mut self, entries: usize) {
        self.counts.left_out = self.counts.left_out.saturating_add(entries);
    }
}
