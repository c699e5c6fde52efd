//! What registries publish: tags, digests, dates and sizes, asked for with as few requests as possible.
//!
//! * [`base`] – where an image is looked up
//! * [`challenge`], `token_server`, `token_request`, `token`, `session` – what a registry requires, and how it is answered
//! * [`credentials`] – who may read where
//! * `tags`, [`page`], [`link`] – lists over pages
//! * `hub`, [`stop_rule`] – Docker Hub's web API, and how far back it must be read
//! * `details`, `sizes` – digests, dates and sizes of single tags
//!
//! One bad registry or repository harms no other: whatever goes wrong ends up in the
//! [`Coverage`] of the repository that it concerns.

pub mod base;
pub mod challenge;
pub mod credentials;
mod describe;
mod details;
mod ending;
mod error;
mod hub;
pub mod link;
mod lookup;
pub mod page;
mod pages;
mod session;
mod sizes;
pub mod stop_rule;
mod tags;
mod token;
mod token_request;
mod token_server;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

pub use base::{RegistryBase, Scheme};
pub use describe::{TagProperty, TagQuery};
pub use error::RegistryError;
pub use lookup::{Question, RegistryAnswers};
pub use stop_rule::Extent;

use crate::http::Http;
use crate::model::facts::{Coverage, Notice, Repository};
use crate::model::image::DOCKER_IO;
use crate::model::warning::WarningCode;
use crate::redact::Secrets;
use crate::settings::{DockerConfig, RegistryLogin};
use base::RepositoryPlace;
use credentials::Credentials;
use hub::Hub;
use session::Session;

/// Docker Hub's web API, unless the settings name another.
pub(crate) const HUB: &str = "https://hub.docker.com";

/// Docker Hub's registry.
const DOCKER_HUB: &str = "https://registry-1.docker.io";

/// How long requests to a host of which nothing is known wait for the first answer from there. A
/// registry in the same network answers within it; to wait longer for others would cost every open
/// registry that time, and saves only few refused requests where one is not open.
const WAIT_FOR_FIRST_ANSWER: Duration = Duration::from_millis(1);

/// How registries are reached.
#[derive(Debug)]
pub struct RegistryAccess {
    /// Where images are looked up that name no registry.
    pub base: RegistryBase,
    /// Who may read where.
    pub credentials: Credentials,
    /// Docker Hub's web API, the setting `hub_endpoint`.
    pub hub: Option<Url>,
    /// Docker Hub's registry API.
    pub docker_hub: Option<Url>,
    /// How long requests to a host of which nothing is known wait for the first answer from
    /// there, so that only one of them is refused if the host requires a token.
    pub first_answer_wait: Duration,
    /// When to stop asking; without it, a third of the time left is kept for what comes after.
    pub deadline: Option<Instant>,
}

impl RegistryAccess {
    /// Puts the settings together; without `hub` it is Docker Hub's own. Secrets become known to `secrets`; what is wrong with
    /// `docker_config` is a notice.
    pub fn new(
        base: RegistryBase,
        login: Option<&RegistryLogin>,
        docker_config: Option<&DockerConfig>,
        hub: Option<Url>,
        secrets: &Secrets,
    ) -> (Self, Vec<Notice>) {
        let (credentials, notices) = Credentials::new(login, base.host(), docker_config, secrets);
        let access = Self {
            base,
            credentials,
            hub: hub.or_else(|| Url::parse(HUB).ok()),
            docker_hub: Url::parse(DOCKER_HUB).ok(),
            first_answer_wait: WAIT_FOR_FIRST_ANSWER,
            deadline: None,
        };
        (access, notices)
    }
}

/// The registries of a run. What they require, and the tokens they gave, are kept from one call to
/// the next.
pub struct Registries<'a> {
    http: &'a Http,
    access: &'a RegistryAccess,
    deadline: Instant,
    sessions: RefCell<BTreeMap<String, Rc<Session<'a>>>>,
    /// Where repositories were found, so that details are asked for at the same place.
    found: RefCell<BTreeMap<(String, String), RepositoryPlace>>,
    /// Why Docker Hub's web API could not be used, so that each cause is logged once.
    hub_errors: RefCell<BTreeSet<String>>,
}

impl<'a> Registries<'a> {
    /// Nothing is sent yet.
    pub fn new(http: &'a Http, access: &'a RegistryAccess) -> Self {
        let left = http.deadline().saturating_duration_since(Instant::now());
        let own = access
            .deadline
            .unwrap_or_else(|| earlier(http.deadline(), left, 3));
        Self {
            http,
            access,
            deadline: own.min(http.deadline()),
            sessions: RefCell::default(),
            found: RefCell::default(),
            hub_errors: RefCell::default(),
        }
    }

