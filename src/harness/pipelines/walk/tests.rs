//! Walks over accounts that exist only here.

mod account;

use super::queue::MAX_PROJECTS;
use crate::harness::pipelines::counts::{PipelineCounts, Walked};
use crate::harness::pipelines::jobs::{Answer, Failure, Job, ListPage, ListedPipeline};
use account::{Account, name, project, walked};

/// What an account answers in place of the usual, if anything.
type Answers = fn(&Job) -> Option<Result<Answer, Failure>>;

/// A walk over an account that answers so.
fn answered(answer: Answers, size: (usize, usize, usize, u64)) -> (Walked, Account, f64) {
    walked(&["*/*"], |account| account.answer = answer, size)
}

#[test]
fn ten_thousand_pipelines_are_read_as_fast_as_the_rate_allows_each_once() {
    let (walked, account, seconds) = walked(&["*/*"], |_| {}, (100, 100, 300, 600));
    assert_eq!(
        walked.counts,
        PipelineCounts {
            projects: 100,
            pipelines: 10_000,
            pipelines_read: 10_000,
            ..Default::default()
        }
    );
    // One page of projects, a page of pipelines for each, and the pipelines.
    assert_eq!(account.arrivals.borrow().len(), 1 + 100 + 10_000);
    assert!(account.asked.borrow().values().all(|times| *times == 1));
    assert!(account.max_in_a_minute() <= 300);
    assert!(account.max_running.get() <= 16);
    // 300 go at once, then 300 after each minute.
    let allowed = f64::from((10_101_u32 - 1) / 300) * 60.0;
    assert!(
        seconds >= allowed && seconds <= allowed * 1.1,
        "{seconds} s of {allowed} s"
    );
}

#[test]
fn what_there_is_no_time_for_is_counted() {
    let (walked, account, seconds) = walked(&["*/*"], |_| {}, (50, 300, 300, 2));
    let counts = walked.counts;
    assert!(seconds <= 120.0, "{seconds}");
    assert!(counts.is_incomplete() && walked.fatal.is_none());
    assert_eq!(
        counts.pipelines,
        counts.pipelines_read + counts.pipelines_unread
    );
    assert_eq!(counts.pipelines_read, account.asked("Pipeline {"));
    assert!(counts.pipelines_read >= 400, "{counts:?}");
    assert_eq!((counts.projects, counts.projects_unlisted), (50, 0));
    assert_eq!(counts.pipelines, 15_000);
    // So little time that not even all projects are known.
    let (walked, _, _) = walked_little();
    assert!(walked.counts.is_account_unlisted && walked.counts.is_incomplete());
    assert!(walked.counts.projects_unlisted > 0);
    assert_eq!(
        walked.counts.pipelines_read + walked.counts.pipelines_unread,
        walked.counts.pipelines
    );
}

fn walked_little() -> (Walked, Account, f64) {
    walked(&["*/*"], |_| {}, (5_000, 10, 12, 1))
}

#[test]
fn only_what_is_meant_is_listed_and_read() {
    // Entries, and the calls that they need: pages of projects, lists of pipelines, pipelines.
    let cases: [(&[&str], [usize; 3]); 6] = [
        (&["org3/project3/pipeline5"], [0, 0, 1]),
        (&["org3/project3"], [0, 1, 10]),
        (&["org3/project3/pipeline5", "org4/project4/*9"], [0, 1, 2]),
        (&["org3/*"], [2, 21, 210]),
        (&["*/project14*/pipeline1"], [2, 0, 11]),
        (&["no/*"], [2, 0, 0]),
    ];
    for (entries, calls) in cases {
        let (walked, account, _) = walked(entries, |_| {}, (150, 10, 300, 60));
        let asked = ["Projects", "Pipelines", "Pipeline {"].map(|job| account.asked(job));
        assert_eq!(asked, calls, "{entries:?}");
        assert_eq!(walked.counts.pipelines_read, calls[2], "{entries:?}");
        assert!(!walked.counts.is_incomplete(), "{entries:?}");
    }
}

#[test]
fn entries_that_match_nothing_are_named_where_everything_was_listed() {
    let failing: Answers = |job| match job {
        Job::Pipelines { .. } => Some(Err(Failure::One("403".to_owned()))),
        _ => None,
    };
    // Entries, whether lists of pipelines fail, minutes, entries that match nothing.
    let cases: [(&[&str], bool, u64, &[&str]); 6] = [
        (&["*/*"], false, 60, &[]),
        (
            &["no/*", "org1/project1", "org1/project1/no*"],
            false,
            60,
            &["no/*", "org1/project1/no*"],
        ),
        (&["org1/*/pipeline99*"], false, 60, &["org1/*/pipeline99*"]),
        // Read by its name: that it is not there is an error of its own.
        (&["org1/project1/no"], false, 60, &[]),
        (&["no/*", "org1/project1"], true, 60, &["no/*"]),
        (&["no/*"], false, 0, &[]),
    ];
    for (entries, is_failing, minutes, expected) in cases {
        let change = |account: &mut Account| {
            if is_failing {
                account.answer = failing;
            }
        };
        let (walked, _, _) = walked(entries, change, (150, 10, 300, minutes));
        assert_eq!(walked.unmatched.first, expected, "{entries:?}");
    }
}

