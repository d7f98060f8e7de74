//! API binary.
fn main() {}
