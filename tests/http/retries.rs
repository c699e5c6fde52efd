//! What is sent again, when, and for how long.

use super::*;

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
    let cut = |head: &str| Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{head}do").into_bytes());
    // What is answered so many times before the answer.
    type FailuresFirst = (&'static str, usize, Box<dyn Fn() -> Reply + Send + Sync>);
    let cases: Vec<FailuresFirst> = vec![
        ("at once", 0, Box::new(|| Reply::Hang)),
        ("429 seconds", 1, Box::new(move || pause("1".into()))),
        ("429 date", 1, Box::new(move || pause(date()))),
        (
            "429 timestamp",
            1,
            Box::new(move || pause((Timestamp::now().as_second() + 1).to_string())),
        ),
        (
            "503 twice",
            2,
            Box::new(|| answer("503 Service Unavailable", "", "")),
        ),
        ("closed", 1, Box::new(|| Reply::Bytes(Vec::new()))),
        (
            "cut body",
            1,
            Box::new(move || cut("Content-Length: 4\r\n\r\n")),
        ),
        (
            "cut chunks",
            1,
            Box::new(move || cut("Transfer-Encoding: chunked\r\n\r\n4\r\n")),
        ),
    ];
    for (name, failures, failure) in cases {
        let server = RawServer::start(move |number, _| {
            if number < failures {
                failure()
            } else {
                answer("200 OK", "", "done")
            }
        });
        let response = get(&server, 30).unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, &b"done"[..]),
            "{name}"
        );
        assert_eq!(
            server.lines(),
            vec!["GET /v2/list?token=hidden"; failures + 1],
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
fn an_error_names_its_last_cause() {
    let server = RawServer::start(|number, _| {
        if number == 0 {
            answer("503 Service Unavailable", "", "")
        } else {
            Reply::Hang
        }
    });
    let error = get(&server, 1).err().unwrap();
    assert!(
        matches!(error, HttpError::Deadline { sent: true, .. }),
        "{error}"
    );
}

#[test]
fn one_stalled_connection_does_not_cost_the_run() {
    // The first answer never comes; the second attempt has a connection of its own.
    let server = RawServer::start(|number, _| match number {
        0 => Reply::Hang,
        _ => answer("200 OK", "", "there"),
    });
    let begun = Instant::now();
    assert_eq!(get(&server, 3).unwrap().body, b"there");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(server.lines().len(), 2);

    // A write is never repeated.
    let server = RawServer::start(|number, _| match number {
        0 => Reply::Hang,
        _ => answer("200 OK", "", "there"),
    });
    let write = Request::write(Method::POST, url(&server), Some(Vec::new()));
    let error = send(write, 2).err().unwrap();
    assert!(error.may_have_arrived(), "{error}");
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn a_pause_is_no_part_of_a_try() {
    // The pause asked for is longer than one try may take, and shorter than the run.
    let server = RawServer::start(|number, _| match number {
        0 => answer("429 Too Many Requests", "Retry-After: 2\r\n", ""),
        _ => answer("200 OK", "", "there"),
    });
    assert_eq!(get(&server, 5).unwrap().body, b"there");
    assert_eq!(server.lines().len(), 2);
}

#[test]
fn after_too_many_requests_one_goes_first() {
    // The pause ends, and the first request is refused again: the others have waited for it.
    let server = RawServer::start(|number, _| match number {
        0..=4 => answer("429 Too Many Requests", "Retry-After: 1\r\n", ""),
        _ => answer("200 OK", "", ""),
    });
    run(async {
        let http = client(&Network::default(), 30);
        let requests = (0..4).map(|_| http.send(Request::get(url(&server))));
        for response in futures_util::future::join_all(requests).await {
            assert_eq!(response.unwrap().status, 200);
        }
    });
    // Four at once at first, then one, which is refused, then one more, then all.
    assert!(
        server.lines().len() <= 4 + 1 + 4,
        "{}",
        server.lines().len()
    );
}

#[test]
fn writes_are_sent_once() {
    // The status, or whether the write may have arrived.
    type WriteRow = (&'static str, fn() -> Reply, Result<u16, bool>);
    let cases: Vec<WriteRow> = vec![
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
        let got = send(request, 1)
            .map(|response| response.status)
            .map_err(|error| error.may_have_arrived());
        assert_eq!(got, expected, "{name}");
        assert_eq!(server.log().len(), 1, "{name}");
        assert_eq!(server.log()[0].body, b"[]", "{name}");
    }
}

#[test]
fn nothing_is_sent_after_the_deadline() {
    let server = RawServer::start(|_, _| answer("200 OK", "", ""));
    let request = Request::write(Method::POST, url(&server), None).deadline(Instant::now());
    let error = send(request, 10).err().unwrap();
    assert!(
        matches!(error, HttpError::Deadline { sent: false, .. }),
        "{error}"
    );
    assert!(!error.may_have_arrived());
    assert_eq!(server.log().len(), 0);
}

#[test]
fn a_host_gets_no_more_requests_at_once_than_allowed() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (now, max) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_kept, max_kept) = (Arc::clone(&now), Arc::clone(&max));
    let server = RawServer::start(move |_, _| {
        max_kept.fetch_max(
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
    assert!(max.load(Ordering::SeqCst) <= 4);
}
