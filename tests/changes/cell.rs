//! One cell of the matrix: an account, an action, faults; and what must hold whatever happens.

use std::collections::BTreeMap;

use harness_images::model::facts::Facts;
use harness_images::model::module::{Infra, Module};
use serde_json::{Value, json};

use support::harness_server::{ACCOUNT, HarnessServer, KEY, Overrides};
use support::step::{Ran, Step};

pub const K8: Option<Infra> = Some(Infra::K8);
pub const VM: Option<Infra> = Some(Infra::Vm);
pub const PLACES: [(Module, Option<Infra>); 3] =
    [(Module::Ci, K8), (Module::Ci, VM), (Module::Dbops, None)];

/// The account before every cell.
pub const BEFORE: [(Module, Option<Infra>, &str, &str); 5] = [
    (Module::Ci, K8, "addonTag", "harness/ci-addon:1.14.0"),
    (
        Module::Ci,
        K8,
        "gitCloneTag",
        "mirror.example/harness/drone-git:1.5.0-rootless",
    ),
    (Module::Ci, K8, "s3UploadTag", "plugins/s3:1.5.0"),
    (Module::Ci, VM, "gitCloneTag", "harness/drone-git:1.4.0"),
    (
        Module::Dbops,
        None,
        "mongoTag",
        "plugins/drone-liquibase:1.17.0-4.33-mongo",
    ),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    Pin,
    Reset,
    Clear,
    Restore,
}

/// Which modules are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modules {
    /// `ci`.
    One,
    /// `ci`, then `dbops`.
    Two,
}

impl Does {
    pub const ALL: [Self; 4] = [Self::Pin, Self::Reset, Self::Clear, Self::Restore];

    /// Writes that the plan sends to `ci`.
    pub fn writes_to_ci(self) -> usize {
        if self == Self::Restore { 2 } else { 1 }
    }

    /// Reads of overrides before the first write: to plan, and once more before writing.
    pub fn reads_before(self, modules: Modules) -> usize {
        let places = usize::from(self == Self::Clear) + 1 + usize::from(modules == Modules::Two);
        2 * places
    }
}

/// A server with the account as it is before.
pub fn account() -> HarnessServer {
    let server = HarnessServer::start();
    for (module, infra, field, image) in BEFORE {
        server.set_override(module, infra, field, Some(image));
    }
    server
}

/// Overrides of the whole account.
pub type Whole = BTreeMap<String, String>;

pub fn whole(server: &HarnessServer) -> Whole {
    let mut whole = Whole::new();
    for (module, infra) in PLACES {
        let overrides: Overrides = server.overrides(module, infra);
        let name = |field| harness_images::model::module::full_name(module, infra, field);
        whole.extend(
            overrides
                .iter()
                .map(|(field, image)| (name(field), image.clone())),
        );
    }
    whole
}

/// The step that does it.
pub fn step(server: &HarnessServer, does: Does, modules: Modules) -> Step {
    let step = Step::on_server(&server.url(), KEY);
    let step = match modules {
        Modules::One => step,
        Modules::Two => step.set("modules", "ci,dbops"),
    };
    match does {
        Does::Pin => {
            let mut pin = json!({
                "addonTag": "harness/ci-addon:1.16.90",
                "liteEngineTag": "harness/ci-lite-engine:1.16.90",
            });
            if modules == Modules::Two {
                pin["dbops.gitCloneTag"] = json!("harness/drone-git:1.6.3-rootless");
            }
            step.set("action", "pin").set("pin", &pin.to_string())
        }
        Does::Reset => {
            let fields = match modules {
                Modules::One => "addonTag,gitCloneTag",
                Modules::Two => "addonTag,ci.K8.gitCloneTag,mongoTag",
            };
            step.set("action", "reset").set("reset", fields)
        }
        Does::Clear => step.set("action", "clear").set("force", "true"),
        Does::Restore => {
            let mut configs = vec![json!({"module": "ci", "infra": "K8", "overrides": {
                "addonTag": "harness/ci-addon:1.13.0",
                "liteEngineTag": "harness/ci-lite-engine:1.13.0",
                "s3UploadTag": "plugins/s3:1.5.0",
            }})];
            if modules == Modules::Two {
                configs.push(json!({"module": "dbops", "overrides": {
                    "mongoTag": "plugins/drone-liquibase:1.16.0-4.33-mongo",
                }}));
            }
            let backup = json!({
                "format": "harness-images/snapshot/v1", "taken_at": "2026-11-19T09:00:00Z",
                "account": ACCOUNT, "configs": configs,
            });
            step.set("action", "restore")
                .write("harness-images-backup.json", &backup.to_string())
        }
    }
}

/// A change as the report has it.
pub struct ReportedChange {
    pub name: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub state: String,
}

