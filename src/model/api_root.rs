//! Addresses of registries as people write them: with the root of the API, `/v2`, or without.

/// Where in the path of an address the root of a registry's API stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiRoot {
    /// Before everything else, as the distribution specification has it.
    First,
    /// After a prefix: `/artifactory/api/docker/remote/v2`.
    Last,
}

/// The parts of an address's path without the root of the API, `v1` or `v2`, and where that stood.
/// Slashes in excess do not count. `v1` is the root that Docker's own tools still write down.
pub fn without_api_root(path: &str) -> (Vec<&str>, Option<ApiRoot>) {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["v1" | "v2", rest @ ..] => (rest.to_vec(), Some(ApiRoot::First)),
        [rest @ .., "v1" | "v2"] => (rest.to_vec(), Some(ApiRoot::Last)),
        _ => (parts, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_at_either_end() {
        use ApiRoot::{First, Last};
        let cases: [(&str, &[&str], Option<ApiRoot>); 9] = [
            ("", &[], None),
            ("/", &[], None),
            ("/v2/", &[], Some(First)),
            ("/v1", &[], Some(First)),
            ("/mirror", &["mirror"], None),
            ("/v2/mirror/", &["mirror"], Some(First)),
            ("/a//b/v2/", &["a", "b"], Some(Last)),
            ("/a/v1", &["a"], Some(Last)),
            ("/a/v2/b", &["a", "v2", "b"], None),
        ];
        for (path, parts, root) in cases {
            assert_eq!(without_api_root(path), (parts.to_vec(), root), "{path}");
        }
    }
}
