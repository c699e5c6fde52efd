//! Runs a program once and adds a line to a file: wall time and processor time in microseconds,
//! peak memory in KiB, exit status. Compiled alone: `rustc -O measure.rs`.
//!
//! `measure <file> [NAME=value]... <program> [arguments]`. If variables are given, the program's
//! environment holds nothing else.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

/// `struct rusage` of Linux on 64 bits: two times, then fourteen numbers, the first of them the
/// peak memory.
#[repr(C)]
#[derive(Default)]
struct Usage {
    user: [i64; 2],
    system: [i64; 2],
    rest: [i64; 14],
}

unsafe extern "C" {
    fn wait4(process: i32, status: *mut i32, options: i32, usage: *mut Usage) -> i32;
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, words @ ..] = words.as_slice() else {
        usage()
    };
    let count = words.iter().take_while(|word| word.contains('=')).count();
    let (variables, command) = words.split_at(count);
    let [program, arguments @ ..] = command else {
        usage()
    };
    let mut command = Command::new(program);
    command.args(arguments);
    if !variables.is_empty() {
        command.env_clear();
        command.envs(
            variables
                .iter()
                .filter_map(|variable| variable.split_once('=')),
        );
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let child = command.spawn().expect("the program can be started");
    let (mut status, mut usage) = (0, Usage::default());
    // SAFETY: both pointers are to values of this frame, of the layout that Linux documents.
    let ended = unsafe { wait4(child.id() as i32, &raw mut status, 0, &raw mut usage) };
    let wall = started.elapsed().as_micros();
    assert!(ended > 0, "the program can be waited for");
    let cpu = (usage.user[0] + usage.system[0]) * 1_000_000 + usage.user[1] + usage.system[1];
    let mut lines = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .expect("the file can be written");
    writeln!(
        lines,
        "{wall} {cpu} {} {}",
        usage.rest[0],
        status >> 8 & 0xff
    )
    .expect("the file can be written");
}

fn usage() -> ! {
    eprintln!("measure <file> [NAME=value]... <program> [arguments]");
    std::process::exit(2);
}
