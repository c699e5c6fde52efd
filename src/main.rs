//! Environment in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness_images::run(std::env::args_os().skip(1), std::env::vars_os()).into()
}
