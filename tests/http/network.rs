//! Redirects, certificates and proxies.

use super::*;

#[test]
fn credentials_stay_at_their_origin() {
    let other = RawServer::start(|_, _| answer("200 OK", "", "blob"));
    let elsewhere = format!("http://u:p@{}/blob", other.address);
    let server = RawServer::start(move |_, got| match got.line() {
        "GET /away" => answer(
            "307 Temporary Redirect",
            &format!("Location: {elsewhere}\r\n"),
            "",
        ),
        "GET /near" => answer("302 Found", "Location: /there\r\n", ""),
        "GET /round" => answer("302 Found", "Location: /round\r\n", ""),
        _ => answer("200 OK", "", "here"),
    });
    let ask = |path: &str, redirect| {
        let (name, value) = key();
        let address = format!("http://{}{path}", server.address).parse().unwrap();
        let request = Request::get(address)
            .redirect(redirect)
            .secret_header(name, value)
            .header(
                HeaderName::from_static("authorization"),
                HeaderValue::from_static("Bearer token1"),
            )
            .header(
                HeaderName::from_static("accept"),
                HeaderValue::from_static("text/plain"),
            );
        send(request, 10)
    };

    let refused = ask("/away", Redirect::SameOrigin).err().unwrap();
    assert!(
        matches!(&refused, HttpError::Redirected { to, .. } if to.ends_with(&other.address)),
        "{refused}"
    );
    assert_eq!(other.log().len(), 0);

    let response = ask("/away", Redirect::DropCredentials).unwrap();
    assert_eq!(response.body, b"blob");
    assert_eq!(
        response.url.as_str(),
        format!("http://{}/blob", other.address)
    );
    let got = other.log();
    for name in ["x-api-key", "authorization", "cookie"] {
        assert_eq!(got[0].header(name), None, "{name}");
    }
    assert_eq!(got[0].header("accept"), Some("text/plain"));

    let response = ask("/near", Redirect::SameOrigin).unwrap();
    assert_eq!(response.url.path(), "/there");
    assert_eq!(server.log().last().unwrap().header("x-api-key"), Some(KEY));

    let before = server.log().len();
    let error = ask("/round", Redirect::SameOrigin).err().unwrap();
    assert!(
        matches!(error, HttpError::TooManyRedirects { .. }),
        "{error}"
    );
    assert_eq!(server.log().len() - before, 6);
}

