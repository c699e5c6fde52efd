//! Fills the facts live: which calls there are, and what runs side by side.

use std::mem::Discriminant;

use futures_util::future::join_all;

use crate::facts::{Config, Facts, Fields, Infra, Module};
use crate::harness::{Harness, HarnessError};
use crate::http::Http;
use crate::settings::{Action, Settings};

/// What a run could learn, and what it could not.
#[derive(Debug, Default)]
pub struct Collected {
    /// The facts, as far as they are known.
    pub facts: Facts,
    /// Why facts are missing that the run cannot do without.
    pub errors: Vec<String>,
    kinds: Vec<Discriminant<HarnessError>>,
}

/// Reads defaults and overrides of every chosen module and infrastructure, all at once.
pub async fn collect(http: &Http, harness: &Harness<'_>, settings: &Settings) -> Collected {
    let mut collected = Collected {
        facts: empty(settings),
        ..Collected::default()
    };
    collected.facts.notices = http.notices();
    let configs = places(settings)
        .into_iter()
        .map(|(module, infra)| async move {
            let (default, overrides) = futures_util::future::join(
                harness.defaults(module, infra),
                harness.overrides(module, infra),
            )
            .await;
            (module, infra, default, overrides)
        });
    for (module, infra, default, overrides) in join_all(configs).await {
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
    collected
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
            let kind = std::mem::discriminant(&error);
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

/// The configs to read. `clear` takes K8 and VM together, so both are read.
fn places(settings: &Settings) -> Vec<(Module, Option<Infra>)> {
    let infra = match settings.action {
        Action::Clear => vec![Infra::K8, Infra::Vm],
        _ => settings.infra.clone(),
    };
    let mut places = Vec::new();
    for module in &settings.modules {
        if module.has_infra() {
            places.extend(infra.iter().map(|infra| (*module, Some(*infra))));
        } else {
            places.push((*module, None));
        }
    }
    places
}
