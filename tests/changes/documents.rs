//! The curl examples of the documents ("Harness CI images" in three editions, "Harness DBOps
//! images"), compared with what the step sends.

use harness_images::http::{HeaderName, HeaderValue, Method, Request};
use harness_images::model::module::Module;
use serde_json::Value;

use super::cell::K8;
use support::harness_server::{ACCOUNT, HarnessServer, KEY, Logged};
use support::step::Step;

const DOCUMENTS: [(&str, &str); 4] = [
    (
        "dbops-images",
        include_str!("../data/curl/dbops-images.txt"),
    ),
    (
        "ci-build-image-updates",
        include_str!("../data/curl/ci-build-image-updates.txt"),
    ),
    (
        "harness-ci-images",
        include_str!("../data/curl/harness-ci-images.txt"),
    ),
    (
        "harness-ci-images-page",
        include_str!("../data/curl/harness-ci-images-page.txt"),
    ),
];

/// A request as a document shows it.
#[derive(Debug)]
struct Example {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Value>,
}

fn examples(text: &str) -> Vec<Example> {
    text.split("\n\n").map(example).collect()
}

fn example(curl: &str) -> Example {
    let method = curl.split("--request ").nth(1).unwrap();
    let (method, rest) = method.split_once(' ').unwrap();
    let url = quoted(rest)
        .replace("$YOUR_HARNESS_ACCOUNT_ID", ACCOUNT)
        .replace("$ACCOUNT_ID", ACCOUNT);
    let url = url::Url::parse(&url).unwrap();
    let headers = curl
        .split("--header ")
        .skip(1)
        .map(|header| {
            let header = quoted(header)
                .replace("$YOUR_HARNESS_ACCOUNT_ID", ACCOUNT)
                .replace("$API_KEY", KEY);
            let (name, value) = header.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        })
        .collect();
    let body = curl.split("--data-raw '").nth(1).map(|body| {
        let body = body.trim_end().trim_end_matches('\'');
        // Two editions lack the closing quote of a value.
        let repaired = body.replace("-rootless\n", "-rootless\"\n");
        sorted(serde_json::from_str(&repaired).unwrap())
    });
    Example {
        method: method.to_owned(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body,
    }
}

/// The text between the first quote and the next of its kind.
fn quoted(text: &str) -> String {
    let start = text.find(['"', '\'']).unwrap();
    let quote = &text[start..=start];
    text[start + 1..].split(quote).next().unwrap().to_owned()
}

/// Entries in the order of their fields, which means nothing.
fn sorted(body: Value) -> Value {
    let mut entries = body.as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["field"].as_str().unwrap().to_owned());
    Value::Array(entries)
}

fn step(server: &HarnessServer, example: &Example) -> Step {
    let has_bearer = example
        .headers
        .iter()
        .any(|(name, _)| name == "authorization");
    let key = if has_bearer {
        "bearer_token"
    } else {
        "api_key"
    };
    let step = Step::new()
        .secret(key, KEY)
        .set("endpoint", &server.url())
        .set("registry", "off")
        .set("force", "true");
    if example.path.contains("/dbops/") {
        step.set("modules", "dbops")
    } else {
        step.set("modules", "ci")
    }
}

