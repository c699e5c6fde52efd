//! Reading registries that behave, and registries that do not.

mod access;
mod behaviours;
mod details;
mod hub;
mod places;

use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use harness_images::http::Http;
use harness_images::model::facts::{Coverage, Repository};
use harness_images::model::image::ImageRef;
use harness_images::model::policy::ReleaseUnit;
use harness_images::registry::{
    Extent, Question, Registries, RegistryAccess, RegistryAnswers, RegistryBase,
};
use harness_images::settings::{DockerConfig, RegistryLogin};
use support::registry_server::{Options, RegistryServer};
use tokio::time::Instant;
use url::Url;

/// The log of the tests of this room, at every level.
struct Log(Mutex<Vec<u8>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs to its end with a log.
fn run<T>(work: impl Future<Output = T>) -> T {
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(|| &LOG)
        .finish();
    // Only this thread's lines: the other rooms' tests run beside.
    let _guard = tracing::subscriber::set_default(log);
    support::runtime::run(work)
}

/// A client for a run of so many seconds.
fn client(seconds: u64) -> Http {
    support::runtime::http(16, seconds)
}

/// What a user has set.
#[derive(Default)]
struct Set<'s> {
    path: &'s str,
    login: Option<(&'s str, &'s str)>,
    docker_config: Option<String>,
}

impl<'s> Set<'s> {
    /// A base with a path.
    fn path(path: &'s str) -> Self {
        Self {
            path,
            ..Self::default()
        }
    }

    /// `registry_username` and `registry_password`, if there are any.
    fn login(login: impl Into<Option<(&'s str, &'s str)>>) -> Self {
        Self {
            login: login.into(),
            ..Self::default()
        }
    }

    /// The text of a `config.json`.
    fn docker_config(text: String) -> Self {
        Self {
            docker_config: Some(text),
            ..Self::default()
        }
    }
}

/// A registry, and a run that is set to ask it.
struct Scene {
    server: RegistryServer,
    http: Http,
    access: RegistryAccess,
}

impl Scene {
    /// A run of ten seconds.
    fn new(options: Options, set: Set<'_>) -> Self {
        Self::within(10, options, set)
    }

    fn within(seconds: u64, options: Options, set: Set<'_>) -> Self {
        let server = RegistryServer::start(options);
        let http = client(seconds);
        let access = access_with(&server, &http, set);
        Self {
            server,
            http,
            access,
        }
    }

    /// The registry stands for Docker Hub, its web API included.
    fn hub(seconds: u64, options: Options, set: Set<'_>) -> Self {
        let mut scene = Self::within(seconds, options, set);
        scene.access.base = RegistryBase::docker_hub();
        scene.access.hub = Some(scene.server.url());
        scene.access.docker_hub = Some(scene.server.url());
        scene
    }

    fn registries(&self) -> Registries<'_> {
        Registries::new(&self.http, &self.access)
    }

    fn read(&self, images: &[impl AsRef<str>]) -> RegistryAnswers {
        run(read(&self.http, &self.access, images))
    }
}

fn access_with(server: &RegistryServer, http: &Http, set: Set<'_>) -> RegistryAccess {
    let base = RegistryBase::from_url(&server.url().join(set.path).unwrap()).unwrap();
    let login = set.login.map(|(username, password)| RegistryLogin {
        username: username.to_owned(),
        password: password.to_owned().into(),
    });
    let config = set
        .docker_config
        .and_then(|text| DockerConfig::parse(&text));
    let hub = Url::parse("http://127.0.0.1:9").unwrap();
    let (mut access, notices) = RegistryAccess::new(
        base,
        login.as_ref(),
        config.as_ref(),
        Some(hub),
        http.secrets(),
    );
    assert!(notices.is_empty(), "{notices:?}");
    // Long enough for a loaded machine, so that counts do not depend on time.
    access.first_answer_wait = Duration::from_secs(5);
    access
}

/// Reads what the judgement of these images needs; each stands for its default as well.
async fn read(http: &Http, access: &RegistryAccess, images: &[impl AsRef<str>]) -> RegistryAnswers {
    read_in(&Registries::new(http, access), images).await
}

async fn read_in(registries: &Registries<'_>, images: &[impl AsRef<str>]) -> RegistryAnswers {
    let images: Vec<ImageRef> = images.iter().map(|text| image(text.as_ref())).collect();
    let questions: Vec<Question> = images
        .iter()
        .map(|image| question(image, Some(image)))
        .collect();
    registries.read(&questions).await
}

fn image(text: &str) -> ImageRef {
    ImageRef::parse(text).unwrap()
}

fn question<'a>(image: &'a ImageRef, default: Option<&'a ImageRef>) -> Question<'a> {
    Question {
        image,
        default,
        is_same: default.is_some_and(|default| image.is_image_of(default)),
        releases: 3,
        unit: ReleaseUnit::Minor,
        extent: Extent::Verdict,
    }
}

fn tags(repository: &Repository) -> String {
    let names: Vec<&str> = repository
        .tags
        .iter()
        .map(|tag| tag.name.as_str())
        .collect();
    names.join(" ")
}

/// Coverage and tags in one line.
fn shown(repository: &Repository) -> String {
    let tags = tags(repository);
    let text = match &repository.coverage {
        Coverage::Complete => format!("complete: {tags}"),
        Coverage::Newest => format!("newest: {tags}"),
        Coverage::Incomplete(reason) => format!("incomplete: {tags} ({reason})"),
        Coverage::Missing => format!("missing: {tags}"),
        Coverage::Unavailable(reason) => format!("unavailable: {tags} ({reason})"),
    };
    if repository.absent.is_empty() {
        return text;
    }
    format!("{text}; absent: {}", repository.absent.join(" "))
}

fn find<'c>(collected: &'c RegistryAnswers, name: &str) -> &'c Repository {
    let mut found = collected
        .repositories
        .iter()
        .filter(|known| known.repository == name);
    let repository = found
        .next()
        .unwrap_or_else(|| panic!("{name} is not among {collected:?}"));
    assert_eq!(found.next(), None, "{name} is there twice");
    repository
}

/// Everything that was said, for a search for secrets.
fn everything(collected: &RegistryAnswers) -> String {
    format!("{collected:?}")
}
