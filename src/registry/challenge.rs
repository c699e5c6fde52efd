//! What a registry requires: the challenges of `WWW-Authenticate` (RFC 9110, section 11.6.1).

/// Most challenges read from one answer.
const MAX_CHALLENGES: usize = 16;

/// One challenge: a scheme with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme in lower case: `basic`, `bearer`.
    pub scheme: String,
    /// Parameters in their order; names in lower case, values unquoted.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The first parameter of that name (lower case), if there is one.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads all challenges from the values of all `WWW-Authenticate` headers of one answer. What
/// cannot be read is passed over; the rest still counts.
pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    for value in values {
        parse_one(value, &mut challenges);
    }
    challenges
}

fn parse_one(value: &str, challenges: &mut Vec<Challenge>) {
    let mut cursor = Cursor(value);
    // Whether a challenge was begun in this header, so that a parameter has a place to go.
    let mut begun = false;
    loop {
        cursor.skip(|c| c == ',' || c.is_whitespace());
        let word = cursor.take(is_token);
        if word.is_empty() {
            if cursor.next().is_none() {
                return;
            }
            continue;
        }
        let spaces = cursor.take(char::is_whitespace).len();
        if begun && cursor.0.starts_with('=') {
            cursor.next();
            cursor.skip(char::is_whitespace);
            let parameter = (word.to_ascii_lowercase(), cursor.value());
            if let Some(challenge) = challenges.last_mut() {
                challenge.parameters.push(parameter);
            }
            continue;
        }
        if challenges.len() == MAX_CHALLENGES {
            return;
        }
        challenges.push(Challenge {
            scheme: word.to_ascii_lowercase(),
            parameters: Vec::new(),
        });
        begun = true;
        if spaces > 0 {
            cursor.skip_token68();
        }
    }
}

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn next(&mut self) -> Option<char> {
        let mut rest = self.0.chars();
        let next = rest.next();
        self.0 = rest.as_str();
        next
    }

    fn take(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !accepts(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    fn skip(&mut self, skips: impl Fn(char) -> bool) {
        self.take(skips);
    }

    /// A parameter's value, quoted or not.
    fn value(&mut self) -> String {
        if !self.0.starts_with('"') {
            return self
                .take(|c| c != ',' && c != '"' && !c.is_whitespace())
                .to_owned();
        }
        self.next();
        let mut value = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => value.extend(self.next()),
                _ => value.push(c),
            }
        }
        value
    }

    /// Passes over the opaque value that some schemes carry in place of parameters.
    fn skip_token68(&mut self) {
        let before = self.0;
        self.skip(|c| is_token(c) || c == '/');
        self.skip(|c| c == '=');
        let after = self.0.trim_start();
        let is_scheme = before.len() == self.0.len();
        if is_scheme || !(after.is_empty() || after.starts_with(',')) {
            self.0 = before;
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(challenges: &[Challenge]) -> String {
        let shown: Vec<String> = challenges
            .iter()
            .map(|challenge| {
                let parameters: Vec<String> = challenge
                    .parameters
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                format!("{}({})", challenge.scheme, parameters.join(";"))
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn challenges_are_read_as_the_standard_writes_them() {
        let cases: &[(&[&str], &str)] = &[
            (&[], ""),
            (&[""], ""),
            (&[" , ,"], ""),
            (&["Basic"], "basic()"),
            (&[r#"Basic realm="Registry""#], "basic(realm=Registry)"),
            (
                &[
                    r#"Bearer realm="https://a.example/token",service="registry",scope="repository:harness/ci-addon:pull,push""#,
                ],
                "bearer(realm=https://a.example/token;service=registry;scope=repository:harness/ci-addon:pull,push)",
            ),
            (
                &[r#"BEARER Realm = "x" , SERVICE=y , error="insufficient_scope""#],
                "bearer(realm=x;service=y;error=insufficient_scope)",
            ),
            (
                &[r#"Basic realm="a, b", Bearer realm="c",service="d""#],
                "basic(realm=a, b) bearer(realm=c;service=d)",
            ),
            (
                &["Negotiate", r#"Basic realm="x""#],
                "negotiate() basic(realm=x)",
            ),
            (
                &[r#"Negotiate, Basic realm="x""#],
                "negotiate() basic(realm=x)",
            ),
            (
                &[r#"NTLM TlRMTVNTUAAB==, Bearer realm="x""#],
                "ntlm() bearer(realm=x)",
            ),
            (
                &[r#"Bearer realm="with \"quotes\" and \\""#],
                r#"bearer(realm=with "quotes" and \)"#,
            ),
            (
                &[r#"Bearer realm="never closed"#],
                "bearer(realm=never closed)",
            ),
            (
                &["Bearer realm=https://a.example/token?x=y,service=z"],
                "bearer(realm=https://a.example/token?x=y;service=z)",
            ),
            (&[r#"Bearer realm="",scope="""#], "bearer(realm=;scope=)"),
            (&[r#"Basic realm=x Bearer"#], "basic(realm=x) bearer()"),
            (&[r#"="lost", Basic"#], "lost() basic()"),
            (&["Bäsic realm=\"é\""], "b() sic(realm=é)"),
        ];
        for (values, expected) in cases {
            assert_eq!(
                shown(&parse(values.iter().copied())),
                *expected,
                "{values:?}"
            );
        }
    }

    #[test]
    fn floods_are_bounded() {
        let flood = "Basic, ".repeat(10_000);
        assert_eq!(
            parse([flood.as_str(), flood.as_str()]).len(),
            MAX_CHALLENGES
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in ".*") {
            parse([text.as_str()]);
        }

        #[test]
        fn quoted_values_come_back(value in "[ -~]{0,40}") {
            let quoted = value.replace('\\', r"\\").replace('"', r#"\""#);
            let header = format!("Negotiate, Bearer a=b, realm=\"{quoted}\", service=\"x\"");
            let challenges = parse([header.as_str()]);
            proptest::prop_assert_eq!(challenges[1].parameter("realm"), Some(value.as_str()));
            proptest::prop_assert_eq!(challenges[1].parameter("service"), Some("x"));
        }
    }
}