#[test]
fn failures_are_kept_apart() {
    let failing: Answers = |job| match job {
        Job::Pipelines { project, .. } if project.project.as_str() == "project1" => {
            Some(Err(Failure::One("403".to_owned())))
        }
        Job::Pipeline { id, .. } if id.pipeline.as_str() == "pipeline2" => {
            Some(Err(Failure::One("404".to_owned())))
        }
        _ => None,
    };
    let (run, _, _) = answered(failing, (40, 3, 300, 60));
    assert_eq!(run.projects.first, ["403"]);
    assert_eq!((run.pipelines.first.len(), run.pipelines.more), (20, 19));
    assert_eq!((run.counts.pipelines, run.counts.pipelines_read), (117, 78));
    assert!(!run.counts.is_incomplete());

    // What fails all calls alike is asked once for each that is under way.
    let refusing: Answers = |job| match job {
        Job::Projects { .. } => None,
        _ => Some(Err(Failure::Fatal("401".to_owned()))),
    };
    let (run, account, _) = answered(refusing, (90, 3, 300, 60));
    assert_eq!(run.fatal.as_deref(), Some("401"));
    assert!(account.arrivals.borrow().len() <= 17);

    let failing: Answers = |_| Some(Err(Failure::One("403".to_owned())));
    let (run, _, _) = answered(failing, (1, 1, 300, 60));
    assert_eq!(run.fatal.as_deref(), Some("403"));
}

/// A page after which there are more.
fn page<T>(entries: impl IntoIterator<Item = T>) -> ListPage<T> {
    ListPage {
        entries: entries.into_iter().collect(),
        unusable: 0,
        is_last: false,
    }
}

fn listed(identifier: impl AsRef<str>) -> ListedPipeline {
    ListedPipeline {
        identifier: name(identifier),
        is_remote: true,
    }
}

#[test]
fn lists_that_never_end_do_end() {
    let same: Answers = |job| match job {
        Job::Projects { .. } => Some(Ok(Answer::Projects(ListPage {
            unusable: 1,
            ..page([project(1)])
        }))),
        Job::Pipelines { .. } => Some(Ok(Answer::Pipelines(page([listed("x")])))),
        Job::Pipeline { .. } => Some(Ok(Answer::Pipeline {
            has_input_images: true,
        })),
        Job::InputSets { .. } => Some(Ok(Answer::InputSets(page(["a", "a", "b"].map(name))))),
        Job::InputSet { .. } => None,
    };
    let (run, account, _) = answered(same, (1, 1, 300, 60));
    let counts = run.counts;
    assert_eq!(
        (counts.projects, counts.pipelines_read, counts.input_sets),
        (1, 1, 2)
    );
    assert_eq!((counts.left_out, counts.input_sets_unread), (2, 0));
    assert_eq!(account.arrivals.borrow().len(), 2 + 2 + 1 + 2 + 2);

    // New names for ever: the bound ends it, and it is said.
    let new: Answers = |job| match job {
        Job::Projects { page: number } => {
            let first = usize::try_from(*number).unwrap() * 1_000;
            Some(Ok(Answer::Projects(page(
                (first..first + 1_000).map(project),
            ))))
        }
        _ => None,
    };
    let endless = |account: &mut Account| {
        account.answer = new;
        account.max_latency = 0;
    };
    let (run, account, _) = walked(&["*/none/none"], endless, (1, 1, 100_000, 60));
    assert_eq!(account.arrivals.borrow().len(), MAX_PROJECTS / 1_000);
    assert!(!run.counts.is_account_unlisted);
    assert_eq!(run.counts.left_out, 1);
}

#[test]
fn pages_that_shift_bring_nothing_twice() {
    let shifting: Answers = |job| match job {
        Job::Pipelines { page: number, .. } => {
            // One more pipeline moves to the front before each page.
            let first = usize::try_from(*number).unwrap() * 3;
            let numbers = first.saturating_sub(1)..first + 3;
            Some(Ok(Answer::Pipelines(ListPage {
                is_last: *number == 4,
                ..page(numbers.map(|number| listed(format!("p{number}"))))
            })))
        }
        _ => None,
    };
    let (run, account, _) = answered(shifting, (1, 1, 300, 60));
    assert_eq!((run.counts.pipelines, run.counts.pipelines_read), (15, 15));
    assert_eq!(account.asked("Pipeline {"), 15);
}
