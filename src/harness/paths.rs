//! Where each call goes. Pure.

use url::Url;

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

/// The address of a call on a module's `execution-config`; `None` if the module has none.
pub(super) fn config(
    endpoint: &Url,
    account: &str,
    module: Module,
    infra: Option<Infra>,
    call: Call,
    root: Root,
) -> Option<Url> {
    let api = module.api()?;
    let call_path: &[&str] = match call {
        Call::Defaults => &["get-default-config"],
        Call::Overrides => &["get-customer-config"],
        Call::Pin => &["update-config"],
        Call::Reset => &["reset-config"],
        Call::Clear => &[],
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
    Some(url)
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
    fn every_call_has_its_address() {
        use Call::{Clear, Defaults, Overrides, Pin, Reset};
        let (k8, vm) = (Some(Infra::K8), Some(Infra::Vm));
        let harness = "https://app.harness.io";
        let cases = [
            (
                harness,
                Module::Ci,
                k8,
                Defaults,
                0,
                "/gateway/ci/execution-config/get-default-config?accountIdentifier=a%26b%2Bc&infra=K8",
            ),
            (
                harness,
                Module::Ci,
                vm,
                Overrides,
                0,
                "/gateway/ci/execution-config/get-customer-config?accountIdentifier=a%26b%2Bc&infra=VM&overridesOnly=true",
            ),
            (
                harness,
                Module::Ci,
                k8,
                Pin,
                0,
                "/gateway/ci/execution-config/update-config?accountIdentifier=a%26b%2Bc&infra=K8",
            ),
            (
                harness,
                Module::Ci,
                k8,
                Clear,
                0,
                "/gateway/ci/execution-config?accountIdentifier=a%26b%2Bc&infra=K8",
            ),
            (
                harness,
                Module::Iacm,
                k8,
                Reset,
                0,
                "/gateway/iacm-manager/execution-config/reset-config?accountIdentifier=a%26b%2Bc&infra=K8",
            ),
            (
                harness,
                Module::Idp,
                vm,
                Reset,
                0,
                "/gateway/idp/execution-config/reset-config?accountIdentifier=a%26b%2Bc&infra=VM",
            ),
            (
                harness,
                Module::Dbops,
                k8,
                Defaults,
                0,
                "/gateway/v1/dbops/execution-config/get-default-config",
            ),
            (
                harness,
                Module::Dbops,
                None,
                Overrides,
                0,
                "/gateway/v1/dbops/execution-config/get-customer-config?overridesOnly=true",
            ),
            (
                harness,
                Module::Dbops,
                None,
                Pin,
                1,
                "/v1/dbops/execution-config/update-config",
            ),
            (
                harness,
                Module::Dbops,
                None,
                Clear,
                1,
                "/v1/dbops/execution-config",
            ),
            (
                "https://ci.example/harness",
                Module::Ci,
                k8,
                Clear,
                0,
                "/gateway/ci/execution-config?accountIdentifier=a%26b%2Bc&infra=K8",
            ),
            (
                "http://ci.example:8080/a/b/",
                Module::Dbops,
                None,
                Reset,
                0,
                "/gateway/v1/dbops/execution-config/reset-config",
            ),
        ];
        for (endpoint, module, infra, call, root, expected) in cases {
            let base: Url = endpoint.parse().unwrap();
            let url = config(
                &base,
                "a&b+c",
                module,
                infra,
                call,
                module.api().unwrap().roots[root],
            )
            .unwrap();
            let expected = format!("{}{expected}", endpoint.trim_end_matches('/'));
            assert_eq!(url.as_str(), expected);
        }
        let base: Url = harness.parse().unwrap();
        assert_eq!(config(&base, "a", Module::Image, None, Defaults, &[]), None);
        assert_eq!(
            connector(&base, "a b").as_str(),
            "https://app.harness.io/gateway/ng/api/connectors/harnessImage?accountIdentifier=a+b"
        );
    }
}
