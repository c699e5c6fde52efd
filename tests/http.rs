//! The HTTP client against servers that misbehave.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/raw_server.rs"]
mod raw_server;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use harness_images::http::{
    HeaderName, HeaderValue, Http, HttpError, Method, Redirect, Request, Response,
};
use harness_images::redact::Secrets;
use harness_images::settings::Network;
use jiff::Timestamp;
use raw_server::{RawServer, Reply, answer, refusing_address};
use tokio::time::Instant;
use url::Url;

const KEY: &str = "pat.acme.0123456789.topsecret";

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

fn client(network: &Network, seconds: u64) -> Http {
    let secrets = Secrets::default();
    secrets.add(KEY);
    let deadline = Instant::now() + Duration::from_secs(seconds);
    Http::new(network, 4, deadline, secrets).unwrap()
}

fn url(server: &RawServer) -> Url {
    format!("http://{}/v2/list?token=hidden", server.address)
        .parse()
        .unwrap()
}

fn key() -> (HeaderName, HeaderValue) {
    (
        HeaderName::from_static("x-api-key"),
        HeaderValue::from_static(KEY),
    )
}

fn get(server: &RawServer, seconds: u64) -> Result<Response, HttpError> {
    run(async {
        client(&Network::default(), seconds)
            .send(Request::get(url(server)))
            .await
    })
}

fn pem() -> String {
    std::fs::read_to_string(tls("ca.pem")).unwrap()
}

fn tls(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/data/tls", name]
        .iter()
        .collect()
}

