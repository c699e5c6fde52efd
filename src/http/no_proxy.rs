//! Hosts that are reached without proxy: `no_proxy`, read as curl reads it.
//!
//! `*` stands for every host, addresses included. A name covers itself and everything below it, with
//! or without a dot or `*.` before it. An address may have a prefix length. A port behind a name
//! limits the entry to that port.

use std::net::IpAddr;

use url::Url;

/// What the list says, one entry each.
#[derive(Debug, Default)]
pub(super) struct Exceptions(Vec<(Covered, Option<u16>)>);

#[derive(Debug)]
enum Covered {
    Everything,
    /// A name and all below it.
    Name(String),
    /// Addresses with these first bits.
    Network(IpAddr, u32),
}

impl Exceptions {
    /// Reads a list separated by commas or white space; what is neither name nor address is passed over.
    pub(super) fn new(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter_map(entry).collect())
    }

    /// Whether an address is an exception.
    pub(super) fn covers(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let host = host.trim_end_matches('.');
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let port = url.port_or_known_default();
        self.0.iter().any(|(covered, of)| {
            let is_covered = match (covered, address) {
                (Covered::Everything, _) => true,
                (Covered::Network(network, bits), Some(address)) => {
                    is_within(address, *network, *bits)
                }
                (Covered::Name(name), None) => host
                    .strip_suffix(name.as_str())
                    .is_some_and(|before| before.is_empty() || before.ends_with('.')),
                (Covered::Name(_), Some(_)) | (Covered::Network(..), None) => false,
            };
            is_covered && (of.is_none() || *of == port)
        })
    }
}

fn entry(text: &str) -> Option<(Covered, Option<u16>)> {
    let text = text.trim().to_ascii_lowercase();
    if text == "*" {
        return Some((Covered::Everything, None));
    }
    if let Some(network) = network(&text) {
        return Some((network, None));
    }
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse().ok()?)),
        None => (text.as_str(), None),
    };
    if let Some(network) = network(name.trim_matches(['[', ']'])) {
        return Some((network, port));
    }
    let name = name.strip_prefix("*.").unwrap_or(name);
    let name = name.trim_matches('.');
    (!name.is_empty()).then(|| (Covered::Name(name.to_owned()), port))
}

/// An address, alone or with a prefix length.
fn network(text: &str) -> Option<Covered> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(all);
    (bits <= all).then_some(Covered::Network(address, bits))
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let differing = u32::from(address) ^ u32::from(network);
            differing.leading_zeros() >= bits
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let differing = u128::from(address) ^ u128::from(network);
            differing.leading_zeros() >= bits
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn entries_cover_what_curl_lets_them_cover() {
        // list, address, whether it is reached without proxy
        let cases = [
            ("*", "http://127.0.0.1:5000", true),
            ("*", "http://[::1]/", true),
            ("a.example", "https://a.example", true),
            ("a.example", "https://b.a.example", true),
            ("a.example", "https://ba.example", false),
            ("a.example", "https://A.Example", true),
            (".a.example", "https://b.a.example", true),
            ("*.a.example", "https://b.a.example", true),
            ("b.example,\n a.example", "https://a.example", true),
            ("a.example:8443", "https://a.example:8443", true),
            ("a.example:443", "https://a.example", true),
            ("127.0.0.1:5000", "http://127.0.0.1:5000", true),
            ("127.0.0.1:5000", "http://127.0.0.1:5001", false),
            ("127.0.0.1", "http://127.0.0.1:5001", true),
            ("10.0.0.0/8", "http://11.9.8.7", false),
            ("0.0.0.0/0", "http://11.9.8.7", true),
            ("[::1]:5000", "http://[::1]:5000", true),
            ("[::1]:5000", "http://[::1]:5001", false),
            ("fd00::/8", "http://[fd12::1]/", true),
            ("7.0.0.1", "http://127.0.0.1", false),
        ];
        for (list, url, expected) in cases.into_iter().chain(AS_CURL) {
            let covers = Exceptions::new(list).covers(&url.parse().unwrap());
            assert_eq!(covers, expected, "{list} {url}");
        }
    }

    const DIRECT: bool = true;
    const PROXY: bool = false;

    /// `no_proxy`, an address, and whether curl 7.88 reaches it without the proxy.
    const AS_CURL: [(&str, &str, bool); 24] = [
        ("*", "http://10.1.2.3/", DIRECT),
        ("*", "http://a.example/", DIRECT),
        ("a.example", "http://a.example:8443/", DIRECT),
        ("a.example:8443", "http://a.example/", PROXY),
        ("10.1.2.3:8443", "http://10.1.2.3/", PROXY),
        ("example", "http://a.example/", DIRECT),
        ("ample", "http://a.example/", PROXY),
        (".example", "http://a.example/", DIRECT),
        (".a.example", "http://a.example/", DIRECT),
        ("A.EXAMPLE", "http://a.example/", DIRECT),
        ("a.example.", "http://a.example/", DIRECT),
        ("a.example", "http://a.example./", DIRECT),
        ("a.example b.example", "http://b.example/", DIRECT),
        (" a.example ,, b.example ", "http://a.example/", DIRECT),
        ("10.0.0.0/8", "http://10.1.2.3/", DIRECT),
        ("10.1.2.0/24", "http://10.1.3.3/", PROXY),
        ("10.0.0.0/33", "http://10.0.0.0/", PROXY),
        ("10.1.2", "http://10.1.2.3/", PROXY),
        ("10.1.2.3", "http://10.1.2.3:81/", DIRECT),
        ("::1", "http://[::1]:9/", DIRECT),
        ("fd00::/8", "http://[fe12::1]/", PROXY),
        ("localhost", "http://127.0.0.1:9/", PROXY),
        ("127.0.0.1", "http://localhost:9/", PROXY),
        ("", "http://a.example/", PROXY),
    ];

    /// A server that closes each connection after its answer, and counts them.
    fn proxy() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let count = Arc::new(AtomicUsize::new(0));
        let kept = Arc::clone(&count);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                kept.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n");
            }
        });
        (address, count)
    }

    #[test]
    fn the_installed_curl_answers_alike() {
        if Command::new("curl").arg("--version").output().is_err() {
            eprintln!("SKIPPED: curl is not installed, so the table is not compared with it");
            return;
        }
        let (address, count) = proxy();
        for (list, url, expected) in AS_CURL {
            let before = count.load(Ordering::SeqCst);
            // No name is asked for and nobody outside is connected to: all go to a closed port.
            let status = Command::new("curl")
                .args(["-s", "-g", "-o", "/dev/null", "-m", "5"])
                .args(["--connect-to", "::127.0.0.1:9", url])
                .env_clear()
                .env("http_proxy", format!("http://{address}"))
                .env("no_proxy", list)
                .status();
            assert!(status.is_ok());
            let is_direct = count.load(Ordering::SeqCst) == before;
            assert_eq!(is_direct, expected, "curl: {list} {url}");
        }
    }
}
