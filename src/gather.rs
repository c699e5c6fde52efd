//! Fills the facts live: which calls there are, and what runs side by side.

mod base;
mod evidence;
pub(crate) mod found;
pub mod history;
mod lines;
mod queries;
mod questions;
pub mod states;

pub(crate) use base::upstream;

use std::mem::Discriminant;

use futures_util::future::{OptionFuture, join, join_all, join3};
use tokio::time::Instant;

use crate::harness::{Cause, Connector, Harness, HarnessError};
use crate::http::Http;
use crate::model::facts::{Config, Facts, Fields, Seen};
use crate::model::module::{Infra, Module};
use crate::settings::{PipelinesSetting, RegistrySetting, Settings};
use crate::verdict::configs_to_read;
use found::InPipelines;

/// What a run could learn, and what it could not.
#[derive(Debug, Default)]
pub struct Collected {
    /// The facts, as far as they are known.
    pub facts: Facts,
    /// Why facts are missing that the run cannot do without.
    pub errors: Vec<String>,
    kinds: Vec<Discriminant<Cause>>,
}

/// Reads defaults and overrides of every chosen module and infrastructure, the account's connector
/// and its pipelines, all at once, and files; then asks registries about the images in use. `backup`
/// is what `restore` is to bring back. Without `harness` only files and entries of `images` are
/// looked at.
pub async fn collect(
    http: &Http,
    harness: Option<&Harness<'_>>,
    settings: &Settings,
    backup: Option<&Facts>,
) -> Collected {
    let mut collected = Collected {
        facts: empty(settings),
        ..Collected::default()
    };
    collected.facts.notices = http.notices();
    let (configs, connector, pipelines) = match harness {
        Some(harness) => of_account(http, harness, settings).await,
        None => (Vec::new(), None, None),
    };
    for (module, infra, default, overrides) in configs {
        match (default, overrides) {
            (Ok(default), Ok(overrides)) => {
                collected.facts.configs.push(Config {
                    module,
                    infra,
                    default,
                    overrides,
                });
            }
            (default, overrides) => collected.note([default, overrides]),
        }
    }
    if let Some(path) = &settings.history {
        let (seen, notice) = history::read(path);
        collected.facts.history = seen;
        collected.facts.notices.extend(notice);
    }
    if let Some(mut pipelines) = pipelines {
        collected.errors.extend(pipelines.error.take());
        pipelines.add_to(&mut collected.facts);
    }
    found::add_files(&settings.files, &mut collected.facts);
    collected.facts.found.sort();
    collected.facts.found.dedup();
    let is_empty = collected.facts.configs.is_empty() && collected.facts.found.is_empty();
    // Without a single image there is nothing that a registry could be asked about.
    if is_empty && !collected.errors.is_empty() {
        return collected;
    }
    if let Some(base) = base::base(settings, connector, &mut collected.facts.notices) {
        let facts = &mut collected.facts;
        let gathered = evidence::gather(http, settings, base, facts, backup).await;
        collected.errors.extend(gathered.err());
    }
    collected
}

type Configs = Vec<(
    Module,
    Option<Infra>,
    Result<Fields, HarnessError>,
    Result<Fields, HarnessError>,
)>;

/// Part of the time left in which pipelines are read; what comes after needs the rest.
const PIPELINES_PART: (u32, u32) = (2, 3);

async fn of_account(
    http: &Http,
    harness: &Harness<'_>,
    settings: &Settings,
) -> (
    Configs,
    Option<Result<Connector, HarnessError>>,
    Option<InPipelines>,
) {
    let configs = configs_to_read(settings)
        .into_iter()
        .map(|(module, infra)| async move {
            let (default, overrides) = join(
                harness.defaults(module, infra),
                harness.overrides(module, infra),
            )
            .await;
            (module, infra, default, overrides)
        });
    let asks_connector = settings.registry == RegistrySetting::Auto;
    let connector: OptionFuture<_> = asks_connector.then(|| harness.connector()).into();
    let now = Instant::now();
    let left = http.deadline().saturating_duration_since(now);
    let (parts, of) = PIPELINES_PART;
    let share = left
        .saturating_mul(parts)
        .checked_div(of)
        .unwrap_or_default();
    let end = now.checked_add(share).unwrap_or(now);
    let reads_pipelines = settings.pipelines != PipelinesSetting::Off;
    let pipelines: OptionFuture<_> = reads_pipelines
        .then(|| found::read_pipelines(harness, settings, end))
        .into();
    join3(join_all(configs), connector, pipelines).await
}

/// The defaults in the facts, as the history keeps them.
pub fn seen(facts: &Facts) -> Vec<Seen> {
    let first_seen = crate::model::date::day(facts.taken_at);
    let mut seen = Vec::new();
    for config in &facts.configs {
        for (field, value) in &config.default {
            if let Some(image) = value.as_text() {
                seen.push(Seen {
                    module: config.module,
                    infra: config.infra,
                    field: field.clone(),
                    image: image.to_owned(),
                    first_seen,
                });
            }
        }
    }
    seen
}

impl From<Facts> for Collected {
    fn from(facts: Facts) -> Self {
        Self {
            facts,
            ..Self::default()
        }
    }
}

impl Collected {
    /// Nothing could be read.
    pub fn failed(settings: &Settings, error: String) -> Self {
        Self {
            facts: empty(settings),
            errors: vec![error],
            ..Self::default()
        }
    }

    /// Notes errors, one of a kind: a wrong key fails every call alike.
    fn note(&mut self, results: [Result<Fields, HarnessError>; 2]) {
        for error in results.into_iter().filter_map(Result::err) {
            let kind = std::mem::discriminant(&error.cause);
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
                self.errors.push(error.to_string());
            }
        }
    }
}

fn empty(settings: &Settings) -> Facts {
    Facts {
        taken_at: jiff::Timestamp::now(),
        account: settings.account.clone(),
        ..Facts::default()
    }
}
