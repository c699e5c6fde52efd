//! A Harness and a registry to measure against: answers made beforehand, each given after a
//! delay. Compiled alone: `rustc -O servers.rs`.
//!
//! `servers <delay in ms> <repositories> <tags of each>` prints the two addresses, and then, for
//! every line that it reads, how many requests each has had since the last.
//!
//! Four modules use the images `bench/image-0`, `bench/image-1`…, all pinned three releases back.
//! Without repositories, CI alone uses `bench/long` with 20,000 tags on one page, and `bench/paged`
//! with as many on pages of 1,000.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const LONG: usize = 20_000;
const PAGE: usize = 1_000;

/// A path with its query, and what it answers: further headers and the body.
type Answers = BTreeMap<String, (String, String)>;

fn main() {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .map(|word| word.parse().expect("a number"))
        .collect();
    let [delay, repositories, tags] = numbers[..] else {
        eprintln!("servers <delay in ms> <repositories> <tags of each>");
        std::process::exit(2);
    };
    let delay = Duration::from_millis(delay as u64);
    let counts = [harness(repositories, tags), registry(repositories, tags)].map(|answers| {
        let count = Arc::new(AtomicUsize::new(0));
        println!("{}", listen(answers, delay, Arc::clone(&count)));
        count
    });
    for _ in std::io::stdin().lines() {
        let [harness, registry] = counts
            .each_ref()
            .map(|count| count.swap(0, Ordering::SeqCst));
        println!("{harness} {registry}");
    }
}

/// Tags as registries order them, by text: every fourth one rootless.
fn tags(count: usize) -> Vec<String> {
    let mut tags: Vec<String> = (0..count)
        .map(|at| match at % 4 {
            3 => format!("rootless-1.{}.{}", at / 40, at % 40 / 4),
            _ => format!("1.{}.{}", at / 40, at % 40),
        })
        .collect();
    tags.sort();
    tags
}

fn harness(repositories: usize, tags: usize) -> Answers {
    let mut answers = Answers::new();
    let tags = if repositories == 0 { LONG } else { tags };
    let newest = tags.saturating_sub(1) / 40;
    let modules = [
        "gateway/ci",
        "gateway/iacm-manager",
        "gateway/idp",
        "gateway/v1/dbops",
    ];
    for (number, module) in modules.into_iter().enumerate() {
        for infra in ["K8", "VM"] {
            let fields = |version: String, every: usize| {
                let mut fields: Vec<String> = (0..repositories)
                    .filter(|at| at % modules.len() == number && at / 4 % every == 0)
                    .map(|at| format!(r#""image{at}Tag":"bench/image-{at}:{version}""#))
                    .collect();
                if repositories == 0 && number == 0 {
                    fields.extend(
                        ["long", "paged"]
                            .map(|name| format!(r#""{name}":"bench/{name}:{version}""#)),
                    );
                }
                let fields = format!("{{{}}}", fields.join(","));
                match module {
                    "gateway/v1/dbops" => fields,
                    _ => format!(r#"{{"status":"SUCCESS","data":{fields},"correlationId":"c"}}"#),
                }
            };
            let query = match module {
                "gateway/v1/dbops" => String::new(),
                _ => format!("?accountIdentifier=acme&infra={infra}"),
            };
            let separator = if query.is_empty() { '?' } else { '&' };
            let path = format!("/{module}/execution-config");
            answers.insert(
                format!("{path}/get-default-config{query}"),
                (String::new(), fields(format!("1.{newest}.1"), 1)),
            );
            answers.insert(
                format!("{path}/get-customer-config{query}{separator}overridesOnly=true"),
                (
                    String::new(),
                    fields(format!("1.{}.0", newest.saturating_sub(3)), 2),
                ),
            );
        }
    }
    answers
}

fn registry(repositories: usize, count: usize) -> Answers {
    let mut answers = Answers::from([("/v2/".to_owned(), (String::new(), "{}".to_owned()))]);
    let page = |name: &str, tags: &[String]| {
        format!(r#"{{"name":"{name}","tags":["{}"]}}"#, tags.join(r#"",""#))
    };
    let list = |name: &str| format!("/v2/{name}/tags/list");
    let few = tags(count);
    for at in 0..repositories {
        let name = format!("bench/image-{at}");
        answers.insert(list(&name), (String::new(), page(&name, &few)));
    }
    let many = tags(LONG);
    answers.insert(
        list("bench/long"),
        (String::new(), page("bench/long", &many)),
    );
    let path = list("bench/paged");
    let mut at = path.clone();
    for tags in many.chunks(PAGE) {
        let last = tags.last().expect("no chunk is empty");
        let next = format!("{path}?n={PAGE}&last={last}");
        let link = if Some(last) == many.last() {
            String::new()
        } else {
            format!("Link: <{next}>; rel=\"next\"\r\n")
        };
        answers.insert(at, (link, page("bench/paged", tags)));
        at = next;
    }
    answers
}

fn listen(answers: Answers, delay: Duration, count: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let answers = Arc::new(answers);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (answers, count) = (Arc::clone(&answers), Arc::clone(&count));
            std::thread::spawn(move || serve(stream, &answers, delay, &count));
        }
    });
    address
}

fn serve(stream: TcpStream, answers: &Answers, delay: Duration, count: &AtomicUsize) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    // Some try first whether the server speaks TLS.
    if stream.fill_buf().ok()?.first()? == &0x16 {
        let no = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        return stream.get_mut().write_all(no).ok();
    }
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        count.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(delay);
        let target = head.split(' ').nth(1)?;
        // Clients ask for pages of different sizes, and in different orders; there is one size.
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let last = query.split('&').find_map(|pair| pair.strip_prefix("last="));
        let as_known = match last {
            Some(last) => format!("{path}?n={PAGE}&last={last}"),
            None => path.to_owned(),
        };
        let answer = answers.get(target).or_else(|| answers.get(&as_known));
        let (status, (headers, body)) = match answer {
            Some(answer) => ("200 OK", answer),
            None => ("404 Not Found", &(String::new(), String::new())),
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body.as_bytes());
        stream.get_mut().write_all(&bytes).ok()?;
    }
}
