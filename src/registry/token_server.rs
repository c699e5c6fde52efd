//! The token server that a challenge names, and what to ask it for.

use url::Url;

use super::challenge::Challenge;

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum TokenScope<'s> {
    /// Reading a repository.
    Repository(&'s str),
    /// Reading the catalog.
    Catalog,
}

/// A token server as a challenge names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenServer {
    pub(super) realm: Url,
    pub(super) service: Option<String>,
    /// What to ask for, with [`NAME`] in place of the repository.
    pub(super) scope: String,
}

/// Stands for the repository's name within a scope; no scope holds it.
pub(super) const NAME: &str = "\n";

impl TokenServer {
    /// The server that a challenge for `scope` names. The realm must be `https` unless the
    /// registry itself is not.
    pub(super) fn new(
        challenge: &Challenge,
        scope: TokenScope<'_>,
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
            (TokenScope::Repository(name), Some(asked)) => template(asked, name),
            (TokenScope::Repository(_), None) => format!("repository:{NAME}:pull"),
            (TokenScope::Catalog, Some(asked)) => asked.to_owned(),
            (TokenScope::Catalog, None) => "registry:catalog:*".to_owned(),
        };
        Ok(Self {
            realm,
            service: challenge.parameter("service").map(str::to_owned),
            scope,
        })
    }

    /// What to ask for to read the repository `name`.
    pub(super) fn scope_of(&self, name: &str) -> String {
        self.scope.replace(NAME, name)
    }

    /// The server's host, with port.
    pub(super) fn host(&self) -> String {
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
            let server = TokenServer::new(&challenges[0], TokenScope::Repository("m/a"), &registry);
            let shown = server.map(|server| {
                let service = server.service.as_deref().unwrap_or("-");
                format!("{} {service} {}", server.realm, server.scope_of("m/b"))
            });
            assert_eq!(shown, expected.map(str::to_owned), "{header}");
        }
    }
}
