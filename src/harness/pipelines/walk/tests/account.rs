//! An account that exists only here, on a clock that stands still while anything runs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::harness::pipelines::counts::Walked;
use crate::harness::pipelines::jobs::{
    Answer, Failure, Job, ListPage, ListedPipeline, PipelineApi,
};
use crate::harness::pipelines::names::tests::setting;
use crate::harness::pipelines::names::{Identifier, ProjectId, Selection};
use crate::harness::pipelines::walk::walk;
use crate::http::{RateLimit, Turn};

/// Entries that the account gives on a page.
const PROJECTS_ON_PAGE: usize = 100;
const PIPELINES_ON_PAGE: usize = 200;

/// An account of so many projects with so many pipelines each.
pub(super) struct Account {
    projects: usize,
    pipelines: usize,
    limit: RateLimit,
    end: Instant,
    /// Longest time of an answer, in milliseconds.
    pub(super) max_latency: u64,
    /// What goes wrong.
    pub(super) answer: fn(&Job) -> Option<Result<Answer, Failure>>,
    pub(super) arrivals: RefCell<Vec<Instant>>,
    pub(super) asked: RefCell<BTreeMap<String, usize>>,
    running: Cell<usize>,
    pub(super) max_running: Cell<usize>,
}

impl Account {
    fn new(projects: usize, pipelines: usize, per_minute: usize, minutes: u64) -> Self {
        Self {
            projects,
            pipelines,
            limit: RateLimit::per_minute(per_minute),
            end: Instant::now() + Duration::from_secs(minutes * 60),
            max_latency: 900,
            answer: |_| None,
            arrivals: RefCell::default(),
            asked: RefCell::default(),
            running: Cell::new(0),
            max_running: Cell::new(0),
        }
    }

    pub(super) fn asked(&self, start: &str) -> usize {
        let asked = self.asked.borrow();
        let named = asked.iter().filter(|(job, _)| job.starts_with(start));
        named.map(|(_, times)| times).sum()
    }

    /// Most requests that arrived within one minute.
    pub(super) fn max_in_a_minute(&self) -> usize {
        let mut arrivals = self.arrivals.borrow().clone();
        arrivals.sort();
        let minute = Duration::from_secs(60);
        let within = |first: &Instant| {
            let end = arrivals.partition_point(|arrival| *arrival < *first + minute);
            end - arrivals.partition_point(|arrival| arrival < first)
        };
        arrivals.iter().map(within).max().unwrap_or_default()
    }
}

pub(super) fn name(text: impl AsRef<str>) -> Identifier {
    Identifier::new(text.as_ref()).unwrap()
}

pub(super) fn project(number: usize) -> ProjectId {
    ProjectId {
        org: name(format!("org{}", number % 7)),
        project: name(format!("project{number}")),
    }
}

fn part<T>(size: usize, page: u32, all: usize, make: impl Fn(usize) -> T) -> ListPage<T> {
    let first = size * usize::try_from(page).unwrap();
    let last = (first + size).min(all);
    ListPage {
        entries: (first..last).map(make).collect(),
        unusable: 0,
        is_last: last == all,
    }
}

impl PipelineApi for Account {
    async fn fetch(&self, job: &Job) -> Result<Answer, Failure> {
        self.running.set(self.running.get() + 1);
        self.max_running
            .set(self.max_running.get().max(self.running.get()));
        let turn = self.limit.wait(Turn::Waits, self.end).await;
        let number = self.arrivals.borrow().len();
        if turn.is_ok() {
            // Requests arrive and are answered unevenly.
            let latency = (number as u64).wrapping_mul(2_654_435_761) % (self.max_latency + 1);
            sleep(Duration::from_millis(latency / 2)).await;
            self.arrivals.borrow_mut().push(Instant::now());
            *self
                .asked
                .borrow_mut()
                .entry(format!("{job:?}"))
                .or_default() += 1;
            sleep(Duration::from_millis(latency / 2)).await;
        }
        self.running.set(self.running.get() - 1);
        turn.map_err(|_| Failure::Late)?;
        if let Some(answer) = (self.answer)(job) {
            return answer;
        }
        Ok(match job {
            Job::Projects { page } => {
                Answer::Projects(part(PROJECTS_ON_PAGE, *page, self.projects, project))
            }
            Job::Pipelines { page, .. } => {
                let listed = |number| ListedPipeline {
                    identifier: name(format!("pipeline{number}")),
                    is_remote: number % 2 == 0,
                };
                Answer::Pipelines(part(PIPELINES_ON_PAGE, *page, self.pipelines, listed))
            }
            Job::Pipeline { .. } => Answer::Pipeline {
                has_input_images: false,
            },
            Job::InputSets { .. } => {
                let sets = |number: usize| name(format!("set{number}"));
                Answer::InputSets(part(100, 0, 3, sets))
            }
            Job::InputSet { .. } => Answer::InputSet,
        })
    }
}

/// Walks over an account with a clock that moves only while everything waits.
pub(super) fn walked(
    entries: &[&str],
    change: impl FnOnce(&mut Account),
    account: (usize, usize, usize, u64),
) -> (Walked, Account, f64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (projects, pipelines, per_minute, minutes) = account;
        let mut account = Account::new(projects, pipelines, per_minute, minutes);
        change(&mut account);
        let start = Instant::now();
        let setting = setting(entries);
        let walked = walk(&account, Selection::of(&setting), 16, account.end).await;
        (walked, account, (Instant::now() - start).as_secs_f64())
    })
}
