//! The Harness server that the tests use, to be asked by hand:
//! `cargo run --example harness-server [-- --port 8080] [--lenient]`.
//!
//! A small account, with a few projects and pipelines. `--lenient` lets `dbops` be asked without a key. Ends with Ctrl-C.

#![allow(clippy::print_stdout, clippy::exit, clippy::print_stderr)]

use support::harness_server::{ACCOUNT, HarnessServer, KEY, Options, Pipelines, VIEWER_KEY};

fn main() {
    let mut port = 0;
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut next_port = || arguments.next().and_then(|text| text.parse().ok());
        match argument.as_str() {
            "--lenient" => options.lenient = true,
            "--port" => match next_port() {
                Some(number) => port = number,
                None => usage(),
            },
            _ => usage(),
        }
    }
    let server = HarnessServer::on_port(port, options);
    server.change_pipelines(|account| *account = Pipelines::small());
    println!("url:        {}", server.url());
    println!("account:    {ACCOUNT}");
    println!("key:        {KEY}");
    println!("viewer key: {VIEWER_KEY}");
    loop {
        std::thread::park();
    }
}

fn usage() -> ! {
    eprintln!("harness-server [--port <number>] [--lenient]");
    std::process::exit(2)
}
