//! A registry that behaves, and misbehaves in every way that was seen in the wild: tag lists over
//! pages, `Basic` and `Bearer`, catalog, manifests and configurations, a catalog where the
//! Harness registry had it, and Docker Hub's web API.

mod access;
mod hub;
mod images;
mod lists;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use url::Url;

use crate::received::{Received, receive};

pub use access::{Access, Grant, TokenField, Tokens};

/// How a repository's tag list is answered.
#[derive(Clone, Debug)]
pub enum Behaviour {
    Healthy,
    /// Pages of this size, or of the size asked for if that is smaller, with a `Link`.
    Pages(usize, LinkForm),
    /// Cut at this length without a `Link`; entries behind `last` are given if asked for.
    CutHonestly(usize),
    /// Cut at this length without a `Link`, whatever is asked.
    Cut(usize),
    /// Cut at `n`, or at this length if that is smaller, whatever `last` is.
    NoLast(usize),
    /// 429 with this `Retry-After`, then healthy.
    BusyOnce(String),
    BusyForEver,
    /// 503 twice, then healthy.
    UnavailableTwice,
    /// Always this status, with this body.
    Status(u16, String),
    /// Status 200 with this body.
    Body(String),
    /// The body ends before its announced length; the first so many times.
    CutShort(usize),
    /// The first page is healthy, its `Link` has this value.
    Link(String),
    /// Each page names a new next page, and is always the same.
    NeverAdvances,
    /// Each page has one new tag and names a next page.
    Endless,
    /// Each page but the first is empty and names a next page.
    EmptyPages,
    /// The first page is healthy, the second answers this status.
    SecondPage(u16),
    /// Refuses `n`.
    NoPageSize,
    Redirect(String),
    Hang,
    Close,
}

/// How the `Link` to the next page is written.
#[derive(Clone, Copy, Debug)]
pub enum LinkForm {
    Relative,
    Absolute,
    /// Among others, with several relations and odd spacing.
    Crowded,
}

/// One image behind a tag.
#[derive(Clone, Debug, Default)]
pub struct Image {
    pub digest: String,
    pub created: String,
    /// Whether the tag names an index with an attestation before the image.
    pub is_index: bool,
    /// Whether answers lack the header with the digest.
    pub hides_digest: bool,
    /// Where the configuration is redirected to.
    pub config_at: Option<String>,
    /// When Docker Hub says it was last pushed.
    pub last_updated: String,
    /// Sizes of its platforms, as Docker Hub says them, or of its layers.
    pub sizes: Vec<u64>,
}

#[derive(Clone, Debug)]
pub struct Repository {
    pub tags: Vec<String>,
    pub behaviour: Behaviour,
    pub images: BTreeMap<String, Image>,
    /// Only the user may read it, and only if there is one.
    pub is_private: bool,
}

/// What the server is like.
#[derive(Clone, Default)]
pub struct Options {
    pub repositories: BTreeMap<String, Repository>,
    pub access: Access,
    /// Repositories that everybody may read without a demand.
    pub open: BTreeSet<String>,
    /// How long every answer takes.
    pub delay: Duration,
    pub catalog: bool,
    /// Path of the API's root, where it is not `v2`.
    pub root: Option<String>,
    /// Whether the catalog is at `/registry/_catalog`, as at the Harness registry.
    pub old_catalog: bool,
    /// Every request is answered with this status and body.
    pub always: Option<(u16, String)>,
    /// Docker Hub's web API: `None` is not there, a status is a failure.
    pub hub: Option<u16>,
}

impl Options {
    /// Adds a repository.
    #[must_use]
    pub fn with<T: ToString>(mut self, name: &str, tags: &[T], behaviour: Behaviour) -> Self {
        let repository = Repository {
            tags: tags.iter().map(ToString::to_string).collect(),
            behaviour,
            images: BTreeMap::new(),
            is_private: false,
        };
        self.repositories.insert(name.to_owned(), repository);
        self
    }

    /// Adds details to a tag.
    #[must_use]
    pub fn image(mut self, name: &str, tag: &str, image: Image) -> Self {
        let repository = self.repositories.get_mut(name).unwrap();
        repository.images.insert(tag.to_owned(), image);
        self
    }
}

/// One request as it arrived, and how it was answered.
#[derive(Clone, Debug)]
pub struct Logged {
    pub method: String,
    /// With query.
    pub target: String,
    pub authorization: Option<String>,
    pub head: String,
    pub body: String,
    pub status: u16,
}

struct Shared {
    options: Options,
    address: String,
    log: Mutex<Vec<Logged>>,
    counts: Mutex<BTreeMap<String, usize>>,
    tokens: Mutex<BTreeMap<String, BTreeSet<String>>>,
    at_once: Mutex<(usize, usize)>,
    end: (Mutex<bool>, Condvar),
}

/// The server; it ends with its value.
pub struct RegistryServer {
    /// `127.0.0.1:<port>`.
    pub address: String,
    shared: Arc<Shared>,
}

/// What the server sends.
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How much less is sent than announced.
    missing: usize,
    /// Whether nothing is sent: the connection is held, or closed.
    silence: Option<Silence>,
}

#[derive(PartialEq)]
enum Silence {
    Hold,
    Close,
}

