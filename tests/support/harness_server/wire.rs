//! HTTP/1.1, as much as the clients in question speak.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::received::{Received, receive};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Logged {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    received: Received,
    pub body: Vec<u8>,
    /// The client's port: requests with the same one came over one connection.
    pub connection: u16,
}

impl Logged {
    /// Method and path, such as `GET /gateway/ci/execution-config/get-default-config`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.received.header(name)
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// The key that it shows, in either way.
    pub(super) fn key(&self) -> Option<&str> {
        let bearer = self.header("authorization");
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        self.header("x-api-key").or(bearer)
    }

    pub(super) fn is_json(&self) -> bool {
        let kind = self.header("content-type");
        kind.is_some_and(|kind| kind.starts_with("application/json"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        self.received.text()
    }
}

/// What goes back.
pub(super) enum Reply {
    Answer(Answer),
    /// The answer's head and half of its body.
    Half(Answer),
    Cut,
    Hang,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// Serves one connection until the client leaves or a reply ends it.
pub(super) fn serve(stream: TcpStream, answer: impl Fn(Logged) -> Reply) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(120)));
    let _ = stream.set_nodelay(true);
    let connection = stream.peer_addr().map_or(0, |address| address.port());
    let mut stream = BufReader::new(stream);
    while let Some(got) = receive(&mut stream) {
        let (answer, whole) = match answer(logged(got, connection)) {
            Reply::Answer(answer) => (answer, true),
            Reply::Half(answer) => (answer, false),
            Reply::Cut => return,
            Reply::Hang => {
                let _ = stream.read(&mut [0]);
                return;
            }
        };
        let mut bytes = format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
            answer.status,
            reason(answer.status),
            answer.content_type,
            answer.body.len()
        );
        for (name, value) in &answer.headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        bytes.push_str("\r\n");
        let mut bytes = bytes.into_bytes();
        let body = answer.body.len() / if whole { 1 } else { 2 };
        bytes.extend_from_slice(&answer.body[..body]);
        if stream.get_mut().write_all(&bytes).is_err() || !whole {
            return;
        }
    }
}

fn logged(received: Received, connection: u16) -> Logged {
    let url = received.url();
    Logged {
        method: received.method().to_owned(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        body: received.body.clone(),
        received,
        connection,
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
