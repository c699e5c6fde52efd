//! Who may read: `Basic`, `Bearer`, and the token endpoint.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::{Reply, Shared};
use crate::received::Received;

/// What the server demands.
#[derive(Clone, Debug, Default)]
pub enum Access {
    #[default]
    Open,
    /// A login: user and password.
    Basic(String, String),
    /// A token.
    Bearer(Tokens),
    /// Always 401 with this challenge.
    Challenge(String),
    /// This very token, which no token server hands out.
    Fixed(String),
}

/// How tokens are handed out.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// User and password, or user and refresh token, of those who may read private repositories.
    pub user: Option<(String, String)>,
    /// Whether nobody else gets a token.
    pub only_user: bool,
    pub grant: Grant,
    pub field: TokenField,
    /// Whether tokens are JSON web tokens that say what they open.
    pub is_web: bool,
    pub expires_in: Option<u64>,
    /// How many uses each token has.
    pub uses: Option<usize>,
    /// Address of the token endpoint, if it is not this server's own.
    pub realm: Option<String>,
    /// Another scope than the repository's: one for everything.
    pub scope: Option<String>,
    /// Whether the user's login will do as well as a token.
    pub or_basic: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            user: None,
            only_user: false,
            grant: Grant::All,
            field: TokenField::Token,
            is_web: false,
            expires_in: Some(300),
            uses: None,
            realm: None,
            scope: None,
            or_basic: false,
        }
    }
}

/// What is granted of several scopes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grant {
    All,
    OnlyFirst,
    /// Several scopes are a bad request.
    One,
    /// Nothing at all works.
    Fails,
}

#[derive(Clone, Copy, Debug)]
pub enum TokenField {
    Token,
    AccessToken,
    /// `token` is empty.
    EmptyToken,
    /// Both absent.
    None,
}

impl Shared {
    /// Lets a request pass, or answers it.
    pub(super) fn admit(
        &self,
        request: &Received,
        scope: &str,
        is_private: bool,
    ) -> Result<(), Reply> {
        let shown = request.header("authorization").unwrap_or_default();
        let refuse = |challenge: String| {
            Err(Reply::error(401, "UNAUTHORIZED").header("Www-Authenticate", challenge))
        };
        match &self.options.access {
            Access::Open => Ok(()),
            Access::Challenge(challenge) => refuse(challenge.clone()),
            Access::Basic(user, password) => {
                let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
                if shown == expected {
                    return Ok(());
                }
                refuse("Basic realm=\"Registry, of the house\"".to_owned())
            }
            Access::Fixed(token) if *shown == format!("Bearer {token}") => Ok(()),
            Access::Fixed(_) => refuse("Bearer realm=\"https://127.0.0.1:9/token\"".to_owned()),
            Access::Bearer(tokens) => {
                let scope = tokens.scope.as_deref().unwrap_or(scope);
                let login = tokens.user.as_ref().filter(|_| tokens.or_basic);
                let login =
                    login.map(|(user, password)| STANDARD.encode(format!("{user}:{password}")));
                if login.is_some_and(|login| *shown == format!("Basic {login}")) {
                    return Ok(());
                }
                let token = shown.strip_prefix("Bearer ").unwrap_or_default();
                let opens = {
                    let known = self.tokens.lock().unwrap();
                    known.get(token).is_some_and(|opens| opens.contains(scope))
                };
                let is_used_up = tokens
                    .uses
                    .is_some_and(|uses| opens && self.count(&format!("use {token}")) >= uses);
                let is_users = token.contains("user");
                if opens && !is_used_up && (is_users || !is_private) {
                    return Ok(());
                }
                let realm = tokens.realm.clone();
                let realm = realm.unwrap_or_else(|| format!("http://{}/token", self.address));
                let error = if token.is_empty() {
                    ""
                } else {
                    ",error=\"insufficient_scope\""
                };
                let basic = if tokens.or_basic {
                    "Basic realm=\"Registry\", "
                } else {
                    ""
                };
                refuse(format!(
                    "{basic}Bearer realm=\"{realm}\",service=\"registry, here\",scope=\"{scope}\"{error}"
                ))
            }
        }
    }

    pub(super) fn token(&self, request: &Received) -> Reply {
        let Access::Bearer(tokens) = &self.options.access else {
            return Reply::error(404, "NOT_FOUND");
        };
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        let url = request.url();
        let pairs: Vec<(String, String)> = match request.method() {
            "POST" => form,
            _ => url.query_pairs().into_owned().collect(),
        };
        let value = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let is_user = match &tokens.user {
            None => false,
            Some((user, password)) => {
                let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
                let is_refresh = value("grant_type") == Some("refresh_token")
                    && value("refresh_token") == Some(password);
                request.header("authorization") == Some(&basic) || is_refresh
            }
        };
        let shows_login = request.header("authorization").is_some() || request.method() == "POST";
        if (shows_login || tokens.only_user) && !is_user {
            return Reply::error(401, "UNAUTHORIZED");
        }
        let scopes: Vec<String> = pairs
            .iter()
            .filter(|(key, _)| key == "scope")
            .flat_map(|(_, value)| value.split(' '))
            .map(str::to_owned)
            .collect();
        let granted: BTreeSet<String> = match tokens.grant {
            Grant::All => scopes.into_iter().collect(),
            Grant::OnlyFirst => scopes.into_iter().take(1).collect(),
            Grant::One if scopes.len() > 1 => return Reply::error(400, "BAD_REQUEST"),
            Grant::One => scopes.into_iter().collect(),
            Grant::Fails => return Reply::new(200, "<html>maintenance</html>"),
        };
        if value("service") != Some("registry, here") {
            return Reply::error(400, "BAD_SERVICE");
        }
        let number = self.count("token");
        let whose = if is_user { "user" } else { "anonymous" };
        let mut token = format!("canary-{whose}-token-{number}");
        if tokens.is_web {
            let access: Vec<_> = granted
                .iter()
                .filter_map(|scope| scope.split(':').nth(1))
                .map(|name| serde_json::json!({"type": "repository", "name": name, "actions": ["pull"]}))
                .collect();
            let claims = serde_json::json!({ "access": access }).to_string();
            token = format!("e30.{}.{token}", URL_SAFE_NO_PAD.encode(claims));
        }
        self.tokens.lock().unwrap().insert(token.clone(), granted);
        let mut answer = match tokens.field {
            TokenField::Token => serde_json::json!({ "token": token }),
            TokenField::AccessToken => serde_json::json!({ "access_token": token }),
            TokenField::EmptyToken => serde_json::json!({ "token": "", "access_token": token }),
            TokenField::None => serde_json::json!({}),
        };
        if let Some(seconds) = tokens.expires_in {
            answer["expires_in"] = seconds.into();
        }
        Reply::new(200, answer.to_string())
    }
}
