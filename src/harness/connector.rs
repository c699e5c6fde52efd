//! The account's connector to the registry that holds its Harness images.

use url::Url;

use super::context::Context;
use super::envelope::{self, JsonObject, member, object, text};
use super::error::HarnessError;
use crate::http::{self, Response};
use crate::model::api_root::without_api_root;
use crate::model::module::ApiStyle;

/// Hosts under which Docker Hub appears in connectors.
const DOCKER_HUB: [&str; 5] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
    "hub.docker.com",
];

/// Where an account pulls Harness' images from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connector {
    /// Docker Hub: the account has no connector of its own, or one that leads there.
    DockerHub {
        /// Whether the connector says that it pulls without a login.
        is_anonymous: bool,
    },
    /// Another registry.
    Registry {
        /// Its base: scheme, host, port and an optional path, without `/v2` and closing slash.
        url: Url,
    },
    /// A registry whose address the connector does not name: the setting `registry` must.
    NeedsSetting {
        /// The connector's type, such as `Gcp` or `Aws`.
        kind: String,
    },
}

/// Reads the connector's description.
pub(super) fn read(response: &Response, context: &Context<'_>) -> Result<Connector, HarnessError> {
    if response.status == 404 {
        return Ok(Connector::DockerHub {
            is_anonymous: false,
        });
    }
    let data = envelope::data(response, ApiStyle::Envelope, context)?;
    let data = data.and_then(object).unwrap_or_default();
    let Some(connector) = member(&data, "connector") else {
        return Err(context.shape("it describes no connector"));
    };
    let spec = member(&connector, "spec").unwrap_or_default();
    let kind = || context.shown(&text(&connector, "type").unwrap_or_else(|| "unknown".to_owned()));
    let Some(address) = text(&spec, "dockerRegistryUrl") else {
        return Ok(Connector::NeedsSetting { kind: kind() });
    };
    let Some(url) = base(&address) else {
        return Err(context.shape("its `dockerRegistryUrl` is no address"));
    };
    Ok(match url.host_str() {
        Some(host) if DOCKER_HUB.contains(&host) => Connector::DockerHub {
            is_anonymous: is_anonymous(&spec),
        },
        _ => Connector::Registry { url },
    })
}

/// Whether the connector logs in nowhere, as far as it says.
fn is_anonymous(spec: &JsonObject<'_>) -> bool {
    let kind = member(spec, "auth").and_then(|auth| text(&auth, "type"));
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Anonymous"))
}

/// The registry's base from its address as people write it.
fn base(address: &str) -> Option<Url> {
    let mut url = http::address(address, "https")?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    let path = without_api_root(url.path()).0.join("/");
    url.set_path(&path);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let cases = [
            (
                "https://harbor.example/v2/",
                Some("https://harbor.example/"),
            ),
            (
                "https://harbor.example/mirror/",
                Some("https://harbor.example/mirror"),
            ),
            (
                "https://u:p@quay.example:8443/v1?x#y",
                Some("https://quay.example:8443/"),
            ),
            (
                " registry.example:5000/a/b ",
                Some("https://registry.example:5000/a/b"),
            ),
            ("http://plain.example", Some("http://plain.example/")),
            ("ftp://plain.example", None),
            ("https://", None),
            ("not an address", None),
        ];
        for (address, expected) in cases {
            assert_eq!(
                base(address).as_ref().map(Url::as_str),
                expected,
                "{address}"
            );
        }
    }
}