impl Reply {
    fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            missing: 0,
            silence: None,
        }
    }

    fn error(status: u16, code: &str) -> Self {
        Self::new(
            status,
            format!(r#"{{"errors":[{{"code":"{code}","message":"no"}}]}}"#),
        )
    }

    fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn silence(silence: Silence) -> Self {
        let mut reply = Self::new(0, "");
        reply.silence = Some(silence);
        reply
    }
}

impl RegistryServer {
    pub fn start(options: Options) -> Self {
        Self::listen(options, "127.0.0.1:0")
    }

    pub fn listen(options: Options, address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            options,
            address: address.clone(),
            log: Mutex::default(),
            counts: Mutex::default(),
            tokens: Mutex::default(),
            at_once: Mutex::default(),
            end: (Mutex::new(false), Condvar::new()),
        });
        let accepted = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if *accepted.end.0.lock().unwrap() {
                    break;
                }
                let shared = Arc::clone(&accepted);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }

    /// `http://127.0.0.1:<port>`.
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).unwrap()
    }

    /// Everything received so far.
    pub fn log(&self) -> Vec<Logged> {
        self.shared.log.lock().unwrap().clone()
    }

    /// Requests whose target holds `part`.
    pub fn count(&self, part: &str) -> usize {
        self.log()
            .iter()
            .filter(|logged| logged.target.contains(part))
            .count()
    }

    /// Most requests that were in work at once.
    pub fn max_at_once(&self) -> usize {
        self.shared.at_once.lock().unwrap().1
    }
}

impl Drop for RegistryServer {
    fn drop(&mut self) {
        *self.shared.end.0.lock().unwrap() = true;
        self.shared.end.1.notify_all();
        drop(TcpStream::connect(&self.address));
    }
}

impl Shared {
    /// How often this was counted before.
    fn count(&self, what: &str) -> usize {
        let mut counts = self.counts.lock().unwrap();
        let count = counts.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    /// Waits; ends early with the server.
    fn wait(&self, time: Duration) {
        let ended = self.end.0.lock().unwrap();
        drop(
            self.end
                .1
                .wait_timeout_while(ended, time, |ended| !*ended)
                .unwrap(),
        );
    }

    fn answer(&self, request: &Received) -> Reply {
        if let Some((status, body)) = &self.options.always {
            return Reply::new(*status, body.clone());
        }
        let url = request.url();
        let path = url.path();
        if path.starts_with("/token") {
            return self.token(request);
        }
        if let Some(rest) = path.strip_prefix("/v2/namespaces/") {
            return self.hub(request, rest);
        }
        if let Some(digest) = path.strip_prefix("/storage/") {
            return self.stored(digest);
        }
        if self.options.old_catalog && path == "/registry/_catalog" {
            return self.catalog(request);
        }
        let root = format!("/{}/", self.options.root.as_deref().unwrap_or("v2"));
        let Some(rest) = path.strip_prefix(&root) else {
            return Reply::error(404, "NAME_UNKNOWN");
        };
        if rest == "_catalog" && !self.options.old_catalog {
            if let Err(reply) = self.admit(request, "registry:catalog:*", false) {
                return reply;
            }
            return self.catalog(request);
        }
        let split = ["/tags/list", "/manifests/", "/blobs/"]
            .into_iter()
            .find_map(|part| rest.find(part).map(|at| (&rest[..at], &rest[at..])));
        let Some((name, rest)) = split else {
            return Reply::error(404, "UNSUPPORTED");
        };
        let repository = self.options.repositories.get(name);
        let is_private = repository.is_some_and(|repository| repository.is_private);
        let is_open = self.options.open.contains(name);
        let scope = format!("repository:{name}:pull");
        if let (false, Err(reply)) = (is_open, self.admit(request, &scope, is_private)) {
            return reply;
        }
        let Some(repository) = repository else {
            return Reply::error(404, "NAME_UNKNOWN");
        };
        match rest.strip_prefix("/tags/list") {
            Some(_) => self.list(request, name, repository),
            None => self.content(request, repository, rest),
        }
    }
}

/// A parameter of a request's query.
fn query(request: &Received, name: &str) -> Option<String> {
    let url = request.url();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

fn serve(stream: TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
    let mut stream = BufReader::new(stream);
    while let Some(request) = receive(&mut stream) {
        {
            let mut at_once = shared.at_once.lock().unwrap();
            at_once.0 += 1;
            at_once.1 = at_once.1.max(at_once.0);
        }
        if !shared.options.delay.is_zero() {
            shared.wait(shared.options.delay);
        }
        let reply = shared.answer(&request);
        shared.log.lock().unwrap().push(Logged {
            method: request.method().to_owned(),
            target: request.target().to_owned(),
            authorization: request.header("authorization").map(str::to_owned),
            head: request.head.clone(),
            body: request.text(),
            status: reply.status,
        });
        shared.at_once.lock().unwrap().0 -= 1;
        if let Some(silence) = reply.silence {
            if silence == Silence::Hold {
                shared.wait(Duration::from_secs(60));
            }
            return;
        }
        let mut head = format!(
            "HTTP/1.1 {} X\r\nContent-Length: {}\r\n",
            reply.status,
            reply.body.len()
        );
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        if request.method() != "HEAD" {
            bytes.extend(&reply.body[..reply.body.len() - reply.missing]);
        }
        if stream.get_mut().write_all(&bytes).is_err() || reply.missing > 0 {
            return;
        }
    }
}