#[test]
fn reads_are_repeated_until_they_succeed() {
    let date = || {
        let soon = Timestamp::now() + Duration::from_secs(1);
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&soon)
            .unwrap()
    };
    let pause = |value: String| {
        answer(
            "429 Too Many Requests",
            &format!("Retry-After: {value}\r\n"),
            "",
        )
    };
    type Script = Box<dyn Fn(usize) -> Reply + Send + Sync>;
    let cases: Vec<(&str, usize, Script)> = vec![
        ("at once", 1, Box::new(|_| answer("200 OK", "", "done"))),
        (
            "429 seconds",
            2,
            Box::new(move |n| {
                if n == 0 {
                    pause("1".into())
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "429 date",
            2,
            Box::new(move |n| {
                if n == 0 {
                    pause(date())
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "429 timestamp",
            2,
            Box::new(move |n| {
                if n == 0 {
                    pause((Timestamp::now().as_second() + 1).to_string())
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "503 twice",
            3,
            Box::new(|n| {
                if n < 2 {
                    answer("503 Service Unavailable", "", "")
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "closed",
            2,
            Box::new(|n| {
                if n == 0 {
                    Reply::Bytes(Vec::new())
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "cut body",
            2,
            Box::new(|n| {
                if n == 0 {
                    Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndo".to_vec())
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
        (
            "cut chunks",
            2,
            Box::new(|n| {
                if n == 0 {
                    Reply::Bytes(
                        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndo".to_vec(),
                    )
                } else {
                    answer("200 OK", "", "done")
                }
            }),
        ),
    ];
    for (name, requests, script) in cases {
        let server = RawServer::start(move |number, _| script(number));
        let response = get(&server, 30).unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, &b"done"[..]),
            "{name}"
        );
        assert_eq!(
            server.lines(),
            vec!["GET /v2/list?token=hidden"; requests],
            "{name}"
        );
        let agent = concat!("harness-images/", env!("CARGO_PKG_VERSION"));
        assert_eq!(server.log()[0].header("user-agent"), Some(agent));
        assert_eq!(server.log()[0].header("cookie"), None);
    }
}

#[test]
fn other_answers_are_final() {
    for status in [
        "204 No Content",
        "302 Found",
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "501 Not Implemented",
    ] {
        let server = RawServer::start(move |_, _| answer(status, "", ""));
        let response = get(&server, 10).unwrap();
        assert!(status.starts_with(&response.status.to_string()), "{status}");
        assert_eq!(server.lines().len(), 1, "{status}");
    }
}

#[test]
fn a_pause_beyond_the_deadline_ends_the_wait_at_once() {
    let server = RawServer::start(|_, _| {
        answer(
            "429 Too Many Requests",
            "Retry-After: 9999\r\n",
            "slow down",
        )
    });
    run(async {
        let http = client(&Network::default(), 10);
        let response = http.send(Request::get(url(&server))).await.unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (429, &b"slow down"[..])
        );
        // The pause holds for every request to that host, and for no other.
        let error = http.send(Request::get(url(&server))).await.err().unwrap();
        assert!(matches!(error, HttpError::Throttled { .. }), "{error}");
        assert!(!error.may_have_arrived());
        let other = RawServer::start(|_, _| answer("200 OK", "", ""));
        assert!(http.send(Request::get(url(&other))).await.is_ok());
    });
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn a_busy_server_that_falls_silent_is_described_by_its_answer() {
    let server = RawServer::start(|number, _| {
        if number == 0 {
            answer("503 Service Unavailable", "", "")
        } else {
            Reply::Hang
        }
    });
    assert_eq!(get(&server, 1).unwrap().status, 503);
}

#[test]
fn writes_are_sent_once() {
    type Expected = Result<u16, bool>;
    let cases: Vec<(&str, fn() -> Reply, Expected)> = vec![
        (
            "503",
            || answer("503 Service Unavailable", "Retry-After: 0\r\n", ""),
            Ok(503),
        ),
        ("closed", || Reply::Bytes(Vec::new()), Err(true)),
        (
            "cut",
            || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndo".to_vec()),
            Err(true),
        ),
        (
            "cut failure",
            || Reply::Bytes(b"HTTP/1.1 400 Bad\r\nContent-Length: 4\r\n\r\ndo".to_vec()),
            Ok(400),
        ),
        ("silent", || Reply::Hang, Err(true)),
        (
            "see other",
            || answer("303 See Other", "Location: /done\r\n", ""),
            Ok(303),
        ),
    ];
    for (name, reply, expected) in cases {
        let server = RawServer::start(move |_, _| reply());
        let request = Request::write(Method::POST, url(&server), Some(b"[]".to_vec()));
        let result = run(async { client(&Network::default(), 1).send(request).await });
        let got = result
            .map(|response| response.status)
            .map_err(|error| error.may_have_arrived());
        assert_eq!(got, expected, "{name}");
        assert_eq!(server.log().len(), 1, "{name}");
        assert_eq!(server.log()[0].body, b"[]", "{name}");
    }
}

#[test]
fn errors_name_the_host_and_what_mends_it() {
    let refusing = refusing_address();
    let plain = RawServer::start(|_, _| Reply::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    let silent = RawServer::start(|_, _| Reply::Hang);
    let large = RawServer::start(|_, _| answer("200 OK", "", &"x".repeat(2_000)));
    let endless = RawServer::start(|_, _| {
        Reply::Bytes(
            [
                b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_slice(),
                &[b'x'; 200_000],
            ]
            .concat(),
        )
    });
    let garbled = RawServer::start(|_, _| Reply::Bytes(b"220 smtp.example ready\r\n".to_vec()));
    let untrusted = RawServer::start_tls(|_, _| answer("200 OK", "", ""));
    let cases = [
        (format!("http://{refusing}"), "connection refused", false),
        (format!("https://{}", plain.address), "http://", false),
        (format!("http://{}", silent.address), "`timeout`", true),
        (
            format!("http://{}", large.address),
            "more than 1000 bytes",
            true,
        ),
        (
            format!("http://{}", endless.address),
            "more than 1000 bytes",
            true,
        ),
        (format!("http://{}", garbled.address), "broke off", true),
        (format!("https://{}", untrusted.address), "`ca_cert`", false),
        (
            "http://no-such-host.invalid".to_owned(),
            "enable_proxy",
            false,
        ),
    ];
    for (base, text, arrived) in cases {
        let address = base.split_once("://").unwrap();
        let address = format!("{}://user:{KEY}@{}/p?q={KEY}", address.0, address.1);
        let request = Request::get(address.parse().unwrap()).largest(1_000);
        let error = run(async { client(&Network::default(), 2).send(request).await })
            .err()
            .unwrap();
        let shown = error.to_string();
        assert!(shown.contains(text), "{base}: {shown}");
        assert!(
            shown.contains(base.split_once("://").unwrap().1),
            "{base}: {shown}"
        );
        assert!(
            !format!("{shown}{error:?}").contains("topsecret"),
            "{base}: {shown}"
        );
        assert_eq!(error.may_have_arrived(), arrived, "{base}: {shown}");
    }
}

#[test]
fn nothing_is_sent_after_the_deadline() {
    let server = RawServer::start(|_, _| answer("200 OK", "", ""));
    let error = run(async {
        let request = Request::write(Method::POST, url(&server), None).deadline(Instant::now());
        client(&Network::default(), 10).send(request).await
    });
    let error = error.err().unwrap();
    assert!(
        matches!(error, HttpError::Deadline { sent: false, .. }),
        "{error}"
    );
    assert!(!error.may_have_arrived());
    assert_eq!(server.log().len(), 0);
}

#[test]
fn failures_keep_their_status_however_large() {
    let server = RawServer::start(|_, _| answer("404 Not Found", "", &"x".repeat(300_000)));
    let request = Request::get(url(&server)).largest(1_000);
    let response = run(async { client(&Network::default(), 10).send(request).await }).unwrap();
    assert_eq!((response.status, response.body.len()), (404, 65_536));
}

#[test]
fn head_has_no_body_whatever_it_announces() {
    let server = RawServer::start(|_, _| {
        Reply::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nX-Digest: sha256:1\r\n\r\n".to_vec(),
        )
    });
    let response = run(async {
        client(&Network::default(), 10)
            .send(Request::head(url(&server)))
            .await
    })
    .unwrap();
    assert_eq!(
        (response.status, response.header("x-digest")),
        (200, Some("sha256:1"))
    );
}

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
    let send = |path: &str, redirect| {
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
        run(async { client(&Network::default(), 10).send(request).await })
    };

    let refused = send("/away", Redirect::SameOrigin).err().unwrap();
    assert!(
        matches!(&refused, HttpError::Redirected { to, .. } if to.ends_with(&other.address)),
        "{refused}"
    );
    assert_eq!(other.log().len(), 0);

    let response = send("/away", Redirect::DropCredentials).unwrap();
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

    let response = send("/near", Redirect::SameOrigin).unwrap();
    assert_eq!(response.url.path(), "/there");
    assert_eq!(server.log().last().unwrap().header("x-api-key"), Some(KEY));

    let before = server.log().len();
    let error = send("/round", Redirect::SameOrigin).err().unwrap();
    assert!(
        matches!(error, HttpError::TooManyRedirects { .. }),
        "{error}"
    );
    assert_eq!(server.log().len() - before, 6);
}

#[test]
fn known_secrets_are_taken_out_of_bodies() {
    let server = RawServer::start(|_, _| answer("200 OK", "", &format!("echo {KEY}")));
    run(async {
        let http = client(&Network::default(), 10);
        let response = http.send(Request::get(url(&server))).await.unwrap();
        assert_eq!(response.body, b"echo [secret]");
        let response = http
            .send(Request::get(url(&server)).unredacted())
            .await
            .unwrap();
        assert_eq!(response.body, format!("echo {KEY}").as_bytes());
    });
}

#[test]
fn certificates_of_the_user_are_trusted() {
    let server = RawServer::start_tls(|_, _| answer("200 OK", "", "safe"));
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
                .map(|notice| notice.code)
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
        assert!(error.to_string().contains("login"), "{error}");
        assert!(!error.to_string().contains("p%40ss"), "{error}");
        assert!(!error.may_have_arrived());
    });
}

#[test]
fn a_host_gets_no_more_requests_at_once_than_allowed() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_kept, most_kept) = (Arc::clone(&now), Arc::clone(&most));
    let server = RawServer::start(move |_, _| {
        most_kept.fetch_max(
            now_kept.fetch_add(1, Ordering::SeqCst) + 1,
            Ordering::SeqCst,
        );
        std::thread::yield_now();
        now_kept.fetch_sub(1, Ordering::SeqCst);
        answer("200 OK", "", "")
    });
    run(async {
        let http = client(&Network::default(), 30);
        let requests = (0..40).map(|_| http.send(Request::get(url(&server))));
        for result in futures_util::future::join_all(requests).await {
            assert_eq!(result.unwrap().status, 200);
        }
    });
    assert_eq!(server.log().len(), 40);
    assert!(most.load(Ordering::SeqCst) <= 4);
}