#[test]
fn certificates_of_the_user_are_trusted() {
    let server = RawServer::start_tls("server", |_, _| answer("200 OK", "", "safe"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "no certificate").unwrap();
    std::fs::copy(tls("ca.pem"), folder.path().join("b.crt")).unwrap();
    let missing = folder.path().join("missing.pem");
    let cases: Vec<(&str, Network, &[&str])> = vec![
        (
            "ca_cert",
            Network {
                ca_cert: Some(pem()),
                ..Network::default()
            },
            &[],
        ),
        (
            "file",
            Network {
                certificate_files: vec![tls("ca.pem")],
                ..Network::default()
            },
            &[],
        ),
        (
            "folder and a missing file",
            Network {
                certificate_folders: vec![folder.path().to_owned()],
                certificate_files: vec![missing.clone()],
                ..Network::default()
            },
            &["certificates-unreadable"],
        ),
        (
            "skip_verify",
            Network {
                skip_verify: true,
                ..Network::default()
            },
            &["skip-verify"],
        ),
    ];
    for (name, network, notices) in cases {
        run(async {
            let http = client(&network, 10);
            let codes: Vec<String> = http
                .notices()
                .into_iter()
                .map(|notice| notice.code.to_string())
                .collect();
            assert_eq!(codes, notices, "{name}");
            for host in [
                &server.address,
                &server.address.replace("127.0.0.1", "localhost"),
            ] {
                let address = format!("https://{host}/").parse().unwrap();
                let response = http.send(Request::get(address)).await.unwrap();
                assert_eq!(response.body, b"safe", "{name}");
            }
        });
    }
}

#[test]
fn a_wrong_ca_cert_is_refused_and_wrong_bundles_are_messages() {
    let key = std::fs::read_to_string(tls("server.key")).unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let deadline = Instant::now() + Duration::from_secs(1);
    for text in [
        "",
        "no PEM",
        &key,
        broken,
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
    ] {
        let network = Network {
            ca_cert: Some(text.to_owned()),
            ..Network::default()
        };
        let error = Http::new(&network, 1, deadline, Secrets::default())
            .err()
            .unwrap();
        assert!(error.to_string().starts_with("`ca_cert`"), "{error}");

        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("bundle.pem");
        std::fs::write(&bundle, text).unwrap();
        let network = Network {
            certificate_files: vec![bundle],
            certificate_folders: vec![folder.path().join("missing")],
            ..Network::default()
        };
        let notices = Http::new(&network, 1, deadline, Secrets::default())
            .unwrap()
            .notices();
        assert_eq!(notices.len(), 2, "{notices:?}");
    }
}

#[test]
fn proxies_come_from_the_settings_with_their_login() {
    let proxy = RawServer::start(|_, got| {
        if got.line().starts_with("CONNECT") {
            answer("407 Proxy Authentication Required", "", "")
        } else {
            answer("200 OK", "", "by proxy")
        }
    });
    let address = format!("http://me:p%40ssword@{}", proxy.address);
    let network = Network {
        http_proxy: Some(address.clone().into()),
        https_proxy: Some(address.into()),
        no_proxy: Some("127.0.0.1, *.internal.example".to_owned()),
        ..Network::default()
    };
    let direct = RawServer::start(|_, _| answer("200 OK", "", "direct"));
    run(async {
        let http = client(&network, 10);
        let response = http
            .send(Request::get("http://far.example/x".parse().unwrap()))
            .await
            .unwrap();
        assert_eq!(response.body, b"by proxy");
        let got = &proxy.log()[0];
        assert_eq!(got.line(), "GET http://far.example/x");
        assert_eq!(
            got.header("proxy-authorization"),
            Some("Basic bWU6cEBzc3dvcmQ=")
        );
        let response = http.send(Request::get(url(&direct))).await.unwrap();
        assert_eq!(response.body, b"direct");
        assert_eq!(direct.log()[0].header("proxy-authorization"), None);

        let error = http
            .send(Request::get("https://far.example/x".parse().unwrap()))
            .await
            .err()
            .unwrap();
        assert!(
            error.to_string().contains("requires authentication"),
            "{error}"
        );
        assert!(!error.to_string().contains("p%40ss"), "{error}");
        assert!(!error.may_have_arrived());
    });
}

#[test]
fn a_proxy_that_refuses_is_blamed_and_not_the_host() {
    // Scheme of the address asked, the proxy's answer, what is said of it.
    let cases = [
        (
            "https",
            "407 Proxy Authentication Required",
            "the proxy requires authentication",
        ),
        (
            "http",
            "407 Proxy Authentication Required",
            "the proxy requires authentication",
        ),
        ("https", "403 Forbidden", "the proxy refuses"),
        ("https", "502 Bad Gateway", "the proxy refuses"),
    ];
    for (scheme, status, expected) in cases {
        let proxy = RawServer::start(move |_, _| answer(status, "", ""));
        let address = format!("http://{}", proxy.address);
        let network = Network {
            http_proxy: Some(address.clone().into()),
            https_proxy: Some(address.into()),
            ..Network::default()
        };
        let url = format!("{scheme}://far.example/x").parse().unwrap();
        let sent = run(async { client(&network, 10).send(Request::get(url)).await });
        let error = sent.err().expect(status);
        let start = format!("cannot reach far.example: {expected}");
        assert!(error.to_string().starts_with(&start), "{scheme} {error}");
        assert!(!error.may_have_arrived(), "{error}");
    }
}

#[test]
fn a_certificate_that_the_user_names_is_good_for_its_own_server() {
    // All say that they are an authority's, as self-signed ones usually do.
    let cases = [
        ("self-signed", true),
        ("other-name", false),
        ("expired", false),
    ];
    for (certificate, trusted) in cases {
        let server = RawServer::start_tls(certificate, |_, _| answer("200 OK", "", "safe"));
        let address: Url = format!("https://{}/", server.address).parse().unwrap();
        for (named, trusted) in [(certificate, trusted), ("ca", false)] {
            let pem = std::fs::read_to_string(tls(&format!("{named}.pem"))).unwrap();
            let network = Network {
                ca_cert: Some(pem),
                ..Network::default()
            };
            let request = Request::get(address.clone());
            match run(async { client(&network, 10).send(request).await }) {
                Ok(_) => assert!(trusted, "{certificate} {named}"),
                Err(HttpError::Tls { reason, .. }) => assert!(!trusted, "{certificate} {reason}"),
                Err(error) => panic!("{certificate} {named}: {error}"),
            }
        }
    }
}
