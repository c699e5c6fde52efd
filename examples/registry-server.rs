//! The tests' stand-in registry, to be used by hand:
//! `registry-server 127.0.0.1:5000 [open|basic|bearer|harness] [repositories] [tags] [delay in ms]`
//! Repositories are `harness/image-0`, `harness/image-1`… with tags `1.0.0`, `1.1.0`…; the login is
//! `user` and `password`. `harness` speaks the older API below `/registry`, without `/v2`.

#![allow(clippy::print_stdout)]

use std::env;
use std::time::Duration;

use support::registry_server::{Access, Behaviour, Options, RegistryServer, Tokens};

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let word = |at: usize| words.get(at).map(String::as_str);
    let number = |at: usize, or: u64| word(at).and_then(|text| text.parse().ok()).unwrap_or(or);
    let mut options = Options {
        catalog: true,
        delay: Duration::from_millis(number(4, 0)),
        ..Options::default()
    };
    match word(1) {
        Some("basic") => options.access = Access::Basic("user".to_owned(), "password".to_owned()),
        Some("bearer") => options.access = Access::Bearer(Tokens::default()),
        Some("harness") => options.old_catalog = true,
        _ => {}
    }
    let tags: Vec<String> = (0..number(3, 500))
        .map(|minor| format!("1.{minor}.0"))
        .collect();
    for index in 0..number(2, 40) {
        options = options.with(&format!("harness/image-{index}"), &tags, Behaviour::Healthy);
    }
    let server = RegistryServer::listen(options, word(0).unwrap_or("127.0.0.1:0"));
    println!("http://{}", server.address);
    loop {
        std::thread::park();
    }
}
