//! Where each call goes. Pure.

use url::Url;

use crate::http::Method;
use crate::model::module::{ApiStyle, Infra, Module, Root};

/// The calls of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Defaults,
    Overrides,
    Pin,
    Reset,
    Clear,
    Connector,
    Projects,
    Pipelines,
    Pipeline,
    InputSets,
    InputSet,
}

/// The method and address of a call on a module's `execution-config`; `None` if the module has none.
pub(super) fn config(
    endpoint: &Url,
    account: &str,
    module: Module,
    infra: Option<Infra>,
    call: Call,
    root: Root,
) -> Option<(Method, Url)> {
    let api = module.api()?;
    let (method, call_path): (_, &[&str]) = match call {
        Call::Defaults => (Method::GET, &["get-default-config"]),
        Call::Overrides => (Method::GET, &["get-customer-config"]),
        Call::Pin => (Method::POST, &["update-config"]),
        Call::Reset => (Method::POST, &["reset-config"]),
        Call::Clear => (Method::DELETE, &[]),
        Call::Connector
        | Call::Projects
        | Call::Pipelines
        | Call::Pipeline
        | Call::InputSets
        | Call::InputSet => return None,
    };
    let mut url = below(endpoint, &[root, &["execution-config"], call_path].concat());
    if api.style == ApiStyle::Envelope {
        let mut query = url.query_pairs_mut();
        query.append_pair("accountIdentifier", account);
        if let Some(infra) = infra.filter(|_| api.has_infra) {
            query.append_pair("infra", infra.as_str());
        }
    }
    if call == Call::Overrides {
        url.query_pairs_mut().append_pair("overridesOnly", "true");
    }
    Some((method, url))
}

/// The address of the account's connector to its image registry, `account.harnessImage`.
pub(super) fn connector(endpoint: &Url, account: &str) -> Url {
    let mut url = below(
        endpoint,
        &["gateway", "ng", "api", "connectors", "harnessImage"],
    );
    url.query_pairs_mut()
        .append_pair("accountIdentifier", account);
    url
}

/// The endpoint with further segments of a path, which are percent-encoded.
pub(super) fn below(endpoint: &Url, segments: &[&str]) -> Url {
    let mut url = endpoint.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only an address without a host has no path to add to, and settings accept none such.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_encoded_and_endpoints_keep_their_path() {
        let root = Module::Ci.api().unwrap().roots[0];
        for endpoint in ["https://a.example", "http://a.example:8080/a/b/"] {
            let base: Url = endpoint.parse().unwrap();
            let url = config(
                &base,
                "a&b+c",
                Module::Ci,
                Some(Infra::K8),
                Call::Clear,
                root,
            );
            let expected = format!(
                "{}/gateway/ci/execution-config?accountIdentifier=a%26b%2Bc&infra=K8",
                endpoint.trim_end_matches('/')
            );
            assert_eq!(url, Some((Method::DELETE, expected.parse().unwrap())));
            let none = config(&base, "a", Module::Image, None, Call::Defaults, root);
            assert_eq!(none, None);
        }
        let base: Url = "https://app.harness.io".parse().unwrap();
        // The address of DB DevOps has neither infrastructure nor account.
        let root = Module::Dbops.api().unwrap().roots[0];
        let infra = Some(Infra::K8);
        let (_, url) = config(&base, "a", Module::Dbops, infra, Call::Defaults, root).unwrap();
        assert_eq!(url.query(), None);
        assert_eq!(
            connector(&base, "a b").as_str(),
            "https://app.harness.io/gateway/ng/api/connectors/harnessImage?accountIdentifier=a+b"
        );
    }
}
