//! A Harness server to test against: `execution-config` of every module, and the connector, over
//! real sockets, with the habits of the real one: one unlocked document per account and module, no look at
//! values, a batch saved whole or not at all. Any call can be made to fail.

mod answers;
mod faults;
mod pipeline_routes;
mod pipelines;
mod routes;
mod store;
mod wire;

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use harness_images::model::module::{Infra, Module};

use crate::received::serve_all;
pub use faults::{Call, Fault};
pub use pipelines::{CacheMiss, Pipeline, Pipelines};
pub use store::Overrides;
pub use wire::Logged;

pub const ACCOUNT: &str = "acme-Account_1";
/// May do everything; sent as `X-API-KEY` or as a bearer token.
pub const KEY: &str = "pat.acme-Account_1.0123456789abcdef.harnessserversecret";
/// May only read.
pub const VIEWER_KEY: &str = "pat.acme-Account_1.fedcba9876543210.harnessviewersecret";
/// Of another account.
pub const OTHER_KEY: &str = "pat.other-Account_2.aaaaaaaaaaaaaaaa.otheraccountsecret";

/// How the server behaves when nothing goes wrong.
#[derive(Clone, Debug)]
pub struct Options {
    /// Path before `/gateway`, as self-managed hosts have it: empty, or `/prefix`.
    pub prefix: String,
    /// How "no overrides" looks.
    pub none: NoneStyle,
    /// How a batch with an unknown field is answered.
    pub rejection: Rejection,
    /// Time between reading and writing the account's document.
    pub pause: Duration,
    /// How far reads of overrides are behind writes.
    pub lag: Duration,
    /// Where `dbops` lives.
    pub dbops: DbopsPaths,
    /// Whether `dbops` wraps its answers like the others.
    pub dbops_envelope: bool,
    /// Whether `dbops` works without a key, as its oldest document shows it.
    pub lenient: bool,
    /// Whether writes answer a bare `true`, without envelope.
    pub bare_writes: bool,
    /// In which form `dbops` takes the fields to reset.
    pub dbops_reset: ResetForms,
    /// The connector's answer: status and body.
    pub connector: Option<(u16, String)>,
    /// Most calls for pipelines within a time; more are answered 429, without `Retry-After`.
    pub rate: Option<(usize, Duration)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoneStyle {
    /// `"data": {}`.
    Empty,
    /// `"data": null`.
    Null,
    /// No `data`.
    Absent,
    /// Every field, as `""` or `null`.
    Blanks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// 400 with `errors`.
    BadRequest,
    /// The old server's 500 "Oops".
    Oops,
}

/// Forms of the fields to reset that `dbops` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetForms {
    Both,
    /// `["gitCloneTag"]`, as the OpenAPI has it.
    Names,
    /// `[{"field":"gitCloneTag"}]`, as the document shows it.
    Objects,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DbopsPaths {
    Both,
    /// `/gateway/v1/dbops` only; the other is 404.
    Gateway,
    /// `/v1/dbops` only; the other is 404.
    Plain,
    /// `/v1/dbops` only; the other is a web page with status 200.
    PlainAndPage,
    Neither,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            none: NoneStyle::Empty,
            rejection: Rejection::BadRequest,
            pause: Duration::ZERO,
            lag: Duration::ZERO,
            dbops: DbopsPaths::Both,
            dbops_envelope: false,
            lenient: false,
            bare_writes: false,
            dbops_reset: ResetForms::Both,
            connector: None,
            rate: None,
        }
    }
}

/// A running server; its threads end with the process.
pub struct HarnessServer {
    address: String,
    shared: Arc<Mutex<Shared>>,
}

/// All that the connections share.
struct Shared {
    options: Options,
    store: store::Store,
    pipelines: Pipelines,
    /// When calls for pipelines came, as far back as `rate` looks.
    recent: Vec<std::time::Instant>,
    faults: faults::Plan,
    log: Vec<Logged>,
    answered: u64,
    writing: usize,
    max_writing: usize,
}

impl HarnessServer {
    /// A server that behaves.
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        Self::on_port(0, options)
    }

    /// The port 0 stands for any free one.
    pub fn on_port(port: u16, options: Options) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a free port");
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Mutex::new(Shared {
            options,
            store: store::Store::new(),
            pipelines: Pipelines::default(),
            recent: Vec::new(),
            faults: faults::Plan::default(),
            log: Vec::new(),
            answered: 0,
            writing: 0,
            max_writing: 0,
        }));
        let of_server = Arc::clone(&shared);
        serve_all(listener, move |stream| {
            wire::serve(stream, |got| routes::answer(&of_server, got));
        });
        Self { address, shared }
    }

    /// The base address, without `/gateway`.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.shared().options.prefix)
    }

    pub fn change_options(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.shared().options);
    }

    /// Reads of overrides are behind by `lag` from now on.
    pub fn lag_reads(&self, lag: Duration) {
        let mut shared = self.shared();
        shared.store.settle();
        shared.options.lag = lag;
    }

    /// The next such call goes wrong.
    pub fn fail_next(&self, call: Call, fault: Fault) {
        self.fail_nth(call, 1, fault);
    }

    /// The n-th such call from now goes wrong; 1 is the next.
    pub fn fail_nth(&self, call: Call, n: usize, fault: Fault) {
        self.shared().faults.add(call, Some(n), fault);
    }

    /// Every such call goes wrong from now on.
    pub fn fail_always(&self, call: Call, fault: Fault) {
        self.shared().faults.add(call, None, fault);
    }

    /// Nothing goes wrong any more.
    pub fn recover(&self) {
        self.shared().faults = faults::Plan::default();
    }

    /// What is pinned; of modules without infrastructure, `infra` is passed over.
    pub fn overrides(&self, module: Module, infra: Option<Infra>) -> Overrides {
        self.shared().store.overrides(module, infra)
    }

    /// Pins or resets a field behind everybody's back.
    pub fn set_override(
        &self,
        module: Module,
        infra: Option<Infra>,
        field: &str,
        value: Option<&str>,
    ) {
        self.shared()
            .store
            .set_override(module, infra, field, value);
    }

    pub fn defaults(&self, module: Module, infra: Option<Infra>) -> Overrides {
        self.shared().store.defaults(module, infra)
    }

    /// Sets a default; the field then exists for that module and infrastructure.
    pub fn set_default(&self, module: Module, infra: Option<Infra>, field: &str, value: &str) {
        self.shared().store.set_default(module, infra, field, value);
    }

    /// Changes the pipelines of the account.
    pub fn change_pipelines(&self, change: impl FnOnce(&mut Pipelines)) {
        change(&mut self.shared().pipelines);
    }

    /// Every request so far, in order of arrival.
    pub fn log(&self) -> Vec<Logged> {
        self.shared().log.clone()
    }

    /// The requests so far that write.
    pub fn writes(&self) -> Vec<Logged> {
        let log = self.log().into_iter();
        log.filter(|got| got.method != "GET").collect()
    }

    pub fn forget_log(&self) {
        self.shared().log.clear();
    }

    /// Most writes that were under way at once.
    pub fn max_writes_at_once(&self) -> usize {
        self.shared().max_writing
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap()
    }
}
