//! What comes back, and what is said if nothing does.

use super::*;

#[test]
fn errors_name_the_host_and_what_fixes_it() {
    let refusing = Refusing::start();
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
    let untrusted = RawServer::start_tls("server", |_, _| answer("200 OK", "", ""));
    let cases = [
        (
            format!("http://{}", refusing.address),
            "connection refused",
            false,
        ),
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
        (
            format!("http://{}", garbled.address),
            "closed the connection",
            true,
        ),
        (format!("https://{}", untrusted.address), "`ca_cert`", false),
        (
            // Longer than a name may be, so nobody is asked for it.
            format!("http://{}.invalid", "x".repeat(64)),
            "its name is unknown",
            false,
        ),
    ];
    for (base, text, arrived) in cases {
        let (scheme, host) = base.split_once("://").unwrap();
        let address = format!("{scheme}://user:{KEY}@{host}/p?q={KEY}");
        let request = Request::get(address.parse().unwrap()).max_body(1_000);
        let error = send(request, 2).err().unwrap();
        let shown = error.to_string();
        assert!(shown.contains(text), "{base}: {shown}");
        assert!(shown.contains(host), "{base}: {shown}");
        assert!(
            !format!("{shown}{error:?}").contains("topsecret"),
            "{base}: {shown}"
        );
        assert_eq!(error.may_have_arrived(), arrived, "{base}: {shown}");
    }
}

#[test]
fn failures_keep_their_status_however_large() {
    let server = RawServer::start(|_, _| answer("404 Not Found", "", &"x".repeat(300_000)));
    let request = Request::get(url(&server)).max_body(1_000);
    let response = send(request, 10).unwrap();
    assert_eq!((response.status, response.body.len()), (404, 65_536));
}

#[test]
fn head_has_no_body_whatever_it_announces() {
    let server = RawServer::start(|_, _| {
        Reply::Bytes(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nX-Digest: sha256:1\r\n\r\n".to_vec(),
        )
    });
    let response = send(Request::head(url(&server)), 10).unwrap();
    assert_eq!(
        (response.status, response.header("x-digest")),
        (200, Some("sha256:1"))
    );
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

thread_local! {
    /// What this thread has logged.
    static LOG: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl std::io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_tells_each_request_and_no_secret() {
    // For all threads: what one thread logs first decides whether others log it at all.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(|| ThreadLog)
        .init();
    let server = RawServer::start(|number, _| {
        if number == 0 {
            let echo = format!("X-Echo: {KEY}\r\n");
            answer("503 Service Unavailable", &echo, KEY)
        } else {
            answer("200 OK", "", "done")
        }
    });
    let refusing = Refusing::start();
    run(async {
        let http = client(&Network::default(), 10);
        let (name, value) = key();
        let address = format!("http://me:hunter22@{}/v2/{KEY}?q={KEY}", server.address);
        let request = Request::get(address.parse().unwrap()).secret_header(name, value);
        http.send(request).await.unwrap();
        let gone = format!("http://{}/?q={KEY}", refusing.address);
        let request = Request::write(Method::POST, gone.parse().unwrap(), None);
        assert!(http.send(request).await.is_err());
    });
    let log = String::from_utf8(LOG.take()).unwrap();
    let place = format!("GET http://{}/v2/[secret]: ", server.address);
    assert!(
        log.contains(&format!("{place}503, {} bytes", KEY.len())),
        "{log}"
    );
    assert!(log.contains(&format!("{place}200, 4 bytes")), "{log}");
    assert!(log.contains("x-echo"), "{log}");
    assert!(log.contains("connection refused"), "{log}");
    for secret in ["topsecret", "hunter22", "q="] {
        assert!(!log.contains(secret), "{log}");
    }
}
