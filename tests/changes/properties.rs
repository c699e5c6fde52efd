//! Whatever is pinned, planned and goes wrong: the account ends as planned, or as it was, or the
//! report says which fields are in which state.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use harness_images::change::{Applied, apply};
use harness_images::harness::Harness;
use harness_images::model::change::{Change, ChangeState, Operation};
use harness_images::model::facts::{Config, Facts, FieldValue};
use harness_images::model::module::full_name;
use harness_images::model::module::{Infra, Module};
use harness_images::settings::{HarnessAccess, HarnessCredential};
use harness_images::stop::Stop;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner};
use tokio::time::Instant;

use super::cell::{K8, PLACES, VM, Whole, whole};
use support::harness_server::{ACCOUNT, Call, Fault, HarnessServer, KEY};
use support::runtime::{http, run};

/// Fields that every place has, but for the last, which `dbops` lacks.
const FIELDS: [&str; 3] = ["gitCloneTag", "s3UploadTag", "cacheS3Tag"];

/// What another user pins.
const OTHERS: &str = "other/user:9.9.9";

/// Versions by place and field; `None` for no override.
type Versions = BTreeMap<(Module, Option<Infra>, &'static str), Option<u8>>;

#[derive(Debug, Clone)]
struct Scene {
    before: Versions,
    /// What each field is to have; those that are missing are not planned.
    plan: Versions,
    clear: bool,
    faults: Vec<(Call, usize, Fault)>,
}

fn places() -> Vec<(Module, Option<Infra>, &'static str)> {
    let all = PLACES
        .into_iter()
        .flat_map(|(module, infra)| FIELDS.map(|field| (module, infra, field)));
    all.filter(|(module, _, field)| *module != Module::Dbops || *field == "gitCloneTag")
        .collect()
}

fn scenes() -> impl Strategy<Value = Scene> {
    let count = places().len();
    let override_ = prop_oneof![Just(None), (1..4_u8).prop_map(Some)];
    let target = prop_oneof![2 => Just(None), 3 => override_.clone().prop_map(Some)];
    let before = prop::collection::vec(override_, count);
    let plan = prop::collection::vec(target, count);
    let faults = prop::collection::vec(faults(), 0..5);
    (before, plan, prop::bool::weighted(0.2), faults).prop_map(|(before, plan, clear, faults)| {
        Scene {
            before: places().into_iter().zip(before).collect(),
            plan: places()
                .into_iter()
                .zip(plan)
                .filter_map(|(place, target)| Some((place, target?)))
                .collect(),
            clear,
            faults,
        }
    })
}

fn faults() -> impl Strategy<Value = (Call, usize, Fault)> {
    let status = || prop::sample::select(vec![400, 403, 500, 502]);
    let writes = prop_oneof![
        status().prop_map(Fault::Status),
        status().prop_map(Fault::SaveThenStatus),
        Just(Fault::Cut),
        Just(Fault::SaveThenCut),
        Just(Fault::CutBody),
        Just(Fault::Page),
        Just(Fault::PretendSuccess),
        Just(Fault::SavePart(1)),
        prop::sample::select(vec![K8, VM])
            .prop_flat_map(|infra| (Just(infra), prop::sample::select(FIELDS.to_vec())))
            .prop_map(|(infra, field)| {
                Fault::Meanwhile(Module::Ci, infra, field.to_owned(), Some(OTHERS.to_owned()))
            }),
    ];
    let reads = prop_oneof![
        Just(Fault::Status(403)),
        Just(Fault::Cut),
        Just(Fault::Page)
    ];
    prop_oneof![
        3 => writes.prop_map(|fault| (Call::AnyWrite, fault)),
        1 => reads.prop_map(|fault| (Call::Overrides, fault)),
    ]
    .prop_flat_map(|(call, fault)| (Just(call), 1..7_usize, Just(fault)))
}

fn image(version: u8) -> String {
    format!("harness/drone-git:1.{version}.0-rootless")
}

impl Scene {
    fn changes(&self) -> Vec<Change> {
        let clears = |module| self.clear && module == Module::Ci;
        let mut changes = Vec::new();
        for (place, from) in &self.before {
            let (module, infra, field) = *place;
            let to = match self.plan.get(place) {
                _ if clears(module) => None,
                Some(to) => *to,
                None => continue,
            };
            if to == *from {
                continue;
            }
            changes.push(Change {
                module,
                infra,
                field: field.to_owned(),
                op: match to {
                    _ if clears(module) => Operation::Clear,
                    Some(_) => Operation::Pin,
                    None => Operation::Reset,
                },
                from: from.map(image),
                to: to.map(image),
                state: ChangeState::Planned,
                why: String::new(),
            });
        }
        changes
    }

    fn server(&self) -> HarnessServer {
        let server = HarnessServer::start();
        for ((module, infra, field), version) in &self.before {
            server.set_override(*module, *infra, field, version.map(image).as_deref());
        }
        for (call, n, fault) in &self.faults {
            server.fail_nth(*call, *n, fault.clone());
        }
        server
    }

    fn facts(&self) -> Facts {
        let config = |(module, infra): (Module, Option<Infra>)| Config {
            module,
            infra,
            default: BTreeMap::new(),
            overrides: self
                .before
                .iter()
                .filter(|((of, at, _), _)| (*of, *at) == (module, infra))
                .filter_map(|((_, _, field), version)| {
                    Some(((*field).to_owned(), FieldValue::Text(image((*version)?))))
                })
                .collect(),
        };
        Facts {
            configs: PLACES.map(config).into(),
            ..Facts::default()
        }
    }

    fn others(&self) -> bool {
        self.faults
            .iter()
            .any(|(.., fault)| matches!(fault, Fault::Meanwhile(..)))
    }
}

fn carry_out(server: &HarnessServer, facts: &Facts, changes: Vec<Change>) -> Applied {
    let access = HarnessAccess {
        credential: HarnessCredential::ApiKey(KEY.into()),
        account_id: ACCOUNT.to_owned(),
        endpoint: server.url().parse().unwrap(),
    };
    run(async {
        let deadline = Instant::now() + Duration::from_secs(8);
        let http = http(4, 8);
        let harness = Harness::new(&http, &access);
        let (stop, _stopper) = Stop::new();
        let backup = Path::new("backup.json");
        apply(&harness, facts, changes, backup, deadline, &stop).await
    })
}

fn check(scene: &Scene) -> Result<(), TestCaseError> {
    let (server, changes) = (scene.server(), scene.changes());
    let before = whole(&server);
    let applied = carry_out(&server, &scene.facts(), changes.clone());
    let after = whole(&server);
    let is_others = |value: Option<&String>| value.is_some_and(|value| value == OTHERS);
    let (mut planned, mut named) = (before.clone(), Whole::new());
    prop_assert_eq!(applied.changes.len(), changes.len());
    for change in &applied.changes {
        let name = full_name(change.module, change.infra, &change.field);
        planned.remove(&name);
        planned.extend(change.to.clone().map(|to| (name.clone(), to)));
        named.insert(name.clone(), String::new());
        let value = after.get(&name);
        let is_reported = applied.errors.iter().any(|error| error.contains(&name));
        // What Harness says that it refused, and nobody can read, is as it says or is not.
        let place = (change.module, change.infra);
        let is_believed =
            change.state == ChangeState::Failed && !applied.overrides.contains_key(&place);
        let is_right = match change.state {
            ChangeState::Failed if is_believed => true,
            ChangeState::Applied => value == change.to.as_ref(),
            ChangeState::RolledBack => value == change.from.as_ref(),
            ChangeState::Planned => value == change.from.as_ref() || is_others(value),
            ChangeState::Failed => value == change.from.as_ref() || is_reported || is_others(value),
            ChangeState::Unknown => is_reported,
        };
        prop_assert!(is_right, "{change:?} but {value:?}: {:#?}", applied.errors);
        if applied.errors.is_empty() {
            prop_assert_eq!(change.state, ChangeState::Applied);
        }
        // A field left changed is named in what a person is to do.
        let is_left = value != change.from.as_ref() && !is_others(value) && !is_believed;
        let last = applied.errors.last().cloned().unwrap_or_default();
        prop_assert!(
            !is_left || applied.errors.is_empty() || last.contains(&name),
            "{name} is left unsaid: {:#?}",
            applied.errors
        );
    }
    for (name, value) in &after {
        let is_untouched = named.contains_key(name) || before.get(name) == Some(value);
        prop_assert!(is_untouched || value == OTHERS, "{name} was touched");
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        prop_assert!(named.contains_key(name), "{name} was lost");
    }
    prop_assert!(server.max_writes_at_once() <= 1);
    if scene.faults.is_empty() {
        prop_assert_eq!(&after, &planned);
    }
    if scene.faults.len() <= 1 && !scene.others() {
        prop_assert!(after == planned || after == before, "one fault is survived");
        prop_assert_eq!(
            after == planned && after != before,
            applied.errors.is_empty() && !changes.is_empty()
        );
    }
    Ok(())
}

#[test]
fn the_account_is_never_left_in_a_state_that_is_not_reported() {
    std::thread::scope(|scope| {
        for seed in 0..4_u8 {
            scope.spawn(move || {
                let runs = Runs {
                    cases: 24,
                    failure_persistence: None,
                    max_shrink_iters: 60,
                    ..Runs::default()
                };
                let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
                TestRunner::new_with_rng(runs, rng)
                    .run(&scenes(), |scene| check(&scene))
                    .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            });
        }
    });
}
