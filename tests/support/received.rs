//! HTTP/1.1 as the servers here receive it.

use std::io::BufRead;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use url::Url;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// Request line and headers.
    pub head: String,
    /// The body, which has at most 1 MiB.
    pub body: Vec<u8>,
}

impl Received {
    /// The request line without the protocol.
    pub fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap();
        line.trim_end_matches(" HTTP/1.1")
    }

    pub fn method(&self) -> &str {
        self.line().split(' ').next().unwrap()
    }

    /// With query.
    pub fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    pub fn url(&self) -> Url {
        self.parsed().unwrap()
    }

    fn parsed(&self) -> Option<Url> {
        Url::parse("http://server").ok()?.join(self.target()).ok()
    }

    /// A header's value; names in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The next request of a connection; none if the client leaves, or sends something else or too much.
pub(crate) fn receive(stream: &mut impl BufRead) -> Option<Received> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let body = Vec::new();
    let mut received = Received { head, body };
    received.parsed()?;
    let length = received.header("content-length");
    let length = length.map_or(Some(0), |text| text.parse().ok())?;
    if length > 1 << 20 {
        return None;
    }
    received.body = vec![0; length];
    stream.read_exact(&mut received.body).ok()?;
    Some(received)
}

/// Serves each connection in a thread of its own; all end with the process.
pub(crate) fn serve_all(listener: TcpListener, serve: impl Fn(TcpStream) + Send + Sync + 'static) {
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
}
