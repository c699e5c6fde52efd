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

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::error::RegistryError;
use super::token_request::{Token, TokenRequest};
use super::token_server::{NAME, TokenScope, TokenServer};
use crate::http::HeaderValue;

/// Most repositories that one token is asked for: their names must fit into an address.
const MAX_SCOPES: usize = 64;

/// A token that was handed to a request.
pub(super) struct CachedToken {
    pub(super) header: HeaderValue,
    key: String,
    fetched: Instant,
    /// Whether it was fetched for this very request.
    is_fresh: bool,
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

impl Tokens {
    /// Announces repositories that are going to be read, so that one token may serve them all.
    pub(super) fn announce(&self, names: &[&str]) {
        let mut groups = self.groups.borrow_mut();
        let known: BTreeSet<String> = groups.iter().flatten().cloned().collect();
        let new: Vec<String> = names
            .iter()
            .filter(|name| !known.contains(**name))
            .map(ToString::to_string)
            .collect();
        groups.extend(new.chunks(MAX_SCOPES).map(<[String]>::to_vec));
    }

    /// A token for `scope`, fetched unless there is one.
    pub(super) async fn get(
        &self,
        request: &TokenRequest<'_>,
        server: &TokenServer,
        scope: TokenScope<'_>,
    ) -> Result<CachedToken, RegistryError> {
        let own = match scope {
            TokenScope::Catalog => server.scope.clone(),
            TokenScope::Repository(name) => {
                if let Some(group) = self.group_of(server, name) {
                    let scopes: Vec<String> =
                        group.iter().map(|name| server.scope_of(name)).collect();
                    match self.take(request, server, &scopes, Some(name)).await {
                        Ok(Some(cached)) => return Ok(cached),
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
        match self.take(request, server, &[own], None).await? {
            Some(cached) => Ok(cached),
            None => Err(RegistryError::Denied {
                host: request.host.to_owned(),
            }),
        }
    }

    /// Notes that the registry has refused a token; whether another one is worth a try.
    pub(super) async fn refused(&self, cached: &CachedToken, scope: TokenScope<'_>) -> bool {
        let is_shared = match scope {
            TokenScope::Repository(name) if cached.key.contains('\n') => {
                self.alone.borrow_mut().insert(name.to_owned())
            }
            TokenScope::Repository(_) | TokenScope::Catalog => false,
        };
        let Some(slot) = self.slot_of(cached) else {
            return false;
        };
        let mut slot = slot.lock().await;
        match &*slot {
            Slot::Ready(_) if is_shared => {}
            // One that has served for a while may have been revoked.
            Slot::Ready(token) if token.fetched == cached.fetched && !cached.is_fresh => {
                *slot = Slot::Empty;
            }
            Slot::Ready(token) => return token.fetched != cached.fetched,
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

    fn slot_of(&self, cached: &CachedToken) -> Option<Rc<Mutex<Slot>>> {
        self.slots.borrow().get(&cached.key).cloned()
    }

    /// The token for these scopes; `None` if it does not open the repository `name`.
    async fn take(
        &self,
        request: &TokenRequest<'_>,
        server: &TokenServer,
        scopes: &[String],
        name: Option<&str>,
    ) -> Result<Option<CachedToken>, RegistryError> {
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
            *slot = match request.token(server, scopes).await {
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
                Ok(opens.then(|| CachedToken {
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
