//! Developer commands: `cargo xtask demo | test | fuzz | bench | widget | passwords | browsers`.
//!
//! Everything that takes more than `cargo build` is here, so that a fresh clone
//! needs one command. It must not know how the parts work inside: it builds
//! them, starts them and looks at them from outside, as a person would.

#![expect(
    clippy::print_stdout,
    reason = "a command line tells people things on standard output"
)]

mod bench;
mod browsers;
mod build;
mod cli;
mod compat;
mod demo;
mod disk;
mod evidence;
mod failure;
mod flow;
mod fuzz;
mod passwords;
mod postgres;
mod progress;
mod server;
mod site;
mod test;
mod tools;
mod widget;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
