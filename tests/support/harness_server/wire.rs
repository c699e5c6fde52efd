//! HTTP/1.1, as much as the clients in question speak.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Logged {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
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
        let mut headers = self.headers.iter();
        headers.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
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
    let mut stream = BufReader::new(stream);
    while let Some(got) = receive(&mut stream) {
        let (answer, whole) = match answer(got) {
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

fn receive(stream: &mut BufReader<TcpStream>) -> Option<Logged> {
    let first = line(stream)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let url = url::Url::parse(&format!("http://server{target}")).ok()?;
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut got = Logged {
        method,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body: Vec::new(),
        connection: stream.get_ref().peer_addr().ok()?.port(),
    };
    let length = got
        .header("content-length")
        .map_or(Some(0), |text| text.parse().ok())?;
    got.body = vec![0; usize::min(length, 1 << 20)];
    stream.read_exact(&mut got.body).ok()?;
    Some(got)
}

fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.by_ref().take(64 << 10).read_line(&mut line).ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
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
