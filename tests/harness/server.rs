//! The stand-in server itself.

use std::collections::BTreeSet;

use super::*;

#[test]
fn the_server_understands_the_documented_requests() {
    let server = HarnessServer::start();
    let send = |method: Method, path: &str, headers: &[(&'static str, String)], body: &str| {
        let url = format!("{}{}", server.url(), path.replace("$ACCOUNT_ID", ACCOUNT));
        let mut request = if method == Method::GET {
            Request::get(url.parse().unwrap())
        } else {
            Request::write(method, url.parse().unwrap(), Some(body.into()))
        };
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            request = request.header(HeaderName::from_static("content-type"), json);
        }
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request = request.header(HeaderName::from_static(name), value);
        }
        let response = run(async { http(10).send(request).await }).unwrap();
        (response.status, String::from_utf8(response.body).unwrap())
    };
    let bearer = [("authorization", format!("Bearer {KEY}"))];
    let ci = "/gateway/ci/execution-config";
    let pin = "[  \n    {  \n        \"field\": \"gitCloneTag\",  \n        \"value\": \"harness/drone-git:1.0.9-rootless\"  \n    }  \n]";
    let reset = "[ { \"field\": \"gitCloneTag\" } ]";
    let account = "accountIdentifier=$ACCOUNT_ID";
    let customer = format!("{ci}/get-customer-config?{account}&infra=K8&overridesOnly=true");

    let path = format!("{ci}/get-default-config?{account}&infra=k8");
    let (status, body) = send(Method::GET, &path, &bearer, "");
    assert!(status == 200 && body.contains("\"addonTag\""), "{body}");
    let (_, body) = send(Method::GET, &customer, &bearer, "");
    assert!(body.contains("\"data\":{}"), "{body}");
    let path = format!("{ci}/update-config?{account}&infra=K8");
    let (status, body) = send(Method::POST, &path, &bearer, pin);
    assert!(status == 200 && body.contains("\"data\":true"), "{body}");
    let (_, body) = send(Method::GET, &customer, &bearer, "");
    assert!(body.contains("1.0.9-rootless"), "{body}");
    let merged = customer.replace("true", "false");
    let (_, body) = send(Method::GET, &merged, &bearer, "");
    assert!(
        body.contains("1.0.9-rootless") && body.contains("addonTag"),
        "{body}"
    );
    let path = format!("{ci}/reset-config?{account}&infra=K8");
    let (status, _) = send(Method::POST, &path, &bearer, reset);
    assert_eq!(status, 200);
    assert!(server.overrides(Module::Ci, K8).is_empty());
    let wrong = "{\"fields\":[{\"name\":\"gitCloneTag\"}]}";
    assert_eq!(send(Method::POST, &path, &bearer, wrong).0, 400);

    // Only JSON, and only the account of the key.
    let url = format!("{}{}", server.url(), path.replace("$ACCOUNT_ID", ACCOUNT));
    let plain = Request::write(Method::POST, url.parse().unwrap(), Some(reset.into())).header(
        HeaderName::from_static("authorization"),
        HeaderValue::from_str(&bearer[0].1).unwrap(),
    );
    assert_eq!(
        run(async { http(10).send(plain).await }).unwrap().status,
        415
    );
    let other = [("authorization", format!("Bearer {OTHER_KEY}"))];
    let (status, body) = send(Method::GET, &customer, &other, "");
    assert!(status == 401 && body.contains("INVALID_TOKEN"), "{body}");
    let foreign = customer.replace("$ACCOUNT_ID", "another");
    let (status, body) = send(Method::GET, &foreign, &bearer, "");
    assert!(status == 401 && body.contains("INVALID_TOKEN"), "{body}");
    let python = customer.replace("true", "False");
    let (_, body) = send(Method::GET, &python, &bearer, "");
    assert!(body.contains("addonTag"), "{body}");

    // DBOps' oldest document leaves the key out.
    let only_account = [("harness-account", ACCOUNT.to_owned())];
    let dbops = "/gateway/v1/dbops/execution-config/get-default-config";
    assert_eq!(send(Method::GET, dbops, &only_account, "").0, 401);
    server.change_options(|options| options.lenient = true);
    let (status, body) = send(Method::GET, dbops, &only_account, "");
    assert!(status == 200 && body.contains("\"defaultTag\""), "{body}");

    // Wiping ci wipes both infrastructures.
    server.set_override(Module::Ci, K8, "gitCloneTag", Some("a/b:1"));
    server.set_override(Module::Ci, VM, "gitCloneTag", Some("a/b:2"));
    server.set_override(Module::Idp, K8, "gitCloneTag", Some("a/b:3"));
    let path = format!("{ci}?{account}&infra=K8");
    assert_eq!(send(Method::DELETE, &path, &bearer, "").0, 200);
    assert!(server.overrides(Module::Ci, VM).is_empty());
    assert!(!server.overrides(Module::Idp, K8).is_empty());
}

