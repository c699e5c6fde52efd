//! Values behind names such as `password`, in texts of servers.

use std::borrow::Cow;
use std::ops::Range;

use super::PLACEHOLDER;

/// Names behind which a server's text may hold a secret that this run does not know.
const NAMES: [&str; 9] = [
    "authorization",
    "x-api-key",
    "api_key",
    "apikey",
    "password",
    "passwd",
    "secret",
    "access_token",
    "token",
];

/// A text of a server without the values behind names such as `password` or `Authorization`, quoted
/// or not: `"token":"abc"`, `x-api-key: abc`, `password=abc`.
pub(crate) fn without_named(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut ends: Vec<usize> = NAMES
        .iter()
        .flat_map(|name| {
            lower
                .match_indices(name)
                .map(|(start, name)| start.saturating_add(name.len()))
        })
        .collect();
    ends.sort_unstable();
    let mut clean = String::new();
    let mut from = 0;
    for end in ends {
        let Some(value) = value_after(text, end).filter(|value| value.start >= from) else {
            continue;
        };
        clean.push_str(text.get(from..value.start).unwrap_or_default());
        clean.push_str(PLACEHOLDER);
        from = value.end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(clean)
}

/// Where the value is that is given for a name which ends at `end`; `None` if none is given.
fn value_after(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let rest = rest.trim_start_matches(['"', '\'', '\\', ' ']);
    let rest = rest.strip_prefix([':', '='])?.trim_start();
    let rest = rest.trim_start_matches(['"', '\'', '\\']);
    // The scheme is no secret.
    let is_scheme = |rest: &&str| {
        let scheme = rest.split(' ').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("basic")
    };
    let rest = match rest.split_once(' ') {
        Some((_, token)) if is_scheme(&rest) => token,
        _ => rest,
    };
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ',' | ';' | '}' | '&'))
        .unwrap_or(rest.len());
    let start = text.len().checked_sub(rest.len())?;
    (length > 0).then(|| start..start.saturating_add(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_names_of_secrets_are_taken_out() {
        let cases = [
            ("all is well", "all is well"),
            (
                "Invalid token or token expired",
                "Invalid token or token expired",
            ),
            ("the password is wrong", "the password is wrong"),
            (
                r#"{"token":"abc","user":"me"}"#,
                r#"{"token":"[secret]","user":"me"}"#,
            ),
            ("x-api-key: pat.a.b.c, retry", "x-api-key: [secret], retry"),
            (
                "Authorization: Bearer abc.def",
                "Authorization: Bearer [secret]",
            ),
            (
                "authorization = Basic eHh4",
                "authorization = Basic [secret]",
            ),
            ("?password=a&token=b", "?password=[secret]&token=[secret]"),
            (r#"{\"secret\":\"x y\"}"#, r#"{\"secret\":\"[secret] y\"}"#),
            ("password=", "password="),
            ("token:", "token:"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_named(text), expected, "{text}");
        }
    }
}
