//! A program that does nothing: what it costs to start any program at all.

fn main() {}
