//! A TCP server that sends exactly the bytes that a test gives it, so it can misbehave in any way.

use std::io::{BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::received::{Received, receive, serve_all};

/// What the server does with a request.
pub enum Reply {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes, and then the second ones over and over until the client leaves.
    Endless(Vec<u8>, Vec<u8>),
    /// Keeps the connection open and says nothing until the client leaves.
    Hang,
}

type Answer = dyn Fn(usize, &Received) -> Reply + Send + Sync;

/// The server; its thread ends with the test's process.
pub struct RawServer {
    /// `127.0.0.1:<port>`.
    pub address: String,
    log: Arc<Mutex<Vec<Received>>>,
}

impl RawServer {
    /// Answers the request of each number, from 0, with what `answer` says.
    pub fn start(answer: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Arc::new(answer), None)
    }

    /// The same over TLS, with a certificate of `tests/data/tls`.
    pub fn start_tls(
        name: &str,
        answer: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/tls");
        let certificate = CertificateDer::from_pem_file(format!("{folder}/{name}.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{folder}/{name}.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::listen(Arc::new(answer), Some(Arc::new(config)))
    }

    fn listen(answer: Arc<Answer>, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&log);
        serve_all(listener, move |stream| {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
            match tls.clone() {
                None => serve(stream, &*answer, &kept),
                Some(config) => {
                    let session = rustls::ServerConnection::new(config).unwrap();
                    serve(rustls::StreamOwned::new(session, stream), &*answer, &kept);
                }
            }
        });
        Self { address, log }
    }

    /// Everything received so far.
    pub fn log(&self) -> Vec<Received> {
        self.log.lock().unwrap().clone()
    }

    /// Request lines received so far.
    pub fn lines(&self) -> Vec<String> {
        self.log().iter().map(|got| got.line().to_owned()).collect()
    }
}

/// An address that refuses connections as long as this lives: the port is taken, but nobody listens.
pub struct Refusing {
    /// `127.0.0.1:<port>`.
    pub address: String,
    _socket: tokio::net::TcpSocket,
}

impl Refusing {
    pub fn start() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self {
            address: socket.local_addr().unwrap().to_string(),
            _socket: socket,
        }
    }
}

/// A whole answer with the usual headers.
pub fn answer(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Bytes(
        format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

fn serve(stream: impl Read + Write, answer: &Answer, log: &Mutex<Vec<Received>>) {
    let mut stream = BufReader::new(stream);
    let Some(received) = receive(&mut stream) else {
        return;
    };
    let number = {
        let mut log = log.lock().unwrap();
        log.push(received.clone());
        log.len() - 1
    };
    match answer(number, &received) {
        Reply::Bytes(bytes) => {
            let _ = stream.get_mut().write_all(&bytes);
            let _ = stream.get_mut().flush();
        }
        Reply::Endless(bytes, rest) => {
            let mut sent = stream.get_mut().write_all(&bytes);
            let rest = rest.repeat((64 << 10) / rest.len());
            while sent.is_ok() {
                sent = stream.get_mut().write_all(&rest);
            }
        }
        Reply::Hang => {
            let _ = stream.read(&mut [0]);
        }
    }
}
