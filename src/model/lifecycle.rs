//! How long Harness supports its images: one table, a row per promise, with the document that makes
//! it. The settings `supported_releases` and `supported_days` overrule it by repository.

mod delegate;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::model::policy::{ByRepository, Pattern};

pub use delegate::{DelegateDates, delegate_dates};

/// How long images are supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// So many releases, the latest among them.
    Releases(u32),
    /// So many days after publication.
    Days(u32),
    /// So many months after the end of the month that the version names (`yy.mm.build`).
    VersionMonth {
        /// Months until the end of support.
        support: u8,
        /// Months until the end of life.
        life: u8,
    },
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Releases(count) => write!(f, "the latest {count} releases"),
            Self::Days(days) => write!(f, "{days} days after publication"),
            Self::VersionMonth { support, life } => write!(
                f,
                "{support} months after the month in the version, end of life after {life}"
            ),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A promise of the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    /// Pattern of `namespace/name`; the longest that covers a repository counts.
    pub repositories: &'static str,
    /// How long they are supported.
    pub rule: Rule,
    /// Title of the document.
    pub document: &'static str,
    /// Address of the document.
    pub url: &'static str,
    /// Day on which the document was read.
    pub read_on: &'static str,
}

const CI: &str = "https://developer.harness.io/docs/continuous-integration/ci-technical-reference/ci-build-image-updates";
const STO: &str = "https://developer.harness.io/docs/security-testing-orchestration/use-sto/set-up-sto-pipelines/sto-images/";
const IACM: &str =
    "https://developer.harness.io/docs/infra-as-code-management/pipelines/plugin-images";
const DELEGATE: &str = "https://developer.harness.io/docs/platform/delegates/install-delegates/delegate-upgrades-and-expiration/";

/// Size of the window where no row says otherwise: latest, latest-1, latest-2.
pub const WINDOW: u32 = 3;

/// Every promise that is known.
#[rustfmt::skip]
pub static LIFECYCLES: &[Lifecycle] = &[
    row("harness/ci-*", Rule::Releases(WINDOW), "CI build image updates", CI),
    row("plugins/harness_*", Rule::Releases(5), "Custom images (IaCM)", IACM),
    row("harness/*-job-runner", Rule::Days(90), "Update your STO images", STO),
    row("harness/delegate", Rule::VersionMonth { support: 6, life: 8 }, "Delegate automatic upgrades and expiration policy", DELEGATE),
];

const fn row(
    repositories: &'static str,
    rule: Rule,
    document: &'static str,
    url: &'static str,
) -> Lifecycle {
    Lifecycle {
        repositories,
        rule,
        document,
        url,
        read_on: "2026-11-24",
    }
}

/// The table as Markdown, as the docs show it.
pub fn markdown() -> String {
    let mut text =
        String::from("| repositories | supported | document | read on |\n|---|---|---|---|\n");
    for row in LIFECYCLES {
        text.push_str(&format!(
            "| `{}` | {} | [{}]({}) | {} |\n",
            row.repositories, row.rule, row.document, row.url, row.read_on
        ));
    }
    text
}

/// The rule for a repository, if there is one.
pub fn rule_for(repository: &str) -> Option<Rule> {
    LIFECYCLES
        .iter()
        .filter(|row| Pattern::new(row.repositories).matches(repository))
        .max_by_key(|row| row.repositories.len())
        .map(|row| row.rule)
}

/// Sizes of windows: what is given, and for what no pattern covers the documented ones, unless a size for all replaces
/// them; images whose version determines the end of support have none unless a pattern names them.
pub fn windows(for_all: Option<u32>, patterns: BTreeMap<Pattern, u32>) -> ByRepository<u32> {
    let documented = |rule: Rule| match rule {
        Rule::Releases(size) if for_all.is_none() => Some(size),
        Rule::VersionMonth { .. } => Some(0),
        Rule::Releases(_) | Rule::Days(_) => None,
    };
    with_documented(for_all.unwrap_or(WINDOW), patterns, documented)
}

/// Ages in days: what is given, and for what no pattern covers the documented ones, unless an age for all replaces them.
pub fn ages(for_all: Option<u32>, patterns: BTreeMap<Pattern, u32>) -> ByRepository<u32> {
    let documented = |rule: Rule| match rule {
        Rule::Days(days) if for_all.is_none() => Some(days),
        Rule::Days(_) | Rule::Releases(_) | Rule::VersionMonth { .. } => None,
    };
    with_documented(for_all.unwrap_or(0), patterns, documented)
}

fn with_documented(
    general: u32,
    patterns: BTreeMap<Pattern, u32>,
    documented: impl Fn(Rule) -> Option<u32>,
) -> ByRepository<u32> {
    let rows = LIFECYCLES.iter();
    let rows = rows.filter_map(|row| Some((Pattern::new(row.repositories), documented(row.rule)?)));
    ByRepository::by_pattern(general, patterns).documented(rows)
}
