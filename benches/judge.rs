//! Reading and judging long lists of tags: time and working memory per tag, which should not
//! depend on how many there are.
//!
//! `cargo bench --bench judge` prints a table. `benches/instructions` counts with callgrind
//! instead, through `judge <way> <tags>`, which does the work once and prints nothing;
//! `judge body-<way> <tags>` only makes what is read.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use harness_images::model::facts::{Coverage, Facts, ListKind, Repository, TagList};
use harness_images::model::image::ImageRef;
use harness_images::model::policy::{ByRepository, Policy, ReleaseUnit, SameAs};
use harness_images::model::row::Source;
use harness_images::registry::page;
use harness_images::report::formats;
use harness_images::settings::Settings;
use harness_images::verdict::{Comparison, judge, judge_all, policy};

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// A registry's page into a list of tags.
    Page,
    /// Such a page, and one image judged by it; `x.y` is a release.
    Minor,
    /// The same where every `x.y.z` is a release.
    Patch,
    /// A snapshot with names, read and judged.
    Names,
    /// A snapshot with digests and dates, read and judged.
    Objects,
}

const WAYS: [(&str, &str, Way); 5] = [
    ("page", "page", Way::Page),
    ("minor", "page, judged by x.y", Way::Minor),
    ("patch", "page, judged by x.y.z", Way::Patch),
    ("names", "snapshot of names", Way::Names),
    ("objects", "snapshot of objects", Way::Objects),
];

const SIZES: [usize; 2] = [10_000, 100_000];

/// As in the program that is shipped.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => table(),
        ["memory", word, file] => {
            let body = std::fs::read(file).unwrap();
            let way = way(word);
            if let Some(bytes) = memory(|| work(way, &body)) {
                println!("{bytes}");
            }
        }
        [word, tags] => {
            let bare = word.strip_prefix("body-");
            let way = way(bare.unwrap_or(word));
            let body = body(way, tags.parse().expect("a number of tags"));
            if bare.is_none() {
                work(way, &body);
            }
        }
        _ => panic!("nothing, or a way and a number of tags"),
    }
}

fn way(word: &str) -> Way {
    let known = WAYS.iter().find(|(short, ..)| *short == word);
    known.expect("page, minor, patch, names or objects").2
}

fn table() {
    println!(
        "| what | tags | body, bytes per tag | time, ns per tag | memory beyond the body, bytes per tag |"
    );
    println!("|---|---:|---:|---:|---:|");
    for (short, name, way) in WAYS {
        for tags in SIZES {
            let body = body(way, tags);
            let mut times: Vec<Duration> = (0..5)
                .map(|_| {
                    let started = Instant::now();
                    work(way, &body);
                    started.elapsed()
                })
                .collect();
            times.sort();
            let per_tag = |value: u128| value as f64 / tags as f64;
            println!(
                "| {name} | {tags} | {:.1} | {:.0} | {} |",
                per_tag(body.len() as u128),
                per_tag(times[2].as_nanos()),
                memory_of_its_own(short, &body).map_or("-".to_owned(), |bytes| format!(
                    "{:.1}",
                    per_tag(bytes.into())
                )),
            );
        }
    }
}

/// What the work takes in a process that has read the body, and done nothing before of which
/// memory could be left over.
fn memory_of_its_own(way: &str, body: &[u8]) -> Option<u64> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, body).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["memory", way])
        .arg(file.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .ok()
}

/// How far the resident memory rises above what it was, in bytes; `None` where the system does
/// not tell.
fn memory(work: impl FnOnce()) -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = status("VmRSS:")?;
    work();
    Some(status("VmHWM:")?.saturating_sub(before))
}

fn status(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes * 1024)
}

/// Tags as registries order them, by text: three numbers, every fourth one rootless.
fn names(tags: usize) -> Vec<String> {
    let mut names: Vec<String> = (0..tags)
        .map(|at| {
            let (x, y, z) = (at % 3 + 1, at / 3 % 1000, at / 3000);
            match at % 4 {
                0 => format!("rootless-{x}.{y}.{z}"),
                _ => format!("{x}.{y}.{z}"),
            }
        })
        .collect();
    names.sort();
    names
}

fn body(way: Way, tags: usize) -> Vec<u8> {
    let mut body = String::new();
    for name in names(tags) {
        let comma = if body.is_empty() { "" } else { "," };
        match way {
            Way::Objects => write!(
                body,
                r#"{comma}{{"name":"{name}","digest":"sha256:{:064x}","published":"2026-11-09T00:00:00Z"}}"#,
                body.len()
            ),
            _ => write!(body, r#"{comma}"{name}""#),
        }
        .unwrap();
    }
    match way {
        Way::Names | Way::Objects => format!(
            r#"{{"format":"harness-images/snapshot/v1","taken_at":"2026-11-20","registry":"docker.io",
            "configs":[{{"module":"ci","infra":"K8","default":{{"addonTag":"harness/ci-addon:3.900.1"}},"overrides":{{"addonTag":"harness/ci-addon:3.898.0"}}}}],
            "repositories":[{{"repository":"harness/ci-addon","tags":[{body}]}}]}}"#
        ),
        _ => format!(r#"{{"name":"harness/ci-addon","tags":[{body}]}}"#),
    }
    .into_bytes()
}

fn work(way: Way, body: &[u8]) {
    let unit = match way {
        Way::Patch => ReleaseUnit::Patch,
        _ => ReleaseUnit::Minor,
    };
    match way {
        Way::Names | Way::Objects => {
            let facts = Facts::from_json(body).unwrap();
            let snapshot = [("PLUGIN_SNAPSHOT".into(), "-".into())];
            let settings = Settings::from_pairs(snapshot, &formats()).expect("good settings");
            let judged = judge_all(&facts, &settings, &policy(&settings, &facts));
            assert_eq!(judged.rows.len(), 1);
        }
        Way::Page | Way::Minor | Way::Patch => {
            let tags: TagList = page::tags(body).unwrap().names.into_iter().collect();
            if way == Way::Page {
                return;
            }
            let list = Repository {
                registry: "docker.io".to_owned(),
                repository: "harness/ci-addon".to_owned(),
                tags,
                coverage: Coverage::Complete,
                absent: Vec::new(),
                kind: ListKind::Complete,
            };
            let rules = Policy {
                supported_releases: ByRepository::all(3),
                supported_days: ByRepository::all(0),
                release_unit: ByRepository::all(unit),
                deploy_window_days: 30,
                same_as: SameAs::default(),
                as_of: "2026-11-20".parse().unwrap(),
            };
            let image = ImageRef::parse("harness/ci-addon:3.898.0").unwrap();
            let default = ImageRef::parse("harness/ci-addon:3.900.1").unwrap();
            let judgement = judge(
                &Comparison {
                    image: &image,
                    default: &default,
                    own: Some(&list),
                    published: Some(&list),
                    history: &[],
                    default_is_bound: false,
                    source: Source::Override,
                },
                &rules,
            );
            assert!(judgement.releases_behind.is_some());
        }
    }
}