pub fn changes(ran: &Ran) -> Vec<ReportedChange> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let report = ran.report();
    let changes = report["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| {
            let place = match text(&change["infra"]) {
                Some(infra) => format!("{}.{infra}", change["module"].as_str().unwrap()),
                None => text(&change["module"]).unwrap(),
            };
            ReportedChange {
                name: format!("{place}.{}", change["field"].as_str().unwrap()),
                from: text(&change["from"]),
                to: text(&change["to"]),
                state: text(&change["state"]).unwrap(),
            }
        })
        .collect()
}

/// The state in which a step leaves the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    Planned,
    Before,
    /// As before, but for what another user has changed meanwhile.
    Foreign,
    /// Neither: a person must look.
    Between,
}

/// Checks what must hold whatever happens, and says in which state the account is left. `before` is the
/// account before the step, with what others have changed since.
pub fn judge(server: &HarnessServer, ran: &Ran, before: &Whole, hint: &str) -> AccountState {
    let (after, changes, errors) = (whole(server), changes(ran), ran.errors());
    assert!(!changes.is_empty(), "{hint}: no change is reported");
    let context = format!("{hint}\n{after:#?}\n{errors}\n{}", ran.stdout);
    for change in &changes {
        let value = after.get(&change.name);
        let is_named = errors.contains(&change.name);
        let is_right = match change.state.as_str() {
            "applied" => value == change.to.as_ref(),
            "rolled-back" | "planned" => value == change.from.as_ref(),
            "failed" => {
                value == change.from.as_ref()
                    || is_named && value.is_some_and(|value| errors.contains(value))
            }
            "unknown" => is_named,
            _ => false,
        };
        assert!(
            is_right,
            "{} is not {}: {context}",
            change.name, change.state
        );
    }
    let mut planned = before.clone();
    for change in &changes {
        planned.remove(&change.name);
        planned.extend(change.to.clone().map(|to| (change.name.clone(), to)));
    }
    let is_applied = changes.iter().all(|change| change.state == "applied");
    let end = if after == planned {
        AccountState::Planned
    } else if after == *before {
        AccountState::Before
    } else if errors.contains("were left as they are") {
        AccountState::Foreign
    } else {
        AccountState::Between
    };
    let expected = if is_applied { 0 } else { 4 };
    assert_eq!(ran.status, expected, "{context}");
    match end {
        AccountState::Planned => {}
        AccountState::Before => assert!(!errors.is_empty(), "{context}"),
        AccountState::Foreign => {
            let last = errors.lines().last().unwrap();
            let names = before.keys().chain(after.keys());
            for name in names.filter(|name| before.get(*name) != after.get(*name)) {
                let has = format!("{name} has {}", after[name]);
                assert!(last.contains(&has), "{has}: {context}");
            }
            let warned = ran.warnings().contains(&"changed-meanwhile".to_owned());
            assert!(warned, "{context}");
        }
        AccountState::Between => {
            let last = errors.lines().last().unwrap();
            assert!(last.contains("`action: restore`"), "{context}");
            let names = before.keys().chain(after.keys());
            for name in names.filter(|name| before.get(*name) != after.get(*name)) {
                assert!(last.contains(name.as_str()), "{name}: {context}");
            }
        }
    }
    check_writes(server, &context);
    end
}

/// Nothing is written at the same time, or twice without a look in between.
fn check_writes(server: &HarnessServer, context: &str) {
    assert!(server.max_writes_at_once() <= 1, "{context}");
    let mut since_read: Vec<(String, String)> = Vec::new();
    for got in server.log() {
        if got.method != "GET" {
            let write = (format!("{} {:?}", got.line(), got.query), got.text());
            assert!(!since_read.contains(&write), "{write:?} twice: {context}");
            since_read.push(write);
        } else if got.path.ends_with("/get-customer-config") {
            since_read.clear();
        }
    }
}

/// The backup holds the overrides before, can be read, and `restore` keeps what it reads.
pub fn check_backup(ran: &Ran, does: Does, modules: Modules, before: &Whole) {
    let name = match does {
        Does::Restore => "harness-images-backup-before-restore.json",
        _ => "harness-images-backup.json",
    };
    let backup = Facts::from_json(&std::fs::read(ran.path(name)).unwrap()).unwrap();
    assert_eq!(backup.account.as_deref(), Some(ACCOUNT));
    let mut kept = Whole::new();
    for config in &backup.configs {
        for (field, value) in &config.overrides {
            let name = harness_images::model::module::full_name(config.module, config.infra, field);
            kept.insert(name, value.as_text().unwrap().to_owned());
        }
    }
    let mut expected = before.clone();
    expected.retain(|name, _| {
        name.starts_with("ci.K8")
            || name.starts_with("ci.VM") && does == Does::Clear
            || name.starts_with("dbops") && modules == Modules::Two
    });
    assert_eq!(kept, expected, "{does:?}");
    if does == Does::Restore {
        let read = std::fs::read_to_string(ran.path("harness-images-backup.json")).unwrap();
        assert!(read.contains("2026-11-19T09:00:00Z"), "{read}");
    }
}
