//! Site builder binary.
fn main() {}
