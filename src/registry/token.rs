//! Tokens: fetched once, shared by all requests that they serve, for several repositories at
//! once where the token server grants that.
//!
//! Before a host is asked, the repositories to be read there are announced. The first of them
//! that needs a token fetches one for all, with a `scope` each. Whether the server has granted
//! them is seen from the token if that can be read (a JSON web token with `access` claims), else
//! from what the registry says. A repository that is left out gets a token of its own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use base64::Engine as _;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::challenge::Challenge;
use super::credentials::{Credential, LENIENT_URL};
use super::error::RegistryError;
use crate::http::header::{AUTHORIZATION, CONTENT_TYPE};
use crate::http::{HeaderValue, Http, Method, Request, Response, Retry};

/// Most repositories that one token is asked for: their names must fit into an address.
const MOST_SCOPES: usize = 64;

/// Largest answer of a token server, in bytes.
const LARGEST: usize = 1 << 20;

/// How long a token serves unless the server says otherwise: what the token specification says.
const LIFETIME: u64 = 60;

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'s> {
    /// Reading a repository.
    Repository(&'s str),
    /// Reading the catalog.
    Catalog,
}

/// A token server as a challenge names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenServer {
    realm: Url,
    service: Option<String>,
    /// What to ask for, with [`NAME`] in place of the repository.
    scope: String,
}

/// Stands for the repository's name within a scope; no scope holds it.
const NAME: &str = "\n";

impl TokenServer {
    /// The server that a challenge for `scope` names. The realm must be `https` unless the
    /// registry itself is not.
    pub(super) fn new(
        challenge: &Challenge,
        scope: Scope<'_>,
        registry: &Url,
    ) -> Result<Self, &'static str> {
        let realm = challenge.parameter("realm").unwrap_or_default();
        let realm = registry
            .join(realm)
            .map_err(|_| "its address cannot be read")?;
        let is_plain = realm.scheme() == "http" && registry.scheme() == "http";
        if realm.scheme() != "https" && !is_plain {
            return Err("its address does not begin with https://");
        }
        if !realm.username().is_empty() || realm.password().is_some() {
            return Err("its address holds a login");
        }
        let asked = challenge
            .parameter("scope")
            .map(str::trim)
            .filter(|asked| !asked.is_empty());
        let scope = match (scope, asked) {
            (Scope::Repository(name), Some(asked)) => template(asked, name),
            (Scope::Repository(_), None) => format!("repository:{NAME}:pull"),
            (Scope::Catalog, Some(asked)) => asked.to_owned(),
            (Scope::Catalog, None) => "registry:catalog:*".to_owned(),
        };
        Ok(Self {
            realm,
            service: challenge.parameter("service").map(str::to_owned),
            scope,
        })
    }

    fn scope_of(&self, name: &str) -> String {
        self.scope.replace(NAME, name)
    }

    /// The server's host, with port.
    fn host(&self) -> String {
        let name = self.realm.host_str().unwrap_or_default();
        match self.realm.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        }
    }
}

/// A scope with [`NAME`] in place of the repository's name; the scope itself if it is about
/// something else, and so serves all repositories alike.
fn template(scope: &str, name: &str) -> String {
    let parts = scope.split_once(':').and_then(|(kind, rest)| {
        let (path, actions) = rest.rsplit_once(':')?;
        Some((kind, path.strip_suffix(name)?, actions))
    });
    match parts {
        Some((kind, before, actions)) => format!("{kind}:{before}{NAME}:{actions}"),
        None => scope.to_owned(),
    }
}

/// A token that was handed to a request.
pub(super) struct Given {
    pub(super) header: HeaderValue,
    key: String,
    fetched: Instant,
    /// Whether it was fetched for this very request.
    is_fresh: bool,
}

struct Token {
    header: HeaderValue,
    fetched: Instant,
    until: Instant,
    /// Repositories that it opens, if that can be read from it.
    opens: Option<BTreeSet<String>>,
}

enum Slot {
    Empty,
    Ready(Token),
    Failed(RegistryError),
}