    /// Asks for the tags of every repository in question, each once. Never fails: what could not
    /// be read is in the repository's [`Coverage`].
    pub async fn read(&self, questions: &[Question<'_>]) -> RegistryAnswers {
        lookup::read(self, questions).await
    }

    /// Asks for the tags of single repositories, given by canonical host and full path. Never
    /// fails: what could not be read is in the repository's [`Coverage`].
    pub async fn lists(&self, repositories: &[(&str, &str)]) -> Vec<Repository> {
        lookup::lists(self, repositories).await
    }

    /// The names of all repositories at the base, those below its prefix without it; `None` where the registry does not say, or not completely.
    pub async fn catalog(&self) -> Option<Vec<String>> {
        let base = &self.access.base;
        if base.host() == DOCKER_IO {
            // Docker Hub has no catalog.
            return None;
        }
        let session = self.session(base.host(), base.scheme())?;
        for path in base.catalogs() {
            match tags::catalog(&session, &path).await {
                Ok((names, ending::Ending::Complete)) => return Some(base.below(names)),
                Ok((_, ending)) => tracing::debug!("{base}: no catalog at {path}: {ending:?}"),
                Err(error) => tracing::debug!("{base}: no catalog at {path}: {error}"),
            }
        }
        None
    }

    /// Docker Hub's web API gets half of the time left: where it is too busy, its registry needs
    /// the other half.
    fn hub(&self) -> Option<Hub<'_>> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        Some(Hub {
            http: self.http,
            endpoint: self.access.hub.as_ref()?,
            deadline: earlier(self.deadline, left, 2),
        })
    }

    /// The session with a host; `None` if no address can be made of its name.
    fn session(&self, host: &str, scheme: Scheme) -> Option<Rc<Session<'a>>> {
        if let Some(session) = self.sessions.borrow().get(host) {
            return Some(Rc::clone(session));
        }
        let origin = match (&self.access.docker_hub, host) {
            (Some(origin), DOCKER_IO) => origin.clone(),
            _ => Url::parse(&format!("{}://{host}/", scheme.as_str())).ok()?,
        };
        let session = Rc::new(Session::new(
            self.http,
            host.to_owned(),
            origin,
            self.access
                .credentials
                .get(host)
                .filter(|_| self.access.base.allows_login(host, scheme)),
            self.access.first_answer_wait,
            self.deadline,
        ));
        let kept = Rc::clone(&session);
        self.sessions.borrow_mut().insert(host.to_owned(), kept);
        Some(session)
    }

    /// That a login was not sent to a host, or not accepted there.
    fn login_notice(
        &self,
        host: &str,
        scheme: Scheme,
        read: &BTreeMap<(String, String), Repository>,
    ) -> Option<Notice> {
        let credential = self.access.credentials.get(host)?;
        let code = WarningCode::LoginUnused;
        if !self.access.base.allows_login(host, scheme) {
            let setting = credential.source();
            let message = format!(
                "the login of {setting} was not sent to {host}: the account's connector names it with http://, \
                 and only the setting `registry` may allow that (`registry: http://{host}`)"
            );
            return Some(Notice { code, message });
        }
        let session = self.sessions.borrow().get(host).map(Rc::clone)?;
        let problem = session.login_problem()?;
        // A repository that could not be read for it says so already.
        let unavailable = unavailable(&problem);
        if read.values().any(|known| known.coverage == unavailable) {
            return None;
        }
        let message = format!("{problem}, so it was asked without");
        Some(Notice { code, message })
    }

    /// That a host's credentials are with a program that is not run here, if they are needed.
    fn helper_notice(&self, host: &str) -> Option<Notice> {
        let helper = self.access.credentials.helper(host)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let helper = if helper.len() <= 60 && helper.chars().all(is_plain) {
            helper
        } else {
            "…"
        };
        Some(Notice {
            code: WarningCode::DockerConfigHelper,
            message: format!(
                "`docker_config` leaves the login for {host} to the credential helper `{helper}`, which cannot be run here; \
                 give the login itself, as `auth` in `docker_config` or as `registry_username` and `registry_password`"
            ),
        })
    }
}

/// A deadline earlier by one of so many parts of the time left.
fn earlier(deadline: Instant, left: Duration, parts: u32) -> Instant {
    let part = left.checked_div(parts).unwrap_or_default();
    deadline.checked_sub(part).unwrap_or(deadline)
}

/// What a failure says about a repository.
fn unavailable(error: &RegistryError) -> Coverage {
    Coverage::Unavailable(error.to_string())
}