#[test]
fn the_server_has_every_documented_field() {
    let server = HarnessServer::start();
    let names = |text: &str| -> BTreeSet<String> {
        let answer: serde_json::Value = serde_json::from_str(text).unwrap();
        let fields = answer.get("data").unwrap_or(&answer);
        fields.as_object().unwrap().keys().cloned().collect()
    };
    macro_rules! documented {
        ($name:literal) => {
            names(include_str!(concat!("../data/execution-config/", $name)))
        };
    }
    let of_openapi = "artifactoryTag bigQueryTag bigtableTag cloudSqlTag db2Tag defaultTag \
        flywayDefaultTag flywayMongoTag flywaySpannerPsqlTag flywaySpannerTag gitCloneTag mongoTag \
        oracleTag perconaTag rdsTag snowflakeTag spannerTag";
    let of_openapi: BTreeSet<String> = of_openapi.split_whitespace().map(str::to_owned).collect();
    assert_eq!(of_openapi.len(), 17);
    let cases = [
        (Module::Ci, K8, documented!("ci-k8-default-2022.json")),
        (Module::Ci, K8, documented!("ci-k8-default-2025.json")),
        (Module::Ci, VM, documented!("ci-vm-default-2023.json")),
        (Module::Dbops, None, documented!("dbops-default-seed.json")),
        (Module::Dbops, None, documented!("dbops-default-2026.json")),
        (Module::Dbops, None, of_openapi),
    ];
    for (module, infra, expected) in cases {
        let known: BTreeSet<String> = server.defaults(module, infra).into_keys().collect();
        let missing: Vec<&String> = expected.difference(&known).collect();
        assert!(missing.is_empty(), "{module}: {missing:?}");
    }
    let known = server.defaults(Module::Dbops, None).len();
    assert_eq!(known, 17, "nothing beyond the OpenAPI's");
}

#[test]
fn the_merged_read_skips_blank_overrides() {
    let server = HarnessServer::start();
    let default = server.defaults(Module::Ci, K8)["gitCloneTag"].clone();
    for (value, expected) in [
        (None, default.as_str()),
        (Some(""), &default),
        (Some("  "), &default),
        (Some("a/b:1"), "a/b:1"),
    ] {
        server.set_override(Module::Ci, K8, "gitCloneTag", value);
        for (only, is_merged) in [
            ("false", true),
            ("False", true),
            ("FALSE", true),
            ("true", false),
            ("True", false),
        ] {
            let path = format!(
                "/gateway/ci/execution-config/get-customer-config?accountIdentifier={ACCOUNT}&infra=K8&overridesOnly={only}"
            );
            let url = format!("{}{path}", server.url()).parse().unwrap();
            let key = HeaderValue::from_static(KEY);
            let request = Request::get(url).header(HeaderName::from_static("x-api-key"), key);
            let response = run(async { http(10).send(request).await }).unwrap();
            let answer: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            let seen = answer["data"]
                .get("gitCloneTag")
                .and_then(|seen| seen.as_str());
            let expected = if is_merged { Some(expected) } else { value };
            assert_eq!(seen, expected, "{value:?} {only}");
            let others = answer["data"].get("addonTag").is_some();
            assert_eq!(others, is_merged, "{only}");
        }
    }
}

#[test]
fn the_server_loses_updates_that_are_sent_side_by_side() {
    let server = HarnessServer::with(Options {
        pause: Duration::from_millis(700),
        ..Options::default()
    });
    with(&server, async |harness| {
        let first = pairs(&[("addonTag", "a/b:1")]);
        let second = pairs(&[("gitCloneTag", "c/d:1")]);
        let (one, two) = futures_util::future::join(
            harness.pin(Module::Ci, K8, &first, soon()),
            harness.pin(Module::Ci, VM, &second, soon()),
        )
        .await;
        one.and(two).unwrap();
    });
    assert_eq!(server.max_writes_at_once(), 2);
    let saved = server.overrides(Module::Ci, K8).len() + server.overrides(Module::Ci, VM).len();
    assert_eq!(saved, 1);
}

#[test]
fn the_server_goes_wrong_on_request() {
    let server = HarnessServer::start();
    server.fail_nth(Call::AnyWrite, 2, Fault::SavePart(1));
    let meanwhile = Fault::Meanwhile(
        Module::Ci,
        VM,
        "gitCloneTag".to_owned(),
        Some("x/y:9".to_owned()),
    );
    server.fail_next(Call::Reset, meanwhile);
    with(&server, async |harness| {
        let names = ["addonTag".to_owned()];
        harness.reset(Module::Ci, K8, &names, soon()).await.unwrap();
        let fields = pairs(&[("addonTag", "a/b:1"), ("gitCloneTag", "c/d:1")]);
        harness.pin(Module::Ci, K8, &fields, soon()).await.unwrap();
    });
    let k8: Vec<String> = server.overrides(Module::Ci, K8).into_keys().collect();
    assert_eq!(k8, ["addonTag"]);
    assert_eq!(server.overrides(Module::Ci, VM)["gitCloneTag"], "x/y:9");

    // A 403 names the permission of the call that failed.
    for (call, permission) in [
        (Call::Overrides, "core_account_view"),
        (Call::Connector, "core_connector_view"),
        (Call::Reset, "core_account_edit"),
    ] {
        server.fail_next(call, Fault::Status(403));
        let names = ["addonTag".to_owned()];
        let error = with(&server, async |harness| match call {
            Call::Connector => harness.connector().await.err(),
            Call::Reset => harness.reset(Module::Ci, K8, &names, soon()).await.err(),
            _ => harness.overrides(Module::Ci, K8).await.err(),
        });
        let error = error.unwrap().to_string();
        let missing = format!("missing, says Harness: {permission}");
        assert!(error.contains(&missing), "{error}");
    }

    server.fail_always(Call::AnyRead, Fault::Page);
    assert_eq!(
        name(&defaults(&server, Module::Ci).unwrap_err()),
        "not json"
    );
    server.recover();
    assert!(defaults(&server, Module::Ci).is_ok());
}