/// Does what the example does, by settings.
fn send(server: &HarnessServer, example: &Example) -> Logged {
    let entries = example
        .body
        .iter()
        .flat_map(|body| body.as_array().unwrap());
    let fields = |name: &str| -> Vec<String> {
        let entries = entries.clone();
        entries
            .map(|entry| entry[name].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let module = if example.path.contains("/dbops/") {
        (Module::Dbops, None)
    } else {
        (Module::Ci, K8)
    };
    let step = step(server, example);
    let step = match example.path.rsplit('/').next().unwrap() {
        "update-config" => {
            let pairs = fields("field").into_iter().zip(fields("value"));
            let pin: Vec<String> = pairs
                .map(|(field, value)| format!("{field}={value}"))
                .collect();
            step.set("action", "pin").set("pin", &pin.join("\n"))
        }
        "reset-config" => {
            for field in fields("field") {
                server.set_override(module.0, module.1, &field, Some("plugins/x:1.0.0"));
            }
            step.set("action", "reset")
                .set("reset", &fields("field").join(","))
        }
        _ => {
            server.set_override(module.0, module.1, "gitCloneTag", Some("plugins/x:1.0.0"));
            step.set("action", "clear")
        }
    };
    step.run().ends(0);
    let writes = server.writes();
    assert_eq!(writes.len(), 1, "{example:?}");
    writes[0].clone()
}

#[test]
fn what_is_sent_is_what_the_documents_show() {
    let mut shown = 0;
    for (name, text) in DOCUMENTS {
        for example in examples(text) {
            let server = HarnessServer::start();
            let got = send(&server, &example);
            let context = format!("{name}: {example:?}\n{got:?}");
            assert_eq!(got.method, example.method, "{context}");
            assert_eq!(got.path, example.path, "{context}");
            assert_eq!(got.query, example.query, "{context}");
            for (header, value) in &example.headers {
                assert_eq!(got.header(header), Some(value.as_str()), "{context}");
            }
            // The oldest DBOps document leaves the key out; newer ones show it.
            let keys = ["x-api-key", "authorization"];
            let sent = keys.iter().filter(|key| got.header(key).is_some()).count();
            assert_eq!(sent, 1, "{context}");
            let body = (!got.body.is_empty()).then(|| sorted(got.text().parse().unwrap()));
            assert_eq!(
                body,
                example.body.map(|body| by_name(&got.path, body)),
                "{context}"
            );
            shown += 1;
        }
    }
    assert_eq!(shown, 9);
}

/// The body that is sent in place of a document's: fields to reset are named to `dbops` first, as its
/// OpenAPI has it.
fn by_name(path: &str, body: Value) -> Value {
    match body {
        Value::Array(fields) if path.ends_with("dbops/execution-config/reset-config") => {
            fields.iter().map(|entry| entry["field"].clone()).collect()
        }
        body => body,
    }
}

/// Reads that the documents show, beside the writes of the examples.
const READS: [&str; 5] = [
    "/gateway/ci/execution-config/get-default-config?accountIdentifier=$ACCOUNT_ID&infra=k8",
    "/gateway/ci/execution-config/get-customer-config?accountIdentifier=$ACCOUNT_ID&infra=K8&overridesOnly=true",
    "/gateway/v1/dbops/execution-config/get-default-config",
    "/gateway/v1/dbops/execution-config/get-customer-config?overridesOnly=true",
    "/registry/_catalog",
];

/// Sends a request as a document shows it, with a key if it has none and `key` says so.
fn by_hand(server: &HarnessServer, example: &Example, key: bool) -> u16 {
    let mut url = url::Url::parse(&server.url()).unwrap();
    url.set_path(&example.path);
    if !example.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&example.query);
    }
    let body = example.body.as_ref().map(|body| body.to_string().into());
    let mut request = match example.method.as_str() {
        "GET" => Request::get(url),
        other => Request::write(Method::from_bytes(other.as_bytes()).unwrap(), url, body),
    };
    let has_key = |(name, _): &(String, String)| name == "authorization" || name == "x-api-key";
    let mut headers = example.headers.clone();
    if key && !headers.iter().any(has_key) {
        headers.push(("x-api-key".to_owned(), KEY.to_owned()));
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request = request.header(name, HeaderValue::from_str(&value).unwrap());
    }
    support::runtime::run(async {
        let http = support::runtime::http(4, 20);
        http.send(request).await.unwrap().status
    })
}

#[test]
fn every_documented_request_works_on_the_example_server() {
    let reads = READS.map(|line| {
        let url = format!("http://host{}", line.replace("$ACCOUNT_ID", ACCOUNT));
        let url = url::Url::parse(&url).unwrap();
        Example {
            method: "GET".to_owned(),
            path: url.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            headers: vec![("harness-account".to_owned(), ACCOUNT.to_owned())],
            body: None,
        }
    });
    let writes = DOCUMENTS.into_iter().flat_map(|(_, text)| examples(text));
    for example in writes.chain(reads) {
        let server = HarnessServer::start();
        let status = by_hand(&server, &example, true);
        assert!((200..300).contains(&status), "{status}: {example:?}");
        // Without a key only DBOps' examples, and only where the server is lenient.
        let is_dbops = example.path.contains("/dbops/");
        if is_dbops {
            assert_eq!(by_hand(&server, &example, false), 401, "{example:?}");
            server.change_options(|options| options.lenient = true);
            let status = by_hand(&server, &example, false);
            assert!((200..300).contains(&status), "{status}: {example:?}");
        }
    }
}
