//! Environment in, exit status out.

use std::process::ExitCode;

/// Where the standard library's own is slow.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    harness_images::run(std::env::args_os().skip(1), std::env::vars_os()).into()
}
