//! Links the static release program without what it never reads: it aborts on a panic, so nothing
//! ever looks for the tables by which a stack is unwound; and relative relocations fit in a few
//! bits each. Together an eighth of the file.

#![allow(clippy::print_stdout)]

use std::env::var;

/// The instruction by which cargo passes an argument to the linker of the program.
const LINK: &str = "cargo::rustc-link-arg-bins";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=link.ld");
    let is = |name: &str, value: &str| var(name).is_ok_and(|set| set == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_ENV", "musl") {
        let folder = var("CARGO_MANIFEST_DIR").unwrap_or_default();
        for argument in [
            "-z,pack-relative-relocs",
            "--no-eh-frame-hdr",
            &format!("-T,{folder}/link.ld"),
        ] {
            // A compiler passes arguments on to its linker; a linker that is called by itself
            // takes them as they are.
            match is("RUSTC_LINKER", "rust-lld") {
                true => argument
                    .split(',')
                    .for_each(|part| println!("{LINK}={part}")),
                false => println!("{LINK}=-Wl,{argument}"),
            }
        }
    }
}
