//! Parses each line of a file as JSON, on one thread, and does nothing else: what `cargo
//! xtask bench api` holds imports against.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(name) = std::env::args_os().nth(1) else {
        eprintln!("Name a file of JSON lines.");
        return ExitCode::FAILURE;
    };
    match parse(&name) {
        Ok(lines) => {
            eprintln!("{lines} lines");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{} cannot be parsed ({error}).", name.display());
            ExitCode::FAILURE
        }
    }
}

fn parse(name: &std::ffi::OsStr) -> std::io::Result<u64> {
    let mut lines = 0;
    for line in BufReader::new(File::open(name)?).split(b'\n') {
        let value: serde_json::Value = serde_json::from_slice(&line?)?;
        lines += u64::from(value.is_object());
    }
    Ok(lines)
}