/// All tokens of one registry.
#[derive(Default)]
pub(super) struct Tokens {
    slots: RefCell<BTreeMap<String, Rc<Mutex<Slot>>>>,
    groups: RefCell<Vec<Vec<String>>>,
    /// Repositories that need a token of their own.
    alone: RefCell<BTreeSet<String>>,
}

/// Who fetches, and for whom.
pub(super) struct Fetch<'f> {
    pub(super) http: &'f Http,
    pub(super) host: &'f str,
    pub(super) credential: Option<&'f Credential>,
    pub(super) deadline: Instant,
}

impl Tokens {
    /// Announces repositories that are going to be read, so that one token may serve them all.
    pub(super) fn announce<'n>(&self, names: impl IntoIterator<Item = &'n str>) {
        let mut groups = self.groups.borrow_mut();
        let known: BTreeSet<String> = groups.iter().flatten().cloned().collect();
        let new: Vec<String> = names
            .into_iter()
            .filter(|name| !known.contains(*name))
            .map(str::to_owned)
            .collect();
        groups.extend(new.chunks(MOST_SCOPES).map(<[String]>::to_vec));
    }

    /// A token for `scope`, fetched unless there is one.
    pub(super) async fn get(
        &self,
        fetch: &Fetch<'_>,
        server: &TokenServer,
        scope: Scope<'_>,
    ) -> Result<Given, RegistryError> {
        let own = match scope {
            Scope::Catalog => server.scope.clone(),
            Scope::Repository(name) => {
                if let Some(group) = self.group_of(server, name) {
                    let scopes: Vec<String> =
                        group.iter().map(|name| server.scope_of(name)).collect();
                    match self.take(fetch, server, &scopes, Some(name)).await {
                        Ok(Some(given)) => return Ok(given),
                        Ok(None) => {}
                        Err(RegistryError::Token { .. } | RegistryError::Denied { .. }) => {
                            self.alone.borrow_mut().extend(group);
                        }
                        Err(error) => return Err(error),
                    }
                    self.alone.borrow_mut().insert(name.to_owned());
                }
                server.scope_of(name)
            }
        };
        match self.take(fetch, server, &[own], None).await? {
            Some(given) => Ok(given),
            None => Err(RegistryError::Denied {
                host: fetch.host.to_owned(),
            }),
        }
    }

    /// Notes that the registry has refused a token; whether another one is worth a try.
    pub(super) async fn refused(&self, given: &Given, scope: Scope<'_>) -> bool {
        let is_shared = match scope {
            Scope::Repository(name) if given.key.contains('\n') => {
                self.alone.borrow_mut().insert(name.to_owned())
            }
            _ => false,
        };
        let Some(slot) = self.slot_of(given) else {
            return false;
        };
        let mut slot = slot.lock().await;
        match &*slot {
            Slot::Ready(_) if is_shared => {}
            // One that has served for a while may have been revoked.
            Slot::Ready(token) if token.fetched == given.fetched && !given.is_fresh => {
                *slot = Slot::Empty;
            }
            Slot::Ready(token) => return token.fetched != given.fetched,
            Slot::Empty | Slot::Failed(_) => {}
        }
        true
    }

    /// The other repositories that share a token with this one.
    fn group_of(&self, server: &TokenServer, name: &str) -> Option<Vec<String>> {
        if !server.scope.contains(NAME) || self.alone.borrow().contains(name) {
            return None;
        }
        let groups = self.groups.borrow();
        let group = groups
            .iter()
            .find(|group| group.iter().any(|other| other == name))?;
        (group.len() > 1).then(|| group.clone())
    }

    fn slot_of(&self, given: &Given) -> Option<Rc<Mutex<Slot>>> {
        self.slots.borrow().get(&given.key).cloned()
    }

    /// The token for these scopes; `None` if it does not open the repository `name`.
    async fn take(
        &self,
        fetch: &Fetch<'_>,
        server: &TokenServer,
        scopes: &[String],
        name: Option<&str>,
    ) -> Result<Option<Given>, RegistryError> {
        let key = scopes.join("\n");
        let slot = Rc::clone(
            self.slots
                .borrow_mut()
                .entry(key.clone())
                .or_insert_with(|| Rc::new(Mutex::new(Slot::Empty))),
        );
        // All that need this token wait here while the first of them fetches it.
        let mut slot = slot.lock().await;
        let mut is_fresh = false;
        let is_usable = match &*slot {
            Slot::Ready(token) => Instant::now() < token.until,
            Slot::Failed(_) => true,
            Slot::Empty => false,
        };
        if !is_usable {
            is_fresh = true;
            *slot = match fetch.token(server, scopes).await {
                Ok(token) => Slot::Ready(token),
                Err(error) => Slot::Failed(error),
            };
        }
        match &*slot {
            Slot::Ready(token) => {
                let opens = match (&token.opens, name) {
                    (Some(opens), Some(name)) => opens.contains(name),
                    _ => true,
                };
                Ok(opens.then(|| Given {
                    header: token.header.clone(),
                    key,
                    fetched: token.fetched,
                    is_fresh,
                }))
            }
            Slot::Failed(error) => Err(error.clone()),
            Slot::Empty => Ok(None),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

impl Answer {
    /// How long the token serves, in whole seconds; some servers write numbers as text.
    fn lifetime(&self) -> Option<u64> {
        let value = self.expires_in.as_ref()?;
        let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
        Some(Duration::try_from_secs_f64(seconds).ok()?.as_secs()).filter(|seconds| *seconds > 0)
    }
}

impl Fetch<'_> {
    async fn token(&self, server: &TokenServer, scopes: &[String]) -> Result<Token, RegistryError> {
        let fetched = Instant::now();
        let response = self.http.send(self.request(server, scopes)?).await?;
        let answer = self.answer(server, &response)?;
        let lifetime = answer.lifetime().unwrap_or(LIFETIME);
        let text = [answer.token, answer.access_token]
            .into_iter()
            .flatten()
            .find(|token| !token.trim().is_empty())
            .ok_or_else(|| self.failed(server, "its answer holds none"))?;
        let text = text.trim();
        self.http.secrets().add(text);
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
            .map_err(|_| self.failed(server, "what it gave cannot be sent"))?;
        header.set_sensitive(true);
        // A little less than the server grants: the way to the registry takes time.
        let lifetime = Duration::from_secs(lifetime.min(24 * 3600)).mul_f32(0.9);
        Ok(Token {
            header,
            fetched,
            until: fetched + lifetime,
            opens: opens(text),
        })
    }

    /// A `GET` as the token specification describes it; with a refresh token a `POST`.
    fn request(&self, server: &TokenServer, scopes: &[String]) -> Result<Request, RegistryError> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        if let Some(service) = &server.service {
            pairs.push(("service", service));
        }
        let request = if let Some(Credential::Identity { token, .. }) = self.credential {
            let scopes = scopes.join(" ");
            pairs.extend([
                ("client_id", "harness-images"),
                ("grant_type", "refresh_token"),
                ("scope", &scopes),
                ("refresh_token", token.expose_secret()),
            ]);
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            let mut request =
                Request::write(Method::POST, server.realm.clone(), Some(body.into_bytes()));
            // It changes nothing, so it may be sent again.
            request.retry = Retry::Read;
            request.header(CONTENT_TYPE, form)
        } else {
            pairs.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
            let mut url = server.realm.clone();
            url.query_pairs_mut().extend_pairs(pairs);
            let request = Request::get(url);
            match self.credential {
                Some(Credential::Login(login)) => {
                    let header = HeaderValue::from_str(login.header.expose_secret())
                        .map_err(|_| self.failed(server, "the login cannot be sent"))?;
                    request.secret_header(AUTHORIZATION, header)
                }
                _ => request,
            }
        };
        Ok(request
            .largest(LARGEST)
            .deadline(self.deadline)
            .unredacted())
    }

    fn answer(&self, server: &TokenServer, response: &Response) -> Result<Answer, RegistryError> {
        match (response.status, self.credential) {
            (200..=299, _) => serde_json::from_slice(&response.body)
                .map_err(|_| self.failed(server, "its answer is no JSON with a token")),
            (401, Some(credential)) | (400, Some(credential @ Credential::Identity { .. })) => {
                Err(RegistryError::LoginRefused {
                    host: server.host(),
                    setting: credential.source(),
                })
            }
            (401 | 403, None) => Err(RegistryError::Denied {
                host: self.host.to_owned(),
            }),
            (status @ (429 | 500..), _) => Err(RegistryError::status(
                &server.host(),
                status,
                &response.body,
            )),
            (status, _) => Err(self.failed(server, &format!("it answered {status}"))),
        }
    }

    fn failed(&self, server: &TokenServer, reason: &str) -> RegistryError {
        RegistryError::Token {
            host: self.host.to_owned(),
            server: server.host(),
            reason: reason.to_owned(),
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    access: Vec<Access>,
}

#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    name: String,
    #[serde(default)]
    actions: Vec<String>,
}

/// Which repositories a token lets one read, if it is a JSON web token that says so. Only an
/// estimate, to spare requests: whether it is genuine is the registry's business.
fn opens(token: &str) -> Option<BTreeSet<String>> {
    let payload = token.split('.').nth(1)?;
    let payload = LENIENT_URL.decode(payload).ok()?;
    let Claims { access } = serde_json::from_slice(&payload).ok()?;
    let reads = |access: &Access| {
        access
            .actions
            .iter()
            .any(|action| action == "pull" || action == "*")
    };
    Some(
        access
            .into_iter()
            .filter(reads)
            .map(|access| access.name)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::challenge;
    use super::*;

    #[test]
    fn token_servers_are_taken_from_challenges_with_suspicion() {
        let cases = [
            (
                "https://r.corp",
                r#"Bearer realm="https://auth.corp/token",service="r",scope="repository:m/a:pull""#,
                Ok("https://auth.corp/token r repository:m/b:pull"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="https://auth.corp/token""#,
                Ok("https://auth.corp/token - repository:m/b:pull"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="https://auth.corp/token",scope="aws""#,
                Ok("https://auth.corp/token - aws"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="/token""#,
                Ok("https://r.corp/token - repository:m/b:pull"),
            ),
            (
                "http://r.corp",
                r#"Bearer realm="http://auth.corp/token""#,
                Ok("http://auth.corp/token - repository:m/b:pull"),
            ),
            (
                "http://r.corp",
                r#"Bearer realm="https://auth.corp/token""#,
                Ok("https://auth.corp/token - repository:m/b:pull"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="http://auth.corp/token""#,
                Err("its address does not begin with https://"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="file:///etc/passwd""#,
                Err("its address does not begin with https://"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="https://u:p@auth.corp/token""#,
                Err("its address holds a login"),
            ),
            (
                "https://r.corp",
                r#"Bearer realm="https://[""#,
                Err("its address cannot be read"),
            ),
        ];
        for (registry, header, expected) in cases {
            let registry = Url::parse(registry).unwrap();
            let challenges = challenge::parse([header]);
            let server = TokenServer::new(&challenges[0], Scope::Repository("m/a"), &registry);
            let shown = server.map(|server| {
                let service = server.service.as_deref().unwrap_or("-");
                format!("{} {service} {}", server.realm, server.scope_of("m/b"))
            });
            assert_eq!(shown, expected.map(str::to_owned), "{header}");
        }
    }

    #[test]
    fn web_tokens_say_what_they_open() {
        let jwt = |claims: &str| format!("e30.{}.c2ln", LENIENT_URL.encode(claims));
        let cases = [
            ("opaque".to_owned(), None),
            ("a.b.c".to_owned(), None),
            (jwt(r#"{"sub":"x"}"#), None),
            (jwt(r#"{"access":[]}"#), Some("")),
            (
                jwt(
                    r#"{"access":[{"type":"repository","name":"a/b","actions":["pull","push"]},{"name":"c","actions":["push"]},{"name":"d","actions":["*"]}]}"#,
                ),
                Some("a/b d"),
            ),
        ];
        for (token, expected) in cases {
            let found = opens(&token).map(|names| Vec::from_iter(names).join(" "));
            assert_eq!(found.as_deref(), expected, "{token}");
        }
    }
}
